"""Databases under virtual time: the threads of aiosqlite work in real time, during which virtual time stands still."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import aiosqlite

from avctl.testing import VirtualLoop


def install() -> None:
    """For this process, once."""
    connection = aiosqlite.Connection
    for name in ("_execute", "_connect", "close"):
        setattr(connection, name, _held(getattr(connection, name)))


def _held(method: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
    async def held(*args: Any, **more: Any) -> Any:
        loop = asyncio.get_running_loop()
        if not isinstance(loop, VirtualLoop):
            return await method(*args, **more)
        with loop.busy():
            return await method(*args, **more)

    return held

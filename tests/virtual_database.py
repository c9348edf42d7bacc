"""Databases under virtual time: the threads of aiosqlite work in real time, during which virtual time stands still."""

import contextlib
from asyncio import Future
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import aiosqlite.core

from avctl.testing import VirtualLoop


class _Requests(SimpleQueue[tuple[Future[Any] | None, Callable[[], Any]]]):
    """What a connection's thread is asked to do."""

    def put_nowait(self, request: tuple[Future[Any] | None, Callable[[], Any]]) -> None:
        future, _ = request
        if future is not None and isinstance(loop := future.get_loop(), VirtualLoop):
            held = contextlib.ExitStack()
            held.enter_context(loop.busy())
            future.add_done_callback(lambda _: held.close())
        super().put_nowait(request)


def install() -> None:
    """For this process, once."""
    vars(aiosqlite.core)["SimpleQueue"] = _Requests

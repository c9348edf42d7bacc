"""The first person: made with a code that only who runs the service can read. There is no default password."""

import asyncio
import contextlib
import hmac
import os
import secrets
from pathlib import Path

from service.people.attempts import Attempts
from service.people.logins import wrong
from service.people.register import Register
from service.people.roles import Grant, Role
from service.people.roll import Known, Roll
from service.problems import ApiError

PRIVATE = 0o600
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that reads like something else
GROUPS, LENGTH = 4, 4


class SetUp:
    """``code`` is there while there is nobody who could log in."""

    def __init__(self, roll: Roll, register: Register, attempts: Attempts) -> None:
        self.code = ""
        self.file: Path | None = None  # where the code is written too
        self._roll, self._register, self._attempts = roll, register, attempts
        self._one = asyncio.Lock()

    def open(self) -> None:
        self._forget()
        if self._roll.people:
            return
        groups = ("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
        self.code = "-".join(groups)
        if self.file:
            file = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
            with os.fdopen(file, "w", encoding="utf-8") as opened:
                opened.write(f"{self.code}\n")

    @property
    def is_due(self) -> bool:
        return bool(self.code) and not self._roll.people

    async def make(self, code: str, name: str, title: str, password: str, address: str) -> Known:
        """The first administrator. Raises ApiError."""
        self._attempts.count("set-up", address)
        async with self._one:
            if not self.is_due:
                raise ApiError("conflict", "it is set up already", "系统已完成初始设置")
            if not hmac.compare_digest(code.strip().upper().encode(), self.code.encode()):
                raise wrong("this is not the set-up code", "初始设置码不正确")
            administrator = (Grant(Role.ADMINISTRATOR),)
            made = await self._register.add(
                name, title, password, administrator, by="set-up", must_change=False
            )
            self.code = ""
            self._forget()
            return made

    def _forget(self) -> None:
        if self.file:
            with contextlib.suppress(FileNotFoundError):
                self.file.unlink()

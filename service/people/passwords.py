"""Passwords and PINs: hashed by Argon2id in threads, strangers' one at a time, and what a good one is."""

import asyncio
import contextlib
import os
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar, TypeVarTuple

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from service.problems import ApiError

LEAST, PHRASE, MOST = 10, 16, 128  # characters; a phrase needs no other kinds of them
KINDS = 3  # of small letters, capitals, digits and everything else
PIN = range(6, 9)  # digits
WAITING = 16  # at once in a queue; more are told to come again
NICE = 10  # of the threads: a tap goes before a guess

Given = TypeVarTuple("Given")
Result = TypeVar("Result")

# OWASP's first choice for Argon2id with little memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """Two queues: whoever floods the strangers' keeps nobody out who is known already, or stands at a bound panel."""

    def __init__(self) -> None:
        self._strangers, self._known = _Queue(), _Queue()
        self._nobodys = ""

    async def hashed(self, secret: str) -> str:
        return await self._known.turn(_hasher.hash, plain(secret))

    async def fits(self, hashed: str | None, secret: str, *, stranger: bool = False) -> bool:
        """Whether ``secret`` is the one; it takes as long when there is none."""
        queue = self._strangers if stranger else self._known
        if hashed is None:
            self._nobodys = self._nobodys or await self.hashed("nobody has this one")
        fits = await queue.turn(_verify, hashed or self._nobodys, secret)
        return fits and hashed is not None


class _Queue:
    """One thread, and those who wait for it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "passwords", _give_way)
        self._waiting = 0

    async def turn(self, work: Callable[[*Given], Result], *given: *Given) -> Result:
        if self._waiting >= WAITING:
            raise ApiError(
                "busy", "too many logins at once: try again", headers={"Retry-After": "1"}
            )
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)
        finally:
            self._waiting -= 1


def _give_way() -> None:
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def _verify(hashed: str, secret: str) -> bool:
    try:
        return _hasher.verify(hashed, plain(secret))
    except (Argon2Error, InvalidHashError):
        return False


def plain(secret: str) -> str:
    """As it is hashed: what an input method makes full-width is the same key."""
    return unicodedata.normalize("NFKC", secret)


def check(password: str, name: str) -> None:
    """Raises ApiError, with what is wrong with it in both languages."""
    password = plain(password)
    if len(password) > MOST:
        raise _weak(f"at most {MOST} characters", f"最多 {MOST} 个字符")
    if len(password) < LEAST:
        raise _weak(f"at least {LEAST} characters", f"至少 {LEAST} 个字符")
    if len(password) < PHRASE and _kinds(password) < KINDS:
        raise _weak(
            f"{KINDS} of small letters, capitals, digits and other signs, or {PHRASE} characters",
            f"须含大写字母、小写字母、数字、其他字符中的 {KINDS} 种，或至少 {PHRASE} 个字符",
        )
    if name.casefold() in password.casefold() or len(set(password)) < KINDS + 2:
        raise _weak("too easy to guess", "过于简单，容易被猜到")


def check_pin(pin: str) -> None:
    """Raises ApiError."""
    if not (pin.isascii() and pin.isdecimal() and len(pin) in PIN):
        raise _weak(
            f"a PIN has {PIN[0]} to {PIN[-1]} digits", f"PIN 为 {PIN[0]} 至 {PIN[-1]} 位数字"
        )
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(steps) == 1:
        raise _weak("too easy to guess", "过于简单，容易被猜到")


def _kinds(password: str) -> int:
    kinds = (str.islower, str.isupper, str.isdecimal)
    found = [any(kind(char) for char in password) for kind in kinds]
    return sum(found) + any(not any(kind(char) for kind in kinds) for char in password)


def _weak(detail: str, detail_zh: str) -> ApiError:
    return ApiError("weak-password", detail, detail_zh)

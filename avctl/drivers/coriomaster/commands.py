"""What is said to a CORIOmaster. Names that could carry a second command raise ValueError.

Source: public driver specifications for CORIOmaster. Transcript: tests/transcripts/coriomaster.json
"""

import re
from collections.abc import Callable
from typing import Any

from avctl.drivers.coriomaster.wire import (
    Accepted,
    Foreign,
    Identified,
    Info,
    LayoutsListed,
    LoginAnswered,
    Ready,
    RecallAccepted,
    Reply,
    SourceRead,
    Spoilt,
    Taken,
    WindowRead,
    WindowsListed,
)
from avctl.wire import Command, Message

GREETS_WITHIN = 30.0  # seconds
SLOW = 20.0  # seconds; windows are told up to 15 s late after a layout was taken
QUICK = 5.0  # seconds
LARGEST = 9999  # layout or window

TAKE = "Preset.Take"
LAYOUTS = "Routing.Preset.PresetList"
SHOWN, HIDDEN = 15, 0  # Zorder; 0 lies behind the background

_source = re.compile(r"[A-Za-z][\w.-]{0,63}", re.ASCII)
_window = re.compile(r"window(\d{1,4})", re.ASCII)
_listed = re.compile(re.escape(LAYOUTS.casefold()) + r"\[(\d{1,9})\]", re.ASCII)


class Secret(bytes):
    """Bytes that no log and no error text shows."""

    def __repr__(self) -> str:
        return "b'login(***)'"


def await_ready(missing: Callable[[], bool]) -> Command[Ready | Foreign]:
    """Sends nothing. Refused where readiness is no longer ``missing`` when it is our turn."""
    return Command(b"", (Ready, Foreign), timeout=GREETS_WITHIN, still=missing)


def log_in(user: str, password: str) -> Command[LoginAnswered]:
    wire = f"login({user},{password})\r\n".encode("ascii")
    return Command(
        Secret(wire),
        (Info, Reply),
        lambda said: isinstance(said, Info) or said.is_about("login()"),
        lambda said: LoginAnswered(said.text if isinstance(said, Info) else "logged in"),
        timeout=QUICK,
    )


def reset() -> Command[Info]:
    return Command(b"System.Reset()\r\n", Info, lambda said: "reboot" in said.text.casefold())


def read_taken() -> Command[Taken]:
    return _query(TAKE, lambda said: Taken(_number(said.value(TAKE))), QUICK)


def take(number: int) -> Command[RecallAccepted]:
    """Goes before the questions that wait. Answered when it is accepted, long before the wall is through."""
    _check_number(number, "layout")
    return Command(
        f"{TAKE} = {number}\r\n".encode(),
        (Reply, Spoilt),  # that it is done is all it has to say
        lambda said: said.is_about(TAKE),
        lambda said: RecallAccepted(number),
        timeout=QUICK,
        urgent=True,
    )


def list_layouts() -> Command[LayoutsListed]:
    return _query(f"{LAYOUTS}()", _layouts, QUICK)


def list_windows() -> Command[WindowsListed]:
    return _query("Windows", _windows, SLOW)


def read_window(number: int) -> Command[WindowRead]:
    path = _path(number)
    return _query(
        path, lambda said: WindowRead(number, tuple(sorted(said.below(path).items()))), SLOW
    )


def read_source(window: int) -> Command[SourceRead]:
    path = f"{_path(window)}.Input"
    return _query(path, lambda said: SourceRead(window, source_of(said.value(path))), SLOW)


def put(window: int, source: str) -> Command[Accepted]:
    """An empty source is none."""
    if source and not _source.fullmatch(source):
        raise ValueError(f"{source!r} is no source: give a name like Slot3.In1, or nothing")
    return _set(f"{_path(window)}.Input", source or "NULL")


def stack(window: int, order: int) -> Command[Accepted]:
    if not 0 <= order <= LARGEST:
        raise ValueError(f"{order} is no stacking order: give 0 (hidden) to {LARGEST}")
    return _set(f"{_path(window)}.Zorder", str(order))


def identify(what: str, name: str) -> Command[Identified]:
    path = f"CORIOmax.{name}"
    return _query(path, lambda said: Identified(what, said.value(path) or ""), QUICK)


def identities() -> tuple[Command[Identified], ...]:
    return identify("serial", "Serial_Number"), identify("firmware", "Software_Version")


def source_of(value: str | None) -> str | None:
    """A source as points have it: the device's NULL is empty."""
    return "" if value is not None and value.upper() == "NULL" else value


def _query(path: str, means: Callable[[Reply], Message], timeout: float) -> Command[Any]:
    wire = f"{path}\r\n".encode("ascii")
    return Command(wire, Reply, lambda said: said.is_about(path), means, timeout=timeout)


def _set(path: str, value: str) -> Command[Accepted]:
    return Command(
        f"{path} = {value}\r\n".encode("ascii"),
        (Reply, Spoilt),
        lambda said: said.is_about(path),
        lambda said: Accepted(path),
        timeout=QUICK,
    )


def _path(window: int) -> str:
    _check_number(window, "window")
    return f"Window{window}"


def _check_number(number: int, what: str) -> None:
    if type(number) is not int or not 1 <= number <= LARGEST:
        raise ValueError(f"{number!r} is no {what}: give a number from 1 to {LARGEST}")


def _number(value: str | None) -> int | None:
    # A layout 0 would be none that can be taken.
    digits = value is not None and re.fullmatch(r"\d{1,9}", value, re.ASCII)
    return int(digits[0]) or None if digits else None


def _windows(said: Reply) -> WindowsListed:
    names = (_window.fullmatch(name) for name in said.below("Windows"))
    numbers = {int(match[1]) for match in names if match}
    return WindowsListed(tuple(sorted(numbers & set(range(1, LARGEST + 1)))))


def _layouts(said: Reply) -> LayoutsListed:
    names: dict[int, str] = {}
    for path, value in said.lines:
        if match := _listed.fullmatch(path.casefold()):
            # From the right: a name may have commas, the canvas and the time have none.
            names[int(match[1])] = value.rsplit(",", 2)[0]
    return LayoutsListed(tuple(sorted(names.items())))

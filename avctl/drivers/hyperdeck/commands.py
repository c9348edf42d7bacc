"""What we say to a HyperDeck. There is no command here that formats a medium, and there shall be none."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from avctl.drivers.hyperdeck import told
from avctl.drivers.hyperdeck.told import (
    ClipCount,
    ClipsAre,
    ConfigurationIs,
    DeviceIs,
    Done,
    Rebooting,
    RemoteIs,
    SlotIs,
    TransportIs,
)
from avctl.drivers.hyperdeck.wire import (
    BANNER,
    CLIPS,
    CONFIGURATION,
    COUNT,
    DEVICE,
    OK,
    REBOOTING,
    REMOTE,
    SLOT,
    TIMELINE_EMPTY,
    TRANSPORT,
    Event,
    Refused,
    Reply,
    fields,
)
from avctl.wire import Command, Message

M = TypeVar("M", bound=Message)

GREETS_WITHIN = 5.0  # seconds
INPUTS = ("SDI", "HDMI", "component")


def await_banner(missing: Callable[[], bool]) -> Command[Event]:
    """Sends nothing. Refused where the banner is no longer ``missing`` when it is our turn."""
    return Command(
        b"", Event, lambda said: said.code == BANNER, timeout=GREETS_WITHIN, still=missing
    )


# Questions.


def read_device() -> Command[DeviceIs]:
    return _ask("device info", DEVICE, told.device)


def read_transport() -> Command[TransportIs]:
    return _ask("transport info", TRANSPORT, lambda said: TransportIs(fields(said.lines)))


def read_slot(number: int) -> Command[SlotIs]:
    line = _line("slot info", {"slot id": str(number)})
    return _ask(line, SLOT, lambda said: SlotIs(number, fields(said.lines)))


def read_remote() -> Command[RemoteIs]:
    return _ask("remote", REMOTE, lambda said: RemoteIs(fields(said.lines)))


def read_configuration() -> Command[ConfigurationIs]:
    def meaning(said: Reply) -> ConfigurationIs:
        return ConfigurationIs(fields(said.lines).get("video input", ""))

    return _ask("configuration", CONFIGURATION, meaning)


def count_clips() -> Command[ClipCount]:
    def meaning(said: Reply | Refused) -> ClipCount:
        if isinstance(said, Refused):
            return ClipCount(0)
        return ClipCount(told.number(fields(said.lines).get("clip count", "")) or 0)

    return _ask_or_empty("clips count", COUNT, meaning)


def list_clips() -> Command[ClipsAre]:
    def meaning(said: Reply | Refused) -> ClipsAre:
        return ClipsAre(()) if isinstance(said, Refused) else told.clips(said)

    return _ask_or_empty("clips get", CLIPS, meaning)


# Changes.


def notify() -> Command[Done]:
    """Have changes told. Time codes are not asked for: they come with every frame."""
    kinds = ("transport", "slot", "remote", "configuration")
    lines = "\r\n".join(f"{kind}: true" for kind in kinds)
    return _set(f"notify:\r\n{lines}\r\n")


def watch(seconds: int) -> Command[Done]:
    """Have the deck end the connection after so much silence, so that another controller can get in. 0: never."""
    return _set(_line("watchdog", {"period": str(seconds)}))


def override(on: bool) -> Command[Done]:
    """Be heard although REM is off. Lasts as long as the connection."""
    return _set(_line("remote", {"override": _said(on)}))


def record(name: str = "") -> Command[Done]:
    """Raises ValueError for a name that could be read as more than a name."""
    if name and not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name):
        raise ValueError(f"{name!r}: a name has letters, digits, _ . -")
    return _set(_line("record", {"name": name} if name else {}))


def spill(slot: int) -> Command[Done]:
    return _set(_line("record spill", {"slot id": str(slot)}))


def stop() -> Command[Done]:
    return _set("stop")


def select_slot(slot: int) -> Command[Done]:
    return _set(_line("slot select", {"slot id": str(slot)}))


def select_input(source: str) -> Command[Done]:
    """Raises ValueError."""
    names = {name.casefold(): name for name in INPUTS}
    name = names.get(source.strip().casefold())
    if name is None:
        raise ValueError(f"{source!r}: an input is one of {', '.join(INPUTS)}")
    return _set(_line("configuration", {"video input": name}))


def preview(on: bool) -> Command[Done]:
    """Off ends a recording: ask first."""
    return _set(_line("preview", {"enable": _said(on)}))


def identify(on: bool) -> Command[Done]:
    return _set(_line("identify", {"enable": _said(on)}))


def _said(on: bool) -> str:
    return "true" if on else "false"


def _line(name: str, values: Mapping[str, str]) -> str:
    text = " ".join(f"{key}: {value}" for key, value in values.items())
    return f"{name}: {text}" if text else name


def _ask(line: str, code: int, meaning: Callable[[Any], M]) -> Command[M]:
    return Command(_wire(line), Reply, lambda said: said.code == code, meaning)


def _ask_or_empty(line: str, code: int, meaning: Callable[[Any], M]) -> Command[M]:
    def is_answer(said: Reply | Refused) -> bool:
        return said.code in (code, TIMELINE_EMPTY)

    return Command(_wire(line), (Reply, Refused), is_answer, meaning)


def _set(line: str) -> Command[Done]:
    def meaning(said: Reply) -> Done:
        return Rebooting() if said.code == REBOOTING else Done()

    return Command(_wire(line), Reply, lambda said: said.code in (OK, REBOOTING), meaning)


def _wire(line: str) -> bytes:
    return f"{line}\r\n".encode("ascii")

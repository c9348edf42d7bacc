"""Conference terminals: calls, their microphones' mute, what they present.

Power is standby (`avctl.capabilities.power`), volume `avctl.capabilities.volume`, the camera's presets
`avctl.capabilities.camera`, registration and uptime `avctl.capabilities.health`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.points import Action, Point, ReadOnly, parse_bool


class CallState(StrEnum):
    IDLE = "idle"
    RINGING = "ringing"  # somebody calls us
    CALLING = "calling"  # we call, and nobody has answered yet
    CONNECTED = "connected"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Call(ReadOnly):
    """The CallState of the call that matters most, where there are several."""

    word: ClassVar[str] = "call"


@dataclass(frozen=True, slots=True)
class FarEnd(ReadOnly):
    """Who is at the other end: a number or a name; None without a call."""

    word: ClassVar[str] = "far_end"


@runtime_checkable
class Terminal(Protocol):
    async def dial(self, number: str) -> None:
        """Call somebody. Raises ValueError for what is no number, RefusedError during a call."""

    async def answer(self) -> None: ...

    async def hang_up(self) -> None:
        """End every call. Harmless without one."""

    async def mute_microphones(self, on: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Dial(Action):
    """Calling a number; done when the call is connected."""

    word: ClassVar[str] = "dial"
    rank: ClassVar[int] = 80

    @property
    def evidence(self) -> Point:
        return Call()

    @classmethod
    def is_right(cls, reported: Any, wanted: Any) -> bool:
        return reported is CallState.CONNECTED

    @classmethod
    def parse(cls, text: Any) -> str:
        if not str(text).strip() or not str(text).isprintable():
            raise ValueError("give a number or an address to call")
        return str(text).strip()

    @staticmethod
    async def drive(device: Terminal, wanted: Mapping[Any, str]) -> None:
        for number in wanted.values():
            await device.dial(number)


@dataclass(frozen=True, slots=True)
class HangUp(Action):
    """Ending every call; done when there is none."""

    word: ClassVar[str] = "hang_up"
    rank: ClassVar[int] = 80

    @property
    def evidence(self) -> Point:
        return Call()

    @classmethod
    def is_right(cls, reported: Any, wanted: Any) -> bool:
        return reported is CallState.IDLE

    @classmethod
    def parse(cls, text: Any) -> bool:
        if text is not True:
            raise ValueError("give true")
        return True

    @staticmethod
    async def drive(device: Terminal, wanted: Mapping[Any, bool]) -> None:
        await device.hang_up()


@dataclass(frozen=True, slots=True)
class MicrophonesMuted(Point):
    """Whether the far end hears nothing of us: a bool."""

    word: ClassVar[str] = "muted"
    rank: ClassVar[int] = 60

    @classmethod
    def parse(cls, text: Any) -> bool:
        return parse_bool(text)

    @staticmethod
    async def drive(device: Terminal, wanted: Mapping[Any, bool]) -> None:
        for on in wanted.values():
            await device.mute_microphones(on)


@runtime_checkable
class Presenter(Protocol):
    async def present(self, on: bool) -> None:
        """Send the presentation input to the far end too, or stop it."""


@dataclass(frozen=True, slots=True)
class Presenting(Point):
    """Whether a presentation is sent: a bool."""

    word: ClassVar[str] = "presenting"
    rank: ClassVar[int] = 70

    @classmethod
    def parse(cls, text: Any) -> bool:
        return parse_bool(text)

    @staticmethod
    async def drive(device: Presenter, wanted: Mapping[Any, bool]) -> None:
        for on in wanted.values():
            await device.present(on)


@runtime_checkable
class PresetCamera(Protocol):
    """A camera of which only presets can be asked for, and nothing read back: a terminal's."""

    async def recall_preset(self, number: int) -> None: ...


@dataclass(frozen=True, slots=True)
class CameraPreset(Point):
    """The camera's preset that was asked for. No reading ever tells where it looks: it stays *sent*."""

    word: ClassVar[str] = "preset"
    rank: ClassVar[int] = 30

    @classmethod
    def parse(cls, text: Any) -> int:
        if not isinstance(text, int) or isinstance(text, bool) or text < 1:
            raise ValueError("give the number of a preset, from 1")
        return text

    @staticmethod
    async def drive(device: PresetCamera, wanted: Mapping[Any, int]) -> None:
        for number in wanted.values():
            await device.recall_preset(number)

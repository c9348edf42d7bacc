"""What a room needs to know of its devices, whichever simulators they are."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from hw_sim.outlets import Outlets


class Pose(Protocol):
    """Where a camera looks: degrees, right and up positive."""

    @property
    def pan(self) -> float: ...
    @property
    def tilt(self) -> float: ...
    @property
    def fov(self) -> float: ...
    @property
    def on(self) -> bool: ...


@runtime_checkable
class Filming(Protocol):
    def pose(self) -> Pose: ...


@runtime_checkable
class Switching(Protocol):
    @property
    def signals(self) -> Mapping[int, bool]: ...  # at the inputs
    def shows(self, output: int) -> int: ...
    def sounds(self, output: int) -> int: ...
    def plug(self, input: int, present: bool) -> None: ...


@runtime_checkable
class Feeding(Protocol):
    """A device that gives others their mains."""

    @property
    def outlets(self) -> Outlets: ...


@runtime_checkable
class Receiving(Protocol):
    """A receiver of wireless microphones."""

    @property
    def transmitters(self) -> Mapping[int, object]: ...
    def signal(self, channel: int, level: float | None) -> None: ...
    def level(self, channel: int) -> float | None: ...


@runtime_checkable
class Mixing(Protocol):
    @property
    def blocks(self) -> Mapping[str, object]: ...
    def signal(self, tag: str, channel: int, level: float | None) -> None: ...
    def level(self, tag: str, channel: int) -> float | None: ...


class WindowShown(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...
    @property
    def zorder(self) -> int: ...
    @property
    def source(self) -> str: ...


@runtime_checkable
class Showing(Protocol):
    def windows(self) -> "list[WindowShown]": ...


@runtime_checkable
class Fed(Protocol):
    """A device at whose sockets pictures arrive: ``31``, ``HDMI1``, ``SDI``."""

    @property
    def sockets(self) -> Sequence[str]: ...
    def feed(self, socket: str, source: str | None) -> None: ...


@runtime_checkable
class Conferring(Protocol):
    """A terminal: what it lets the far end have of what goes into it."""

    @property
    def sends_picture(self) -> bool: ...
    @property
    def sends_sound(self) -> bool: ...


@runtime_checkable
class Displaying(Protocol):
    """A device with screens of its own."""

    def shown(self) -> Sequence[str]: ...  # the sockets whose pictures are to be seen now

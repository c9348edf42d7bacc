"""The file of rooms: what is there, where it stands and what is plugged into what.

YAML 1.2. An unknown key, a wrong value or a cable to nowhere is an error with file and line. An end of a cable is
a device and its socket: ``podium-camera``, ``matrix in 1``, ``matrix out 2``, ``hall-wall Slot1.In1``,
``mixer Level1`` (the sum of the channels that leave this block), ``terminal``. What hangs on an outlet is named there:
``outlets: {1: projector, 2: [screen, host]}``. A wireless microphone is plugged into
a channel of its receiver, and that has a cable to the mixer: ``from: wireless 1, to: mixer Input1 5``. Positions are
in the metres of `hw_sim.scenery`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from hw_sim.scenery import Spot


class RoomFileError(ValueError):
    """The file is not one of rooms: ``FILE:LINE: what is wrong``."""


class Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-")
    )


class Title(Part):
    zh: str = ""
    en: str = ""


class Ends(Part):
    """Where the device can be reached; `hw_sim.serve.serve` says what the values mean."""

    tcp: str | list[str] | None = None
    tls: str | list[str] | None = None
    ssh: str | list[str] | None = None
    udp: str | list[str] | None = None
    pty: bool | str = False
    baud: int | None = Field(default=None, gt=0)


class Place(Part):
    """Where a camera hangs, and where it looks at pan 0: 0 to the rostrum, 180 to the audience."""

    at: tuple[float, float, float]
    heading: float = 0.0  # degrees

    @property
    def spot(self) -> Spot:
        return Spot(*self.at)


class CameraPreset(Part):
    name: str = ""
    pan: float  # degrees, to the right
    tilt: float  # degrees, up
    zoom: float = Field(default=0.0, ge=0, le=1)  # of the whole range


class Window(Part):
    source: str  # Slot1.In1
    x: float = Field(default=0.0, ge=0, le=1)  # fractions of the wall
    y: float = Field(default=0.0, ge=0, le=1)
    width: float = Field(default=1.0, gt=0, le=1)
    height: float = Field(default=1.0, gt=0, le=1)


class WallPreset(Part):
    name: str
    windows: list[Window]  # the last one in front


class AnyDevice(Part):
    model: str | None = None
    ends: Ends
    options: dict[str, Any] = Field(default_factory=dict)


class Camera(AnyDevice):
    driver: Literal["visca"]
    place: Place
    preset: int | None = None  # where it turns at the start
    presets: dict[int, CameraPreset] = Field(default_factory=dict)


class Matrix(AnyDevice):
    driver: Literal["extron_sis", "creator_matrix"]
    ties: dict[int, int] = Field(default_factory=dict)  # output: input, at the start


def _muted(text: str) -> str:
    if not re.fullmatch(r"\S+ \d+", text):
        raise ValueError("is BLOCK CHANNEL, as 'Level1 1'")
    return text


class Mixer(AnyDevice):
    driver: Literal["biamp_ttp"]
    muted: list[Annotated[str, AfterValidator(_muted)]] = Field(default_factory=list)  # at start


class Receiver(AnyDevice):
    driver: Literal["shure"]


class Wall(AnyDevice):
    driver: Literal["coriomaster"]
    preset: int | None = None  # taken at the start
    presets: dict[int, WallPreset] = Field(default_factory=dict)


class Feeder(AnyDevice):
    driver: Literal["hs_sequencer", "modbus_relay", "apc_pdu"]
    outlets: dict[int, str | list[str]] = Field(default_factory=dict)  # what hangs on each

    def plugs(self) -> Iterator[tuple[int, str]]:
        """Every outlet with each device on it."""
        for outlet, names in self.outlets.items():
            for name in [names] if isinstance(names, str) else names:
                yield outlet, name


class Plain(AnyDevice):
    """A device whose inputs and outputs the room need not know."""

    driver: Literal["pjlink", "samsung_mdc", "hyperdeck", "sleeping_host", "lcd_splicer"]


class Terminal(AnyDevice):
    """What goes into it the far end sees and hears while a call stands, when the room's far-end is its name."""

    driver: Literal["huawei_te", "cisco_roomos"]


Device = Annotated[
    Camera | Matrix | Mixer | Receiver | Wall | Feeder | Terminal | Plain,
    Field(discriminator="driver"),
]


class Speaker(Part):
    """The person at the lectern."""

    present: bool = True


class Persons(Part):
    speaker: Speaker = Field(default_factory=Speaker)
    audience: int = Field(default=26, ge=0, le=32)


class Microphone(Part):
    at: tuple[float, float, float]
    plugged: str  # mixer Input1 1, or wireless 1
    alive: bool = True
    level: float = Field(default=-20.0, le=0)  # dBFS, of a voice a hand's length away


class Source(Part):
    """A picture from outside the simulated devices, such as a laptop's."""

    title: str = "Presentation"
    level: float | None = Field(default=None, le=0)  # dBFS of its sound


def _socket(text: str) -> str:
    if not re.fullmatch(r"\S+( \d+| [A-Za-z]\S*( \d+)?)?", text):
        raise ValueError("a cable's end is DEVICE, DEVICE in N, DEVICE out N or DEVICE SOCKET [N]")
    return text


Socket = Annotated[str, AfterValidator(_socket)]


class Cable(Part):
    source: Socket = Field(alias="from")
    to: Socket


class RoomPlan(Part):
    """One room."""

    title: Title = Field(default_factory=Title)
    banner: Title = Field(default_factory=Title)
    accent: str = Field(default="#264c80", pattern="^#[0-9a-fA-F]{6}$")
    persons: Persons = Field(default_factory=Persons)
    devices: dict[str, Device]
    sources: dict[str, Source] = Field(default_factory=dict)
    sinks: list[str] = Field(default_factory=list)
    far_end: str | None = None  # the sink or terminal that the other side sees and hears
    microphones: dict[str, Microphone] = Field(default_factory=dict)
    cables: list[Cable] = Field(default_factory=list)

    def flaws(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Names that nothing has: where they are, and what is wrong."""
        for number, cable in enumerate(self.cables):
            for key, end in (("from", cable.source), ("to", cable.to)):
                if flaw := self._flaw_of(end):
                    yield ("cables", number, key), flaw
            plugged = self._is(cable.source, Receiver) and self._is(cable.to, Mixer)
            if plugged and len(cable.to.split()) != 3:
                yield ("cables", number, "to"), "is MIXER BLOCK CHANNEL, as 'mixer Input1 5'"
        for name, microphone in self.microphones.items():
            device, *rest = microphone.plugged.split()
            at = self.devices.get(device)
            wanted = 2 if isinstance(at, Mixer) else 1 if isinstance(at, Receiver) else None
            if len(rest) != wanted or not rest[-1].isdecimal():
                yield (
                    ("microphones", name, "plugged"),
                    "is MIXER BLOCK CHANNEL, as 'mixer Input1 1', or RECEIVER CHANNEL",
                )
        far_end = self.far_end
        is_terminal = isinstance(self.devices.get(far_end or ""), Terminal)
        if far_end not in (None, *self.sinks) and not is_terminal:
            yield ("far-end",), f"no sink and no terminal is called {far_end!r}"
        yield from self._flaws_of_outlets()

    def _flaws_of_outlets(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Outlets with nothing on them, and devices that hang on two or, at whatever length, on themselves."""
        feeders: dict[str, str] = {}
        for feeder, given in self.devices.items():
            for outlet, name in given.plugs() if isinstance(given, Feeder) else ():
                where = "devices", feeder, "outlets", outlet
                if name not in self.devices:
                    yield where, f"no device is called {name!r}"
                elif name in feeders:
                    yield where, f"{name!r} hangs on an outlet already"
                elif name == feeder or name in _feeding(feeder, feeders):
                    yield where, f"{name!r} would feed itself"
                else:
                    feeders[name] = feeder

    def _is(self, end: str, kind: type[AnyDevice]) -> bool:
        return isinstance(self.devices.get(end.split()[0]), kind)

    def _flaw_of(self, end: str) -> str | None:
        """What is wrong with an end of a cable."""
        name, *socket = end.split()
        device = self.devices.get(name)
        if device is None and name not in {*self.sources, *self.sinks}:
            return f"nothing here is called {name!r}"
        if isinstance(device, Receiver) != (len(socket) == 1 and socket[0].isdecimal()):
            return f"only a receiver has sockets of a number alone, and no others: {end!r}"
        if len(socket) == 2 and socket[0] not in ("in", "out") and not isinstance(device, Mixer):
            return f"only a mixer has inputs of blocks: {end!r}"
        return None


def _feeding(device: str, feeders: Mapping[str, str]) -> Iterator[str]:
    """What a device has its mains from, then what that has it from, and so on."""
    while device in feeders:
        device = feeders[device]
        yield device


class SitePlan(Part):
    """All rooms of a file."""

    rooms: dict[str, RoomPlan]


def read(path: Path) -> SitePlan:
    """The rooms of a file. Raises RoomFileError, OSError."""
    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    try:
        tree = yaml.load(StringIO(path.read_text(encoding="utf-8")))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RoomFileError(f"{path}:{line}: {error.problem}") from error
    try:
        plan = SitePlan.model_validate(tree)
    except ValidationError as errors:
        told = (_told(path, tree, error["loc"], error["msg"]) for error in errors.errors())
        raise RoomFileError("\n".join(told)) from errors
    flaws = [
        _told(path, tree, ("rooms", name, *where), flaw)
        for name, room in plan.rooms.items()
        for where, flaw in room.flaws()
    ]
    if flaws:
        raise RoomFileError("\n".join(flaws))
    return plan


def _told(path: Path, tree: Any, where: Sequence[str | int], what: str) -> str:
    """One line of an error: the line of the deepest key that is in the file."""
    line, node, keys = 1, tree, []
    for key in where:
        try:
            line = node.lc.data[key][0] + 1
            node = node[key]
        except (AttributeError, KeyError, TypeError, IndexError):
            if isinstance(node, Mapping) and key == node.get("driver"):
                continue  # pydantic's word for which kind of device it took it for
            keys.append(str(key))
            continue
        keys.append(str(key))
    return f"{path}:{line}: {'.'.join(keys)}: {what}"

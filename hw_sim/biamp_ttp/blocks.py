"""The blocks of a Tesira's running configuration and their attributes.

Source: Biamp Tesira Text Protocol help, the attribute tables of the blocks.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import product
from typing import cast

from hw_sim.biamp_ttp.text import Complaint

Scalar = bool | int | float
Index = tuple[int, ...]

DB_STEP = 0.1  # dB


@dataclass(frozen=True, slots=True)
class Design:
    """What the designer of the system chose for one block."""

    type: str
    channels: int = 8  # inputs, of a block that has both
    outputs: int = 0  # 0: as many as channels
    min: float = -100.0  # dB
    max: float = 12.0  # dB
    level: float = 0.0  # dB
    gain: float = 24.0  # dB
    mute: bool = False
    ganged: bool = False
    ramping: bool = False
    source: int = 1
    threshold: float = -50.0  # dB
    on_delay: int = 0  # ms
    off_delay: int = 500  # ms


@dataclass(frozen=True, slots=True)
class Attribute:
    start: Scalar
    at: tuple[str, ...] = ("channelIndex",)  # what its indexes count
    low: float = -math.inf
    high: float = math.inf
    step: float = 0.0  # what the device rounds to
    fixed: bool = False  # commands can only read it
    each: str = ""  # for a list over all channels: of which attribute

    @property
    def kind(self) -> type:
        return type(self.start)

    def settle(self, value: Scalar) -> Scalar:
        """``value`` as the device keeps it."""
        if self.kind is bool or not self.step:
            return value
        rounded = round(value / self.step) * self.step
        return int(rounded) if self.kind is int else round(rounded, 6)


Table = dict[str, Attribute]


def _lists(*names: tuple[str, str]) -> Table:
    return {many: Attribute(0, at=(), fixed=True, each=one) for many, one in names}


def _db(start: float, design: Design, at: str = "channelIndex") -> Attribute:
    return Attribute(float(start), (at,), design.min, design.max, step=DB_STEP)


def _channels(design: Design) -> Table:
    return {"numChannels": Attribute(design.channels, at=(), fixed=True)}


def _mute(design: Design) -> Table:
    return _channels(design) | {
        "mute": Attribute(design.mute),
        "ganged": Attribute(design.ganged, at=(), fixed=True),
        **_lists(("mutes", "mute")),
    }


def _output(design: Design) -> Table:
    return _mute(design) | {
        "level": _db(design.level, design),
        "minLevel": Attribute(float(design.min), fixed=True),
        "maxLevel": Attribute(float(design.max), fixed=True),
        **_lists(("levels", "level")),
    }


def _level(design: Design) -> Table:
    return _output(design) | {
        "rampInterval": Attribute(1000, low=250, high=30000, step=250),
        "rampStep": Attribute(3.0, low=1, high=15),
        "useRamping": Attribute(design.ramping, fixed=True),
    }


def _input(design: Design) -> Table:
    # The help's ranges differ by card; 0 to 66 dB is the widest.
    return _channels(design) | {
        "gain": Attribute(float(design.gain), low=0, high=66, step=DB_STEP),
        "peak": Attribute(False, fixed=True),
        "phantomPower": Attribute(False),
    }


def _faders_around(design: Design) -> Table:
    return {
        "inputLevel": _db(design.level, design, "inputIndex"),
        "outputLevel": _db(design.level, design, "outputIndex"),
        "inputMute": Attribute(design.mute, ("inputIndex",)),
    }


def _mixer(design: Design) -> Table:
    crosspoint = Attribute(True, ("inputIndex", "outputIndex"))
    return _faders_around(design) | {"crosspoint": crosspoint}


def _matrix(design: Design) -> Table:
    crosspoint = Attribute(True, ("inputIndex", "outputIndex"))
    return _faders_around(design) | {"crosspointLevelState": crosspoint}


def _selector(design: Design) -> Table:
    return {"sourceSelection": Attribute(design.source, at=(), low=0, high=design.channels)}


def _router(design: Design) -> Table:
    return {"input": Attribute(design.source, ("outputIndex",), low=0, high=design.channels)}


def _meter(design: Design) -> Table:
    return {"level": Attribute(-100.0, fixed=True)}


def _presence(design: Design) -> Table:
    return _meter(design) | {
        "present": Attribute(False, fixed=True),
        "threshold": Attribute(float(design.threshold), low=-100, high=36, step=DB_STEP),
        "onDelay": Attribute(design.on_delay, low=0, high=60000),
        "offDelay": Attribute(design.off_delay, low=0, high=60000),
    }


# The class names are part of an error's text; only TextSession's is documented.
KINDS: Mapping[str, tuple[str, Callable[[Design], Table]]] = {
    "level": ("LevelControl", _level),
    "output": ("OutputBlock", _output),
    "input": ("InputBlock", _input),
    "mute": ("MuteControl", _mute),
    "mixer": ("Mixer", _mixer),
    "matrix": ("MatrixMixer", _matrix),
    "selector": ("SourceSelector", _selector),
    "router": ("Router", _router),
    "meter": ("AudioMeter", _meter),
    "presence": ("SignalPresentMeter", _presence),
}


@dataclass(slots=True)
class Block:
    """One block of the running configuration, with the values it holds now."""

    tag: str
    design: Design
    attributes: Table = field(init=False)
    values: dict[tuple[str, Index], Scalar] = field(init=False)

    def __post_init__(self) -> None:
        if self.design.type not in KINDS:
            raise ValueError(f"{self.tag}: no block is a {self.design.type!r}")
        self.attributes = KINDS[self.design.type][1](self.design)
        self.restart()

    def restart(self) -> None:
        """Go back to what the design says."""
        self.values = {
            (name, index): attribute.start
            for name, attribute in self.attributes.items()
            for index in self.indexes(attribute)
        }

    @property
    def inputs(self) -> range:
        return range(1, self.design.channels + 1)

    @property
    def outputs(self) -> range:
        if self.design.type == "selector":
            return range(1, 2)
        return range(1, (self.design.outputs or self.design.channels) + 1)

    def indexes(self, attribute: Attribute) -> Iterator[Index]:
        return product(*map(self.counted, attribute.at))

    def counted(self, what: str) -> range:
        return self.outputs if what == "outputIndex" else self.inputs

    def attribute(self, name: str) -> Attribute:
        """Raises Complaint when blocks of this kind have no such attribute."""
        if name not in self.attributes:
            kind = KINDS[self.design.type][0]
            raise Complaint(f"'{name}' is not supported by {kind}::Attributes")
        return self.attributes[name]

    def check_index(self, attribute: Attribute, index: Index) -> None:
        for what, number in zip(attribute.at, index, strict=True):
            if number not in self.counted(what):
                high = self.counted(what)[-1]
                raise Complaint(
                    f"INVALID_PARAMETER Index out of range:{what}"
                    f" min:1 max:{high} received:{number}"
                )

    def check_value(self, name: str, value: Scalar) -> None:
        attribute = self.attributes[name]
        if not attribute.low <= value <= attribute.high:
            raise Complaint(
                f"INVALID_PARAMETER Value out of range: attr:{name}"
                f" min:{attribute.low:g} max:{attribute.high:g} val:{value:g}"
            )

    def flag(self, name: str, *index: int) -> bool:
        return bool(self.values.get((name, index), False))

    def number(self, name: str, *index: int) -> float:
        return float(self.values.get((name, index), 0.0))

    def put(self, name: str, index: Index, value: Scalar) -> None:
        """Keep ``value``; in a ganged block, on all channels."""
        attribute = self.attributes[name]
        ganged = self.flag("ganged") and name in ("level", "mute")
        for each in self.indexes(attribute) if ganged else [index]:
            self.values[name, each] = attribute.settle(value)


def build(blocks: Mapping[str, object]) -> dict[str, Block]:
    """The blocks of a configuration: instance tag → the fields of its `Design`.

    Raises ValueError for an unknown type or field.
    """
    known = {each.name for each in fields(Design)}
    built = {}
    for tag, given in blocks.items():
        design = dict(cast("Mapping[str, object]", given))
        if unknown := set(design) - known:
            raise ValueError(f"{tag}: no block has {', '.join(sorted(unknown))}")
        built[tag] = Block(tag, Design(**design))  # type: ignore[arg-type]  # from a file, untyped
    return built

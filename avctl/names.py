"""What a room calls its things, and the points behind the names."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from avctl.capabilities.camera import (
    Aim,
    Camera,
    Focusing,
    FocusMode,
    Preset,
    StorePreset,
    Tally,
    TallyLamp,
)
from avctl.capabilities.display import (
    Freezing,
    Frozen,
    Input,
    Selecting,
    Shutter,
    Shuttered,
)
from avctl.capabilities.mixer import Fader, Mute
from avctl.capabilities.outlets import Outlet, Outlets
from avctl.capabilities.power import Powered, PowerState
from avctl.capabilities.recorder import Recorder, Recording
from avctl.capabilities.router import Blank, Layer, Output
from avctl.capabilities.terminal import (
    CameraPreset,
    Dial,
    HangUp,
    MicrophonesMuted,
    Presenter,
    Presenting,
    PresetCamera,
    Terminal,
)
from avctl.capabilities.volume import Sounding, SoundMuted, SoundMuting, Volume
from avctl.capabilities.wall import Layout, Wall, WindowSource
from avctl.config import RoomFile
from avctl.device import Device
from avctl.pair import Side
from avctl.points import Point

Resolved = Iterator[tuple[str, Point, Any]]  # device, point, value
Word = Callable[[Any], Resolved]

# Which words a device has, by what its driver can do.
WORDS: Sequence[tuple[type, Point]] = (
    (Powered, PowerState()),
    (Camera, Preset()),
    (Camera, Aim()),
    (Camera, StorePreset()),
    (Focusing, FocusMode()),
    (TallyLamp, Tally()),
    (Wall, Layout()),
    (Selecting, Input()),
    (Shuttered, Shutter()),
    (Freezing, Frozen()),
    (Sounding, Volume()),
    (SoundMuting, SoundMuted()),
    (Recorder, Recording()),
    (Terminal, MicrophonesMuted()),
    (Terminal, Dial()),
    (Terminal, HangUp()),
    (Presenter, Presenting()),
    (PresetCamera, CameraPreset()),
)


class Names:
    """The names of one room. Everything raises ValueError that says what would fit."""

    def __init__(self, room: RoomFile, drivers: Mapping[str, type[Device]]) -> None:
        self._room, self._drivers = room, drivers
        self.active: Callable[[str], Side] = lambda pair: (
            Side.MAIN
        )  # which side of a pair is in use
        counted = Counter(self.targets()) + Counter(room.pairs.keys() & room.sources.keys())
        if doubled := [name for name, times in counted.items() if times > 1]:
            raise ValueError(f"{', '.join(sorted(doubled))}: one name for two things")

    def targets(self) -> tuple[str, ...]:
        room = self._room
        parts: Sequence[Mapping[str, object]] = (
            room.devices, room.destinations, room.microphones, room.outlets, room.pairs,
        )  # fmt: skip
        return tuple(name for part in parts for name in part)

    def in_use(self, name: str) -> str:
        """The name itself, or the side in use where it is a pair's; pairs may hold pairs."""
        while pair := self._room.pairs.get(name):
            name = pair.backup if self.active(name) is Side.BACKUP else pair.main
        return name

    def resolve(self, target: str, word: str, said: Any) -> Resolved:
        """The points that ``word`` of ``target`` stands for, and their values."""
        words = self.words(target)
        if word not in words:
            raise ValueError(f"{target} has no {word!r}; it has {', '.join(words)}")
        return words[word](said)

    def words(self, target: str) -> Mapping[str, Word]:
        target = self.in_use(target)
        if target in self._room.microphones:
            return {
                "fader": partial(self._fader, target),
                "muted": partial(self._muted, target),
            }
        if target in self._room.destinations:
            return {
                "source": partial(self._source, target),
                "blank": partial(self._blank, target),
            }
        if target in self._room.outlets:
            return {"power": partial(self._outlet, target)}
        if target in self._room.devices:
            return self._device_words(target)
        raise ValueError(f"nothing is called {target!r}; there are {', '.join(self.targets())}")

    def plain(self, target: str, word: str) -> Point | None:
        """The point of a device that ``word`` stands for by itself; None where it stands for more, or for none."""
        name = self.in_use(target)
        if name not in self._room.devices:
            return None
        points = _plain_points(self._drivers[name])
        return next((point for point in points if point.word == word), None)

    def _device_words(self, name: str) -> Mapping[str, Word]:
        driver = self._drivers[name]
        words: dict[str, Word] = {}
        for point in _plain_points(driver):
            words[point.word] = partial(self._plain, name, point)
        if issubclass(driver, Wall):
            words["windows"] = partial(self._windows, name)
        if issubclass(driver, Outlets):
            words["outlets"] = partial(self._outlets, name)
        return words

    def _plain(self, name: str, point: Point, said: Any) -> Resolved:
        file = self._room.devices[name]
        presets = file.presets
        stored = {"preset": presets, "store": presets, "layout": file.layouts}.get(point.word, {})
        if isinstance(said, str) and stored:
            if said not in stored:
                raise ValueError(f"{name} has no {point.word} {said!r}; it has {', '.join(stored)}")
            said = stored[said]
        yield name, point, point.parse(said)

    def _windows(self, name: str, said: Any) -> Resolved:
        fits = "give windows by number and their sources, like {1: Slot1.In1}"
        for window, source in _numbered(said, fits):
            point = WindowSource(window)
            yield name, point, point.parse(source)

    def _outlets(self, name: str, said: Any) -> Resolved:
        for number, on in _numbered(said, "give outlets by number, like {1: on, 2: off}"):
            point = Outlet(number)
            yield name, point, point.parse(on)

    def _outlet(self, outlet: str, said: Any) -> Resolved:
        file = self._room.outlets[outlet]
        yield file.device, Outlet(file.number), Outlet.parse(said)

    def _fader(self, microphone: str, said: Any) -> Resolved:
        file = self._room.microphones[microphone]
        level = file.level if said == "nominal" else said
        yield file.device, Fader(file.channel), Fader.parse(level)

    def _muted(self, microphone: str, said: Any) -> Resolved:
        file = self._room.microphones[microphone]
        yield file.device, Mute(file.channel), Mute.parse(said)

    def _source(self, destination: str, said: Any) -> Resolved:
        to = self._room.destinations[destination]
        source = self._room.sources.get(self.in_use(said)) if isinstance(said, str) else None
        number = 0 if said == "none" else source.input if source else None
        if number is None:
            fitting = ", ".join(("none", *self._room.sources))
            raise ValueError(f"no source is called {said!r}; there are {fitting}")
        if source and source.device != to.device:
            raise ValueError(f"{said} is at {source.device}, {destination} at {to.device}")
        for layer in to.layers:
            yield to.device, Output(to.output, Layer(layer)), number

    def _blank(self, destination: str, said: Any) -> Resolved:
        to = self._room.destinations[destination]
        for layer in to.layers:
            point = Blank(to.output, Layer(layer))
            yield to.device, point, point.parse(said)


def _plain_points(driver: type[Device]) -> Iterator[Point]:
    return (point for capability, point in WORDS if issubclass(driver, capability))


def _numbered(said: Any, fits: str) -> Iterator[tuple[int, Any]]:
    # JSON has no numbers as keys.
    if not isinstance(said, Mapping) or not all(str(key).isdecimal() for key in said):
        raise ValueError(fits)
    return ((int(key), value) for key, value in said.items())

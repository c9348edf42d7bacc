"""What a room calls its things, and the points behind the names."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from avctl.capabilities.camera import Aim, Camera, Focusing, FocusMode, Preset, Tally, TallyLamp
from avctl.capabilities.mixer import Fader, Mute
from avctl.capabilities.power import Powered, PowerState
from avctl.capabilities.router import Blank, Layer, Output
from avctl.capabilities.wall import Layout, Wall, WindowSource
from avctl.config import Document, RoomFile, SceneFile, read_document, validate
from avctl.device import Device
from avctl.points import Point
from avctl.scenes.plan import circle
from avctl.scenes.scene import Scene, Want

Resolved = Iterator[tuple[str, Point, Any]]  # device, point, value
Word = Callable[[Any], Resolved]

# Which words a device has, by what its driver can do.
WORDS: Mapping[str, tuple[type, Point]] = {
    "power": (Powered, PowerState()),
    "preset": (Camera, Preset()),
    "aim": (Camera, Aim()),
    "focus": (Focusing, FocusMode()),
    "tally": (TallyLamp, Tally()),
    "layout": (Wall, Layout()),
}


class Names:
    """The names of one room. Everything raises ValueError that says what would fit."""

    def __init__(self, room: RoomFile, drivers: Mapping[str, type[Device]]) -> None:
        self._room, self._drivers = room, drivers
        doubled = (room.destinations.keys() & room.microphones.keys()) | (
            room.devices.keys() & (room.destinations.keys() | room.microphones.keys())
        )
        if doubled:
            raise ValueError(f"{', '.join(sorted(doubled))}: one name for two things")

    def targets(self) -> tuple[str, ...]:
        return (*self._room.devices, *self._room.destinations, *self._room.microphones)

    def resolve(self, target: str, word: str, said: Any) -> Resolved:
        """The points that ``word`` of ``target`` stands for, and their values."""
        words = self.words(target)
        if word not in words:
            raise ValueError(f"{target} has no {word!r}; it has {', '.join(words)}")
        return words[word](said)

    def words(self, target: str) -> Mapping[str, Word]:
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
        if target in self._room.devices:
            return self._device_words(target)
        raise ValueError(f"nothing is called {target!r}; there are {', '.join(self.targets())}")

    def _device_words(self, name: str) -> Mapping[str, Word]:
        driver = self._drivers[name]
        words: dict[str, Word] = {}
        for word, (capability, point) in WORDS.items():
            if issubclass(driver, capability):
                words[word] = partial(self._plain, name, point)
        if issubclass(driver, Wall):
            words["windows"] = partial(self._windows, name)
        return words

    def _plain(self, name: str, point: Point, said: Any) -> Resolved:
        file = self._room.devices[name]
        stored = {"preset": file.presets, "layout": file.layouts}.get(point.word, {})
        if isinstance(said, str) and stored:
            if said not in stored:
                raise ValueError(f"{name} has no {point.word} {said!r}; it has {', '.join(stored)}")
            said = stored[said]
        yield name, point, point.parse(said)

    def _windows(self, name: str, said: Any) -> Resolved:
        if not isinstance(said, Mapping) or not all(isinstance(key, int) for key in said):
            raise ValueError("give windows by number and their sources, like {1: Slot1.In1}")
        for window, source in said.items():
            point = WindowSource(window)
            yield name, point, point.parse(source)

    def _fader(self, microphone: str, said: Any) -> Resolved:
        file = self._room.microphones[microphone]
        level = file.level if said == "nominal" else said
        yield file.device, Fader(file.channel), Fader.parse(level)

    def _muted(self, microphone: str, said: Any) -> Resolved:
        file = self._room.microphones[microphone]
        yield file.device, Mute(file.channel), Mute.parse(said)

    def _source(self, destination: str, said: Any) -> Resolved:
        to = self._room.destinations[destination]
        source = self._room.sources.get(said) if isinstance(said, str) else None
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


def scenes_of(document: Document, room: RoomFile, names: Names) -> dict[str, Scene]:
    """The scenes of a room: the library's that it can play, and its own, which go before. Raises ConfigError."""
    scenes: dict[str, Scene] = {}
    if room.library:
        for name, file in _library().items():
            if set(file.needs) <= room.roles.keys():
                try:
                    scenes[name] = _scene(name, _cast(file, room.roles), names)
                except ValueError as error:
                    text = f"{error.args[-1]} (scene {name} of the library)"
                    raise document.error(("roles",), text) from error
    for name, file in room.scenes.items():
        try:
            scenes[name] = _scene(name, file, names)
        except SceneError as error:
            raise document.error(("scenes", name, *error.place), str(error.args[-1])) from error
    return dict(sorted(scenes.items(), key=lambda item: item[1].order))


class SceneError(ValueError):
    """A scene says what does not fit, at ``place`` in it."""

    def __init__(self, place: tuple[str, ...], text: str) -> None:
        super().__init__(text)
        self.place = place


def _scene(name: str, file: SceneFile, names: Names) -> Scene:
    wants = tuple(_wants(file, names))
    points: dict[tuple[str, Point], Want] = {}
    for want in wants:
        if other := points.get((want.device, want.point)):
            raise SceneError(("want", want.target), f"{other.target} wants the same point")
        points[want.device, want.point] = want
    if waiting := circle(wants):
        raise SceneError(("want", waiting[0]), f"{', '.join(waiting)} wait for one another")
    title = {"zh": file.title.zh, "en": file.title.en}
    return Scene(name, title, file.deadline, wants, colour=file.colour, order=file.order)


def _wants(file: SceneFile, names: Names) -> Iterator[Want]:
    for target, words in file.want.items():
        after = words.get("after", ())
        after = (after,) if isinstance(after, str) else tuple(after)
        if missing := [other for other in after if other not in file.want]:
            place = ("want", target, "after")
            raise SceneError(place, f"{missing[0]} is not in this scene")
        for word, said in words.items():
            if word == "after":
                continue
            try:
                for device, point, value in names.resolve(target, word, said):
                    yield Want(target, word, said, device, point, value, after)
            except ValueError as error:
                raise SceneError(("want", target, word), str(error)) from error


def _library() -> dict[str, SceneFile]:
    scenes = {}
    for file in resources.files("avctl.scenes").joinpath("library").iterdir():
        if file.name.endswith(".yaml"):
            document = read_document(Path(str(file)))
            name = file.name.removesuffix(".yaml")
            scenes[name] = validate(document, SceneFile, document.data)
    return scenes


def _cast(file: SceneFile, roles: Mapping[str, str]) -> SceneFile:
    """A scene of the library with the room's names in its parts; parts that nobody plays are left out."""
    want: dict[str, dict[str, Any]] = {}
    for role, words in file.want.items():
        if role not in roles:
            continue
        cast = dict(words)
        if "source" in cast:
            cast["source"] = roles.get(cast["source"], cast["source"])
        if "after" in cast:
            after = [cast["after"]] if isinstance(cast["after"], str) else cast["after"]
            cast["after"] = [roles[other] for other in after if other in roles]
        want.setdefault(roles[role], {}).update(cast)
    return file.model_copy(update={"want": want})

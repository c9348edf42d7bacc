"""The scenes of a room: the library's that it can play, and its own, made of what its file says."""

from collections.abc import Iterator, Mapping
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any

from avctl.config import Document, RoomFile, SceneFile, read_document, validate
from avctl.errors import TakeError
from avctl.names import Names
from avctl.points import Action, parse_seconds
from avctl.scenes.plan import circle
from avctl.scenes.scene import (
    Kind,
    Mode,
    OnFailure,
    Order,
    Priority,
    Reaction,
    Scene,
    Want,
)

Words = Mapping[str, Mapping[str, Any]]
Arguments = Mapping[str, str]  # parameter → choice

NO_TARGETS = (
    "after",
    "behind",
    "delay",
    "patience",
    "on_failure",
)  # keys beside the words of a target


class SceneError(ValueError):
    """A scene says what does not fit, at ``place`` in it."""

    def __init__(self, place: tuple[str, ...], text: str) -> None:
        super().__init__(text)
        self.place = place


class Playbook:
    """All scenes of one room by name, ready to be made with their parameters."""

    def __init__(self, document: Document, room: RoomFile, names: Names) -> None:
        """Raises ConfigError."""
        self._names = names
        library = _cast_library(room) if room.library else {}
        self.files: dict[str, SceneFile] = {**library, **room.scenes}
        self.scenes: dict[str, Scene] = {}  # with the first choice of every parameter
        for name in self.files:
            own = name in room.scenes
            try:
                made = [self.make(name, choices) for choices in _all_choices(self.files[name])]
            except SceneError as error:
                place = ("scenes", name, *error.place) if own else ("roles",)
                text = str(error) if own else f"{error} (scene {name} of the library)"
                raise document.error(place, text) from error
            self.scenes[name] = made[0]
        for name in room.scenes:
            if name in (chain := self._takes_after(name)):
                text = f"{' takes '.join((name, *chain))}: that would never end"
                raise document.error(("scenes", name, "on_failure"), text)
        if room.safe and room.safe not in self.scenes:
            text = f"no scene {room.safe!r}; there are {', '.join(self.scenes)}"
            raise document.error(("safe",), text)
        self.scenes = dict(sorted(self.scenes.items(), key=lambda item: item[1].order))

    def make(self, name: str, arguments: Arguments | None = None) -> Scene:
        """The scene with its parameters chosen. Raises TakeError, or SceneError where the file is wrong."""
        if name not in self.files:
            raise TakeError(f"no scene {name!r}; there are {', '.join(self.files)}")
        file = self._with_parts(name, ())
        values = _values(name, file, arguments or {})
        want, check = _filled(file.want, values), _filled(file.check, values)
        wants = (
            *wants_of(self._names, "want", want, Kind.SET),
            *wants_of(self._names, "check", check, Kind.CHECK),
        )
        self._judge(name, wants)
        if file.budget is not None and file.budget > file.deadline:
            raise SceneError(("budget",), f"beyond the deadline of {file.deadline:g} s")
        return Scene(
            name,
            file.title.model_dump(),
            file.deadline,
            wants,
            budget=file.budget,
            hold=file.hold or 0.0,
            on_failure=self._on_failure(file.on_failure, ("on_failure",)),
            mode=Mode(file.mode),
            priority=Priority.EMERGENCY if file.emergency else Priority.OPERATOR,
            unless=tuple(wants_of(self._names, "unless", file.unless, Kind.CHECK)),
            confirm=file.confirm,
            colour=file.colour,
            order=file.order,
            arguments=dict(arguments or {}),
        )

    def _takes_after(self, name: str) -> tuple[str, ...]:
        """The scenes that are taken one after the other if ``name`` and each of them fails."""
        chain: list[str] = []
        following = self.scenes[name].on_failure.scene
        while following and following not in chain:
            chain.append(following)
            following = self.scenes[following].on_failure.scene
        return tuple(chain)

    def _with_parts(self, name: str, inside: tuple[str, ...]) -> SceneFile:
        """A scene's file with the scenes that are part of it: what it says itself goes before."""
        file = self.files[name]
        want: dict[str, dict[str, Any]] = {}
        check: dict[str, dict[str, Any]] = {}
        for part in file.scenes:
            if part not in self.files:
                text = f"no scene {part!r}; there are {', '.join(self.files)}"
                raise SceneError(("scenes",), text)
            if part in (*inside, name):
                raise SceneError(("scenes",), f"{part} is part of itself")
            inner = self._with_parts(part, (*inside, name))
            _merge(want, inner.want)
            _merge(check, inner.check)
        _merge(want, file.want)
        _merge(check, file.check)
        return file.model_copy(update={"want": want, "check": check})

    def _judge(self, name: str, wants: tuple[Want, ...]) -> None:
        if not wants:
            raise SceneError((), "wants nothing")
        seen: dict[tuple[str, object], Want] = {}
        for want in wants:
            if other := seen.get((want.device, want.point)):
                raise SceneError(("want", want.target), f"{other.target} wants the same point")
            seen[want.device, want.point] = want
        if waiting := circle(wants):
            raise SceneError(("want", waiting[0]), f"{', '.join(waiting)} wait for one another")

    def _on_failure(self, text: str, place: tuple[str, ...]) -> OnFailure:
        word, _, scene = text.partition(" ")
        if scene and scene not in self.files:
            raise SceneError(place, f"no scene {scene!r}; there are {', '.join(self.files)}")
        return OnFailure(Reaction(word), scene)


def wants_of(names: Names, section: str, words: Words, kind: Kind) -> Iterator[Want]:
    for target, said_of in words.items():
        order = _order(section, target, words)
        reaction = _step_reaction(section, target, said_of.get("on_failure"))
        for word, said in said_of.items():
            if word in NO_TARGETS:
                continue
            try:
                for device, point, value in names.resolve(target, word, said):
                    does = Kind.ACT if isinstance(point, Action) else kind
                    yield Want(target, word, said, device, point, value, order, does, reaction)
            except ValueError as error:
                raise SceneError((section, target, word), str(error)) from error


def _order(section: str, target: str, words: Words) -> Order:
    said, places = words[target], (section, target)

    def targets(key: str) -> tuple[str, ...]:
        named = said.get(key, ())
        named = (named,) if isinstance(named, str) else tuple(named)
        if missing := [other for other in named if other not in words]:
            raise SceneError((*places, key), f"{missing[0]} is not in this scene")
        return named

    def seconds(key: str) -> float:
        try:
            return parse_seconds(said.get(key, 0))
        except ValueError as error:
            raise SceneError((*places, key), str(error)) from error

    return Order(targets("after"), targets("behind"), seconds("delay"), seconds("patience"))


def _step_reaction(section: str, target: str, text: Any) -> OnFailure | None:
    if text is None:
        return None
    if text not in ("go-on", "stop", "return"):
        raise SceneError((section, target, "on_failure"), "give go-on, stop or return")
    return OnFailure(Reaction(text))


def _merge(into: dict[str, dict[str, Any]], words: Words) -> None:
    for target, said in words.items():
        into.setdefault(target, {}).update(said)


# Parameters.


def _all_choices(file: SceneFile) -> Iterator[Arguments]:
    names = list(file.parameters)
    for chosen in product(*(file.parameters[name].choices for name in names)):
        yield dict(zip(names, chosen, strict=True))


def _values(name: str, file: SceneFile, arguments: Arguments) -> dict[str, Any]:
    """What ``$NAME`` and ``$NAME.KEY`` stand for."""
    if unknown := arguments.keys() - file.parameters.keys():
        fitting = ", ".join(file.parameters) or "none"
        raise TakeError(f"{name} has no parameter {sorted(unknown)[0]!r}; it has {fitting}")
    values: dict[str, Any] = {}
    for parameter, of in file.parameters.items():
        choice = arguments.get(parameter)
        if choice not in of.choices:
            raise TakeError(f"{name}: choose {parameter}: {', '.join(of.choices)}")
        values[f"${parameter}"] = choice
        for key, value in of.choices[choice].values.items():
            values[f"${parameter}.{key}"] = value
    return values


def _filled(words: Words, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    def fill(part: Any) -> Any:
        if isinstance(part, str) and part.startswith("$"):
            if part not in values:
                fitting = ", ".join(values) or "none"
                raise SceneError(("want",), f"nothing is behind {part}; there are {fitting}")
            return values[part]
        if isinstance(part, Mapping):
            return {fill(key): fill(value) for key, value in part.items()}
        if isinstance(part, list | tuple):
            return [fill(each) for each in part]
        return part

    return {fill(target): fill(said) for target, said in words.items()}


# The library.


def _cast_library(room: RoomFile) -> dict[str, SceneFile]:
    return {
        name: _cast(file, room.roles)
        for name, file in _library().items()
        if set(file.needs) <= room.roles.keys()
    }


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
        for key in cast.keys() & {"after", "behind"}:
            named = [cast[key]] if isinstance(cast[key], str) else cast[key]
            cast[key] = [roles[other] for other in named if other in roles]
        want.setdefault(roles[role], {}).update(cast)
    return file.model_copy(update={"want": want})

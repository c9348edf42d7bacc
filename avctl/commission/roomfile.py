"""Writing into a room file without harm: comments, order and quoting stay, and a wrong result never lands.

The new text is read back as a room before it takes the old one's place, in one rename.
"""

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from avctl.blueprint import Blueprint, read_room
from avctl.capabilities.camera import Framing
from avctl.commission.stands import Words
from avctl.errors import ConfigError
from avctl.site import read_site

WIDEST = 100_000  # columns: lines are not folded anew


class ReadOnlyError(ConfigError):
    """The file may not be written."""


def room_file(site: Path, room: str) -> Path:
    """The file of a room: ``site`` is a site's folder, its ``site.yaml``, or that file itself. Raises ConfigError."""
    file, plans = read_site(site)
    folder = site if site.is_dir() else site.parent
    names = [plan.file.room for plan in plans]
    if room not in names:
        raise ConfigError(f"no room {room!r} in {file.site}; there are {', '.join(names)}")
    return folder / file.rooms[names.index(room)]


def write_scene(
    path: Path,
    name: str,
    title: Mapping[str, str],
    want: Words,
    *,
    deadline: float | None = None,
    colour: str | None = None,
    order: int | None = None,
    replace: bool = False,
) -> Blueprint:
    """Write a scene into the room file at ``path``, and give the room as it is read then.

    ``replace``: a scene of that name gets the new title and wants; what else it says stays. Raises ConfigError, and
    leaves the file as it was.
    """
    with _alone(path):
        return _write_scene(path, name, title, want, deadline, colour, order, replace)


def _write_scene(
    path: Path,
    name: str,
    title: Mapping[str, str],
    want: Words,
    deadline: float | None,
    colour: str | None,
    order: int | None,
    replace: bool,
) -> Blueprint:
    before = read_room(path)
    if name in before.file.scenes and not replace:
        raise ConfigError(
            f"{path}: there is a scene {name!r} already: say that it is to be replaced"
        )
    document = _load(path)
    scenes = _section(document, "scenes")
    scene = scenes.setdefault(name, CommentedMap())
    scene["title"] = _flow(title)
    given = {"deadline": _seconds(deadline), "colour": colour, "order": order}
    for key, value in given.items():
        if value is not None:
            scene[key] = value
    _put_wants(scene, want)
    after = _replace_file(path, document)
    _check_rest(after, before, {"scenes": {name}})
    return after.settle()


def write_preset(
    path: Path, device: str, word: str, number: int, framing: Framing | None = None
) -> Blueprint:
    """Give a camera's preset its word, and say where it looks. Raises ConfigError, and leaves the file as it was."""
    with _alone(path):
        return _write_preset(path, device, word, number, framing)


def _write_preset(
    path: Path, device: str, word: str, number: int, framing: Framing | None
) -> Blueprint:
    before = read_room(path)
    if device not in before.file.devices:
        fitting = ", ".join(before.file.devices)
        raise ConfigError(f"{path}: no device is called {device!r}; there are {fitting}")
    others = {of: at for at, of in before.file.devices[device].presets.items() if at != word}
    if number in others:
        raise ConfigError(f"{path}: preset {number} of {device} is called {others[number]!r}")
    document = _load(path)
    part = document["devices"][device]
    _section(part, "presets", flow=True)[word] = number
    if framing is not None:
        settings = _section(part, "settings")
        _section(settings, "framings")[number] = _flow(
            {
                "pan": round(framing.pan, 2),
                "tilt": round(framing.tilt, 2),
                "zoom": round(framing.zoom, 3),
            }
        )
    after = _replace_file(path, document)
    if after.plan.file.devices[device].presets.get(word) != number:
        raise after.refuse(f"preset {word} would not be {number}")
    _check_rest(after, before, {"devices": {device: {"presets", "settings"}}})
    return after.settle()


# What is put into the document.


def _section(parent: Any, key: str, flow: bool = False) -> Any:
    if parent.get(key) is None:
        parent[key] = CommentedMap()
        if flow:
            parent[key].fa.set_flow_style()
    return parent[key]


def _flow(values: Mapping[Any, Any]) -> CommentedMap:
    """``values`` on one line, as a person would write them."""
    made = CommentedMap(
        (key, _flow(value) if isinstance(value, Mapping) else value)
        for key, value in values.items()
    )
    made.fa.set_flow_style()
    return made


def _seconds(value: float | None) -> str | None:
    return None if value is None else f"{value:g} s"


def _put_wants(scene: CommentedMap, want: Words) -> None:
    """Wants that stay keep their place, their comments, and what they say of order and failure."""
    old = scene.setdefault("want", CommentedMap())
    for target in [target for target in old if target not in want]:
        del old[target]
    for target, said in want.items():
        if target not in old:
            old[target] = _flow(said)
            continue
        for word in [word for word in old[target] if word not in (*said, "after", "on_failure")]:
            del old[target][word]
        for word, value in said.items():
            if old[target].get(word) != value:
                old[target][word] = _flow(value) if isinstance(value, Mapping) else value
    for said in old.values():
        if not set(_several(said.get("after", ()))) <= old.keys():
            del said["after"]


def _several(names: Any) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


# How the file is replaced.


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One writer at a time, of this process or another: what is read is still there when it is replaced."""
    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError as error:
        raise ConfigError(f"{path}:1:1: {error.strerror}") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


class _Replacement:
    """A new file beside the old one, read and found sound. Either `settle` or `refuse` ends it."""

    def __init__(self, path: Path, beside: Path, plan: Blueprint) -> None:
        self.plan = plan
        self._path, self._beside = path, beside

    def settle(self) -> Blueprint:
        os.replace(self._beside, self._path)
        with contextlib.suppress(OSError):  # some file systems cannot
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return self.plan

    def refuse(self, text: str) -> ConfigError:
        self._beside.unlink(missing_ok=True)
        return ConfigError(f"{self._path}: nothing was written: {text}")


def _replace_file(path: Path, document: Any) -> _Replacement:
    path = path.resolve()  # a link stays one
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    new = _dumped(document, text.replace("\r\n", "\n"))
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    beside = _write_beside(path, new.encode("utf-8"))
    try:
        return _Replacement(path, beside, read_room(beside))
    except ConfigError as error:
        beside.unlink(missing_ok=True)
        told = str(error).replace(str(beside), str(path))
        raise ConfigError(f"{told} (nothing was written)") from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _write_beside(path: Path, data: bytes) -> Path:
    """Raises ReadOnlyError."""
    found = path.stat()
    if not found.st_mode & 0o222:
        raise ReadOnlyError(f"{path}: the file is read-only: nothing was written")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    except OSError as error:
        text = f"{path.parent}: {error.strerror}: nothing was written"
        raise ReadOnlyError(text) from error
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), stat.S_IMODE(found.st_mode))
            with contextlib.suppress(OSError):  # only root may give files away
                os.fchown(file.fileno(), found.st_uid, found.st_gid)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError(f"{path}: {error.strerror}: nothing was written") from error
    return beside


def _load(path: Path) -> Any:
    """A document that can be written again. Only for files that were read as rooms before."""
    return _yaml().load(path.read_text(encoding="utf-8"))


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = WIDEST
    return yaml


def _dumped(document: Any, old: str) -> str:
    """The document in the style of its old text: the one that changes the fewest of its lines."""
    source = _yaml().load(old)
    styles = [
        (mapping, sequence, offset)
        for mapping, (sequence, offset) in product((2, 4), ((2, 0), (4, 2), (2, 2), (6, 4)))
    ]
    known = old.splitlines()

    def strangeness(style: tuple[int, int, int]) -> int:
        try:
            made = _text(source, style, old).splitlines()
        except Exception:  # a style that this document cannot have
            return len(known) + 1
        return sum(a != b for a, b in zip(made, known, strict=False)) + abs(len(made) - len(known))

    best, least = styles[0], len(known) + 1
    for style in styles:
        if (found := strangeness(style)) < least:
            best, least = style, found
        if not least:
            break
    return _text(document, best, old)


def _text(document: Any, style: tuple[int, int, int], old: str) -> str:
    yaml = _yaml()
    mapping, sequence, offset = style
    yaml.indent(mapping=mapping, sequence=sequence, offset=offset)
    yaml.explicit_start = any(line.startswith("---") for line in old.splitlines())
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _check_rest(after: _Replacement, before: Blueprint, part: Any) -> None:
    """Nothing but ``part`` (as pydantic excludes it) may have changed its meaning."""
    was, now = (plan.file.model_dump(exclude=part) for plan in (before, after.plan))
    if was != now:
        raise after.refuse("other parts of the file would change their meaning")

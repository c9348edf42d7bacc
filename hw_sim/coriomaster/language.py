"""The command language of a CORIOmaster: queries, sets and methods of a tree of names.

    Path            →  Path.Name = value ...   !Done Path
    Path = value    →  Path = value            !Done Path
    Name(a,b)       →  ...                     !Done Name()

Names are written in any case and answered in the device's own. The numbers after ``!Error`` are not documented.
"""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hw_sim.coriomaster.wall import NOTHING, Pane

if TYPE_CHECKING:
    from hw_sim.coriomaster.device import CorioMaster
    from hw_sim.coriomaster.session import Session

Lines = list[str]

_METHOD = re.compile(r"([\w.]+)\s*\((.*)\)")
_WINDOW = re.compile(r"window([1-9]\d{0,3})(?:\.(\w+))?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,6}", re.ASCII)
BRANCH = "<...>"
DEEPEST, FULL_FADE = 255, 256  # the former is not documented
LONGEST_BATCH = 255


class Mistake(Exception):
    """What the device says after ``!Error``."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(f"!Error -{number} : {text}")


NOT_LOGGED_IN = (100, "Not logged in")
WRONG_LOGIN = (101, "Invalid username or password")
NO_SUCH_NAME = (201, "Unknown command or property")
READ_ONLY = (202, "Property is read only")
BAD_VALUE = (203, "Invalid value")
REFUSED = (204, "Not allowed now")


def reads_windows(line: str) -> bool:
    """Whether the line asks how windows are."""
    path = line.strip().lower()
    return path == "windows" or _WINDOW.fullmatch(path) is not None


def answer(device: "CorioMaster", session: "Session", line: str) -> Lines:
    """Do what the line says. Gives the lines of the reply; the last one is its status."""
    try:
        if method := _METHOD.fullmatch(line):
            return _call(device, session, method[1].lower(), method[2])
        if line.lower() == "logout":
            return _log_out(session)
        _need_login(session)
        path, equals, value = (part.strip() for part in line.partition("="))
        return _set(device, session, path, value) if equals else _query(device, path)
    except Mistake as mistake:
        return [str(mistake)]


def _need_login(session: "Session") -> None:
    if session.user is None:
        raise Mistake(*NOT_LOGGED_IN)


# Methods.


def _call(device: "CorioMaster", session: "Session", name: str, arguments: str) -> Lines:
    if name == "login":
        return _log_in(device, session, arguments)
    if name == "logout":
        return _log_out(session)
    _need_login(session)
    match name:
        case "routing.preset.presetlist":
            path = "Routing.Preset.PresetList"
            listed = [
                f"{path}[{number}]={preset.name},{preset.canvas},{preset.time}"
                for number, preset in sorted(device.presets.items())
            ]
            return [*listed, f"!Done {path}()"]
        case "system.reset":
            if _obeys(device):
                device.restart_soon()
            return ["!Info: Rebooting..."]
        case "startbatch" if device.model == "calico":
            session.batch = []
            return ["!Done StartBatch()"]
        case "endbatch" if device.model == "calico":
            for make in session.batch or []:
                make()
            session.batch = None
            return ["!Done EndBatch()"]
    raise Mistake(*NO_SUCH_NAME)


def _log_in(device: "CorioMaster", session: "Session", arguments: str) -> Lines:
    user, _, password = (part.strip() for part in arguments.partition(","))
    if device.users.get(user) != password:
        raise Mistake(*WRONG_LOGIN)
    session.user = user
    return [f"!Info : User {user} Logged In"]


def _log_out(session: "Session") -> Lines:
    _need_login(session)
    user, session.user = session.user, None
    return [f"!Info : User {user} Logged Out"]


# Queries.


def _query(device: "CorioMaster", path: str) -> Lines:
    if match := _WINDOW.fullmatch(path.lower()):
        return _read_window(device, int(match[1]), match[2])
    if path.lower() == "preset.take":
        return _read("Preset.Take", device.last_preset)
    return _read_tree(device, path.lower())


def _read(path: str, value: object) -> Lines:
    return [f"{path} = {value}", f"!Done {path}"]


def _read_window(device: "CorioMaster", number: int, name: str | None) -> Lines:
    properties = _properties(device, number)
    path = f"Window{number}"
    if name:
        own = _spelled(name, [*properties, "Zorder", *_extra(device)])
        return _read(f"{path}.{own}", (properties | _hidden(device, number))[own])
    listed = [f"{path}.{each} = {value}" for each, value in properties.items()]
    return [*listed, f"!Done {path}"]


def _pane(device: "CorioMaster", number: int) -> Pane:
    if number not in device.wall:
        raise Mistake(*NO_SUCH_NAME)
    return device.wall.read(number)


def _properties(device: "CorioMaster", number: int) -> dict[str, object]:
    """What the reply to a whole window lists."""
    pane = _pane(device, number)
    width, height = device.canvases.get(pane.canvas, (0, 0))
    return {
        "FullName": f"Window{number}",
        "Alias": pane.alias,
        "Input": pane.input,
        "Canvas": pane.canvas,
        "CanWidth": round(pane.width * width),
        "CanHeight": round(pane.height * height),
    }


def _hidden(device: "CorioMaster", number: int) -> dict[str, object]:
    """What is told only when asked for by name."""
    pane = _pane(device, number)
    return {"Zorder": pane.zorder, "FTB": pane.ftb}


def _extra(device: "CorioMaster") -> tuple[str, ...]:
    return ("FTB",) if device.model == "calico" else ()


def _spelled(name: str, names: Iterable[str]) -> str:
    """``name`` in the device's own case."""
    for each in names:
        if each.lower() == name.lower():
            return each
    raise Mistake(*NO_SUCH_NAME)


def _read_tree(device: "CorioMaster", path: str) -> Lines:
    tree = _tree(device)
    own = _spelled(path, [*tree, *(leaf for leaves in tree.values() for leaf in leaves)])
    if own in tree:
        return [*(f"{leaf} = {value}" for leaf, value in tree[own].items()), f"!Done {own}"]
    value = next(leaves[own] for leaves in tree.values() if own in leaves)
    return _read(own, value)


def _tree(device: "CorioMaster") -> dict[str, dict[str, str]]:
    """The branches besides the single windows. What canvases and inputs hold beyond a name is not documented."""
    slots = dict.fromkeys(source.partition(".")[0] for source in device.inputs)
    branches: dict[str, dict[str, str]] = {
        "Windows": {f"Windows.Window{number}": BRANCH for number in device.wall},
        "Canvases": {f"Canvases.{name}": BRANCH for name in device.canvases},
        "Layouts": {f"Layouts.{name}": BRANCH for name in device.layouts},
        "Slots": {f"Slots.{slot}": BRANCH for slot in slots},
        "CORIOmax": {
            "CORIOmax.Serial_Number": device.serial_number,
            "CORIOmax.Software_Version": device.software_version,
        },
    }
    for slot in slots:
        inputs = [source for source in device.inputs if source.startswith(f"{slot}.")]
        branches[slot] = dict.fromkeys(inputs, BRANCH)
    for name in (*device.canvases, *device.layouts, *device.inputs):
        branches[name] = {f"{name}.FullName": name}
    return branches


# Sets.


def _set(device: "CorioMaster", session: "Session", path: str, value: str) -> Lines:
    if path.lower() == "preset.take":
        number = _number(value, device.presets)
        _change(device, session, lambda: device.take(number))
        return _read("Preset.Take", number)
    match = _WINDOW.fullmatch(path.lower())
    if match is None or match[2] is None:
        _query(device, path)  # an unknown name is another mistake than one that is only read
        raise Mistake(*READ_ONLY)
    window = int(match[1])
    name = _spelled(match[2], [*_properties(device, window), "Zorder", *_extra(device)])
    kept = _settable(device, name, value)
    _change(device, session, lambda: device.wall.put(window, name.lower(), kept))
    return _read(f"Window{window}.{name}", kept)


def _settable(device: "CorioMaster", name: str, value: str) -> str | int:
    match name:
        case "Input":
            for source in (*device.inputs, NOTHING):
                if source.lower() == value.lower():
                    return source
            raise Mistake(*BAD_VALUE)
        case "Zorder":
            return _number(value, range(DEEPEST + 1))
        case "FTB":
            return _number(value, range(FULL_FADE + 1))
    raise Mistake(*READ_ONLY)


def _number(value: str, allowed: Iterable[int]) -> int:
    if not _INTEGER.fullmatch(value) or int(value) not in allowed:
        raise Mistake(*BAD_VALUE)
    return int(value)


def _change(device: "CorioMaster", session: "Session", make: Callable[[], object]) -> None:
    """Make a change now or, in a batch, at the end of that."""
    if not _obeys(device):
        return
    if session.batch is None:
        make()
    elif len(session.batch) < LONGEST_BATCH:
        session.batch.append(make)


def _obeys(device: "CorioMaster") -> bool:
    """Whether the device does as told, or only says so. Raises Mistake when it refuses."""
    if device.faults.strikes("refuses"):
        raise Mistake(*REFUSED)
    return not device.faults.strikes("ignores")

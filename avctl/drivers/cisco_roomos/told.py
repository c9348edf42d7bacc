"""What the leaves of ``Status`` mean for the points, and which of them are asked for.

Source: Cisco CE 9.x API guides. Registration (SIP, H323) and ProductId are from their command reference as generally
known, not from a capture.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from avctl.capabilities.health import Condition, Fault, Registered, Temperature, Uptime
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.terminal import Call, FarEnd, MicrophonesMuted
from avctl.capabilities.volume import Volume
from avctl.drivers.cisco_roomos.tree import Leaf, Path
from avctl.points import Point

NEAR = 5.0  # degrees below the threshold at which a codec shuts down
HOTTEST = 200.0  # °C; beyond it is no temperature

MUTE, VOLUME, STANDBY, CALL = "Audio Microphones Mute", "Audio Volume", "Standby", "Call"
UPTIME, HARDWARE = "SystemUnit Uptime", "SystemUnit Hardware"
SIP, H323 = "SIP Registration", "H323 Gatekeeper"
DIAGNOSTICS = "Diagnostics"

ALWAYS = (MUTE, VOLUME, STANDBY, CALL)  # asked for in turn, though changes are announced
SELDOM = (UPTIME, HARDWARE, SIP, H323)
FEEDBACK = (
    "/Status/Audio/Microphones", "/Status/Audio/Volume", "/Status/Standby", "/Status/Call",
)  # fmt: skip

IDENTITY: Mapping[Path, str] = {
    ("SystemUnit", "ProductId"): "model",
    ("SystemUnit", "Software", "DisplayName"): "firmware",
    ("SystemUnit", "Hardware", "Module", "SerialNumber"): "serial",
}

POWER = {
    "Off": Power.ON,
    "Standby": Power.OFF,
    "EnteringStandby": Power.COOLING,
    "Halfwake": Power.WARMING,
}


def question(point: Point) -> str | None:
    match point:
        case MicrophonesMuted():
            return MUTE
        case Volume():
            return VOLUME
        case PowerState():
            return STANDBY
        case Call() | FarEnd():
            return CALL
        case Uptime():
            return UPTIME
        case Temperature() | Fault():
            return HARDWARE
        case Registered(by):
            return {"sip": SIP, "h323": H323}.get(by)
    return None


def told(leaves: Iterable[Leaf]) -> Iterator[tuple[Point, Any]]:
    """The points that leaves are about by themselves, and their values."""
    for leaf in leaves:
        reader = _READERS.get(leaf.path)
        if reader and leaf.value is not None:
            point, read = reader
            if (value := read(leaf.value)) is not None:
                yield point, value
    yield from _registered(leaves)


def _registered(leaves: Iterable[Leaf]) -> Iterator[tuple[Point, bool | None]]:
    """By SIP there may be several registrations, of which one is enough."""
    states: dict[str, list[bool | None]] = {}
    for leaf in leaves:
        match leaf.path:
            case ("SIP", "Registration", *_, "Status"):
                states.setdefault("sip", []).append(_is_registered(leaf.value))
            case ("H323", "Gatekeeper", "Status"):
                states.setdefault("h323", []).append(_is_registered(leaf.value))
    for by, found in states.items():
        known = [each for each in found if each is not None]
        yield Registered(by), any(known) if known else None


def _is_registered(value: str | None) -> bool | None:
    """None: it is not meant to be."""
    return None if value in (None, "Inactive") else value == "Registered"


def health(leaves: Iterable[Leaf]) -> Iterator[tuple[Point, Condition]]:
    """The condition of temperature and fans, where ``leaves`` tell enough of them."""
    by_path = {leaf.path: leaf.value or "" for leaf in leaves}
    heat = degrees(by_path.get(("SystemUnit", "Hardware", "Temperature"), ""))
    most = degrees(by_path.get(("SystemUnit", "Hardware", "TemperatureThreshold"), ""))
    if heat is not None and most is not None:
        yield Fault("temperature"), _condition(heat, most)
    fans = [turns for path, value in by_path.items() if (turns := _turns(path, value)) is not None]
    if fans:
        yield Fault("fan"), Condition.GOOD if all(fans) else Condition.FAULT


def _condition(heat: float, most: float) -> Condition:
    if heat >= most:
        return Condition.FAULT
    return Condition.WARNING if heat >= most - NEAR else Condition.GOOD


def _turns(path: Path, value: str) -> int | None:
    match path:
        case ("SystemUnit", "Hardware", "Monitoring", "Fan", _, "Status"):
            number, _, unit = value.partition(" ")
            return _whole(number) if unit == "rpm" else None
    return None


def degrees(value: str) -> float | None:
    try:
        heat = float(value)
    except ValueError:
        return None
    return heat if -HOTTEST < heat < HOTTEST else None


def _whole(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None


def _percent(value: str) -> int | None:
    percent = _whole(value)
    return percent if percent is not None and percent <= 100 else None


_READERS: Mapping[Path, tuple[Point, Callable[[str], Any]]] = {
    ("Audio", "Microphones", "Mute"): (
        MicrophonesMuted(), {"On": True, "Off": False}.get,
    ),
    ("Audio", "Volume"): (Volume(), _percent),
    ("Standby", "State"): (PowerState(), POWER.get),
    # Before CE.
    ("Standby", "Active"): (PowerState(), {"On": Power.OFF, "Off": Power.ON}.get),
    ("SystemUnit", "Uptime"): (Uptime(), _whole),
    ("SystemUnit", "Hardware", "Temperature"): (Temperature("inside"), degrees),
}  # fmt: skip

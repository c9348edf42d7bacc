"""Everything under /Status, as it is now."""

from typing import TYPE_CHECKING

from hw_sim.cisco_roomos.calls import Status
from hw_sim.cisco_roomos.tree import Flat, Path, holds, named

if TYPE_CHECKING:
    from hw_sim.cisco_roomos.device import Codec

THRESHOLD = 85  # degrees
UPTIME: Path = ("SystemUnit", "Uptime")  # grows without being told
IN_PROGRESS = (Status.DIALLING, Status.RINGING, Status.CONNECTING)

# Branches that may have no item now, and what an item has.
LISTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("call",): (
        "answerstate", "calltype", "direction", "displayname", "duration", "protocol",
        "remotenumber", "status",
    ),
    ("diagnostics", "message"): ("description", "level", "references", "type"),
    ("peripherals", "connecteddevice"): ("id", "name", "status", "type"),
}  # fmt: skip


def status(codec: "Codec") -> dict[Path, str]:
    """All values but the uptime."""
    return {
        **_audio(codec),
        **_calls(codec),
        **_cameras(codec),
        **_lists(codec),
        **_standby(codec),
        **_unit(codec),
        **_video(codec),
    }


def exists(wanted: Path, flat: Flat) -> bool:
    """Whether there is such a path, with or without something at it now."""
    if not wanted or any(holds(wanted, path) for path in flat):
        return True
    names = named(wanted)
    for root, leaves in LISTS.items():
        if root[: len(names)] == names or (
            names[: len(root)] == root and names[len(root) :] in [(leaf,) for leaf in leaves]
        ):
            return True
    return False


def _on(is_on: bool) -> str:
    return "On" if is_on else "Off"


def _audio(codec: "Codec") -> dict[Path, str]:
    return {
        ("Audio", "Microphones", "Mute"): _on(codec.muted),
        ("Audio", "Volume"): str(codec.volume),
        ("Audio", "VolumeMute"): _on(codec.volume_muted),
    }


def _calls(codec: "Codec") -> dict[Path, str]:
    return {
        ("Call", call.id, name): value
        for call in codec.calls
        for name, value in call.fields(codec.clock.now).items()
    }


def _cameras(codec: "Codec") -> dict[Path, str]:
    found: dict[Path, str] = {}
    for number, eye in enumerate(codec.eyes, 1):
        at: Path = ("Cameras", "Camera", number)
        found[*at, "Connected"] = "True"
        for axis, value in eye.pose.items():
            found[*at, "Position", axis] = str(round(value))
    return found


def _lists(codec: "Codec") -> dict[Path, str]:
    found: dict[Path, str] = {}
    for number, message in enumerate(codec.messages(), 1):
        for name, value in message.items():
            found["Diagnostics", "Message", number, name] = value
    for number, device in enumerate(codec.peripherals.values(), 1):
        for name, value in device.fields().items():
            found["Peripherals", "ConnectedDevice", number, name] = value
    return found


def _standby(codec: "Codec") -> dict[Path, str]:
    if codec.knobs.tc_standby:
        return {("Standby", "Active"): _on(codec.standby.state != "Off")}
    return {("Standby", "State"): codec.standby.state}


def _unit(codec: "Codec") -> dict[Path, str]:
    calls = codec.calls
    return {
        ("H323", "Gatekeeper", "Status"): "Inactive",
        ("SIP", "Registration", 1, "Status"): "Registered" if codec.registered else "Failed",
        ("SystemUnit", "Hardware", "Module", "SerialNumber"): "FTT000000AA",
        ("SystemUnit", "Hardware", "Monitoring", "Fan", 1, "Status"): "2372 rpm",
        ("SystemUnit", "Hardware", "Temperature"): f"{codec.temperature:.1f}",
        ("SystemUnit", "Hardware", "TemperatureThreshold"): str(THRESHOLD),
        ("SystemUnit", "ProductId"): codec.kind.product,
        ("SystemUnit", "Software", "DisplayName"): codec.knobs.software,
        ("SystemUnit", "Software", "Version"): codec.knobs.software.replace(" ", ""),
        ("SystemUnit", "State", "NumberOfActiveCalls"): str(calls.count(Status.CONNECTED)),
        ("SystemUnit", "State", "NumberOfInProgressCalls"): str(calls.count(*IN_PROGRESS)),
        ("SystemUnit", "State", "NumberOfSuspendedCalls"): str(calls.count(Status.ON_HOLD)),
        ("SystemUnit", "State", "System"): "InCall" if calls.is_connected else "Initialized",
    }


def _video(codec: "Codec") -> dict[Path, str]:
    return {
        ("Video", "Input", "MainVideoMute"): _on(codec.video_muted),
        ("Video", "Input", "MainVideoSource"): str(codec.main_source),
        ("Video", "Selfview", "FullscreenMode"): _on(codec.selfview_full),
        ("Video", "Selfview", "Mode"): _on(codec.selfview),
    }

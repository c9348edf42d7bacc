"""Benches of conference terminals."""

from collections.abc import Callable, Mapping
from typing import Any

from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.terminal import Dial, MicrophonesMuted
from avctl.capabilities.volume import Volume
from tests.conformance.benches import Bench, Change


def _is(key: str, value: Any) -> Callable[[Any], bool]:
    return lambda terminal: terminal.truth()[key] == value


def _huawei(model: str, **options: Any) -> Bench:
    changes = (
        Change(MicrophonesMuted(), True, 3.0, ("mute", {"on": True}), is_true=_is("muted", True)),
        Change(Volume(), 24, 3.0, ("volume", {"value": 5}), is_true=_is("volume", 5)),
        Change(PowerState(), Power.OFF, 5.0, ("sleep", {}), is_true=_is("asleep", True)),
        Change(Dial(), "8001", 10.0, is_true=_is("call", "connected")),
    )
    given = {"password": "secret"}
    return Bench("huawei_te", model, "tcp://terminal:80", changes, given, given | options)


def _cisco(model: str, url: str = "tcp://codec:23", **options: Any) -> Bench:
    changes = (
        Change(MicrophonesMuted(), True, press=("mute", {"on": True}), is_true=_is("muted", True)),
        Change(Volume(), 30, press=("volume", {"value": 30}), is_true=_is("volume", 30)),
        Change(PowerState(), Power.OFF, 10.0, ("sleep", {}), 10.0, _in_standby),
        Change(Dial(), "8001", 10.0, is_true=_in_call),
    )
    return Bench("cisco_roomos", model, url, changes, options=options)


def _in_standby(codec: Any) -> bool:
    # Older software tells no way into it.
    return codec.truth()["standby"] in ("EnteringStandby", "Standby")


def _in_call(codec: Any) -> bool:
    return any(
        call.get("status", call.get("Status")) == "Connected" for call in codec.truth()["calls"]
    )


TERMINAL_BENCHES: Mapping[str, Bench] = {
    "huawei_te box300": _huawei("box300"),
    "huawei_te te40": _huawei("te40"),
    "huawei_te ideahub": _huawei("ideahub"),
    "huawei_te te20, token in the body": _huawei("te20", csrf="body"),
    "cisco_roomos room_kit": _cisco("room_kit"),
    "cisco_roomos room_kit, glued, in pieces": _cisco("room_kit", glued=True, split_at=7),
    "cisco_roomos room_kit, feedback first": _cisco("room_kit", feedback_first=True),
    "cisco_roomos sx20, older answers": _cisco(
        "sx20", wrapped_errors=True, dotted_errors=True, numeric_ids=True, tc_standby=True
    ),
    "cisco_roomos mx700 on a wire": _cisco("mx700", "serial:///codec?baud=115200"),
}

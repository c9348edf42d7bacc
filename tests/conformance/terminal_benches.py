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


TERMINAL_BENCHES: Mapping[str, Bench] = {
    "huawei_te box300": _huawei("box300"),
    "huawei_te te40": _huawei("te40"),
    "huawei_te ideahub": _huawei("ideahub"),
    "huawei_te te20, token in the body": _huawei("te20", csrf="body"),
}

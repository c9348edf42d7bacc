"""Values as people and programs write them."""

from typing import Any

import pytest

from avctl.capabilities.camera import Aim, Framing
from avctl.capabilities.mixer import Fader
from avctl.capabilities.power import Power, PowerState
from avctl.points import Point


@pytest.mark.parametrize(
    ("point", "text", "value"),
    [
        (Fader, "-6 dB", -6.0),
        (Fader, -6, -6.0),
        (Fader, "-6.5dB", -6.5),
        (PowerState, "on", Power.ON),
        (PowerState, False, Power.OFF),
        (Aim, {"pan": 1, "tilt": "2", "zoom": 0.5}, Framing(1.0, 2.0, 0.5)),
    ],
)
def test_a_value_is_understood(point: type[Point], text: Any, value: Any) -> None:
    assert point.parse(text) == value


@pytest.mark.parametrize("point", [Fader, PowerState, Aim])
@pytest.mark.parametrize(
    "text",
    ["loud", "nan", "inf dB", float("nan"), None, [], {}, {"pan": [], "tilt": 0, "zoom": 0}, "", b"\xff"],
)  # fmt: skip
def test_what_is_no_value_says_what_would_fit(point: type[Point], text: Any) -> None:
    with pytest.raises(ValueError, match=r"^give "):
        point.parse(text)

"""The models: how many channels, which of them carry what, how they write names and levels."""

from collections.abc import Mapping
from dataclasses import dataclass, field

WIRELESS, WIRED = "wireless", "wired"


@dataclass(frozen=True, slots=True)
class Model:
    """``mixes`` are the channels that carry others: outputs and automixes. ``minutes`` is the run time's name."""

    title: str
    channels: int
    kind: str = WIRED
    digits: int = 1  # of a channel's number
    most_gain: int = 1400  # tenths of dB, 1100 is 0 dB
    device_name: int = 31  # characters
    channel_name: int = 31
    firmware: int = 24
    tells_model: bool = True
    sends: str = ""  # what its transmitters call themselves
    minutes: str = ""
    mixes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    gated: tuple[int, ...] = ()  # inputs with a gate
    meters: Mapping[str, str] = field(
        default_factory=dict
    )  # rate: the word that its samples begin with
    floor: int = 60  # dB below full scale that a meter's 000 is


MICROPHONES = tuple(range(1, 9))
_SCM820_OUTPUTS = {out: (out - 9,) for out in range(10, 18)} | {18: MICROPHONES, 19: MICROPHONES}

MODELS: Mapping[str, Model] = {
    "ulxd4q": Model(
        title="ULXD4Q",
        channels=4,
        kind=WIRELESS,
        device_name=8,
        channel_name=8,
        firmware=18,
        tells_model=False,
        sends="ULXD2",
        minutes="BATT_RUN_TIME",
    ),
    "slxd4": Model("SLXD4", 1, WIRELESS, device_name=8, sends="SLXD2", minutes="TX_BATT_MINS"),
    "ad4q": Model("AD4Q", 4, WIRELESS, sends="AD2", minutes="TX_BATT_MINS"),
    "scm820": Model(
        title="SCM820",
        channels=19,
        most_gain=1280,
        tells_model=False,
        mixes=_SCM820_OUTPUTS,
        gated=MICROPHONES,
        meters={"METER_RATE": "SAMPLE"},
        floor=120,
    ),
    # The matrix of a P300 is not in the document: here each output carries the automix.
    "p300": Model(
        title="P300",
        channels=22,
        digits=2,
        device_name=25,
        mixes=dict.fromkeys(range(15, 22), MICROPHONES),
        meters={"METER_RATE_IN": "SAMPLE_IN", "METER_RATE_OUT": "SAMPLE_OUT"},
    ),
    "mxa910": Model(
        title="MXA910",
        channels=9,
        digits=2,
        mixes={9: MICROPHONES},
        meters={
            "METER_RATE": "SAMPLE",
            "METER_RATE_POSTGATE": "SAMPLE_POSTGATE",
            "METER_RATE_MXR_GAIN": "SAMPLE_MXR_GAIN",
        },
    ),
}

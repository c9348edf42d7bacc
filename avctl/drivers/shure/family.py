"""The families, and what tells them apart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Family:
    title: str
    models: tuple[str, ...]  # how the model's name begins
    channels: int  # as many as a device of it may have
    wireless: bool = True
    padded: bool = False  # channels are spelled 01
    loudest: float = inf  # dB, where its gain ends before the parameter's range
    rates: tuple[str, ...] = ("METER_RATE",)
    rate_digits: int = 1
    full_scale: int | None = (
        None  # the value of a meter at 0 dB, where it is not the sample's shape that says
    )


# The order is that in which the models' names are looked at.
FAMILIES: Mapping[str, Family] = {
    "ulxd": Family("ULX-D", ("ULXD",), 4),
    "qlxd": Family("QLX-D", ("QLXD",), 1),
    "slxd": Family("SLX-D", ("SLXD",), 4),
    "ad": Family("Axient Digital", ("AD4", "AD6", "ADX"), 4),
    "scm820": Family("SCM820", ("SCM820",), 19, wireless=False, loudest=18.0, full_scale=120),
    "p300": Family(
        "P300",
        ("P300",),
        28,
        wireless=False,
        padded=True,
        rates=("METER_RATE_IN", "METER_RATE_OUT"),
        rate_digits=5,
        full_scale=60,
    ),
    "mxa": Family("MXA", ("MXA",), 9, wireless=False, padded=True, rate_digits=5, full_scale=60),
}
# A device of no known family: driven by what it reports, its meters not understood.
OTHER = Family("audio device", (), 1, wireless=False)

# The channels that the values of a sample are of. A P300 samples inputs and outputs apart; the automixer's output
# and the reference, 21 and 22, lie between its outputs and are in neither.
NUMBERS: Mapping[str, Sequence[int]] = {
    "": range(1, 100),
    "IN": range(1, 15),
    "OUT": (*range(15, 21), *range(23, 29)),
}


def recognise(model: str, parameters: Collection[str]) -> Family:
    """By its model's name, or by what it reports: some models do not tell their name."""
    for family in FAMILIES.values():
        if model.upper().startswith(family.models):
            return family
    if "BATT_RUN_TIME" in parameters:
        return FAMILIES["ulxd"]
    if "TX_MUTE_MODE_STATUS" in parameters:
        return FAMILIES["ad"]
    if "TX_BATT_MINS" in parameters:
        return FAMILIES["slxd"]
    if {"TX_TYPE", "BATT_BARS"} & set(parameters):
        return FAMILIES["ulxd"]
    if "INPUT_AUDIO_GATE_A" in parameters:
        return FAMILIES["scm820"]
    if "METER_RATE_IN" in parameters:
        return FAMILIES["p300"]
    if "METER_RATE_POSTGATE" in parameters:
        return FAMILIES["mxa"]
    return OTHER

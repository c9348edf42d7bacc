"""The part of the EXTRON command set that these switchers speak after ``/~EXTRON;``: ties, and asking for them."""

import re
from typing import TYPE_CHECKING

from hw_sim.creator_matrix.matrix import AUDIO, VIDEO

if TYPE_CHECKING:
    from hw_sim.creator_matrix.device import CreatorMatrix

BAD_INPUT, UNKNOWN, BAD_OUTPUT, NOT_NOW, BUSY = "E01", "E10", "E12", "E14", "E22"
PLANES = {
    "!": ("All", (VIDEO, AUDIO)),
    "&": ("RGB", (VIDEO,)),
    "%": ("Vid", (VIDEO,)),
    "$": ("Aud", (AUDIO,)),
}


def answer(device: "CreatorMatrix", command: str) -> str:
    """The line that answers a command with its sign, or nothing."""
    if command == "/~CREATOR20;":
        device.speaks_sis = False
        return ""
    if device.faults.strikes("busy"):
        return BUSY
    match = re.fullmatch(r"(?:(\d{1,3})\*)?(\d{1,3})([!&%$])", command)
    if match is None or (match[1] is None and match[3] == "!"):
        return UNKNOWN
    output, (word, layers) = int(match[2]), PLANES[match[3]]
    if not 1 <= output <= device.matrix.outputs:
        return BAD_OUTPUT
    if match[1] is None:
        return f"{device.matrix.source(layers[0], output):02}"
    source = int(match[1])
    if not 0 <= source <= device.matrix.inputs:
        return BAD_INPUT
    if device.faults.strikes("refuses"):
        return NOT_NOW
    if not device.faults.strikes("ignores"):
        device.tie(layers, source, [output])
    return f"Out{output:02} In{source:02} {word}"

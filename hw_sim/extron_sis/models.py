"""What tells one Extron matrix from another."""

from dataclasses import dataclass
from typing import Literal

PANEL_QIK, PANEL_LINE = "qik", "line"


@dataclass(frozen=True, slots=True)
class Model:
    name: str  # as the banner has it
    part: str
    inputs: int
    outputs: int
    width: int = 2  # digits of a number in a reply, with leading zeros; 1: as many as it takes
    presets: int = 32
    rooms: int = 10  # of 10 presets each
    name_limit: int = 12
    panel: str = PANEL_QIK  # what it announces when somebody ties at the front panel
    hdcp: bool = False
    signal_command: Literal["plain", "escape", "both"] = "both"  # 0LS with or without ESC .. CR
    signal_form: Literal["digits", "spaced"] = "digits"
    signal_tag: str = "Sig "
    video_mute_top: int = 1  # the highest value of nB; 2 takes the sync off too
    audio_bit_outputs: int = 0  # so many outputs mute HDMI 1, analogue 2 and digital 4 apart
    embedded: bool = False  # a video mute silences the audio too
    says_too_many: bool = True  # E26 for one client more than it takes; the others just hang up
    telnet: bool = False  # negotiates telnet options at connect

    def number(self, value: int) -> str:
        return f"{value:0{self.width}d}"


MODELS = {
    "crosspoint": Model("CrossPoint 300 1212HVA", "60-332-21", 12, 12),
    "crosspoint-84": Model("CrossPoint 300 84HVA", "60-334-21", 8, 4),
    "dxp": Model(
        "DXP 48 HDMI", "60-1198-01", 4, 8,
        width=1, rooms=0, panel=PANEL_LINE, hdcp=True, says_too_many=False,
    ),
    "dxp-88": Model(
        "DXP 88 HDMI", "60-1198-01", 8, 8,
        width=1, rooms=0, panel=PANEL_LINE, hdcp=True, says_too_many=False,
    ),
    "dxp-hd-4k-plus": Model(
        "DXP 84 HD 4K PLUS", "60-1494-21", 8, 4,
        width=1, rooms=0, name_limit=16, panel=PANEL_LINE, hdcp=True, signal_command="escape",
        signal_form="spaced", video_mute_top=2, audio_bit_outputs=2, embedded=True,
        says_too_many=False,
    ),
    "dtp-crosspoint": Model(
        "DTP CrossPoint 108 4K", "60-1381-01", 10, 8,
        name_limit=16, hdcp=True, signal_command="plain",
    ),
    "matrix-12800": Model(
        "Matrix 12800", "60-332-01", 128, 128, width=3, presets=64, panel=PANEL_LINE
    ),
    "xtp-3200": Model(
        "XTP CrossPoint 3200", "60-1059-01", 32, 32,
        presets=64, name_limit=16, hdcp=True, signal_tag="Frq", says_too_many=False, telnet=True,
    ),
}  # fmt: skip

"""What differs from camera to camera: ranges, units, signs, presets, manners.

Source: the manuals named in docs/drivers/visca.md; a number marked "assumed" is in none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from avctl.capabilities.camera import Framing


class PresetSpeed(Enum):
    """How a camera is told how fast to recall."""

    EACH = "each preset has its own"
    COMMON = "one for all, behind 7E 04 1C"
    SHORT = "one for all, behind 06 01"


@dataclass(frozen=True, slots=True)
class Model:
    """Positions are the camera's own numbers; codes are the bytes it takes."""

    title: str
    ids: tuple[tuple[int, int], ...]  # vendor and model code of the version answer
    units: float  # per degree
    pan: tuple[int, int]  # leftmost, rightmost
    tilt: tuple[int, int]  # lowest, highest
    pan_digits: int = 4
    tilt_digits: int = 4
    pan_speed: int = 0x18  # fastest code
    tilt_speed: int = 0x14
    one_speed: bool = False  # absolute moves take the pan speed only
    tele: int = 0x4000  # end of the optical zoom
    focus: tuple[int, int] = (0x1000, 0xF000)
    presets: tuple[range, ...] = (range(1, 17),)
    preset_base: int = 1  # the preset whose code is 0
    preset_speed: PresetSpeed = PresetSpeed.EACH
    sony: bool = True
    status: bool = True  # pan-tilt status word, busy bits of the lens block, last recalled preset
    late_ack: bool = False  # recalls and moves may be acknowledged when they are over
    cancels: bool = True
    tally_fades: float | None = None  # seconds after which the lamp goes out by itself
    power_on: float = 80.0  # seconds until it obeys
    ip_power_on: bool = True
    gap: float = 0.02  # seconds between two sends

    def code(self, preset: int) -> int:
        """The byte of a preset. Raises ValueError for those it has not, or uses for something else."""
        if not any(preset in numbers for numbers in self.presets):
            have = ", ".join(f"{numbers[0]} to {numbers[-1]}" for numbers in self.presets)
            raise ValueError(f"{self.title} has no preset {preset}; it has {have}")
        return preset - self.preset_base

    def framing(self, pan: int, tilt: int, zoom: int) -> Framing:
        """Degrees, positive right and up, and the fraction of the optical zoom."""
        right = 1 if self.pan[1] > self.pan[0] else -1
        return Framing(
            round(right * pan / self.units, 3),
            round(tilt / self.units, 3),
            round(zoom / self.tele, 4),
        )

    def position(self, framing: Framing) -> tuple[int, int, int]:
        """Raises ValueError where the camera cannot look."""
        right = 1 if self.pan[1] > self.pan[0] else -1
        pan, tilt = round(right * framing.pan * self.units), round(framing.tilt * self.units)
        zoom = round(framing.zoom * self.tele)
        if not (min(self.pan) <= pan <= max(self.pan) and self.tilt[0] <= tilt <= self.tilt[1]):
            raise ValueError(f"{self.title} cannot look there: {self._range()}")
        if not 0 <= framing.zoom <= 1:
            raise ValueError("zoom goes from 0 (wide) to 1 (tele)")
        return pan, tilt, zoom

    def _range(self) -> str:
        pan = sorted(end / self.units for end in self.pan)
        low, high = (end / self.units for end in self.tilt)
        return f"pan {pan[0]:.1f} to {pan[1]:.1f}, tilt {low:.1f} to {high:.1f} degrees"

    def upside_down(self) -> "Model":
        """The same camera hung from the ceiling with its picture turned."""
        return replace(self, tilt=(-self.tilt[1], -self.tilt[0]))


_SIX = (range(1, 7),)
_HUNDRED = (range(1, 101),)
_EVI = Model(
    "Sony EVI-D70",
    ids=((0x0020, 0x040E),),
    units=1 / 0.075,
    pan=(-0x8DB, 0x8DB),
    tilt=(-0x190, 0x4B0),
    tilt_speed=0x17,
    focus=(0x1000, 0xC000),
    presets=_SIX,
)
_SRG = Model(
    "Sony SRG-300H",
    ids=((0x0001, 0x0513), (0x0001, 0x0516)),
    units=51.2,
    pan=(-0x2200, 0x2200),
    tilt=(-0x400, 0x1200),
    tilt_speed=0x17,
)
_BRC = Model(
    "Sony BRC-X1000",
    ids=((0x0001, 0x0519), (0x0001, 0x051A)),
    units=235.9,
    pan=(0x9CA7, -0x9CA7),
    tilt=(-0x1BA5, 0x52EF),
    pan_digits=5,
    tilt_speed=0x18,
    presets=_HUNDRED,
)
_OEM = Model(
    "PTZOptics",
    ids=(),
    units=14.4,
    pan=(-0x990, 0x990),
    tilt=(-0x1B0, 0x510),
    presets=(range(90), range(100, 255)),
    preset_base=0,
    preset_speed=PresetSpeed.SHORT,
    sony=False,
    status=False,
    late_ack=True,
    cancels=False,
    gap=0.05,
)

# What every list of commands has, and nothing that only some have.
_GENERIC = replace(
    _OEM,
    title="Generic VISCA",
    presets=(range(100),),
    preset_speed=PresetSpeed.EACH,
    late_ack=False,
    gap=0.02,
)

MODELS: Mapping[str, Model] = {
    "generic": _GENERIC,
    "evi-d70": _EVI,
    "evi-d100": replace(
        _EVI,
        title="Sony EVI-D100",
        ids=(),
        units=14.4,
        pan=(-0x5A0, 0x5A0),
        tilt=(-0x168, 0x168),
        tilt_speed=0x14,
    ),
    "evi-d80": replace(
        _EVI,
        title="Sony EVI-D80",
        ids=((0x0001, 0x050C), (0x0001, 0x050D)),
        units=45.3,
        pan=(-0x1E1B, 0x1E1B),
        tilt=(-0x38B, 0xFF0),
    ),
    # Its ranges are in no manual that was read; assumed to be those of the EVI-D80.
    "evi-h100": replace(
        _EVI,
        title="Sony EVI-H100",
        ids=(),
        units=45.3,
        pan=(-0x1E1B, 0x1E1B),
        tilt=(-0x38B, 0xFF0),
    ),
    "srg-120dh": replace(
        _SRG,
        title="Sony SRG-120DH",
        ids=((0x0001, 0x0511),),
        pan=(-0x1400, 0x1400),
        tilt=(-0x500, 0x500),
        tilt_speed=0x14,
        focus=(0x1000, 0xE000),
    ),
    "srg-300h": _SRG,
    "brc-x400": replace(
        _SRG,
        title="Sony BRC-X400",
        ids=((0x0001, 0x051C), (0x0001, 0x0617)),
        one_speed=True,
        presets=_HUNDRED,
        preset_speed=PresetSpeed.COMMON,
    ),
    "srg-360she": replace(
        _SRG,
        title="Sony SRG-360SHE",
        ids=((0x0001, 0x0604),),
        units=512,
        pan=(-0x15400, 0x15400),
        tilt=(-0x3C00, 0xB400),
        pan_digits=5,
        tilt_digits=5,
        tilt_speed=0x18,
        one_speed=True,
    ),
    "brc-x1000": _BRC,
    "brc-h700": replace(
        _BRC,
        title="Sony BRC-H700",
        ids=((0x0001, 0x0501),),
        units=208.4,  # assumed: 170 degrees over half the pan range
        pan=(0x8A58, -0x8A58),
        tilt=(-0x186A, 0x493D),
        presets=_SIX,
    ),
    "ilme-fr7": replace(
        _BRC,
        title="Sony ILME-FR7",
        ids=((0x0001, 0x051E),),
        pan=(-0x9CA7, 0x9CA7),
        tilt=(-0x1BA5, 0xB3B0),
        tilt_digits=5,
        tele=0x6000,
        focus=(0, 0xFFFF),
    ),
    "brc-am7": replace(
        _BRC,
        title="Sony BRC-AM7",
        ids=((0x0001, 0x051F),),
        units=1000,
        pan=(-0x2AB98, 0x2AB98),
        tilt=(-0x7530, 0x33450),
        tilt_digits=5,
        tele=0x6000,
        focus=(0, 0xFFFF),
        tally_fades=15.0,
    ),
    "ptzoptics": _OEM,
    "vhd": replace(_OEM, title="ValueHD"),
    "minrray": replace(_OEM, title="Minrray"),
    "telycam": replace(_OEM, title="Telycam"),
    "avkans": replace(_OEM, title="AVKans"),
    "aver": replace(
        _OEM,
        title="AVer PTC",
        units=200.0,  # assumed: 90 degrees up
        pan=(-0x75EC, 0x762C),
        tilt=(-0x1768, 0x468B),
        tilt_speed=0x18,
        presets=(range(90), range(96, 255)),
        ip_power_on=False,
    ),
}


def by_version(vendor: int, model: int) -> Model | None:
    """The camera that calls itself so, as far as such codes can be trusted."""
    return next((known for known in MODELS.values() if (vendor, model) in known.ids), None)

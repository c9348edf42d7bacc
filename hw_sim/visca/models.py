"""What differs from camera to camera: widths, signs, units, ranges, speeds, lenses, presets, identity.

Source: protocol digest "VISCA", section 5. Assumed, because no document gives them: every horizontal field of
view, the degrees per second of a tilt whose table is not printed (the pan table, scaled), the speeds of EVI-D70,
EVI-HD1 tilt, BRC-X1000, ILME-FR7 and BRC-AM7, all times of zoom and power, the EVI-HD1 and UV950 identities.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Curve:
    """A function given by some of its points, ascending; geometric between them, flat outside."""

    points: tuple[tuple[float, float], ...]

    def __call__(self, x: float) -> float:
        points = self.points
        after = bisect_right([at for at, _ in points], x)
        if after == 0:
            return points[0][1]
        if after == len(points):
            return points[-1][1]
        (left, low), (right, high) = points[after - 1], points[after]
        return low * math.pow(high / low, (x - left) / (right - left))


def speeds(codes: Sequence[int], degrees: Sequence[float]) -> Curve:
    return Curve(tuple(zip(map(float, codes), degrees, strict=True)))


def scaled(table: Curve, last_code: int, fastest: float) -> Curve:
    """The same shape, ending at ``fastest`` degrees per second with ``last_code``."""
    last, top = table.points[-1]
    stretch = (last_code - 1) / (last - 1)
    return Curve(tuple((1 + (x - 1) * stretch, y * fastest / top) for x, y in table.points))


CODES = (1, 5, 10, 15, 20, 24)
PAN_120DH = speeds(CODES, (1.1, 2.8, 9.0, 42, 126, 302))
PAN_X400 = Curve((*speeds(CODES, (1.1, 2.9, 27, 54, 72, 101)).points, (25.0, 300.0)))
SLOW_X400 = speeds(CODES, (0.5, 1.3, 3.1, 5.9, 9.6, 60))
PAN_300H = speeds(CODES, (1.1, 2.9, 27, 54, 72, 101))
PAN_360SHE = speeds(CODES, (0.3, 0.7, 2.4, 7.8, 24, 60))
PAN_VHD = speeds(CODES, (1, 2.6, 3.8, 19, 58, 120))
TILT_VHD = speeds((1, 5, 10, 15, 18), (1, 4.7, 15, 48, 80))
PAN_D100 = speeds(CODES, (2, 4.7, 14, 42, 125, 300))

OPTICAL = 0x4000
DIGITAL = ((0x6000, 2), (0x7000, 4), (0x7800, 8), (0x7AC0, 12))  # times the optical end


def zoom_curve(*ratios: tuple[int, float]) -> Curve:
    """Magnification over the whole range: the optical points given, then the digital stage."""
    end = ratios[-1][1]
    digital = [(float(at), end * times) for at, times in DIGITAL]
    return Curve((*((float(at), ratio) for at, ratio in ratios), *digital))


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    vendor: int
    number: int
    rom: int = 0x0100
    sockets: int = 2

    # Pan and tilt in units, flip off: least, greatest.
    pan: tuple[int, int]
    tilt: tuple[int, int]
    units: float  # per degree
    pan_right: int = 1  # the sign of a position to the right
    pan_width: int = 4  # nibbles
    tilt_width: int = 4
    fastest: tuple[int, int] = (0x18, 0x18)  # pan and tilt speed codes
    pan_speed: Curve = PAN_X400
    tilt_speed: Curve = PAN_X400
    slow_speed: Curve | None = None
    recall_speed: int = 0x18
    recall_codes: int = 0x18  # the greatest preset speed
    one_speed: bool = False  # the second speed byte of an absolute move is 00 and means nothing
    together: bool = False  # the second speed byte may be 00: both axes arrive together

    zoom: Curve = field(default_factory=lambda: zoom_curve((0, 1), (OPTICAL, 12)))
    optical: int = OPTICAL
    longest_zoom: int = 0x7AC0
    wide: float = 65.0  # degrees, horizontally, at the wide end
    zoom_time: float = 2.5  # seconds from end to end at full speed
    focus: tuple[int, int] = (0x1000, 0xF000)

    presets: range = range(16)
    not_presets: frozenset[int] = frozenset()
    boot_preset: int | None = None

    sony: bool = True  # answers Sony's own commands
    oem: bool = False  # answers PTZOptics' own commands
    strict: bool = False  # refuses numbers out of range, which others clip
    zoom_focus: bool = True  # takes zoom and focus in one command
    menu_opens: bool = True  # Sony's menu command can open it, not only close it
    hides_recall: bool = False
    clear_image: bool = False
    red_tally: bool = False
    green_tally: bool = False
    tally_time: float | None = None  # seconds until the lamp drops
    modes_without_bright: bool = False
    blocks: int = 6  # block inquiries answered, from 00
    menu_blocks_all: bool = False
    has_freeze: bool = False

    slot: float = 1 / 60  # seconds: one command per vertical cycle
    latency: float = 1 / 60  # seconds to an ACK or an answer
    power_on_time: float = 8.0  # seconds from the command to ready
    boot_time: float = 10.0  # seconds without answers after mains
    boot_motion: bool = True
    late_ack: bool = False
    completes_superseded: bool = True
    rejects_zero_speed: bool = True
    checks_header: bool = True
    header: bool = True
    replies_to: int | None = 52381
    own_error_socket: bool = True  # "not executable" names the socket the command would have had
    one_socket_digit: bool = False  # every reply says socket 1

    def pan_degrees(self, units: float) -> float:
        return self.pan_right * units / self.units

    def tilt_degrees(self, units: float) -> float:
        return units / self.units

    def ratio(self, zoom: float) -> float:
        return self.zoom(zoom)

    def field_of_view(self, zoom: float) -> float:
        """Degrees, horizontally."""
        half = math.tan(math.radians(self.wide / 2)) / self.zoom(zoom)
        return math.degrees(2 * math.atan(half))


X12 = zoom_curve((0, 1), (0x1970, 2), (0x249C, 3), (0x3020, 5), (0x3D1E, 10), (OPTICAL, 12))
X30 = zoom_curve((0, 1), (0x16A1, 2), (0x2063, 3), (0x2A1D, 5), (0x3486, 10), (OPTICAL, 30))
X20 = zoom_curve((0, 1), (0x0DC1, 2), (0x186C, 3), (0x2594, 5), (0x342D, 10), (OPTICAL, 20))
X12_LARGE = zoom_curve((0, 1), (0x1800, 2), (0x2340, 3), (0x2F00, 5), (0x3CC0, 10), (OPTICAL, 12))
X18 = zoom_curve((0, 1), (OPTICAL, 18))
X10 = zoom_curve((0, 1), (OPTICAL, 10))
FULL_FRAME = Curve(((0.0, 1.0), (float(0x6000), 5.0)))


def _vhd(**differences: object) -> Model:
    """PTZOptics, Telycam, CleverMic, AIDA, AVKans, Minrray."""
    common: dict[str, object] = {
        "vendor": 0x0000,
        "number": 0x0100,
        "pan": (-0x0990, 0x0990),
        "tilt": (-0x01B0, 0x0510),
        "units": 14.4,
        "fastest": (0x18, 0x14),
        "pan_speed": PAN_VHD,
        "tilt_speed": TILT_VHD,
        "zoom": X20,
        "longest_zoom": OPTICAL,
        "focus": (0x0000, 0x1000),
        "presets": range(255),
        "not_presets": frozenset(range(90, 100)),
        "boot_preset": 0,
        "sony": False,
        "oem": True,
        "blocks": 4,
        "has_freeze": True,
        "modes_without_bright": True,
        "slot": 0.0,
        "latency": 0.01,
        "power_on_time": 25.0,
        "boot_time": 20.0,
        "completes_superseded": False,
        "rejects_zero_speed": False,
        "checks_header": False,
        "header": False,
        "replies_to": None,
        "own_error_socket": False,
    }
    return Model(**(common | differences))  # type: ignore[arg-type]  # one mapping, many types


MODELS: dict[str, Model] = {
    # What every list has in common, refusing all that some camera refuses.
    "generic": Model(
        vendor=0x0001,
        number=0x0000,
        pan=(-0x0990, 0x0990),
        tilt=(-0x01B0, 0x0510),
        units=14.4,
        pan_speed=PAN_300H,
        tilt_speed=scaled(PAN_300H, 0x18, 91),
        presets=range(100),
        oem=False,
        strict=True,
        red_tally=True,
        green_tally=True,
        has_freeze=True,
        menu_blocks_all=True,
        power_on_time=5.0,
        boot_time=5.0,
        boot_motion=False,
        replies_to=None,
    ),
    "evi-d70": Model(
        vendor=0x0020,
        number=0x040E,
        rom=0x0001,
        pan=(-0x08DB, 0x08DB),
        tilt=(-0x0190, 0x04B0),
        units=13.3,
        fastest=(0x18, 0x17),
        pan_speed=scaled(PAN_300H, 0x18, 100),
        tilt_speed=scaled(PAN_300H, 0x17, 90),
        zoom=X18,
        focus=(0x1000, 0xC000),
        presets=range(6),
    ),
    "evi-hd1": Model(
        vendor=0x0020,
        number=0x0000,
        pan=(-0x05A0, 0x05A0),
        tilt=(-0x0168, 0x0168),
        units=14.4,
        fastest=(0x18, 0x14),
        pan_speed=PAN_D100,
        tilt_speed=scaled(PAN_D100, 0x14, 125),
        zoom=X10,
        presets=range(6),
    ),
    "srg-120dh": Model(
        vendor=0x0001,
        number=0x0511,
        rom=0x0000,
        pan=(-0x1400, 0x1400),
        tilt=(-0x0500, 0x0500),
        units=51.2,
        fastest=(0x18, 0x14),
        pan_speed=PAN_120DH,
        tilt_speed=scaled(PAN_120DH, 0x14, 126),
        zoom=X12,
        menu_opens=False,
        wide=71.0,
        focus=(0x1000, 0xE000),
    ),
    "srg-300h": Model(
        vendor=0x0001,
        number=0x0513,
        pan=(-0x2200, 0x2200),
        tilt=(-0x0400, 0x1200),
        units=51.2,
        fastest=(0x18, 0x17),
        pan_speed=PAN_300H,
        tilt_speed=scaled(PAN_300H, 0x17, 91),
        zoom=X30,
    ),
    "brc-x400": Model(
        vendor=0x0001,
        number=0x051C,
        pan=(-0x2200, 0x2200),
        tilt=(-0x0400, 0x1200),
        units=51.2,
        fastest=(0x18, 0x17),
        pan_speed=PAN_X400,
        tilt_speed=Curve((*scaled(PAN_300H, 0x17, 91).points, (25.0, 126.0))),
        slow_speed=SLOW_X400,
        recall_codes=0x19,
        one_speed=True,
        zoom=X20,
        wide=70.0,
        presets=range(100),
        clear_image=True,
        hides_recall=True,
        red_tally=True,
        modes_without_bright=True,
        menu_blocks_all=True,
        latency=2 / 60,
        own_error_socket=False,
    ),
    "srg-360she": Model(
        vendor=0x0001,
        number=0x0604,
        pan=(-0x15400, 0x15400),
        tilt=(-0x03C00, 0x0B400),
        units=512,
        pan_width=5,
        tilt_width=5,
        pan_speed=PAN_360SHE,
        tilt_speed=PAN_360SHE,
        one_speed=True,
        zoom=X12_LARGE,
        red_tally=True,
        own_error_socket=False,
    ),
    "brc-x1000": Model(
        vendor=0x0001,
        number=0x0519,
        pan=(-0x9CA7, 0x9CA7),
        tilt=(-0x1BA5, 0x52EF),
        units=235.9,
        pan_right=-1,
        pan_width=5,
        pan_speed=PAN_360SHE,
        tilt_speed=PAN_360SHE,
        together=True,
        zoom=X12_LARGE,
        wide=70.0,
        presets=range(100),
        red_tally=True,
        latency=2 / 60,
        own_error_socket=False,
    ),
    "ilme-fr7": Model(
        vendor=0x0001,
        number=0x051E,
        pan=(-0x9CA7, 0x9CA7),
        tilt=(-0x1BA5, 0xB3B0),
        units=235.9,
        pan_width=5,
        tilt_width=5,
        pan_speed=PAN_360SHE,
        tilt_speed=PAN_360SHE,
        together=True,
        zoom=FULL_FRAME,
        optical=0x6000,
        longest_zoom=0x6000,
        focus=(0x0000, 0xFFFF),
        presets=range(100),
        red_tally=True,
        green_tally=True,
        blocks=0,
        latency=2 / 60,
        own_error_socket=False,
    ),
    "brc-am7": Model(
        vendor=0x0001,
        number=0x051F,
        pan=(-0x2AB98, 0x2AB98),
        tilt=(-0x07530, 0x33450),
        units=1000,
        pan_width=5,
        tilt_width=5,
        pan_speed=PAN_360SHE,
        tilt_speed=PAN_360SHE,
        together=True,
        zoom=FULL_FRAME,
        optical=0x6000,
        longest_zoom=0x6000,
        focus=(0x0000, 0xFFFF),
        presets=range(100),
        red_tally=True,
        green_tally=True,
        tally_time=15.0,
        blocks=0,
        latency=2 / 60,
        own_error_socket=False,
    ),
    "ptzoptics": _vhd(late_ack=True, wide=60.7, zoom_focus=False),
    "minrray": _vhd(vendor=0x0001, number=0x0200, zoom=X12, wide=72.5, one_socket_digit=True),
}

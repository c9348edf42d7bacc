"""Video formats, and seconds written as HH:MM:SS:FF."""

from collections.abc import Mapping

NTSC = 1000 / 1001
RATES: Mapping[str, float] = {
    "NTSC": 30 * NTSC, "PAL": 25, "NTSCp": 60 * NTSC, "PALp": 50,
    "720p50": 50, "720p5994": 60 * NTSC, "720p60": 60,
    "1080p23976": 24 * NTSC, "1080p24": 24, "1080p25": 25, "1080p2997": 30 * NTSC, "1080p30": 30,
    "1080i50": 25, "1080i5994": 30 * NTSC, "1080i60": 30,
    "1080p50": 50, "1080p5994": 60 * NTSC, "1080p60": 60,
    "4Kp23976": 24 * NTSC, "4Kp24": 24, "4Kp25": 25, "4Kp2997": 30 * NTSC, "4Kp30": 30,
    "4Kp50": 50, "4Kp5994": 60 * NTSC, "4Kp60": 60,
}  # fmt: skip
DROPS = {30 * NTSC: 2, 60 * NTSC: 4}  # frame numbers left out each minute but every tenth
DAY = 24 * 3600  # seconds
HAIR = 1e-6  # frames, against rounding


def written(seconds: float, video: str, *, drop: bool = False) -> str:
    """``seconds`` as timecode of the format ``video``; with ``drop``, drop-frame where it has any."""
    rate = RATES[video]
    frames, nominal = int(seconds % DAY * rate + HAIR), round(rate)
    left_out = DROPS.get(rate, 0) if drop else 0
    if left_out:
        frames += _skipped(frames, nominal, left_out)
    whole, frame = divmod(frames, nominal)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}{';' if drop else ':'}{frame:02d}"


def _skipped(frames: int, nominal: int, left_out: int) -> int:
    """The frame numbers that were left out up to here."""
    ten_minutes = nominal * 600 - 9 * left_out
    minute = nominal * 60 - left_out
    tens, rest = divmod(frames, ten_minutes)
    minutes = 0 if rest < nominal * 60 else 1 + (rest - nominal * 60) // minute
    return left_out * (9 * tens + minutes)

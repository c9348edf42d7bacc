"""What a deck is and which bad manners it has, read from its options."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hw_sim import mains
from hw_sim.hyperdeck.media import Slot
from hw_sim.hyperdeck.timecode import RATES
from hw_sim.settings import Settings

INPUTS = ("SDI", "HDMI", "component")
AUDIO = ("embedded", "XLR", "RCA")
CODECS = (
    "QuickTimeUncompressed", "QuickTimeProResHQ", "QuickTimeProRes", "QuickTimeProResLT",
    "QuickTimeProResProxy", "QuickTimeDNxHD220", "DNxHD220", "H.264High", "H.264Medium", "H.264Low",
)  # fmt: skip
STARTS = ("preview", "stopped")


@dataclass(frozen=True, slots=True)
class Model:
    title: str
    protocol: str
    counts_slots: bool  # in device info


MODELS: Mapping[str, Model] = {
    "studio-mini": Model("HyperDeck Studio Mini", "1.11", True),
    "studio-pro": Model("HyperDeck Studio Pro", "1.8", False),
}

OPTIONS: Mapping[str, str] = {
    "unique_id": "what device info tells (default 7c2e0d021714)",
    "inputs": f"video inputs, of {' '.join(INPUTS)} (default SDI HDMI)",
    "signals": "inputs at which a signal is when no room says otherwise (default all)",
    "video_format": f"of the signal and the recording, of {' '.join(RATES)} (default 1080p25)",
    "file_format": f"at the start, of {' '.join(CODECS)} (default QuickTimeProResHQ)",
    "slots": "number → {status, volume, seconds: that can be recorded, clips: name → seconds}, or null",
    "slot": "the one selected at the start, 0 for none (default 1)",
    "starts_in": f"status after a start: {', '.join(STARTS)}",
    "time_of_day": "seconds that the running timecode shows at the start (default 36000)",
    "drop_frame_timecode": "timecodes are drop-frame and have a ; before the frame",
    "remote": "whether the REM key is on at the start",
    "clients": "how many the deck talks to at once, others get 120 (default 1)",
    "roll_seconds": "from the 200 to a record to the recording (default 0.5)",
    "mount_seconds": "from a medium put in to mounted (default 3)",
    "format_seconds": "that formatting takes (default 10)",
    "slot_notify_seconds": "between two 502 while recording (default 2)",
    "async_before_reply": "5xx that a request brings about come before its reply",
    "partial_async": "502 and 508 tell only what has changed",
    "old_format_ready": "216 without colon and empty line, as old firmware",
    "reboot_on_codec": "a change of the file format restarts the deck: 213",
    **mains.OPTIONS,
}


class Knobs:
    """Raises ValueError for a value that has no meaning."""

    def __init__(self, options: Mapping[str, object]) -> None:
        self._given = given = Settings(options)
        self.unique_id = given.text("unique_id", "7c2e0d021714")
        self.inputs = self._some_of("inputs", INPUTS, INPUTS[:2])
        self.signals = self._some_of("signals", INPUTS, self.inputs)
        self.video = given.choice("video_format", tuple(RATES), "1080p25")
        self.codec = given.choice("file_format", CODECS, "QuickTimeProResHQ")
        self.starts_in = given.choice("starts_in", STARTS)
        self.remote = given.flag("remote", True)
        self.drop = given.flag("drop_frame_timecode")
        self.async_first = given.flag("async_before_reply")
        self.partial = given.flag("partial_async")
        self.old_format_ready = given.flag("old_format_ready")
        self.reboot_on_codec = given.flag("reboot_on_codec")
        self.time_of_day = given.number("time_of_day", 36000)
        self.clients = int(given.number("clients", 1))
        self.roll_seconds = given.number("roll_seconds", 0.5)
        self.mount_seconds = given.number("mount_seconds", 3)
        self.format_seconds = given.number("format_seconds", 10)
        self.slot_seconds = given.number("slot_notify_seconds", 2)
        if not self.slot_seconds:
            raise ValueError("slot_notify_seconds cannot be 0")
        self.slot = int(given.number("slot", 1)) or None
        if self.slot not in (None, *self.slots()):
            raise ValueError(f"slot {self.slot} cannot be selected, there is none")

    def slots(self) -> dict[int, Slot]:
        """The slots as they are at the start."""
        wanted: dict[int, object] = {1: {}, 2: {}}
        wanted.update(self._given.numbered("slots"))
        if set(wanted) != set(range(1, len(wanted) + 1)):
            raise ValueError(f"slots are numbered from 1 on, not {sorted(wanted)}")
        return {
            number: Slot.given(number, slot, self.video, self.codec)
            for number, slot in wanted.items()
        }

    def _some_of(
        self, name: str, known: tuple[str, ...], default: Iterable[str]
    ) -> tuple[str, ...]:
        chosen = self._given.several(name, default)
        if odd := set(chosen) - set(known):
            raise ValueError(f"{name} are of {' '.join(known)}, not {min(odd)}")
        return chosen

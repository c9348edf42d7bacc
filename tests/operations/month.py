"""Months of a site's life, made up entry by entry through the journal itself, and what truly happened in them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from avctl.clock import Clock
from service.journal import Entry, Journal

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEVICES = ("podium-camera", "matrix", "mixer", "podium-mic")
SCENES = ("speaker-close-up", "restore-panorama", "show-laptop")
VERDICTS = ("confirmed",) * 17 + ("failed", "unknown", "superseded")
TOGETHER = 2000  # entries that may wait for the disk


@dataclass
class Truth:
    """What happened, counted while it was made up."""

    takes: Counter[str] = field(default_factory=Counter)  # by verdict
    by_scene: Counter[str] = field(default_factory=Counter)
    by_room: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)  # of those confirmed
    meetings: Counter[str] = field(default_factory=Counter)  # by room
    meeting_seconds: float = 0.0
    present: int = 0
    incidents: int = 0
    repaired: int = 0
    repair_seconds: list[float] = field(default_factory=list)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    away: Counter[tuple[str, str]] = field(default_factory=Counter)  # seconds
    warm_ups: Counter[str] = field(default_factory=Counter)  # by state
    changeovers: int = 0
    drills: int = 0
    alarms: int = 0
    outside: int = 0

    @property
    def median(self) -> float:
        return median(self.seconds)


class Life:
    """Writes what happens into the journal, at the times it says."""

    def __init__(self, journal_clock: "HandClock", journal: Journal, seed: int = 0) -> None:
        self.clock, self.journal, self.rng = journal_clock, journal, Random(seed)
        self.truth = Truth()
        self._last: Entry | None = None
        self._runs = 0

    async def month(
        self, rooms: Sequence[str], first: datetime, days: int, takes: int, meetings: int = 1
    ) -> Truth:
        """``takes`` in each meeting and room; two incidents, a fault, a changeover and a warm-up for each room."""
        self.clock.at = first
        self.note("service", {"event": "start", "version": "1", "site": "demo"}, by="service")
        for room in rooms:
            for device in DEVICES:
                self._link(room, device, up=True)
        for day in range(days):
            for place, room in enumerate(rooms):
                morning = first + timedelta(days=day, hours=8, seconds=place)
                self.clock.at = max(self.clock.at, morning)
                if day % 30 == 1:
                    self._warm_up(room)
                if day % 30 == 5 + place % 20:
                    self._troubled(room)
                for _ in range(meetings):
                    await self._meeting(room, takes)
        self.clock.at = max(self.clock.at, first + timedelta(days=days) - timedelta(seconds=1))
        self.note("service", {"event": "stop", "version": "1", "site": "demo"}, by="service")
        await self.stored()
        return self.truth

    def note(self, kind: str, data: dict[str, Any], room: str | None = None, by: str = "op") -> int:
        self._last = self.journal.note(kind, data, room=room, by=by)
        return self._last.seq

    async def stored(self) -> None:
        if self._last:
            await self.journal.stored(self._last)

    async def _meeting(self, room: str, takes: int) -> None:
        truth, rng = self.truth, self.rng
        begun = self.note("meeting", {"event": "begun", "title": "例会", "source": "tap"}, room)
        began = self.clock.at
        for _ in range(takes):
            self.clock.wait(rng.randrange(5, 90))
            self._take(room)
            if rng.random() < 0.02:
                data = {"device": "matrix", "point": "tie-1", "before": 1, "value": 2}
                self.note("outside", data, room, "outside")
                truth.outside += 1
            if self._runs % TOGETHER == 0:
                await self.stored()
        self.clock.wait(60)
        self.note("meeting", {"event": "ended", "meeting": begun, "why": ""}, room)
        present = rng.randrange(4, 40)
        said = {"event": "attendance", "meeting": begun, "present": present}
        self.note("meeting", {**said, "attendance": "", "remarks": ""}, room)
        truth.meetings[room] += 1
        truth.meeting_seconds += (self.clock.at - began).total_seconds()
        truth.present += present
        if self.journal.waiting > TOGETHER:
            await self.stored()

    def _take(self, room: str) -> None:
        rng, truth = self.rng, self.truth
        scene, verdict = rng.choice(SCENES), rng.choice(VERDICTS)
        self._runs += 1
        run, took = f"run-{self._runs}", rng.randrange(150, 2500) / 1000
        tap = self.note("tap", {"run": run, "scene": scene, "deadline": 4.0, "wants": []}, room)
        steps = [
            {
                "target": device, "word": "preset", "said": "speaker", "device": device,
                "point": "preset", "kind": "set", "wanted": 2, "before": 1, "verdict": verdict,
                "why": "", "read": 2, "planned": 0.001, "sent": 0.01, "answered": 0.03,
                "confirmed": took, "ended": took,
            }
            for device in DEVICES[:3]
        ]  # fmt: skip
        self.clock.wait(took)
        for step in steps:
            self.note("step", {"run": run, "tap": tap, **step}, room)
        said = {"run": run, "tap": tap, "scene": scene, "verdict": verdict, "duration": took}
        self.note("verdict", {**said, "waited": 0.0, "took": took, "steps": steps}, room)
        truth.takes[verdict] += 1
        truth.by_scene[scene] += 1
        truth.by_room[room] += 1
        if verdict == "confirmed":
            truth.seconds.append(took)

    def _link(self, room: str, device: str, *, up: bool) -> None:
        data: dict[str, Any] = {"device": device, "up": up}
        if up:
            data["identity"] = {"model": "X-1", "serial": f"{room}-{device}", "firmware": "1.02"}
        else:
            data["reason"] = "no answer"
        self.note("device", data, room, "service")

    def _troubled(self, room: str) -> None:
        """A microphone dies, is changed over from, and is repaired; a blink that is no fault."""
        truth, device = self.truth, "podium-mic"
        self._link(room, device, up=False)
        self.clock.wait(30)
        self._link(room, device, up=True)
        truth.away[room, device] += 30
        self.clock.wait(600)
        self._link(room, device, up=False)
        text = {"zh": "讲台话筒离线", "en": "podium microphone is away"}
        alarm = {"event": "raised", "alarm": f"device/{room}/{device}", "severity": "warning"}
        seq = self.note("alarm", {**alarm, "text": text}, room, "service")
        over = {"pair": "podium", "event": "change-over", "to": "backup", "stands": {}}
        self.note("pair", over, room)
        opened = self.note(
            "incident-log",
            {
                "event": "opened", "device": device, "signs": "话筒无声 <no sound & hiss>",
                "severity": "warning", "nature": "unknown", "source": "alarm",
                "alarm": alarm["alarm"], "meeting": None, "run": "", "seqs": [seq],
            },
            room,
        )  # fmt: skip
        reported = self.clock.at
        self.clock.wait(300)
        self.note("incident-log", {"event": "responded", "incident": opened}, room)
        self.clock.wait(3300)
        self._link(room, device, up=True)
        truth.away[room, device] += 3600
        truth.faults[room, device] += 1
        done = {"done": "更换电池", "parts": "电池 2 节", "vendor": "本单位", "nature": "hardware"}
        self.note("incident-log", {"event": "repaired", "incident": opened, **done}, room)
        truth.repair_seconds.append((self.clock.at - reported).total_seconds())
        self.clock.wait(60)
        closed = {"event": "closed", "incident": opened, "reason": ""}
        self.note("incident-log", closed, room, "chief")
        drill = {"event": "ended", "drill": f"{room}-1", "room": room, "state": "good"}
        self.note("drill", drill, room)
        truth.incidents += 1
        truth.repaired += 1
        truth.alarms += 1
        truth.changeovers += 1
        truth.drills += 1

    def _warm_up(self, room: str) -> None:
        began = self.clock.at
        run = f"{self.rng.getrandbits(32):08x}-0000-4000-8000-{self.rng.getrandbits(48):012x}"
        self.note("warm-up", {"event": "begun", "run": run, "hold": 600.0}, room)
        self.clock.wait(900)
        proof = warm_up(room, run, began, self.clock.at)
        self.note("warm-up", {"event": "ended", "run": run, "proof": proof}, room)
        self.truth.warm_ups[proof["state"]] += 1


def warm_up(room: str, run: str, began: datetime, ended: datetime) -> dict[str, Any]:
    """A proof like that of a real one: the projector's lamp is worth a remark, nothing failed."""

    def device(name: str, zh: str, ready: float, remarks: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "device": name, "title": {"zh": zh, "en": name}, "state": "off", "ready": ready,
            "finding": "ok", "words": {"zh": "正常", "en": "OK"}, "good": True,
            "remarks": remarks, "minutes_on": round((800 - ready) / 60, 1), "retried": False,
            "samples": 20, "missed": 0, "identity": {"model": "X-1", "serial": name},
            "readings": {"lamp": 1200},
            "spans": [
                {"since": 0.0, "until": ready / 2, "state": "dark"},
                {"since": ready / 2, "until": ready, "state": "warming"},
                {"since": ready, "until": 800.0, "state": "on"},
                {"since": 800.0, "until": 900.0, "state": "cooling"},
            ],
        }  # fmt: skip

    lamp = [{"zh": "灯泡已用 1200 小时", "en": "the lamp has 1200 hours"}]
    return {
        "run": run, "room": room, "title": {"zh": f"{room} 会议厅", "en": f"Room {room}"},
        "by": "schedule", "began": _iso(began), "ended": _iso(ended), "state": "good",
        "phase": "ended", "doing": {"zh": "结束", "en": "ended"}, "progress": 1.0,
        "elapsed": 900.0, "hold": 600.0, "held": 640.0, "held_from": 160.0, "held_until": 800.0,
        "stay_on": False, "incomplete": None, "left_on": None, "picture": None, "events": [],
        "devices": [
            device("podium-camera", "讲台摄像机", 40.0, []),
            device("projector", "投影机", 160.0, lamp),
            device("mixer", "调音台", 25.0, []),
        ],
    }  # fmt: skip


class HandClock(Clock):
    """A wall clock that is moved by hand."""

    def __init__(self, at: datetime = datetime(2026, 11, 1, tzinfo=SHANGHAI)) -> None:
        super().__init__(wall=lambda: self.at.astimezone(UTC))
        self.at = at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

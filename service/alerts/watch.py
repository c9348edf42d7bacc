"""From what is wrong to alarms: only what lasts, or comes again and again, is one; it is over when it stays away."""

import asyncio
import logging
import shutil
from asyncio import TimerHandle
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from avctl.capabilities.outlets import Outlet
from avctl.clock import Clock
from avctl.config import AlertsFile
from avctl.room import Change, Room
from avctl.site import Site
from service.alerts.alarms import Alarms, longest
from service.alerts.signs import TELLING, Sign, Signs, signs_of_device, signs_of_pair
from service.journal import INTERRUPTED, OPENED, Entry, Journal, JournalError

log = logging.getLogger("avctl.alerts")

# Seconds that something must last, by the first word of its key.
AFTER = {
    "device": 30.0, "fault": 10.0, "registration": 60.0, "medium": 10.0, "battery": 60.0,
    "bars": 60.0, "pair": 15.0,
}  # fmt: skip
FLAPS, FLAP_WITHIN = 5, 600.0  # so often within so many seconds is an alarm however short each is
DISK_EVERY = 300.0  # seconds
MIB = 1024 * 1024
OF_DEVICES = ("device", "driver", "fault", "registration", "medium", "battery", "bars")
OF_PAIRS = ("pair", "latch")
OF_SITE = ("journal", "disk")

Scope = tuple[str, str, str]  # device, pair or site; room; name


@dataclass(eq=False, slots=True)
class Standing:
    """What is wrong, or was lately."""

    sign: Sign | None = None
    since: datetime | None = None
    onsets: deque[float] = field(default_factory=lambda: deque(maxlen=FLAPS))
    timer: TimerHandle | None = None  # that raises it while it is wrong, that clears it afterwards

    def stop(self) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None

    def is_unsteady(self, now: float) -> bool:
        return len(self.onsets) == FLAPS and now - self.onsets[0] <= FLAP_WITHIN


class AlarmWatch:
    """Use it as an async context manager, outside that of the site, after the alarms are open."""

    def __init__(
        self,
        site: Site,
        alarms: Alarms,
        journal: Journal,
        clock: Clock,
        rules: AlertsFile,
        folder: Path | None = None,
    ) -> None:
        """``folder``: on the disk to be watched."""
        self._site, self._alarms, self._journal, self._clock = site, alarms, journal, clock
        self._rules, self._folder = rules, folder
        self._standing: dict[str, Standing] = {}
        self._keys: dict[Scope, set[str]] = {}
        self._fed: dict[tuple[str, str], float] = {}  # when a device got its mains
        self._full: Signs = Signs()  # of the disk, as last looked at
        self._leave: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "AlarmWatch":
        self._take_over()
        self._leave = [room.subscribe(self._changed) for room in self._site.rooms.values()]
        self._leave.append(self._journal.subscribe(self._noted))
        for room in self._site.rooms.values():
            for name in room.devices:
                self._look_at_device(room, name)
            for name in room.pairs.by_name:
                self._look_at_pair(room, name)
        self._look_at_site()
        await self._tell_interrupted()
        if self._folder:
            self._tasks = {asyncio.create_task(self._watch_disk(self._folder))}
        return self

    async def __aexit__(self, *exc: object) -> None:
        for leave in self._leave:
            leave()
        for standing in self._standing.values():
            standing.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take_over(self) -> None:
        """What stood when the service ended stands until it is seen to be over, or gone from the site."""
        for alarm in self._alarms.active():
            kind, _, rest = alarm.key.partition("/")
            room, _, more = rest.partition("/")
            name = more.partition("/")[0]
            scope = self._scope(kind, room, name)
            if scope:
                self._keys.setdefault(scope, set()).add(alarm.key)
                self._standing[alarm.key] = Standing(
                    Sign(alarm.text["zh"], alarm.text["en"], alarm.severity, alarm.device)
                )
            elif kind in (*OF_DEVICES, *OF_PAIRS):
                self._alarms.clear(alarm.key, "it is no part of the site any more")

    def _scope(self, kind: str, room: str, name: str) -> Scope | None:
        here = self._site.rooms.get(room)
        if kind in OF_SITE:
            return ("site", "", "")
        if here and kind in OF_DEVICES and name in here.devices:
            return ("device", room, name)
        if here and kind in OF_PAIRS and name in here.pairs.by_name:
            return ("pair", room, name)
        return None

    # What changes.

    def _changed(self, room: Room, change: Change) -> None:
        if change.pair:
            self._look_at_pair(room, change.pair)
        elif change.device and change.point is None:
            self._look_at_device(room, change.device.name)
        elif change.device and isinstance(change.point, TELLING):
            if isinstance(change.point, Outlet):
                self._switched(room, change.device.name, change.point)
            else:
                self._look_at_device(room, change.device.name)

    def _switched(self, room: Room, by: str, outlet: Outlet) -> None:
        for name in room.mains.behind(by, outlet.number):
            self._fed[room.name, name] = self._clock.now()
            self._look_at_device(room, name)

    def _look_at_device(self, room: Room, name: str) -> None:
        self._judge(
            ("device", room.name, name), signs_of_device(room, name, self._booting(room, name))
        )

    def _booting(self, room: Room, name: str) -> float:
        fed = self._fed.get((room.name, name))
        if fed is None or room.mains.ready is None:
            return 0.0
        return max(0.0, fed + room.mains.ready.boot - self._clock.now())

    def _look_at_pair(self, room: Room, name: str) -> None:
        self._judge(("pair", room.name, name), signs_of_pair(room, name))

    def _noted(self, entry: Entry) -> None:
        if entry.kind == "job" and entry.data.get("event") == "ended":
            if entry.data.get("outcome") == "done":
                self._alarms.clear(_key("job", entry.data.get("job"), entry.room))
        elif entry.kind == "warm-up" and entry.data.get("event") == "ended":
            self._warmed_up(entry)
        elif entry.kind in ("fault", "recovered", "set-aside"):
            # Not in the midst of the journal's own complaint: that comes first.
            self._clock.later(0, self._look_at_site)

    def _warmed_up(self, entry: Entry) -> None:
        proof = entry.data.get("proof") or {}
        if not proof.get("incomplete"):
            self._alarms.clear(_key("warm-up", entry.room))
        for device in proof.get("devices", ()):
            if device.get("good"):
                self._alarms.clear(_key("warm-up", entry.room, device.get("device")))

    async def _tell_interrupted(self) -> None:
        """The runs that an end in their midst has left open: the journal has closed them when it was opened."""
        try:
            opened = await self._journal.latest({OPENED}, 2)
            since = opened[0].seq if len(opened) > 1 else 0
            cut = [
                each for each in await self._journal.latest({INTERRUPTED}, 50) if each.seq > since
            ]
        except JournalError as error:
            log.warning("interrupted runs: %s", error)
            return
        for entry in cut:
            scene = entry.data.get("scene", "")
            text = {
                "zh": f"“{scene}”执行中服务中断，结果未知",
                "en": f"the service ended in the midst of {scene}: its result is unknown",
            }
            key = _key("run", entry.room, entry.data.get("run"))
            self._alarms.raise_one(key, entry.room, text, lasts=False)

    # The site.

    def _look_at_site(self) -> None:
        signs = Signs(dict(self._full.found), set(self._full.unknown))
        if reason := self._journal.reason:
            zh, en = f"运行日志写入异常：{reason}", f"the journal is not kept: {reason}"
            signs.found["journal"] = Sign(zh, en, "critical")
        self._judge(("site", "", ""), signs)

    async def _watch_disk(self, folder: Path) -> None:
        while True:
            try:
                free = await asyncio.to_thread(_free, folder)
                self._full = Signs() if free is None else _disk(free, self._rules.disk)
            except OSError as error:
                log.warning("the disk: %s", error)
                self._full = Signs(unknown={"disk"})
            self._look_at_site()
            await self._clock.sleep(DISK_EVERY)

    # How long it lasts.

    def _judge(self, scope: Scope, signs: Signs) -> None:
        known = self._keys.setdefault(scope, set())
        for key in known - signs.found.keys():
            if signs.all_unknown or key in signs.unknown:
                self._unsure(key)
            else:
                self._gone(key)
        for key, sign in signs.found.items():
            known.add(key)
            self._wrong(key, sign)

    def _wrong(self, key: str, sign: Sign) -> None:
        standing, now = self._standing.setdefault(key, Standing()), self._clock.now()
        begins, standing.sign = standing.sign is None, sign
        if not begins:
            before = self._alarms.of(key)
            if before and before.severity != self._alarms.severity(key, sign.severity):
                self._raise(key)
            return
        standing.stop()
        standing.onsets.append(now)
        if self._alarms.of(key):
            return
        standing.since = self._clock.wall()
        wait = max(self._after(key), sign.at_least)
        if wait <= 0 or standing.is_unsteady(now):
            self._raise(key)
        else:
            standing.timer = self._clock.later(wait, lambda: self._raise(key))

    def _gone(self, key: str) -> None:
        standing = self._standing.get(key)
        if standing is None or standing.sign is None:
            return
        standing.sign = None
        standing.stop()
        if self._alarms.of(key):
            wait = FLAP_WITHIN if standing.is_unsteady(self._clock.now()) else self._rules.settle
            standing.timer = self._clock.later(wait, lambda: self._clear(key))

    def _unsure(self, key: str) -> None:
        """What is no alarm yet becomes none while it cannot be told; one that stands, stands."""
        standing = self._standing.get(key)
        if standing and standing.sign and not self._alarms.of(key):
            standing.sign = None
            standing.stop()

    def _raise(self, key: str) -> None:
        standing = self._standing[key]
        standing.timer = None
        if sign := standing.sign:
            text = dict(sign.text)
            if standing.is_unsteady(self._clock.now()):
                text = {"zh": f"{text['zh']}，反复出现", "en": f"{text['en']}, again and again"}
            room = key.split("/")[1] if "/" in key else None
            self._alarms.raise_one(
                key, room, text, sign.severity, device=sign.device, since=standing.since
            )

    def _clear(self, key: str) -> None:
        self._standing[key].timer = None
        self._alarms.clear(key)

    def _after(self, key: str) -> float:
        found = longest(self._rules.after, key)
        if found is not None:
            return self._rules.after[found]
        return AFTER.get(key.partition("/")[0], 0.0)


def _free(folder: Path) -> int | None:
    """MiB; None where nothing is kept."""
    return shutil.disk_usage(folder).free // MIB if folder.is_dir() else None


def _disk(free: int, least: int) -> Signs:
    """Of so many MiB free."""
    if free >= least:
        return Signs()
    sign = Sign(
        f"磁盘剩余空间不足：{free} MiB", f"the disk is nearly full: {free} MiB are free",
        "critical" if free < least / 4 else "warning",
    )  # fmt: skip
    return Signs({"disk": sign})


def _key(*parts: object) -> str:
    return "/".join(str(part) for part in parts if part)

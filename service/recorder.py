"""What goes into the journal: taps, steps, verdicts, devices that come and go, and what nobody here asked for."""

from asyncio import TimerHandle
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import Power, PowerState
from avctl.clock import Clock
from avctl.device import Device
from avctl.points import Point
from avctl.room import Change, Room
from avctl.scenes.take import Step, Take
from avctl.site import Site
from service.journal import Entry, Journal
from service.views.take import step_view
from service.views.values import iso, plain

SETTLED = 1.0  # seconds a value must stand before a change by others is noted, and after a take
STROKE = 2.0  # seconds after which driving a camera by hand is a new stroke
INTRODUCTION = 30.0  # seconds between two looks at who the devices say they are
ABSENT = 120.0  # seconds after the start in which a device that has not come is noted as away

Place = tuple[str, str, Point]  # room, device, point


class Recorder:
    """Listens to the rooms from `__enter__` to `__exit__`."""

    def __init__(self, site: Site, journal: Journal, clock: Clock, version: str) -> None:
        self._site, self._journal, self._clock, self._version = site, journal, clock, version
        self._taps: WeakKeyDictionary[Take, Entry] = WeakKeyDictionary()
        self._told: WeakKeyDictionary[Take, set[int]] = WeakKeyDictionary()
        self._ended: WeakSet[Take] = WeakSet()
        self._settled: dict[Place, Any] = {}  # values that are on record or need none
        self._waiting: dict[Place, TimerHandle] = {}
        self._ours_until: dict[tuple[str, str], float] = {}  # by room and device
        self._strokes: dict[tuple[str, str], float] = {}
        self._links: set[tuple[str, str]] = set()  # by room and device: those on record
        self._dark: set[tuple[str, str]] = set()  # those of them that are without mains
        self._off: set[Place] = set()  # outlets
        self._starting: dict[tuple[str, str], TimerHandle] = {}  # they have their mains again
        self._identities: dict[tuple[str, str], dict[str, str]] = {}  # as last noted
        self._looks: dict[str, TimerHandle] = {}
        self._leave: list[Callable[[], None]] = []

    def __enter__(self) -> "Recorder":
        self._leave = [room.subscribe(self._changed) for room in self._site.rooms.values()]
        self.service("start")
        self._looks["absent"] = self._clock.later(ABSENT, self._note_absent)
        self._note_identities()
        return self

    def __exit__(self, *exc: object) -> None:
        for leave in self._leave:
            leave()
        for timer in (*self._waiting.values(), *self._looks.values(), *self._starting.values()):
            timer.cancel()
        self._waiting.clear()
        self.service("stop")

    def service(self, event: str) -> None:
        data = {"event": event, "version": self._version, "site": self._site.name}
        self._journal.note("service", data, by="service")

    # What was asked for.

    def tap(self, room: Room, take: Take) -> Entry:
        """Note the intent, once: the entry to wait for."""
        if entry := self._taps.get(take):
            return entry
        data = {
            "run": take.identity,
            "scene": take.scene.name,
            "tapped": iso(take.tapped),
            "deadline": take.scene.deadline,
            "wants": [
                {"target": want.target, "word": want.word, "said": plain(want.said)}
                for want in take.scene.wants
            ],
        }
        entry = self._journal.note("tap", data, room=room.name, by=take.by)
        self._taps[take] = entry
        return entry

    def hand(self, room: Room, camera: str, by: str, speeds: Mapping[str, float]) -> None:
        """Note that a camera is driven by hand: once for each stroke."""
        now, place = self._clock.now(), (room.name, camera)
        moving = any(speeds.values())
        if not moving or now - self._strokes.get(place, -STROKE) >= STROKE:
            data = {"camera": camera, **speeds} if moving else {"camera": camera, "stop": True}
            self._journal.note("hand", data, room=room.name, by=by)
        self._ours_until[place] = now + STROKE
        if moving:
            self._strokes[place] = now
        else:
            self._strokes.pop(place, None)

    # What became of it.

    def _changed(self, room: Room, change: Change) -> None:
        if take := change.take:
            self._take_changed(room, take, change.step)
        elif device := change.device:
            if change.point is None:
                self._link_changed(room, device)
            elif change.point.settable:
                self._power_changed(room, device, change.point)
                self._outlet_changed(room, device, change.point)
                self._point_changed(room, device, change.point)

    def _take_changed(self, room: Room, take: Take, step: Step | None) -> None:
        tap = self.tap(room, take)
        told = self._told.setdefault(take, set())
        if step and step.verdict and id(step) not in told:
            told.add(id(step))
            data = {"run": take.identity, "tap": tap.seq, **_step(step)}
            self._journal.note("step", data, room=room.name, by=take.by)
        if take.verdict and step is None:
            if take not in self._ended:
                self._ended.add(take)
                self._note_verdict(room, take, tap)
            elif take.then:
                data = {"run": take.identity, "tap": tap.seq, "then": take.then.identity}
                self._journal.note("follow", data, room=room.name, by=take.by)

    def _note_verdict(self, room: Room, take: Take, tap: Entry) -> None:
        for device in take.scene.devices:
            self._ours_until[room.name, device] = self._clock.now() + SETTLED
        data = {
            "run": take.identity,
            "tap": tap.seq,
            "scene": take.scene.name,
            "verdict": take.verdict,
            "duration": take.duration,
            "waited": take.waited,
            "took": take.took,
            "budget": take.scene.budget,
            "over_budget": take.is_over_budget,
            "culprits": take.culprits,
            "steps": [_step(step) for step in take.steps],
        }
        self._journal.note("verdict", plain(data), room=room.name, by=take.by)

    # What the world did.

    def _link_changed(self, room: Room, device: Device) -> None:
        data: dict[str, Any] = {"device": device.name, "up": device.up}
        place = room.name, device.name
        if device.up:
            self._forget_start(place)
            data["identity"] = dict(device.identity)
            self._identities[room.name, device.name] = dict(device.identity)
        else:
            data["reason"] = device.reason
            if room.mains.is_cut(device.name) or place in self._starting:
                data["dark"] = True  # no failure: its outlet is off, or was until now
        self._links.add(place)
        (self._dark.add if data.get("dark") else self._dark.discard)(place)
        self._journal.note("device", data, room=room.name, by="service")

    def _outlet_changed(self, room: Room, feeder: Device, point: Point) -> None:
        if not isinstance(point, Outlet):
            return
        outlet, is_on = (room.name, feeder.name, point), feeder.state[point].value
        behind = [room.devices[name] for name in room.mains.behind(feeder.name, point.number)]
        if is_on is False:
            self._off.add(outlet)
            for device in behind:
                self._cut(room, device)
        elif is_on and outlet in self._off:
            self._off.remove(outlet)
            for device in behind:
                self._fed(room, device)

    def _cut(self, room: Room, device: Device) -> None:
        """What an outlet feeds may be gone before the outlet is known to be off: that it is dark is told then."""
        place = room.name, device.name
        self._forget_start(place)
        if place in self._links - self._dark and not device.up:
            self._link_changed(room, device)

    def _fed(self, room: Room, device: Device) -> None:
        """It has its mains again: the time that it may take to start is no absence."""
        place, ready = (room.name, device.name), room.mains.ready
        if ready and not device.up:
            self._forget_start(place)
            self._starting[place] = self._clock.later(
                ready.boot, lambda: self._is_late(room, device)
            )

    def _is_late(self, room: Room, device: Device) -> None:
        self._forget_start((room.name, device.name))
        self._link_changed(room, device)

    def _forget_start(self, place: tuple[str, str]) -> None:
        if timer := self._starting.pop(place, None):
            timer.cancel()

    def _note_absent(self) -> None:
        for room in self._site.rooms.values():
            for device in room.devices.values():
                if not device.up and (room.name, device.name) not in self._links:
                    self._link_changed(room, device)

    def _note_identities(self) -> None:
        """Some devices are asked who they are only once they are up; what was there before may be another one."""
        self._looks["identities"] = self._clock.later(INTRODUCTION, self._note_identities)
        for room in self._site.rooms.values():
            for device in room.devices.values():
                place, now = (room.name, device.name), dict(device.identity)
                if device.up and place in self._identities and self._identities[place] != now:
                    self._identities[place] = now
                    data = {"device": device.name, "identity": now}
                    self._journal.note("identity", data, room=room.name, by="service")

    def _power_changed(self, room: Room, device: Device, point: Point) -> None:
        state = device.state[point].value
        if isinstance(point, PowerState) and isinstance(state, Power):
            data = {"device": device.name, "state": state.value}
            self._journal.note("power", data, room=room.name, by="service")

    def _point_changed(self, room: Room, device: Device, point: Point) -> None:
        place = (room.name, device.name, point)
        if timer := self._waiting.pop(place, None):
            timer.cancel()
        value = device.state[point].value
        if value is None:
            return  # the device does not know; what it knew last stands until it does
        if place not in self._settled or self._is_ours(room, device):
            self._settled[place] = value
        elif not point.is_right(value, self._settled[place]):
            self._waiting[place] = self._clock.later(
                SETTLED, lambda: self._note_outside(room, device, point)
            )

    def _is_ours(self, room: Room, device: Device) -> bool:
        if self._clock.now() < self._ours_until.get((room.name, device.name), 0.0):
            return True
        return any(
            take.verdict is None and device.name in take.scene.devices for take in room.takes
        )

    def _note_outside(self, room: Room, device: Device, point: Point) -> None:
        place = (room.name, device.name, point)
        del self._waiting[place]
        before, value = self._settled[place], device.state[point].value
        if value is None:
            return
        self._settled[place] = value
        data = {"device": device.name, "point": point.key, "before": before, "value": value}
        self._journal.note("outside", plain(data), room=room.name, by="outside")


def _step(step: Step) -> dict[str, Any]:
    return step_view(step).model_dump()

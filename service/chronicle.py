"""What the journal says of pairs, of emergencies, and of what devices have taught us."""

from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from avctl.capabilities.mixer import Meter
from avctl.clock import Clock
from avctl.device import Device
from avctl.pair import Fitness, Side
from avctl.pairs import Pair
from avctl.room import Change, Room
from avctl.scenes.scene import Priority, Scope
from avctl.scenes.take import Step, Take
from avctl.site import Site
from service.journal import Journal
from service.views.take import step_view
from service.views.values import iso, plain

PRECEDING = 5  # takes told of in an incident
MOMENTS = ("sent", "answered", "confirmed", "ended")


class Chronicle:
    """Listens to the rooms from `__enter__` to `__exit__`."""

    def __init__(self, site: Site, journal: Journal, clock: Clock) -> None:
        self._site, self._journal, self._clock = site, journal, clock
        self._standing: dict[tuple[str, str], dict[str, Any]] = {}  # of pairs, as last told
        self._known: dict[tuple[str, str], Mapping[str, Any]] = {}  # of devices, as last told
        self._begun: WeakKeyDictionary[Take, list[dict[str, Any]]] = WeakKeyDictionary()
        self._leave: list[Callable[[], None]] = []

    def __enter__(self) -> "Chronicle":
        for room in self._site.rooms.values():
            self._leave.append(room.subscribe(self._changed))
            for name, device in room.devices.items():
                self._known[room.name, name] = device.known()
            for name, pair in room.pairs.by_name.items():
                self._standing[room.name, name] = _standing(pair)
        return self

    def __exit__(self, *exc: object) -> None:
        for leave in self._leave:
            leave()

    def pair(self, room: Room, pair: str, event: str, by: str, /, **more: Any) -> None:
        """Note what was done to a pair, or became of it, and how it stands: `service.memory` takes it from there."""
        data = {"pair": pair, "event": event, **more, "stands": _kept(room.pairs.find(pair))}
        self._journal.note("pair", data, room=room.name, by=by)

    def _changed(self, room: Room, change: Change) -> None:
        if change.pair:
            self._pair_changed(room, room.pairs.find(change.pair))
        elif change.take and change.step is None:
            self._take_changed(room, change.take)
        elif change.device and change.point and not isinstance(change.point, Meter):
            self._device_changed(room, change.device)

    # Pairs.

    def _pair_changed(self, room: Room, pair: Pair) -> None:
        before = self._standing[room.name, pair.name]
        now = self._standing[room.name, pair.name] = _standing(pair)
        for side in Side:
            if now[side] != before[side]:
                health = pair.health[side]
                self.pair(
                    room, pair.name, "health", "service", side=side.value, name=pair.side(side),
                    fitness=health.fitness.value, why=dict(health.why),
                )  # fmt: skip
        if now["active"] != before["active"]:
            self.pair(room, pair.name, "active", "service", side=now["active"])
        if now["advised"] and not before["advised"]:
            self.pair(
                room, pair.name, "advised", "service", to=pair.watch.active.other.value,
                why=dict(pair.health[pair.watch.active].why),
            )  # fmt: skip
        if now["latched"] and not before["latched"]:
            self.pair(room, pair.name, "latched", "service")

    def _take_changed(self, room: Room, take: Take) -> None:
        if take.verdict is None and take not in self._begun:
            self._begun[take] = [_brief(other) for other in _preceding(room, take)]
            for pair in room.pairs.by_name.values():
                if pair.take is take:
                    to = take.scene.name.rpartition(" ")[2]
                    self.pair(room, pair.name, "change-over", take.by, to=to, run=take.identity)
        elif take.verdict and take in self._begun and _is_incident(room, take):
            data = self._incident(room, take, self._begun.pop(take))
            self._journal.note("incident", plain(data), room=room.name, by=take.by)

    # Emergencies.

    def _incident(self, room: Room, take: Take, before: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            **_brief(take),
            "duration": take.duration,
            "before": before,
            "pairs": {name: _standing(pair) for name, pair in room.pairs.by_name.items()},
            "timeline": _timeline(take),
            "steps": [step_view(step).model_dump() for step in take.steps],
        }

    # What was learnt.

    def _device_changed(self, room: Room, device: Device) -> None:
        known = device.known()
        if known != self._known[room.name, device.name]:
            self._known[room.name, device.name] = known
            data = {"device": device.name, "known": known}
            self._journal.note("learnt", data, room=room.name, by="service")


def _standing(pair: Pair) -> dict[str, Any]:
    return {
        **{side.value: pair.health[side].fitness.value for side in Side},
        "active": pair.watch.active.value,
        "advised": pair.watch.advised,
        "latched": pair.watch.latched,
    }


def _kept(pair: Pair) -> dict[str, Any]:
    """What a restart may not lose. The file's arm is with it: where that has changed, it is the file's that counts."""
    return {
        "arm": pair.watch.arm.value,
        "file": pair.file.arm,
        "latched": pair.watch.latched,
        "active": pair.watch.active.value,
    }


def _preceding(room: Room, take: Take) -> list[Take]:
    """What ran when ``take`` was tapped, then the last scenes that had ended; newest first."""
    others = [other for other in reversed(room.takes) if other is not take]
    running = [other for other in others if other.verdict is None]
    scenes = [other for other in others if other.verdict and other.scene.scope is Scope.DEVICES]
    return [*running, *scenes[:PRECEDING]]


def _brief(take: Take) -> dict[str, Any]:
    return {
        "run": take.identity,
        "scene": take.scene.name,
        "title": dict(take.scene.title),
        "by": take.by,
        "tapped": iso(take.tapped),
        "verdict": take.verdict.value if take.verdict else None,
    }


def _is_incident(room: Room, take: Take) -> bool:
    """An emergency that somebody called, or a changeover away from what is dead."""
    if take.scene.priority < Priority.CHANGEOVER:
        return False
    for pair in room.pairs.by_name.values():
        if pair.take is take:
            return Fitness.DEAD in (health.fitness for health in pair.health.values())
    return take.scene.name in room.scenes


def _timeline(take: Take) -> list[dict[str, Any]]:
    """The moments of all steps in order, in seconds since the take began."""
    moments = [moment for step in take.steps for moment in _moments(step)]
    return sorted(moments, key=lambda moment: float(moment["after"]))


def _moments(step: Step) -> list[dict[str, Any]]:
    what = {"target": step.want.target, "word": step.want.word, "said": plain(step.want.said)}
    return [
        {"after": round(at, 4), "moment": moment, **what}
        for moment in MOMENTS
        if (at := getattr(step, moment)) is not None
    ]

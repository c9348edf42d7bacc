"""All pairs of a room: looked at whenever something of them changes, changed over, followed."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from avctl.capabilities.mixer import Meter
from avctl.changeover import Made, Situation, changeover, made_of
from avctl.config import PairFile
from avctl.device import Device
from avctl.errors import DeviceError, TakeError
from avctl.pair import Arm, Fitness, Judge, Side, Sign, Watch, Wish
from avctl.pairs.emergency import EMERGENCY, emergency
from avctl.pairs.follow import follow, level_the_other
from avctl.pairs.signs import Signs
from avctl.pairs.standing import Pair, Stage
from avctl.pairs.use import can_be_seen, level_in_use, seen_in_use
from avctl.points import Point, parse_decibel
from avctl.scenes.mirror import Mirror
from avctl.scenes.scene import Scene
from avctl.scenes.take import Take

log = logging.getLogger("avctl.pairs")

LOOK_EVERY = 1.0  # seconds; readings grow old without a word


class Pairs:
    """All pairs of a room. `start` looks at them until `stop`."""

    def __init__(self, room: Stage, changed: Callable[[str], None]) -> None:
        self._room, self._changed = room, changed
        self.by_name = {name: self._made(name, file) for name, file in room.file.pairs.items()}
        self._signs = Signs(room)
        self._loud: dict[tuple[str, Device, Point], bool] = {}  # meters above the floor, by pair
        self._due: dict[str, Pair] = {}  # to be looked at in the loop's next turn
        self._tick_timer: Any = None
        self._timers: dict[str, Any] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        room.names.active = lambda name: self.by_name[name].watch.active

    def _made(self, name: str, file: PairFile) -> Pair:
        judges = {side: Judge(file.window) for side in Side}
        devices = self._room.devices
        mirror = Mirror(devices[file.main], devices[file.backup]) if file.mirror else None
        made = made_of(self._room.file, file)
        return Pair(name, file, made, Watch(Arm(file.arm)), judges, mirror=mirror)

    def start(self) -> None:
        if self.by_name:
            self._room.subscribe(lambda room, change: self._heard(change))
            self._tick()

    def stop(self) -> None:
        for timer in (self._tick_timer, *self._timers.values()):
            if timer:
                timer.cancel()
        for asking in self._asking.values():
            asking.cancel()

    def find(self, name: str) -> Pair:
        """Raises TakeError."""
        if name not in self.by_name:
            raise TakeError(
                f"no pair {name!r} in {self._room.name}; there are {', '.join(self.by_name)}"
            )
        return self.by_name[name]

    # What a person, a scene or the watch asks for.

    def change_over(self, name: str, to: Side, by: str) -> Take:
        """Take a pair to a side: the take that does so already, where there is one. Raises TakeError."""
        pair = self.find(name)
        if take := pair.on_its_way(to):
            return take
        pair.take = self._room.start(self.scene(pair, to), by)
        pair.to = to
        return pair.take

    def scene(self, pair: Pair, to: Side) -> Scene:
        alive = pair.health[to.other].fitness is not Fitness.DEAD
        level = pair.settled if pair.is_changing_over else None
        room = self._room
        return changeover(
            Situation(room.file, room.names, room.devices, alive, level), pair.name, to
        )

    def emergency(self) -> Scene:
        """All pairs that are on their main side, to their backups. A pair that another holds goes with that one."""
        held = {
            side for pair in self.by_name.values() for side in (pair.file.main, pair.file.backup)
        }
        return emergency(
            self.scene(pair, Side.BACKUP)
            for pair in self.by_name.values()
            if pair.watch.active is Side.MAIN and pair.name not in held
        )

    def arm(self, name: str, arm: Arm) -> None:
        """Raises TakeError."""
        self.find(name).watch.arm = arm
        self._changed(name)
        self._look_soon(self.by_name[name])

    def reset(self, name: str) -> None:
        """Let a latched pair fire again. Raises TakeError."""
        self.find(name).watch.reset()
        self._changed(name)
        self._look_soon(self.by_name[name])

    def restore(self, name: str, arm: Arm, *, latched: bool, active: Side) -> None:
        """As it stood before a restart; what devices tell themselves goes before. Raises TakeError."""
        pair = self.find(name)
        pair.watch.arm, pair.watch.latched = arm, latched
        if not can_be_seen(pair):
            pair.watch.changed_to(active)

    # When to look.

    def _heard(self, change: Any) -> None:
        if take := change.take:
            self._take_changed(take)
        elif device := change.device:
            for pair in self.by_name.values():
                if pair.mirror:
                    pair.mirror.notice(device, change.point)
                if self._tells_more(pair, device, change.point):
                    self._look_soon(pair)

    def _tells_more(self, pair: Pair, device: Device, point: Point | None) -> bool:
        """Meters change all the time: only one that has crossed the floor tells something."""
        if not isinstance(point, Meter):
            return True
        if pair.made is Made.SOURCES:
            return False
        key, level = (pair.name, device, point), device.state[point].value
        is_loud = level is not None and level >= parse_decibel(pair.file.floor)
        if self._loud.get(key) is is_loud:
            return False
        self._loud[key] = is_loud
        return True

    def _take_changed(self, take: Take) -> None:
        for pair in self.by_name.values():
            if _begins_emergency(take) and pair.watch.active is Side.MAIN:
                pair.emergency = take
            if take.verdict is None or take not in (pair.take, pair.emergency):
                continue
            pair.faded = take.verdict.is_good
            if take.verdict.is_good and not can_be_seen(pair):
                pair.watch.changed_to(pair.to if take is pair.take else Side.BACKUP)
                self._changed(pair.name)
            self._look_soon(pair)

    def _look_soon(self, pair: Pair) -> None:
        """In the loop's next turn: much may change in this one."""
        if not self._due:
            self._room.clock.later(0.0, self._look_at_due)
        self._due[pair.name] = pair

    def _look_at_due(self) -> None:
        due, self._due = self._due, {}
        for pair in due.values():
            self._look_safely(pair)

    def _tick(self) -> None:
        self._tick_timer = self._room.clock.later(LOOK_EVERY, self._tick)
        for pair in self.by_name.values():
            self._look_safely(pair)

    def _look_safely(self, pair: Pair) -> None:
        try:
            self.look(pair)
        except Exception:
            log.exception("%s: cannot be judged", pair.name)

    # Looking.

    def look(self, pair: Pair) -> None:
        """Judge both sides by what was heard, and do what follows."""
        before = _noticeable(pair)
        if side := seen_in_use(self._room, pair):
            pair.watch.changed_to(side)
        if not pair.is_changing_over:
            self._settle(pair)
        self._judge(pair)
        wish = None if pair.is_changing_over else pair.watch.look(pair.health, self._doubted(pair))
        if wish is Wish.CHANGE_OVER:
            self._change_over_by_itself(pair)
        elif pair.mirror and pair.watch.active is Side.MAIN and not pair.is_changing_over:
            self._reflect(pair, pair.mirror)
        if before != _noticeable(pair):
            self._changed(pair.name)

    def _settle(self, pair: Pair) -> None:
        pair.settled = level_in_use(self._room, pair)
        faded, pair.faded = pair.faded, False
        if faded and pair.made is Made.MICROPHONES:
            level_the_other(self._room, pair)

    def _judge(self, pair: Pair) -> None:
        now = self._room.clock.now()
        for side, judge in pair.judges.items():
            judge.look(now, list(self._signs.of(pair.file, pair.side(side))))
            if judge.unproved and pair.name not in self._asking:
                self._asking[pair.name] = asyncio.create_task(self._ask(pair, judge.unproved))
        if timer := self._timers.pop(pair.name, None):
            timer.cancel()
        ends = (end for judge in pair.judges.values() for end in (judge.ends_at, judge.steady_at))
        if later := [end - now for end in ends if end is not None and end > now]:
            again = self._room.clock.later(min(later), lambda: self._look_soon(pair))
            self._timers[pair.name] = again

    async def _ask(self, pair: Pair, signs: tuple[Sign, ...]) -> None:
        """Ask anew for what is only read every so often: it may have been a wiggle."""
        for device, point in (sign.asked for sign in signs if sign.asked):
            with contextlib.suppress(DeviceError):
                await self._room.devices[device].read([point])
        del self._asking[pair.name]
        self._look_soon(pair)

    def _change_over_by_itself(self, pair: Pair) -> None:
        log.warning("%s: %s is dead, changing over", pair.name, pair.side(pair.watch.active))
        try:
            self.change_over(pair.name, pair.watch.active.other, "automatic")
        except TakeError as error:
            log.warning("%s: later: %s", pair.name, error)
            pair.watch.reset()

    def _doubted(self, pair: Pair) -> tuple[Side, ...]:
        """Sides of which a sign is bad now or was a moment ago, or is still to come since the device is back.

        Two microphones that come to life together would else be changed over by the first word of either.
        """
        now = self._room.clock.now()
        return tuple(
            side
            for side, judge in pair.judges.items()
            if judge.doubts or judge.steady_at > now or self._signs.is_unmetered(pair.side(side))
        )

    def _reflect(self, pair: Pair, mirror: Mirror) -> None:
        """Bring the backup device to the state that main is in."""
        if scene := mirror.scene():
            mirror.take = self._room.start(scene, f"mirrors {pair.file.main}")

    def follow(self, device: str, point: Point) -> None:
        """Set the backup microphones' faders as their mains' were set, so that a changeover is not heard."""
        for pair in self.by_name.values():
            if pair.made is Made.MICROPHONES:
                follow(self._room, pair, device, point)


def _begins_emergency(take: Take) -> bool:
    return take.scene.name == EMERGENCY and all(step.sent is None for step in take.steps)


def _noticeable(pair: Pair) -> tuple[object, ...]:
    return pair.watch.active, pair.health, pair.watch.latched, pair.watch.advised

"""The pairs of a room at work: their health looked at, their changeovers made, main's level followed."""

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from avctl.capabilities.microphone import Battery, RadioQuality, Transmitter
from avctl.capabilities.mixer import SILENT, CrossFade, Fader, Meter, Mute
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.router import Layer, Output, Signal
from avctl.changeover import DEADLINE, Made, Situation, changeover, made_of, retreat
from avctl.clock import Clock
from avctl.config import PairFile, RoomFile
from avctl.device import Device
from avctl.errors import TakeError
from avctl.names import Names
from avctl.pair import Arm, Fitness, Health, Judge, Side, Sign, Watch, Wish
from avctl.points import Point, parse_decibel
from avctl.scenes.mirror import Mirror
from avctl.scenes.scene import Priority, Scene, Want
from avctl.scenes.take import Take, Verdict

log = logging.getLogger("avctl.pairs")

LOOK_EVERY = 0.1  # seconds
GREETED = 1.0  # seconds before a device is up in which it may have told its meters
METERED = 5.0  # seconds after it is up in which a device tells the meters that it has
FRESH = 3.0  # seconds; what was heard before tells nothing of now
WEAKEST_RADIO = -90.0  # dBm
EMERGENCY = "emergency-backup"


class Stage(Protocol):
    """What pairs need of their room."""

    name: str
    file: RoomFile
    names: Names
    devices: dict[str, Device]
    clock: Clock

    def start(self, scene: Scene, by: str) -> Take: ...

    def set(self, target: str, word: str, said: Any, by: str) -> Take: ...

    def subscribe(self, listener: Callable[[Any, Any], None]) -> Callable[[], None]: ...


@dataclass(eq=False, slots=True)
class Pair:
    """One pair and how it stands."""

    name: str
    file: PairFile
    made: Made
    watch: Watch
    judges: Mapping[Side, Judge]
    take: Take | None = None  # the last changeover
    retreat: Scene | None = None  # what undoes it
    emergency: Take | None = None  # the last that faded it with all the others
    level: float | None = None  # main's fader as last reported
    mirror: Mirror | None = None

    def side(self, side: Side) -> str:
        return self.file.main if side is Side.MAIN else self.file.backup

    @property
    def is_changing_over(self) -> bool:
        takes = (self.take, self.emergency)
        return any(take is not None and take.verdict is None for take in takes)

    @property
    def health(self) -> dict[Side, Health]:
        return {side: judge.health for side, judge in self.judges.items()}


class Pairs:
    """All pairs of a room. `start` looks at them until `stop`."""

    def __init__(self, room: Stage, changed: Callable[[str], None]) -> None:
        self._room, self._changed = room, changed
        self.by_name = {name: self._made(name, file) for name, file in room.file.pairs.items()}
        self._timer: Any = None
        room.names.active = lambda name: self.by_name[name].watch.active

    def _made(self, name: str, file: PairFile) -> Pair:
        judges = {side: Judge(file.window) for side in Side}
        devices = self._room.devices
        mirror = Mirror(devices[file.main], devices[file.backup]) if file.mirror else None
        made = made_of(self._room.file, file)
        return Pair(name, file, made, Watch(Arm(file.arm)), judges, mirror=mirror)

    def start(self) -> None:
        if self.by_name:
            self._timer = self._room.clock.later(LOOK_EVERY, self._tick)
            self._room.subscribe(lambda room, change: self._heard(change))

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def find(self, name: str) -> Pair:
        """Raises TakeError."""
        if name not in self.by_name:
            raise TakeError(
                f"no pair {name!r} in {self._room.name}; there are {', '.join(self.by_name)}"
            )
        return self.by_name[name]

    # What a person, a scene or the watch asks for.

    def change_over(self, name: str, to: Side, by: str) -> Take:
        """Take a pair to a side. Raises TakeError."""
        pair = self.find(name)
        undone = retreat(self._situation(pair, to), name, to)
        pair.take = self._room.start(self.scene(pair, to), by)
        pair.retreat = undone
        return pair.take

    def scene(self, pair: Pair, to: Side) -> Scene:
        return changeover(self._situation(pair, to), pair.name, to)

    def _situation(self, pair: Pair, to: Side) -> Situation:
        alive = pair.health[to.other].fitness is not Fitness.DEAD
        return Situation(self._room.file, self._room.names, self._room.devices, alive)

    def _heard(self, change: Any) -> None:
        for pair in self.by_name.values():
            if pair.mirror and change.device:
                pair.mirror.notice(change.device, change.point)
        self._take_changed(change.take)

    def _take_changed(self, take: Take | None) -> None:
        for pair in self.by_name.values():
            if take is None or pair.made is not Made.MICROPHONES:
                continue
            if take.verdict is None and pair.take is not take and _fades(take, pair):
                pair.emergency = take  # main's fader is not followed on its way down
            elif take.verdict in (Verdict.FAILED, Verdict.UNKNOWN) and pair.take is take:
                self._retreat(pair, take)

    def _retreat(self, pair: Pair, take: Take) -> None:
        """Undo a changeover that has failed."""
        scene, pair.retreat = pair.retreat, None
        if scene and (left := scene.without(take.leaves)):
            take.then = self._room.start(left, f"{take.by} (return)")

    def arm(self, name: str, arm: Arm) -> None:
        """Raises TakeError."""
        self.find(name).watch.arm = arm
        self._changed(name)

    def reset(self, name: str) -> None:
        """Let a latched pair fire again. Raises TakeError."""
        self.find(name).watch.reset()
        self._changed(name)

    # Looking.

    def _tick(self) -> None:
        self._timer = self._room.clock.later(LOOK_EVERY, self._tick)
        for pair in self.by_name.values():
            try:
                self.look(pair)
            except Exception:
                log.exception("%s: cannot be judged", pair.name)

    def look(self, pair: Pair) -> None:
        """Judge both sides by what was heard, and do what follows."""
        now = self._room.clock.now()
        before = (pair.watch.active, dict(pair.health), pair.watch.latched, pair.watch.advised)
        self._notice_side(pair)
        for side, judge in pair.judges.items():
            judge.look(now, list(self._signs(pair, pair.side(side))))
        wish = None if pair.is_changing_over else pair.watch.look(pair.health, self._doubted(pair))
        if wish is Wish.CHANGE_OVER:
            log.warning("%s: %s is dead, changing over", pair.name, pair.side(pair.watch.active))
            self.change_over(pair.name, pair.watch.active.other, "automatic")
        elif pair.mirror and pair.watch.active is Side.MAIN and not pair.is_changing_over:
            self._reflect(pair, pair.mirror)
        if before != (pair.watch.active, pair.health, pair.watch.latched, pair.watch.advised):
            self._changed(pair.name)

    def _doubted(self, pair: Pair) -> tuple[Side, ...]:
        """Sides of which a sign is bad now, or is still to come since the device is back."""
        return tuple(
            side
            for side, judge in pair.judges.items()
            if judge.doubts or self._is_unmetered(pair.side(side))
        )

    def _is_unmetered(self, name: str) -> bool:
        """Whether a microphone's meter is not told yet of a device that has come a moment ago."""
        channel = self._room.file.microphones.get(name)
        if channel is None:
            return False
        device, meter = self._room.devices[channel.device], Meter(channel.channel)
        if self._room.clock.now() - device.since > METERED or meter not in device.points():
            return False
        reading = device.state.get(meter)
        return reading is None or reading.at < device.since - GREETED

    def _notice_side(self, pair: Pair) -> None:
        uses = {side: self._uses(pair, side) for side in Side}
        if uses[Side.MAIN] is not uses[Side.BACKUP] and None not in uses.values():
            pair.watch.changed_to(Side.MAIN if uses[Side.MAIN] else Side.BACKUP)

    def _uses(self, pair: Pair, side: Side) -> bool | None:
        """Whether the room is seen to use a side; None where that cannot be seen."""
        file, name = self._room.file, pair.side(side)
        match pair.made:
            case Made.MICROPHONES:
                channel = file.microphones[name]
                muted = self._value(channel.device, Mute(channel.channel))
                return None if muted is None else not muted
            case Made.SOURCES:
                source = file.sources[name]
                shown = [
                    self._value(to.device, Output(to.output, Layer(layer))) == source.input
                    for to in file.destinations.values()
                    if to.device == source.device
                    for layer in to.layers
                ]
                return any(shown)
            case Made.DEVICES:
                words = pair.file.to_main if side is Side.MAIN else pair.file.to_backup
                return self._stands(words) if words else None

    def _stands(self, words: Mapping[str, Mapping[str, Any]]) -> bool:
        return all(
            point.is_right(self._value(device, point), value)
            for target, said_of in words.items()
            for word, said in said_of.items()
            if word not in ("after", "on_failure")
            for device, point, value in self._room.names.resolve(target, word, said)
        )

    def _value(self, device: str, point: Point) -> Any:
        reading = self._room.devices[device].state.get(point)
        return reading.value if reading else None

    # Signs.

    def _signs(self, pair: Pair, name: str) -> Iterator[Sign]:
        file = self._room.file
        match pair.made:
            case Made.MICROPHONES:
                channel = file.microphones[name]
                yield self._link(channel.device)
                yield self._meter(channel.device, channel.channel, parse_decibel(pair.file.floor))
                if wireless := channel.wireless:
                    yield self._link(wireless.device)
                    yield from self._radio(wireless.device, wireless.channel)
            case Made.SOURCES:
                source = file.sources[name]
                yield self._link(source.device)
                yield self._signal(source.device, source.input)
                if name in file.devices:
                    yield self._link(name)
                    yield self._power(name)
            case Made.DEVICES:
                yield self._link(self._room.names.in_use(name))

    def _fresh(self, device: str, point: Point) -> Any:
        reading = self._room.devices[device].state.get(point)
        if reading is None or self._room.clock.now() - reading.at > FRESH:
            return None
        return reading.value

    def _link(self, device: str) -> Sign:
        why = {"zh": f"{device} 无应答", "en": f"{device} does not answer"}
        return Sign(self._room.devices[device].up, why)

    def _meter(self, device: str, channel: str, floor: float) -> Sign:
        # A meter that does not move is not told again: a low one stands, a good one must be of now.
        level = self._value(device, Meter(channel))
        if level is not None and level >= floor:
            level = self._fresh(device, Meter(channel))
        why = {
            "zh": f"{channel} 电平低于本底噪声（{floor:g} dB）",
            "en": f"{channel} is below the noise of an empty room ({floor:g} dB)",
        }
        return Sign(None if level is None else level >= floor, why)

    def _radio(self, device: str, channel: str) -> Iterator[Sign]:
        on = self._fresh(device, Transmitter(channel))
        yield Sign(on, {"zh": "发射机已关闭", "en": "its transmitter is off"})
        radio = self._fresh(device, RadioQuality(channel))
        weak = {"zh": "射频信号丢失", "en": "its radio signal is lost"}
        yield Sign(None if radio is None else radio > WEAKEST_RADIO, weak)
        battery = self._value(device, Battery(channel))
        empty = {"zh": "电池耗尽", "en": "its battery is empty"}
        yield Sign(None if battery is None else battery > 0, empty)

    def _signal(self, device: str, number: int) -> Sign:
        why = {"zh": f"输入 {number} 无信号", "en": f"input {number} has no signal"}
        return Sign(self._value(device, Signal(number)), why)

    def _power(self, device: str) -> Sign:
        power = self._value(device, PowerState())
        good = {Power.ON: True, Power.OFF: False}.get(power)
        return Sign(good, {"zh": f"{device} 未开机", "en": f"{device} is off"})

    # Following.

    def follow(self, device: str, point: Point) -> None:
        """Set the backup microphone's fader as main's was set, so that a changeover is not heard."""
        for pair in self.by_name.values():
            if pair.made is not Made.MICROPHONES or not isinstance(point, Fader):
                continue
            main = self._room.file.microphones[pair.file.main]
            if (main.device, main.channel) != (device, point.channel):
                continue
            level, before = self._value(device, point), pair.level
            pair.level = level
            if before is None or pair.is_changing_over or level <= SILENT:
                continue
            if pair.watch.active is Side.MAIN and pair.health[Side.MAIN].fitness is Fitness.WELL:
                with contextlib.suppress(TakeError):  # what runs there is stronger
                    self._room.set(pair.file.backup, "fader", level, by=f"follows {pair.file.main}")

    def _reflect(self, pair: Pair, mirror: Mirror) -> None:
        """Bring the backup device to the state that main is in."""
        if scene := mirror.scene():
            mirror.take = self._room.start(scene, f"mirrors {pair.file.main}")

    # Everything at once.

    def emergency(self) -> Scene:
        """All pairs that are on their main side, to their backups, ahead of anything running."""
        wants: dict[tuple[str, Point], Want] = {}
        for pair in self.by_name.values():
            if pair.watch.active is Side.MAIN:
                for want in self.scene(pair, Side.BACKUP).wants:
                    wants.setdefault((want.device, want.point), want)
        return Scene(
            EMERGENCY,
            {"zh": "紧急：切至备用链路", "en": "Emergency: backup chain"},
            DEADLINE,
            tuple(wants.values()),
            priority=Priority.EMERGENCY,
            looks_first=False,
            confirm=True,
            colour="emergency",
            order=900,
        )


def _fades(take: Take, pair: Pair) -> bool:
    return any(
        want.target == pair.name and isinstance(want.point, CrossFade) for want in take.scene.wants
    )

"""One seed, from its world to its record, in virtual time. The same seed gives the same record, byte by byte."""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from avctl.clock import Clock
from avctl.commission import as_it_stands
from avctl.errors import DeviceError, TakeError
from avctl.points import Point
from avctl.room import Room
from avctl.testing import VirtualLoop
from hw_sim.faults import LINE
from hw_sim.room.site import Rooms
from hw_sim.simulator import Simulator
from service.journal import Journal
from tests.campaign.afterwards import back_off, can_be_judged, undone, unmet, what_is_left
from tests.campaign.events import (
    Break,
    ChangeOver,
    Drive,
    Hand,
    Letting,
    Moment,
    Press,
    Reset,
    Sound,
    Store,
    Tap,
)
from tests.campaign.lines import lines_of
from tests.campaign.observer import OWNER, Observer
from tests.campaign.record import Record, Told, write_down
from tests.campaign.site import product, reality
from tests.campaign.truth import KNOWN, actual, holds, is_same
from tests.campaign.world import World

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
TICK = 0.05  # seconds between two looks at the truth where no byte passes
LISTENS = 0.01  # the same where somebody listens to microphones
SPEAKS = 0.5  # seconds between two levels of a voice
SOUNDS = 0.1  # seconds between two looks at what arrives at mixers
SIGNALS = 1.0  # seconds between two looks at which inputs have a signal
LINGER = 1.0  # seconds after the last verdict for which the faults stay
STEADY = 1.5  # seconds that all must be well at the end


def run(world: World) -> Record:
    with contextlib.closing(VirtualLoop()) as loop:
        return loop.run_until_complete(Run(world).live())


class Run:
    def __init__(self, world: World) -> None:
        self.world, self.record = world, Record(world)
        self._armed: list[Break | Press] = []
        self._pending: set[asyncio.Task[Any]] = set()
        self._voice = Random(f"{world.seed}/voice")
        self.voices: dict[str, float] = {}  # dBFS at the microphones

    async def live(self) -> Record:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(
            lambda loop, context: self.record.complaints.append(str(context.get("message")))
        )
        world = self.world
        rooms = Rooms(reality(world.room, world.devices, world.options), seed=world.seed)
        self.simulated = rooms[world.room]
        self.real: dict[str, Simulator] = dict(self.simulated.devices)
        lines, self.lines = lines_of(rooms, world.room)
        clock = Clock(_wall(loop), Random(f"{world.seed}/room"))
        with _complaints(self.record.complaints):
            plan = product(world.room, world.devices, world.scenes, world.options, world.pairs)
            room = Room(plan, clock, addresses=lines.addresses[world.room], dialler=lines.dial)
            self.observer = Observer(self.record, room, self.real, self.lines, self._fire)
            self.journal = Journal(clock)
            room.subscribe(partial(write_down, self.journal))
            ticking = loop.create_task(self._tick())
            async with room:
                await self._until(self._is_up, 30.0)
                await self._happen(room)
                await self._come_back(room)
            self.record.seconds = loop.time()
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)
            self.record.left += await what_is_left(room, lines)
        self.record.journal = await self.journal.page(0, 10_000)
        return self.record

    # What happens.

    async def _happen(self, room: Room) -> None:
        start = room.clock.now()
        for number, event in enumerate(self.world.events):
            wait = start + event.at - room.clock.now()
            if wait > 0:
                await asyncio.sleep(wait)
            self.observer.newest = float(number)
            match event:
                case Break() | Press() if event.moment is not Moment.TIME:
                    self._armed.append(event)
                case Break() | Press():
                    self._strike(event)
                case Tap() | Hand() | ChangeOver():
                    self._tap(room, number, event)
                case Drive():
                    self._start(number, self._drive(room, number, event))
                case Store():
                    self._start(None, self._store(room))
                case Sound():
                    self._sound(event)
                case Reset():
                    self._reset(room, event)
        await self._until(self._is_quiet, 60.0)
        await asyncio.sleep(LINGER)
        await self._until(self._is_quiet, 60.0)

    def _tap(self, room: Room, number: int, event: Tap | Hand | ChangeOver) -> None:
        def tap() -> Any:
            OWNER.set(number)
            if isinstance(event, Tap):
                return room.take(event.scene, by="operator", confirmed=event.confirmed)
            if isinstance(event, ChangeOver):
                return room.pairs.change_over(event.pair, event.side, by="operator")
            return room.set(event.target, event.word, event.said, by="hand")

        self.record.note(room.clock.now(), "tap", f"tap {number}", event)
        try:
            take = contextvars.copy_context().run(tap)
        except TakeError as error:
            self.record.refused.append(str(error))
            self.record.note(room.clock.now(), "refused", f"tap {number}", str(error))
        else:
            self.observer.begins(take, number)

    async def _drive(self, room: Room, number: int, event: Drive) -> None:
        self.record.note(room.clock.now(), "tap", f"tap {number}", event)
        panel = f"panel {number}"
        self.observer.hands.add(number)
        self.observer.disturb(event.camera, number)
        self.observer.letting.drives(event.camera, number)
        with contextlib.suppress(DeviceError):
            await room.drive(event.camera, event.pan, 0.0, 0.0, by=panel)
        await asyncio.sleep(event.seconds)
        self.observer.disturb(event.camera, number)
        self.observer.letting.lets_go(event.camera, number)
        match event.lets:
            case Letting.STOP:
                with contextlib.suppress(DeviceError):
                    await room.stop(event.camera)
            case Letting.LOST:
                room.lost(panel)
        self.observer.disturb(event.camera, number)

    async def _store(self, room: Room) -> None:
        """Have the room read back, and note whether what is told of what stands still is so."""
        began, before = room.clock.now(), self._standing(room)
        standing = await as_it_stands(room)
        now, after = room.clock.now(), self._standing(room)
        for target, said_of in standing.words.items():
            for word, said in said_of.items():
                for device, point, value in room.names.resolve(target, word, said):
                    place = device, point
                    stands = place in before and is_same(point, before[place], after[place])
                    judged = stands and not self.observer.spoils(device, began)
                    so = not judged or holds(self.real[device], point, value)
                    self.record.told.append(Told(now, target, word, said, so))
                    self.record.note(now, "told", target, f"{word} {said}")

    def _standing(self, room: Room) -> dict[tuple[str, Point], Any]:
        return {
            (name, point): actual(self.real[name], point)
            for name, device in room.devices.items()
            for point in device.state
            if isinstance(point, KNOWN) and can_be_judged(point)
        }

    def _sound(self, event: Sound) -> None:
        now = asyncio.get_running_loop().time()
        self.record.note(now, "press", event.microphone, event)
        if event.microphone in self.simulated.microphones:
            self.simulated.set_microphone(event.microphone, alive=event.alive, level=event.level)
            self.voices[event.microphone] = self.simulated.microphones[event.microphone].level

    def _reset(self, room: Room, event: Reset) -> None:
        self.record.note(room.clock.now(), "pair", event.pair, "reset")
        room.pairs.reset(event.pair)
        self.observer.witnesses[event.pair].reset()

    def _start(self, number: int | None, work: Any) -> None:
        context = contextvars.copy_context()
        context.run(OWNER.set, number)
        task = asyncio.get_running_loop().create_task(work, context=context)
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    def _fire(self, moment: Moment, device: str) -> None:
        back = self.observer.returns(device) if self._armed else False
        ready = [
            each for each in self._armed if each.device == device and _is_due(each, moment, back)
        ]
        for event in ready[:1]:
            self._armed.remove(event)
            # Bytes from now on are nobody's, whoever's moment it was.
            contextvars.Context().run(self._strike, event)

    def _strike(self, event: Break | Press) -> None:
        real = self.real[event.device]
        now = asyncio.get_running_loop().time()
        if isinstance(event, Press):
            self.record.note(now, "press", event.device, f"{event.action} {dict(event.arguments)}")
            self.observer.disturb(event.device)
            real.press(event.action, **event.arguments)
            return
        self.record.faults[f"{event.name}, {event.moment}"] += 1
        self.record.note(now, "break", event.device, event)
        if event.name == "reboot":
            self.observer.disturb(event.device)
            real.reboot()
            return
        if event.name == "rebooting":
            self.observer.disturb(event.device)
        at = self.lines[event.device] if event.name in LINE else real
        at.faults.set(event.name, event.value, times=event.times, seconds=event.seconds)

    async def _tick(self) -> None:
        looked = spoken = 0.0
        pause = LISTENS if self.record.air else TICK
        while True:
            now = asyncio.get_running_loop().time()
            if now - looked >= (SOUNDS if self.record.air else SIGNALS):
                looked = now
                self.simulated.refresh()
            if self.record.air and now - spoken >= SPEAKS:
                spoken = now
                self._speak()
            self.observer.tick(pause)
            await asyncio.sleep(pause)

    def _speak(self) -> None:
        """Voices go up and down: a meter that stands still tells nothing."""
        for name, level in self.voices.items():
            louder = self._voice.uniform(-3, 3)
            self.simulated.set_microphone(name, level=min(0.0, level + louder))

    # What follows.

    async def _come_back(self, room: Room) -> None:
        """End the faults, and wait until every device is back and what is shown of it is true."""
        self._armed.clear()
        for real in (*self.real.values(), *self.lines.values()):
            real.faults.clear()
        ended = room.clock.now()
        self.record.note(ended, "fault", "all", "over")
        limit = max(back_off(room, name, self.world.options[name]) for name in self.world.devices)
        well_since: float | None = None
        while room.clock.now() - ended < limit + STEADY:
            wrong = unmet(room, self.real)
            if wrong:
                well_since = None
            elif well_since is None:
                well_since = room.clock.now()
                self.record.recovery = well_since - ended
            elif room.clock.now() - well_since >= STEADY:
                break
            await asyncio.sleep(0.25)
        self.record.unmet += unmet(room, self.real)
        self.record.undone = undone(self.record, self.real)

    # Waiting.

    async def _until(self, met: Any, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while not met():
            if loop.time() >= ends:
                self.record.unmet.append(f"{met.__name__} after {seconds} s")
                return
            await asyncio.sleep(TICK)

    def _is_up(self) -> bool:
        return all(device.up for device in self.observer.room.devices.values())

    def _is_quiet(self) -> bool:
        return not self._pending and all(
            take.take.verdict is not None for take in self.record.takes
        )


def _is_due(event: Break | Press, moment: Moment, back: bool) -> bool:
    """Whether an event waits for this moment. ``back``: of a step of a return."""
    if event.moment is not Moment.RETURN or isinstance(event, Press):
        return event.moment is moment
    return back and event.within is moment


def _wall(loop: asyncio.AbstractEventLoop) -> Any:
    return lambda: EPOCH + timedelta(seconds=loop.time())


@contextlib.contextmanager
def _complaints(into: list[str]) -> Iterator[None]:
    """Errors that the product logs: what it did not expect."""

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            error = record.exc_info[1] if record.exc_info else ""
            into.append(f"{record.name}: {record.getMessage()} {error!r}")

    log, ear = logging.getLogger("avctl"), Ear(logging.ERROR)
    level, propagates = log.level, log.propagate
    log.addHandler(ear)
    log.setLevel(logging.ERROR)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(ear)
        log.setLevel(level)
        log.propagate = propagates

"""Deliberate faults in the engine. The campaign must catch each of them: it proves that it can fail."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from avctl.capabilities.mixer import SILENT, CrossFade
from avctl.capabilities.wall import WindowSource
from avctl.device import Device
from avctl.drivers.coriomaster import CorioMaster
from avctl.hands import Hands
from avctl.link import Link
from avctl.pair import Fitness, Health, Watch
from avctl.scenes.take import Take, Verdict
from avctl.wire import Command

LOOKS = 8  # at a pair, between two pauses of who speaks

Change = tuple[type, str, Callable[..., Any]]  # class, method, what it is replaced by


def _drop_predicate() -> Iterator[Change]:
    """The answer is whatever comes next of its kind."""
    yield Command, "is_answered_by", lambda self, message: isinstance(message, self.expects)


def _confirm_on_ack() -> Iterator[Change]:
    """The device has accepted it, so it is done."""

    async def believed(self: Any, device: Any, steps: Any) -> None:
        for step in self._open(steps):
            if step.answered is not None:
                step.confirmed = self.elapsed
                self._end(step, Verdict.CONFIRMED)
        await honest(self, device, self._open(steps))

    honest: Any = Take._read_back
    yield Take, "_read_back", believed


def _skip_read_back() -> Iterator[Change]:
    """Whatever is known of a point is taken for a reading of now; nothing is asked."""

    async def looked_up(self: Any, device: Any, steps: Any) -> None:
        while steps := self._open(steps):
            for step in steps:
                reading = device.state.get(step.want.point.evidence)
                if reading and step.want.point.is_right(reading.value, step.want.value):
                    step.read, step.was_read, step.confirmed = reading.value, True, self.elapsed
                    self._end(step, Verdict.CONFIRMED)
            await device.hinted(device.settle)

    yield Take, "_read_back", looked_up


def _accept_stale() -> Iterator[Change]:
    """A reading of before the tap is as good as one of after it."""

    async def read_first(self: Any, device: Any, steps: Any) -> None:
        for step in self._open(steps):
            step.planned = self.elapsed
            reading = device.state.get(step.want.point)
            if reading is not None:
                step.before, step.was_read_before = reading.value, True
                if step.want.point.is_right(reading.value, step.want.value):
                    self._end(step, Verdict.SKIPPED)

    yield Take, "_read_first", read_first


def _forget_to_supersede() -> Iterator[Change]:
    """The older take goes on beside the newer."""
    yield Take, "give_up", lambda self, wanted, by: None


def _replay_after_outage() -> Iterator[Change]:
    """What an outage has kept from being sent or answered is sent when the device is back."""
    honest_ask: Any = Device.ask
    honest_end: Any = Link._fail_all
    honest_up: Any = Link._came_up

    async def ask(self: Any, command: Any) -> Any:
        if not self.up:
            self.link.__dict__.setdefault("kept", []).append(command)
        return await honest_ask(self, command)

    def fail_all(self: Any) -> None:
        kept = self.__dict__.setdefault("kept", [])
        kept += [flight.command for flight in self._flights]
        honest_end(self)

    def came_up(self: Any) -> None:
        honest_up(self)
        for command in self.__dict__.pop("kept", ()):
            self._write(self._decoder.frame(command)[0])

    yield Device, "ask", ask
    yield Link, "_fail_all", fail_all
    yield Link, "_came_up", came_up


def _give_a_stop_up() -> Iterator[Change]:
    """A camera that was told to stop stands."""

    async def stands(self: Any, device: Any, accepted: Any) -> bool:
        return False

    yield Hands, "_goes_on", stands


def _vouch_for_windows() -> Iterator[Change]:
    """What a wall's controller tells is so and stays so, whatever is on its way."""

    def report(self: Any, window: int, source: str | None) -> None:
        if source is not None:
            self.report(WindowSource(window), source)

    yield CorioMaster, "_report_source", report


def _fade_down_first() -> Iterator[Change]:
    """The microphone that is left goes before the other has come."""

    async def drive(device: Any, wanted: Any) -> None:
        for at, level in wanted.items():
            await device.set_faders({at.out_of: SILENT})
            await honest(device, {at: level})

    honest: Any = CrossFade.drive
    yield CrossFade, "drive", staticmethod(drive)


def _fade_up_at_once() -> Iterator[Change]:
    """Both microphones are at level until somebody has read that back."""

    async def drive(device: Any, wanted: Any) -> None:
        for at, level in wanted.items():
            await device.set_faders({at.into: level})
            await device.clock.sleep(1.0)
            await device.set_faders({at.out_of: SILENT})

    yield CrossFade, "drive", staticmethod(drive)


def _forget_to_latch() -> Iterator[Change]:
    """What has changed over by itself does so again."""

    def look(self: Any, health: Any, doubted: Any = ()) -> Any:
        wish = honest(self, health, doubted)
        self.latched = False
        return wish

    honest: Any = Watch.look
    yield Watch, "look", look


def _change_over_to_anything() -> Iterator[Change]:
    """Any side is better than one that is dead."""

    def look(self: Any, health: Any, doubted: Any = ()) -> Any:
        here = health[self.active]
        return honest(self, {self.active: here, self.active.other: Health(Fitness.WELL)})

    honest: Any = Watch.look
    yield Watch, "look", look


def _take_silence_for_death() -> Iterator[Change]:
    """A speaker who pauses has a dead microphone."""

    def look(self: Any, health: Any, doubted: Any = ()) -> Any:
        self.__dict__["looks"] = self.__dict__.get("looks", 0) + 1
        pauses = self.__dict__["looks"] % LOOKS == 0
        here = Health(Fitness.DEAD) if pauses else health[self.active]
        return honest(self, {**health, self.active: here}, doubted)

    honest: Any = Watch.look
    yield Watch, "look", look


MUTANTS: dict[str, Callable[[], Iterator[Change]]] = {
    "drop a predicate": _drop_predicate,
    "confirm on ACK": _confirm_on_ack,
    "skip the read-back": _skip_read_back,
    "accept stale readings": _accept_stale,
    "forget to supersede": _forget_to_supersede,
    "replay after an outage": _replay_after_outage,
    "give a stop up": _give_a_stop_up,
    "vouch for windows on their way": _vouch_for_windows,
    "fade down first": _fade_down_first,
    "fade up at once": _fade_up_at_once,
    "forget to latch": _forget_to_latch,
    "change over to anything": _change_over_to_anything,
    "take silence for death": _take_silence_for_death,
}

OF_PAIRS = (
    "fade down first",
    "fade up at once",
    "forget to latch",
    "change over to anything",
    "take silence for death",
)  # what only worlds with pairs can show


@contextlib.contextmanager
def mutated(name: str | None) -> Iterator[None]:
    """The engine with a deliberate fault, or (None) as it is."""
    kept = []
    for owner, method, made in MUTANTS[name]() if name else ():
        kept.append((owner, method, owner.__dict__[method]))
        setattr(owner, method, made)
    try:
        yield
    finally:
        for owner, method, honest in kept:
            setattr(owner, method, honest)

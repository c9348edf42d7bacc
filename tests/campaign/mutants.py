"""Deliberate faults in the engine. The campaign must catch each of them: it proves that it can fail."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from avctl.device import Device
from avctl.link import Link
from avctl.scenes.take import Take, Verdict
from avctl.wire import Command

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


MUTANTS: dict[str, Callable[[], Iterator[Change]]] = {
    "drop a predicate": _drop_predicate,
    "confirm on ACK": _confirm_on_ack,
    "skip the read-back": _skip_read_back,
    "accept stale readings": _accept_stale,
    "forget to supersede": _forget_to_supersede,
    "replay after an outage": _replay_after_outage,
}


@contextlib.contextmanager
def mutated(name: str | None) -> Iterator[None]:
    """The engine with a deliberate fault, or (None) as it is."""
    kept = []
    for owner, method, made in MUTANTS[name]() if name else ():
        kept.append((owner, method, getattr(owner, method)))
        setattr(owner, method, made)
    try:
        yield
    finally:
        for owner, method, honest in kept:
            setattr(owner, method, honest)

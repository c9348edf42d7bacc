"""Watches a room at work, and the simulators behind it at the same moments."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from avctl.capabilities.camera import Aim
from avctl.device import Device
from avctl.room import Change, Room
from avctl.scenes.scene import Mode, Want
from avctl.scenes.take import Step, Take, Verdict
from hw_sim.simulator import Simulator
from tests.campaign.events import Moment
from tests.campaign.letting_go import LettingGo
from tests.campaign.pairs import AUTOMATIC, Witness
from tests.campaign.record import Cause, Record, Sent, StepSeen, TakeSeen
from tests.campaign.truth import actual, changes, holds, is_same, moves, sets

# Whose tap the running code serves: tasks and timers inherit it, so that every byte has an owner.
OWNER: ContextVar[float | None] = ContextVar("OWNER", default=None)

SPOILS = ("garbled", "flood")  # faults after which an answer need not be what the device said
TO_CAMERA = 0x80  # and its address: the first byte of what is said to a camera
OWN = 0.001  # between the numbers of what the room does by itself after a tap


class Observer:
    """``fire`` strikes what waits for a moment of a device; ``lines`` are what their faults of the line are at."""

    def __init__(
        self,
        record: Record,
        room: Room,
        real: dict[str, Simulator],
        lines: dict[str, Simulator],
        fire: Callable[[Moment, str], None],
    ) -> None:
        self.record, self.room, self.real, self._lines = record, room, real, lines
        self.hands: set[float] = set()  # taps that drive a camera by hand
        self.newest = 0.0  # the number of the last tap, or of what the room has done since
        self.witnesses = {name: Witness(name, room, real, record) for name in room.pairs.by_name}
        self.letting = LettingGo(record, room, real, lines, self.moves)
        self._spoilt_at: dict[str, float] = {}
        self._fire = fire
        self._takes: dict[int, TakeSeen] = {}
        self._open: dict[str, list[StepSeen]] = {name: [] for name in room.devices}
        self._phase: dict[str, str] = dict.fromkeys(room.devices, "")
        room.subscribe(self._changed)
        for name, device in room.devices.items():
            shared = [other for other in room.devices.values() if other.link is device.link]
            device.link.tap = self._tap(shared)
            for faults in {id(each): each.faults for each in (real[name], lines[name])}.values():
                faults.changed.append(lambda name=name: self._faults_changed(name))  # type: ignore[misc]  # a default that fixes the name
            record.links[name] = []

    def now(self) -> float:
        return self.room.clock.now()

    def sample(self, device: str) -> None:
        """Look how the steps under way on ``device`` really stand."""
        real = self.real[device]
        spoilt = self._is_spoilt(device)
        if spoilt:
            self._spoilt_at[device] = self.now()
        for seen in self._open[device]:
            if spoilt:
                seen.corrupted = True
            if not holds(real, seen.point, seen.step.want.value):
                seen.since = None
                continue
            seen.held = True
            if seen.since is None:
                seen.since = self.now()
                if seen.sent is not None and not seen.true_before:
                    self._fire(Moment.EFFECT, device)

    def spoils(self, name: str, since: float) -> bool:
        """Whether bytes from a device may have been spoilt since then."""
        return self._is_spoilt(name) or self._spoilt_at.get(name, float("-inf")) >= since

    def _is_spoilt(self, name: str) -> bool:
        return any(self._lines[name].faults.on(fault) for fault in SPOILS)

    def moves(self, camera: str) -> bool:
        """Whether something newer than a hand moves a camera."""
        return any(
            seen.sent is not None and seen.point.touches(Aim()) for seen in self._open[camera]
        )

    def disturb(self, device: str, tap: float | None = None, points: Any = None) -> None:
        """Note that ``device`` is changed, by a tap or (None) from outside. Call it before it is."""
        for of in self._takes.values():
            if of.ended is None and of.take.waited and not of.looked:
                self._look_before(of)  # it has begun to look, and what comes now comes after
        self.sample(device)
        if tap is None:
            self.letting.forget(device)  # what moves it now may be somebody else
        self.record.causes.append(Cause(self.now(), device, tap, points))
        for seen in self._open[device]:
            if seen.tap != tap or tap is None:
                seen.disturbed = True
                seen.disturbed_after = seen.disturbed_after or seen.sent is not None

    # Takes.

    def begins(self, take: Take, tap: float) -> TakeSeen:
        """A take was started and has sent nothing yet. A tap may also be given the one that does it already."""
        if known := self._takes.get(id(take)):
            return known
        if take.scene.mode is Mode.SUPERSEDE:
            self._overtake(tap, take.scene.beats)
        steps = []
        for step in take.steps:
            want = step.want
            real = self.real[want.device]
            so = holds(real, want.point, want.value)
            seen = StepSeen(step, tap, actual(real, want.point), so, self.now(), held=so)
            steps.append(seen)
            self._open[want.device].append(seen)
        seen_take = TakeSeen(take, tap, steps, self.now(), self.now())
        before = next((each for each in self.record.takes if each.take.then is take), None)
        if before:
            seen_take.follows, seen_take.returns = before, take.by.endswith("(return)")
        self._takes[id(take)] = seen_take
        self.record.takes.append(seen_take)
        self.record.note(self.now(), "take", f"tap {tap}", f"{take.scene.name} by {take.by}")
        return seen_take

    def _overtake(self, tap: float, beats: Callable[[Want], bool]) -> None:
        """From now on nothing is to be sent for what is beaten, whatever the engine makes of it."""
        for seen in (each for steps in self._open.values() for each in steps):
            if seen.tap < tap and beats(seen.step.want):
                seen.overtaken = True

    def _changed(self, room: Room, change: Change) -> None:
        if change.device is not None:
            if change.point is None:
                self.record.links[change.device.name].append((self.now(), change.device.up))
                word = "up" if change.device.up else f"down: {change.device.reason}"
                self.record.note(self.now(), "link", change.device.name, word)
            return
        if change.take is None:
            return
        seen = self._takes.get(id(change.take))
        if seen is None:
            before = next((t for t in self.record.takes if t.take.then is change.take), None)
            owner = before.tap if before else self._does_itself(change.take)
            OWNER.set(owner)
            seen = self.begins(change.take, owner)
        if change.step is not None:
            self._step_changed(seen, change.step)
        elif change.take.verdict is not None and seen.ended is None:
            self._take_ended(seen)
        elif change.take.verdict is None:
            for name in sorted(change.take.scene.devices):
                self._fire(Moment.BEFORE_SEND, name)

    def _does_itself(self, take: Take) -> float:
        """What the room does by itself is newer than the last tap, and older than the next."""
        self.newest = round(self.newest + OWN, 3)
        if take.by == AUTOMATIC:
            self.witnesses[take.scene.name.split()[0]].switches(take)
        else:
            self.record.followers.add(self.newest)
        return self.newest

    def _step_changed(self, of: TakeSeen, step: Step) -> None:
        seen = next(each for each in of.steps if each.step is step)
        device = seen.device
        if of.take.waited and not of.looked:
            self._look_before(of)
        if step.verdict is None:
            if seen.sent is None:
                now = actual(self.real[device], seen.point)
                seen.moved = not is_same(seen.point, seen.before, now) or (
                    seen.point.touches(Aim()) and moves(self.real[device])
                )
                seen.first_sent = self.now()
            seen.sent = self.now()
            seen.held = False
            seen.disturbed_after = False
            self._phase[device] = "driven"
            self.record.note(self.now(), "sent", str(seen), "")
            self.sample(device)
            if of.returns:
                self._fire(Moment.RETURN, device)
            return
        self.sample(device)
        by = OWNER.get()
        if by is None:
            # What is left of its strand is begun anew by what nobody has tapped.
            OWNER.set(seen.tap)
        # A hand that lets go of a camera is newer than the one that began to drive it.
        if by is not None and by not in self.hands and step.verdict is Verdict.SUPERSEDED:
            self._beaten(seen, by)
        seen.verdicts += 1
        if seen.verdict is not None:
            self.record.note(self.now(), "verdict", str(seen), f"now {step.verdict}: {step.why}")
            return
        seen.verdict, seen.at = step.verdict, self.now()
        seen.true_then = seen.since is not None
        self._open[device].remove(seen)
        if seen.verdict is Verdict.CONFIRMED and seen.point.touches(Aim()):
            self.letting.forget(device)
        self.record.note(self.now(), "verdict", str(seen), f"{step.verdict} {step.why}".strip())

    def _beaten(self, seen: StepSeen, by: float) -> None:
        # What the room does by itself may be done while it hears of an older tap.
        names = {take.take.scene.name for take in self.record.takes if take.tap == by}
        if by < seen.tap and seen.step.why.removeprefix("by ") in names:
            self.record.beaten.append(f"{seen}: superseded by tap {by}, which is older")

    def _look_before(self, of: TakeSeen) -> None:
        """A take that waited for another finds what that one has left."""
        of.looked = True
        for seen in of.steps:
            seen.before = actual(self.real[seen.device], seen.point)
            seen.true_before = holds(self.real[seen.device], seen.point, seen.step.want.value)
            seen.disturbed = False
            seen.began = self.now()

    def _take_ended(self, seen: TakeSeen) -> None:
        seen.ended = self.now()
        seen.began = self.now() - (seen.take.duration or 0.0)
        if seen.returns and seen.follows:
            seen.after = [actual(self.real[step.device], step.point) for step in seen.follows.steps]
        text = f"{seen.take.scene.name}: {seen.take.verdict} after {seen.take.duration:.3f} s"
        self.record.note(self.now(), "ended", f"tap {seen.tap}", text)

    # Bytes.

    def _tap(self, shared: list[Device]) -> Callable[[str, bytes], None]:
        speaker = shared[0]

        def tap(direction: str, data: bytes) -> None:
            nonlocal speaker
            address = data[0] - TO_CAMERA if data else 0
            if direction == ">":
                device = _named(shared, address) or shared[0]
            else:
                speaker = device = _named(shared, address / 16) or speaker
            self.record.note(self.now(), direction, device.name, data)
            if direction == ">":
                self._written(device.name, device, data)
            else:
                self._heard(device.name)
            self._listen()

        return tap

    def _written(self, name: str, device: Device, data: bytes) -> None:
        points, owner = changes(device.driver, data), OWNER.get()
        if not points:
            if owner is not None and self._phase[name] == "answered":
                self._phase[name] = ""
                self._fire(Moment.READ_BACK, name)
            return
        self.disturb(name, owner, points)
        wanted = owner is not None and (owner in self.hands or self._wants(owner, name, points))
        self.record.sent.append(Sent(self.now(), name, points, owner, wanted, data))
        soon = asyncio.get_running_loop().call_soon
        # After the bytes have arrived, and before anything that is said to them.
        soon(soon, self._fire, Moment.SENT, name)
        if self._phase[name] == "driven":
            self._phase[name] = "written"

    def _wants(self, tap: float, device: str, points: tuple[Any, ...]) -> bool:
        # A strand whose other steps something newer wants is begun anew by the newer one's tap.
        return any(
            seen.tap <= tap and not seen.overtaken and {*sets(seen.point)} & {*points}
            for seen in self._open[device]
        )

    def _heard(self, name: str) -> None:
        self.sample(name)
        for seen in self._open[name]:
            seen.answered = seen.answered or seen.sent is not None
        if self._phase[name] == "written":
            self._phase[name] = "answered"
            self._fire(Moment.ANSWERED, name)

    def _faults_changed(self, name: str) -> None:
        on = sorted({*self.real[name].faults.active(), *self._lines[name].faults.active()})
        self.record.unwell.setdefault(name, []).append((self.now(), bool(on)))
        self.record.note(self.now(), "fault", name, ", ".join(on) or "none")
        self.sample(name)

    def tick(self, seconds: float) -> None:
        for name, steps in self._open.items():
            if steps:
                self.sample(name)
        self.letting.watch(seconds)
        self._listen()

    def _listen(self) -> None:
        for witness in self.witnesses.values():
            witness.look()

    def returns(self, device: str) -> bool:
        """Whether a return is under way at ``device``."""
        return any(self._takes_of(seen).returns for seen in self._open[device])

    def _takes_of(self, seen: StepSeen) -> TakeSeen:
        return next(take for take in self.record.takes if seen in take.steps)


def _named(shared: list[Device], address: float) -> Device | None:
    """Which of the cameras on a line an address is."""
    if len(shared) == 1:
        return shared[0]
    return next((each for each in shared if getattr(each.settings, "address", 0) == address), None)

"""Carrying out a scene: everything at once, read back, a verdict for every step by the deadline."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from avctl.clock import Clock
from avctl.device import Device
from avctl.errors import BusyError, DeviceError, LinkDownError, NoAnswerError, RefusedError
from avctl.points import Point, Reading
from avctl.scenes.plan import Strand, changes_before, strands
from avctl.scenes.scene import Kind, OnFailure, Order, Reaction, Retreat, Scene, Want
from avctl.scenes.step import WORST_LAST, Step, Verdict

__all__ = ["Step", "Take", "Verdict"]

log = logging.getLogger("avctl.take")

INSTANT = 1e-6  # seconds; less than a clock of floats can be trusted with
SAMPLE = 2.0  # seconds between two looks while a state is held
FIRST_READ = 0.5  # seconds that reading before driving may cost
LAST_LOOK = 0.5  # seconds before a hold ends that it is looked at for the last time
SHORTEST_REST, LONGEST_REST = 0.05, 0.4  # seconds before another try
OLD = 1.0  # seconds after which a reading no longer tells how things are


async def _no_look(wants: Collection[Want]) -> None:
    """Nothing is to be asked before."""


class Take:
    """One carrying-out of a scene. `run` once; then ``verdict`` stands."""

    def __init__(
        self,
        scene: Scene,
        devices: Mapping[str, Device],
        clock: Clock,
        *,
        identity: str,
        by: str,
        changed: Callable[["Take", Step | None], None] = lambda take, step: None,
        look: Callable[[Collection[Want]], Awaitable[None]] = _no_look,
        forbids: Callable[[Want], str] = lambda want: "",
        passes: Callable[[Want], bool] = lambda want: False,
    ) -> None:
        """``look`` asks devices how they stand for ``forbids``, which is asked right before sending: what it says is
        why the step fails instead.

        ``passes`` tells whether something older is still changing what is wanted: then it is driven, right or not.
        """
        self.scene, self.identity, self.by = scene, identity, by
        self.steps = [Step(want) for want in scene.wants]
        self.tapped: datetime = clock.wall()
        self.verdict: Verdict | None = None
        self.duration: float | None = None  # seconds from its beginning to the verdict
        self.waited = 0.0  # seconds from the tap to its beginning
        self.wish: OnFailure | None = None  # what a failure asks for: a return, or another scene
        self.then: Take | None = None  # the take that followed for that reason
        self.ended = asyncio.Event()
        self._devices, self._clock, self._changed = devices, clock, changed
        self._look, self._forbids, self._passes = look, forbids, passes
        self._began = clock.now()
        self._were_up: set[str] = set()
        self._running: dict[asyncio.Task[None], tuple[Strand, list[Step]]] = {}
        self._beaten_by: list[Callable[[Want], bool]] = []
        self._target_ended = {want.target: asyncio.Event() for want in scene.wants}

    @property
    def took(self) -> float | None:
        """Seconds from the tap to the verdict, without ``hold``; None before."""
        return None if self.duration is None else self.waited + self.duration - self.scene.hold

    @property
    def is_over_budget(self) -> bool:
        """Whether it ended well, and took longer than its scene's author allows."""
        if self.scene.budget is None or self.took is None or not self.verdict:
            return False
        return self.verdict.is_good and self.took > self.scene.budget

    @property
    def elapsed(self) -> float:
        return self._clock.now() - self._began

    @property
    def culprits(self) -> tuple[str, ...]:
        """The targets that kept it from being good."""
        bad = (step for step in self.steps if step.verdict and not step.verdict.is_good)
        return tuple(dict.fromkeys(step.want.target for step in bad))

    @property
    def due_retreats(self) -> Iterator[Retreat]:
        """What undoes the parts that have failed, or may have."""
        failed = {
            step.want.target
            for step in self.steps
            if step.verdict in (Verdict.FAILED, Verdict.UNKNOWN)
        }
        return (retreat for retreat in self.scene.retreats if retreat.of & failed)

    async def run(self, others: Iterable["Take"] = ()) -> None:
        """Carry the scene out once ``others`` have ended. Ends by the deadline, with a verdict for every step."""
        self._changed(self, None)
        try:
            for other in others:
                await other.ended.wait()
            self.waited, self._began = self.elapsed, self._clock.now()
            self._were_up = {name for name in self.scene.devices if self._devices[name].up}
            for strand in strands(step.want for step in self._open(self.steps)):
                wants = [want for group in strand.groups for want in group]
                self._start(strand, self._steps(wants))
            await self._until_ended(self.scene.deadline)
            if self.scene.hold and all(step.is_good for step in self.steps):
                await self._hold(self.scene.hold)
        finally:
            await self._cancel()
            self._close()

    async def _until_ended(self, deadline: float) -> None:
        while (left := deadline - self.elapsed) > INSTANT:
            if not (running := [task for task in self._running if not task.done()]):
                return
            await asyncio.wait(running, timeout=left, return_when=asyncio.FIRST_COMPLETED)

    async def _cancel(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def give_up(self, wanted: Callable[[Want], bool], by: str) -> None:
        """Leave the wants that ``wanted`` holds for to something newer: nothing more of them is sent."""
        self._beaten_by.append(wanted)
        beaten = [step for step in self._open(self.steps) if wanted(step.want)]
        for step in beaten:
            self._end(step, Verdict.SUPERSEDED, f"by {by}")
        for task, (strand, steps) in list(self._running.items()):
            if not task.done() and any(step in beaten for step in steps):
                # What is half sent may hold a beaten value: what is left starts afresh.
                task.cancel()
                if left := self._open(steps):
                    self._start(strand, left)

    def leaves(self, want: Want) -> bool:
        """Whether something newer has wanted this meanwhile: what follows from this take may not touch it."""
        return any(wanted(want) for wanted in self._beaten_by)

    def _start(self, strand: Strand, steps: list[Step]) -> None:
        task = asyncio.create_task(self._run_strand(strand, steps))
        self._running[task] = (strand, steps)

    # One strand.

    async def _run_strand(self, strand: Strand, steps: Sequence[Step]) -> None:
        if not (steps := self._open(steps)):
            return
        device = self._devices[strand.device]
        try:
            if not device.up and strand.order.patience:
                pass  # it will be read when it is there
            elif self.scene.looks_first:
                await self._read_first(device, steps)
            else:
                self._plan_unread(steps)
            if await self._may_begin(device, strand.order, steps):
                for group in strand.groups:
                    await self._run_group(device, self._open(self._steps(group)))
        except DeviceError as error:
            # A strand that was begun anew may have sent some of it: that may have arrived.
            self._end_all([step for step in steps if step.sent is None], error)
            self._note(steps, str(error))
            await self._read_back(device, self._open(steps))
        except Exception as error:
            log.exception("%s: step failed", device.name)
            text = f"{type(error).__name__}: {error}"
            for step in self._open(steps):
                verdict = Verdict.FAILED if step.sent is None else Verdict.UNKNOWN
                self._end(step, verdict, str(DeviceError(device.name, text)))

    def _plan_unread(self, steps: Iterable[Step]) -> None:
        for step in self._open(steps):
            step.planned = self.elapsed

    async def _read_first(self, device: Device, steps: Sequence[Step]) -> None:
        said: Mapping[Point, Reading] = {}
        try:
            async with asyncio.timeout(FIRST_READ):
                said = await _asked(device, steps)
        except (TimeoutError, NoAnswerError, BusyError, RefusedError, LinkDownError) as error:
            if isinstance(error, LinkDownError) and not self._may_come_back(device, error):
                raise
            # Points that are not known are driven: the device may still obey.
            log.info("%s: not read before the take: %s", device.name, error)
        # What changes others goes first: where it is right itself, they are left as they are.
        for step in sorted(self._open(steps), key=lambda step: step.want.point.rank):
            step.planned = self.elapsed
            if reading := said.get(step.want.point):
                step.before, step.was_read_before = reading.value, True
                self._skip_if_right(step, reading)

    def _skip_if_right(self, step: Step, reading: Reading) -> None:
        want = step.want
        is_right = want.kind is Kind.SET and want.point.is_right(reading.value, want.value)
        if is_right and not self._passes(want) and not self._is_changed_before(want):
            self._note_reading(step, reading)
            self._end(step, Verdict.SKIPPED)

    def _is_changed_before(self, want: Want) -> bool:
        """Whether this take itself may change the point on its way to it."""
        return any(changes_before(step.want, want) for step in self._open(self.steps))

    async def _may_begin(self, device: Device, order: Order, steps: Sequence[Step]) -> bool:
        if not self._open(steps):
            return False
        for target in order.behind:
            await self._target_ended[target].wait()
        if not await self._let_others_go_first(order.after, steps):
            return False
        if order.delay:
            await self._clock.sleep(order.delay)
        if order.patience and any(step.planned is None for step in steps):
            await self._until_up(device, order.patience)
            await self._read_first(device, self._open(steps))
        return True

    async def _until_up(self, device: Device, patience: float) -> None:
        """Wait until it is reachable; what follows tells when it was not."""
        came = asyncio.Event()
        leave = device.subscribe(lambda device, point: came.set() if device.up else None)
        try:
            async with asyncio.timeout(patience):
                while not device.up:
                    came.clear()
                    await came.wait()
                self._were_up.add(device.name)
        except TimeoutError:
            log.info("%s: not reachable within %g s", device.name, patience)
        finally:
            leave()

    async def _let_others_go_first(self, after: Iterable[str], steps: Sequence[Step]) -> bool:
        for target in after:
            await self._target_ended[target].wait()
            bad = [step for step in self.steps if step.want.target == target and not step.is_good]
            if not bad:
                continue
            superseded = bad[0].verdict is Verdict.SUPERSEDED
            verdict = Verdict.SUPERSEDED if superseded else Verdict.FAILED
            for step in self._open(steps):
                self._end_once(step, verdict, f"not tried: {target} is {bad[0].verdict}")
            return False
        return True

    async def _run_group(self, device: Device, steps: Sequence[Step]) -> None:
        kinds: dict[type[Point], list[Step]] = {}
        for step in steps:
            if step.want.kind is Kind.CHECK:
                step.sent = self.elapsed  # the question, not a change
                continue
            kinds.setdefault(type(step.want.point), []).append(step)
        await asyncio.gather(*(self._drive(device, kind, of) for kind, of in kinds.items()))
        for step in self._open(steps):
            if step.sent is not None and not device.can_tell(step.want.point.evidence):
                self._end(step, Verdict.SENT, step.why)
        if waiting := self._open(steps):
            await self._read_back(device, waiting)

    async def _drive(self, device: Device, kind: type[Point], steps: Sequence[Step]) -> None:
        sent_before = [step for step in steps if step.sent is not None]
        try:
            await self._drive_again_and_again(device, kind, steps)
        except NoAnswerError as error:
            # Its fate is unknown: reading back tells.
            log.info("%s", error)
        except (DeviceError, ValueError) as error:
            # What was sent before may have arrived, whatever becomes of it now.
            self._note(sent_before, str(error))
            tried = [step for step in self._open(steps) if step not in sent_before]
            await self._tell_apart(device, tried, error)

    async def _drive_again(self, device: Device, kind: type[Point], steps: Sequence[Step]) -> None:
        """What goes wrong now says nothing of what was sent before: only reading back does."""
        try:
            await self._drive_until_accepted(device, kind, steps)
        except (DeviceError, ValueError) as error:
            log.info("%s", error)
            self._note(steps, str(error))

    async def _drive_again_and_again(
        self, device: Device, kind: type[Point], steps: Sequence[Step]
    ) -> None:
        """As long as the scene says that its error is worth another try."""
        pause = SHORTEST_REST
        while True:
            try:
                return await self._drive_until_accepted(device, kind, steps)
            except self.scene.again_after as error:
                if isinstance(error, LinkDownError) and not self._may_come_back(device, error):
                    raise
                log.info("%s: again: %s", device.name, error)
                self._note(steps, str(error))
                await self._clock.sleep(pause)
                pause = min(2 * pause, LONGEST_REST)

    def _may_come_back(self, device: Device, error: LinkDownError) -> bool:
        """Whether a line that is lost on the way is worth waiting for; what was away from the start is not."""
        return isinstance(error, self.scene.again_after) and device.name in self._were_up

    async def _tell_apart(
        self, device: Device, steps: Sequence[Step], error: DeviceError | ValueError
    ) -> None:
        """Of several that were driven together, those before the one that failed may be done."""
        if len(steps) <= 1:
            return self._end_all(steps, error)
        self._note(steps, str(error))
        try:
            said = await _asked(device, steps)
        except DeviceError as unread:
            log.info("%s: %s; %s", device.name, error, unread)
            return None  # reading back goes on
        for step in self._open(steps):
            self._judge(step, said)
        return self._end_all(steps, error)

    async def _drive_until_accepted(
        self, device: Device, kind: type[Point], steps: Sequence[Step]
    ) -> None:
        while steps := self._open(steps):
            await self._look([step.want for step in steps])
            for step in (steps := self._open(steps)):
                if why := self._forbids(step.want):
                    self._end_once(step, Verdict.FAILED, why)
            if not (steps := self._open(steps)):
                return
            sent = self.elapsed
            for step in steps:
                step.sent = sent
                self._changed(self, step)
            try:
                await kind.drive(device, {step.want.point: step.want.value for step in steps})
            except BusyError as error:
                await self._clock.sleep(error.wait)
                continue
            for step in steps:
                step.answered = self.elapsed
            return

    async def _read_back(self, device: Device, steps: Sequence[Step]) -> None:
        again = True
        while steps := self._open(steps):
            try:
                said = await _asked(device, steps)
            except DeviceError as error:
                said = {}
                self._note(steps, str(error))
            for step in self._open(steps):
                self._judge(step, said)
                if step.verdict is None and self._is_overdue(step):
                    self._end(step, *self._last_word(step))
            if not (steps := self._open(steps)):
                return
            await device.hinted(device.settle)
            lost = [step for step in steps if step.answered is None and step.want.kind is Kind.SET]
            if lost and again and device.up:
                # The command or its answer was lost, and what is wanted is harmless twice.
                again = bool(self.scene.again_after)
                await self._drive_again(device, type(lost[0].want.point), lost)

    def _is_overdue(self, step: Step) -> bool:
        """Whether it has had its own time: others wait for it."""
        within = step.want.order.within
        return bool(within) and step.sent is not None and self.elapsed - step.sent > within

    def _judge(self, step: Step, said: Mapping[Point, Reading]) -> None:
        reading = said.get(step.want.point.evidence)
        if reading is None:
            return
        self._note_reading(step, reading)
        if step.want.point.is_right(reading.value, step.want.value):
            step.confirmed = self.elapsed
            self._end(step, Verdict.CONFIRMED)
            return
        step.why = f"reads {reading.value}, wanted {step.want.value}"
        if step.want.kind is Kind.CHECK:
            self._end(step, Verdict.FAILED, step.why)

    async def _hold(self, seconds: float) -> None:
        """Look again and again whether everything stays as wanted."""
        until = self.elapsed + seconds
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.wish and all(step.is_good for step in self.steps):
                    left = until - self.elapsed
                    last = left - LAST_LOOK
                    await self._clock.sleep(
                        min(SAMPLE, last) if last > INSTANT else max(left, INSTANT)
                    )
                    await asyncio.gather(*(self._sample(each) for each in self._held()))
        for step in self.steps:
            told = step.is_good and step.verdict is not Verdict.SENT
            if told and self._age(step) > 2 * SAMPLE + LAST_LOOK:
                why = f"held, and not read for the last {self._age(step):.0f} s"
                self._end(step, Verdict.UNKNOWN, why)

    def _held(self) -> list[str]:
        return sorted(self.scene.devices)

    async def _sample(self, name: str) -> None:
        device = self._devices[name]
        steps = [step for step in self.steps if step.want.device == name]
        try:
            said = await _asked(device, steps)
        except DeviceError as error:
            log.info("%s: not read while held: %s", name, error)
            return
        for step in steps:
            if reading := said.get(step.want.point.evidence):
                self._note_reading(step, reading)
                if not step.want.point.is_right(reading.value, step.want.value):
                    why = f"held {self.elapsed:.0f} s, then reads {reading.value}"
                    self._end(step, Verdict.FAILED, why)

    # Verdicts.

    def _steps(self, wants: Iterable[Want]) -> list[Step]:
        names = {id(want) for want in wants}
        return [step for step in self.steps if id(step.want) in names]

    def _open(self, steps: Iterable[Step]) -> list[Step]:
        return [step for step in steps if step.verdict is None]

    def _note(self, steps: Iterable[Step], why: str) -> None:
        for step in self._open(steps):
            step.why = why

    def _note_reading(self, step: Step, reading: Reading) -> None:
        step.read, step.was_read = reading.value, True
        step.read_at = reading.at - self._began

    def _age(self, step: Step) -> float:
        """Seconds since the last reading."""
        return self.elapsed - (step.read_at or 0.0)

    def _end(self, step: Step, verdict: Verdict, why: str = "") -> None:
        step.verdict, step.why, step.ended = verdict, why, self.elapsed
        target = step.want.target
        if all(other.verdict for other in self.steps if other.want.target == target):
            self._target_ended[target].set()
        self._changed(self, step)
        if verdict in (Verdict.FAILED, Verdict.UNKNOWN):
            self._react(step)

    def _react(self, failed: Step) -> None:
        """Do what the author says that this failure means."""
        meant = failed.want.on_failure or self.scene.on_failure
        if meant.reaction is Reaction.GO_ON or self.wish:
            return
        self.wish = meant
        for step in self._open(self.steps):
            # Ending one may have ended others: what a failure means goes on from step to step.
            if step.sent is None and step.verdict is None:
                self._end(step, Verdict.FAILED, f"not tried: {failed.want.target} {failed.verdict}")
        if meant.reaction is not Reaction.STOP:
            # What is under way is not waited for: it will be returned, or another scene wants it.
            for task in self._running:
                task.cancel()

    def _end_all(self, steps: Collection[Step], error: Exception) -> None:
        for step in self._open(steps):
            self._end_once(step, Verdict.FAILED, str(error))

    def _end_once(self, step: Step, verdict: Verdict, why: str) -> None:
        """End it, unless what the end of another meant has ended it already."""
        if step.verdict is None:
            self._end(step, verdict, why)

    def _close(self) -> None:
        for step in self._open(self.steps):
            self._end_once(step, *self._last_word(step))
        self.verdict = max(
            (step.verdict for step in self.steps if step.verdict),
            key=WORST_LAST.index,
            default=Verdict.SKIPPED,
        )
        if not self.wish and any(True for _ in self.due_retreats):
            self.wish = OnFailure(Reaction.RETURN)
        if self.verdict is Verdict.SKIPPED:
            self.verdict = Verdict.CONFIRMED  # every point was read after the tap, and right
        self.duration = self.elapsed
        self.ended.set()
        self._changed(self, None)

    def _last_word(self, step: Step) -> tuple[Verdict, str]:
        """What becomes of a step whose time is over."""
        end = "before the take was given up" if self.wish else "by the deadline"
        if step.sent is None:
            return Verdict.FAILED, step.why or f"not sent {end}"
        if not step.was_read:
            return Verdict.UNKNOWN, step.why or f"not read back {end}"
        if not step.want.point.tells(step.read):
            return Verdict.UNKNOWN, f"{step.why}: the device does not tell {end}"
        if self._age(step) > OLD:
            why = f"read {step.read} {self._age(step):.1f} s before the end, and not since"
            return Verdict.UNKNOWN, f"{why}: {step.why}"
        return Verdict.FAILED, step.why


async def _asked(device: Device, steps: Iterable[Step]) -> Mapping[Point, Reading]:
    """What the device says of the points of ``steps`` when it is asked now. Raises DeviceError.

    What it said to a command a moment ago is no reading: it may have accepted, and done nothing.
    """
    points = [step.want.point.evidence for step in steps]
    before = {point: device.state.get(point) for point in points}
    await device.read(points)
    after = ((point, device.state.get(point)) for point in points)
    return {point: reading for point, reading in after if reading and reading is not before[point]}

"""Warming a room up: all of it on in order, kept on and looked at, and off again, with a verdict for every device."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import Power, PowerState
from avctl.errors import TakeError
from avctl.room import Change, Room
from avctl.scenes.scene import Want
from avctl.scenes.take import Take
from avctl.warmup.judge import Evidence, Judgement, after_shutting_down, judge
from avctl.warmup.record import UNSEEN, Record, state_of
from avctl.warmup.sampler import Sampler
from avctl.warmup.signs import signs_of_use
from avctl.warmup.switching import Asked, Switching
from avctl.warmup.words import Finding, Phase, Text, span, text

RETRY_AFTER = 60.0  # seconds; tried once more and never again, for the sake of relays and lamps
SAMPLE_EVERY = 30.0  # seconds
BACK_WITHIN = 60.0  # seconds in which devices must be back after an interruption
LONGEST_GAP = 300.0  # seconds of interruption after which nobody knows who uses the room
INSTANT = 1e-6  # seconds


class WarmUp:
    """One warm-up of one room. `run` it once."""

    def __init__(
        self,
        room: Room,
        asked: Asked,
        *,
        identity: str,
        began: datetime | None = None,
        known: Mapping[str, Mapping[str, str]] | None = None,
        zone: tzinfo = UTC,
        changed: Callable[["WarmUp"], None] = lambda warm_up: None,
        sampled: Callable[["WarmUp", Mapping[str, Any]], None] = lambda warm_up, news: None,
    ) -> None:
        """``known``: who the devices said they were before. ``sampled`` gets what is new, to be given to `take_up`.

        Raises TakeError for a room that is not made ready by scenes, or a device to skip that it does not have.
        """
        if room.mains.ready is None:
            raise TakeError(f"{room.name} says nothing of how it is made ready")
        if strange := [name for name in asked.skip if name not in room.devices]:
            raise TakeError(f"no device {strange[0]!r} in {room.name}")
        self.room, self.asked, self.identity = room, asked, identity
        self.began = began or room.clock.wall()
        self.phase = Phase.GETTING_READY
        self.records = {name: self._record(name) for name in room.devices}
        self.events: list[tuple[float, Text]] = []
        self.judgements: dict[str, Judgement] = {}
        self.incomplete: Text | None = None  # why nothing is proven
        self.left_on: Text | None = None  # why the room was not shut down
        self.held_until: float | None = None
        self.ended: float | None = None  # seconds since it began
        self._limits, self._boot = room.mains.ready.limits, room.mains.ready.boot
        self._known, self._zone = known or {}, zone
        self._changed, self._sampled = changed, sampled
        self._switching = Switching(room, asked)
        self._supply = self._switching.supply
        self._work: asyncio.Task[None] | None = None
        self._is_taken_up = False
        self._sampling = asyncio.Lock()
        self._moved = asyncio.Event()  # a device is not as it was
        self._sampler = Sampler(room)
        past = (room.clock.wall() - self.began).total_seconds()
        self._zero = room.clock.now() - max(0.0, past)

    def _record(self, name: str) -> Record:
        mains = self.room.mains
        return Record(
            name,
            switched=name in mains.switched(),
            cuttable=bool(mains.feeding(name)),
            skipped=name in self.asked.skip,
        )

    # How it stands.

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return self.room.clock.now() - self._zero if self.ended is None else self.ended

    @property
    def held_from(self) -> float | None:
        """When the last device that came up was ready; None before the first."""
        ready = [record.ready for record in self._watched if record.ready is not None]
        return max(ready, default=None)

    @property
    def held(self) -> float:
        """Seconds of the hold so far."""
        if self.held_from is None or self.phase in (
            Phase.GETTING_READY,
            Phase.WAITING,
            Phase.TRYING_AGAIN,
        ):
            return 0.0
        until = self.elapsed if self.held_until is None else self.held_until
        return max(0.0, until - self.held_from)

    @property
    def progress(self) -> float:
        """From 0 to 1: getting ready is a quarter of it, and shutting down the last tenth."""
        match self.phase:
            case Phase.GETTING_READY | Phase.WAITING | Phase.TRYING_AGAIN:
                ready = sum(record.is_ready for record in self._watched)
                return 0.25 * ready / max(1, len(self._watched))
            case Phase.HOLDING:
                return 0.25 + 0.65 * min(1.0, self.held / self.asked.hold)
            case Phase.SHUTTING_DOWN:
                return 0.9
            case _:
                return 1.0

    @property
    def is_good(self) -> bool:
        """Whether it is over, complete, and every device can be used."""
        found = self.judgements.values()
        over = self.phase is Phase.ENDED and self.incomplete is None
        return over and all(each.finding.is_good for each in found)

    @property
    def _watched(self) -> list[Record]:
        return [record for record in self.records.values() if not record.skipped]

    def minutes_on(self, name: str) -> float:
        return self.records[name].working(0.0, self.elapsed) / 60

    # Going through it.

    async def run(self) -> None:
        """Ends when the room is off again, or as it was left. A cancelled one can be taken up."""
        leave = self.room.subscribe(self._room_changed)
        self._look_at_all()
        self._changed(self)
        self._work = asyncio.create_task(self._carry_out())
        sampling = asyncio.create_task(self._keep_sampling())
        try:
            await asyncio.wait([self._work])
            if not self._work.cancelled():
                self._work.result()
            self._end()
        finally:
            leave()
            self._work.cancel()
            sampling.cancel()
            await asyncio.gather(self._work, sampling, return_exceptions=True)

    def break_off(self, why: Text) -> None:
        """End it here, incomplete. The room is left as it is."""
        if self.phase is Phase.ENDED or self.incomplete:
            return
        self.incomplete = self.left_on = why
        if self._work:
            self._work.cancel()

    def fail(self, why: Text) -> None:
        """End one whose `run` has failed."""
        self.incomplete = self.incomplete or why
        self.left_on = self.left_on or why
        self._end()

    def take_up(
        self,
        phase: Phase,
        rounds: Sequence[Mapping[str, Any]],
        judged: Mapping[str, Judgement] | None = None,
    ) -> None:
        """Go on where an interrupted one was, before `run`: the clock of the hold goes on.

        ``judged``: the verdicts, where it was shutting down already.
        """
        self.judgements = dict(judged or {})
        self.phase, self._is_taken_up = phase, True
        last = 0.0
        for each in rounds:
            last = float(each["at"])
            for name, news in each["devices"].items():
                if name in self.records:
                    self.records[name].take(news)
        for record in self._watched:
            record.note(last, UNSEEN)
        gap = span(self.elapsed - last)
        self._tell(text(f"服务中断 {gap['zh']}", f"the service was away for {gap['en']}"))
        if self.elapsed - last > LONGEST_GAP:
            self.incomplete = text(f"服务中断 {gap['zh']}", f"the service was away for {gap['en']}")
            self.left_on = text(
                "中断过久，会议室可能有人使用", "away for too long: the room may be in use"
            )
        elif phase is Phase.SHUTTING_DOWN:
            self.held_until = last
        elif phase is not Phase.HOLDING:
            self.incomplete = text("开机过程中服务中断", "interrupted while it was getting ready")

    async def _carry_out(self) -> None:
        if self._is_taken_up:
            await self._until_back()
        else:
            await self._get_ready()
        if not self.incomplete and self.held_until is None:
            await self._hold()
        if not self.judgements:
            self._judge()
        if not self.left_on:
            await self._shut_down()

    def _end(self) -> None:
        if self.incomplete and not self.judgements:
            self._judge()
        self.ended = self.elapsed
        self._enter(Phase.ENDED)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self._changed(self)

    def _tell(self, what: Text) -> None:
        self.events.append((self.elapsed, what))

    # Getting ready.

    async def _get_ready(self) -> None:
        self._note_failures(await self._switching.get_ready())
        await self._until_ready(self._boot - self.elapsed)
        late = [record for record in self._watched if not record.is_ready]
        if late or self._supply.failed():
            await self._try_again(late)

    async def _try_again(self, late: Sequence[Record]) -> None:
        names = ", ".join([*(record.name for record in late), *self._supply.failed()])
        self._tell(
            text(f"未开机：{names};60 秒后重试", f"did not come up: {names}; once more in 60 s")
        )
        self._enter(Phase.WAITING)
        await self.room.clock.sleep(RETRY_AFTER)
        self._enter(Phase.TRYING_AGAIN)
        still = [record for record in late if not record.is_ready]
        for record in still:
            record.retried = True
        targets = {record.name for record in still} | {*self._supply.failed()}
        targets |= {outlet for name in targets for outlet in self._supply.before(name)}
        before = self.elapsed
        take = await self._switching.get_ready(targets)
        self._note_failures(take)
        if take and any(step.sent for step in take.steps):
            await self._until_ready(before + self._boot - self.elapsed)

    def _note_failures(self, take: Take | None) -> None:
        """Keep why the steps of devices failed."""
        for step in take.steps if take else ():
            if record := self.records.get(step.want.target):
                record.why = "" if step.is_good else step.why

    async def _until_ready(self, seconds: float) -> None:
        """Until every device is ready, at most for so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, seconds)):
                while not all(map(self._is_ready_or_dark, self._watched)):
                    self._moved.clear()
                    await self._moved.wait()

    def _is_ready_or_dark(self, record: Record) -> bool:
        """Nobody waits for a device that has no mains."""
        return record.is_ready or bool(self._supply.off_before(record.name))

    async def _until_back(self) -> None:
        """After an interruption: what had come up must be there again, and on where it was to be held."""
        came_up = [record for record in self._watched if record.ready is not None]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BACK_WITHIN):
                while not all(record.is_ready for record in came_up):
                    self._moved.clear()
                    await self._moved.wait()
        lost = ", ".join(record.name for record in came_up if not record.is_ready)
        if lost and self.phase is Phase.HOLDING and not self.incomplete:
            self.incomplete = text(
                f"服务中断后未恢复：{lost}", f"not as before the interruption: {lost}"
            )

    # Holding.

    async def _hold(self) -> None:
        if self.held_from is None:
            self.incomplete = text("没有设备开机", "no device came up")
            return
        self._enter(Phase.HOLDING)
        self._sampler.count()
        # A device that comes up meanwhile has the whole time too.
        while (left := self.held_from + self.asked.hold - self.elapsed) > INSTANT:
            await self.room.clock.sleep(left)
        await self._sample_all()
        self.held_until = self.elapsed

    async def _keep_sampling(self) -> None:
        due = self.elapsed
        while self.phase not in (Phase.SHUTTING_DOWN, Phase.ENDED):
            if self.held_until is None:
                await self._sample_all()
            due += SAMPLE_EVERY
            await self.room.clock.sleep(max(0.0, due - self.elapsed))

    async def _sample_all(self) -> None:
        async with self._sampling:
            await asyncio.gather(
                *(self._sampler.sample(record, self.elapsed) for record in self._watched)
            )
            devices = {record.name: record.news() for record in self._watched}
            self._sampled(self, {"at": self.elapsed, "phase": self.phase.value, "devices": devices})
            self._changed(self)

    # Judging.

    def _judge(self) -> None:
        self.judgements = {name: judge(self._evidence(name)) for name in self.records}
        if self.incomplete:
            # Nothing was held for as long as it should: that nothing was found is no proof.
            proven = {n: j for n, j in self.judgements.items() if j.finding is not Finding.OK}
            self.judgements = proven

    def _evidence(self, name: str) -> Evidence:
        device, record = self.room.devices[name], self.records[name]
        until = self.elapsed if self.held_until is None else self.held_until
        return Evidence(
            record,
            until if self.held_from is None else self.held_from,
            until,
            self._limits,
            up=device.up,
            reason=device.reason,
            since=self._local(device.since),
            shut_out=device.is_shut_out,
            outlets_off=self._supply.off_before(name),
            outlets_failed=self._supply.failed_at(name),
            load=self._supply.load_before(name),
            can_be_asked=any(map(device.can_tell, device.points())),
            unanswered=self._sampler.unanswered(name),
            known=self._known.get(name),
        )

    def _local(self, moment: float) -> str:
        at = self.began + timedelta(seconds=max(moment, self._zero) - self._zero)
        return at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")

    # Shutting down.

    async def _shut_down(self) -> None:
        if self.asked.stay_on:
            self.left_on = text("按要求保持开机", "as was asked for")
            return
        if signs := signs_of_use(self.room):
            self.left_on = text(
                f"会议室在使用：{';'.join(sign['zh'] for sign in signs)}",
                f"the room is in use: {'; '.join(sign['en'] for sign in signs)}",
            )
            return
        self._enter(Phase.SHUTTING_DOWN)
        self._note_failures(await self._switching.shut_down())
        for record in self._watched:
            why = record.why if record.switched else ""
            if record.name in self.judgements:
                before = self.judgements[record.name]
                self.judgements[record.name] = after_shutting_down(before, record, why)

    # Watching.

    def _look_at_all(self) -> None:
        for record in self._watched:
            self._look_at(record)

    def _look_at(self, record: Record) -> None:
        device, was_ready = self.room.devices[record.name], record.ready is not None
        if device.up:
            record.note_identity(device.identity)
        if record.note(self.elapsed, state_of(device, record.switched)):
            self._moved.set()
            if record.ready is not None and not was_ready:
                self._tell(text(f"{record.name} 就绪", f"{record.name} is ready"))
            self._changed(self)

    def _room_changed(self, room: Room, change: Change) -> None:
        device, point = change.device, change.point
        if device and (point is None or isinstance(point, PowerState)):
            record = self.records[device.name]
            if not record.skipped:
                self._look_at(record)
        if change.take and change.step is None:
            self._meddled(change.take)

    def _meddled(self, take: Take) -> None:
        """Somebody else switches off what is to be kept on: then nothing is proven, and the room is theirs."""
        if take in self._switching.takes or self.phase in (Phase.SHUTTING_DOWN, Phase.ENDED):
            return
        if take.verdict is None and any(self._is_taken_from_us(want) for want in take.scene.wants):
            name = take.scene.title
            self.break_off(
                text(f"{take.by} 执行了“{name['zh']}”", f"{take.by} took “{name['en']}”")
            )

    def _is_taken_from_us(self, want: Want) -> bool:
        if isinstance(want.point, Outlet):
            return not want.value
        watched = want.device in self.records and not self.records[want.device].skipped
        return watched and isinstance(want.point, PowerState) and want.value is Power.OFF

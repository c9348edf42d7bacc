"""Warm-ups in the background: begun by hand or by the schedule, on record from the first step to the proof."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from avctl.clock import Clock
from avctl.errors import AvctlError, TakeError
from avctl.room import Room
from avctl.scenes.scene import Priority
from avctl.site import Site
from avctl.warmup import Asked, Phase, Text, WarmUp, signs_of_use
from service.jobs import GoneError, PutOffError, Work
from service.journal import Entry, Journal
from service.operations.warmups.picture import picture_of
from service.operations.warmups.proof import view_of
from service.operations.warmups.proofs import KIND, Open, Proofs
from service.store.kept import Kept, KeptError
from service.views.models import View
from service.views.values import iso
from service.views.warmup import WarmUpChanged, WarmUpView

log = logging.getLogger("avctl.warmups")

HEARD = 30.0  # seconds after a start until every device that is there has told how it stands
TOLD_EVERY = 0.25  # seconds between two messages of one warm-up
STOPPED: Text = {"zh": "被人工中止", "en": "broken off by a person"}

Alarm = Callable[[str, str | None, str, str], None]  # key, room, text zh, text en


class InUseError(TakeError):
    """The room cannot be warmed up now."""

    def __init__(self, why: Sequence[Text]) -> None:
        super().__init__("; ".join(each["en"] for each in why))
        self.zh = ";".join(each["zh"] for each in why)


class Warmups(Proofs):
    """Use it as an async context manager, inside that of the site: interrupted ones are taken up."""

    def __init__(
        self,
        site: Site,
        journal: Journal,
        clock: Clock,
        files: Kept,
        *,
        tell: Callable[[View], None] = lambda message: None,
        alarm: Alarm = lambda key, room, zh, en: None,
        in_use: Callable[[Room], Sequence[Text]] = lambda room: (),
    ) -> None:
        """``in_use`` tells more signs that a room is in use than its devices do: a meeting that was begun."""
        super().__init__(site, journal, files)
        self._site, self._clock = site, clock
        self._tell_all, self._alarm, self._in_use = tell, alarm, in_use
        self._running: dict[str, tuple[WarmUp, asyncio.Task[None]]] = {}  # by room
        self._opened = 0.0
        self._due: dict[str, asyncio.TimerHandle] = {}  # messages to be sent, by run

    async def __aenter__(self) -> "Warmups":
        await self.open()
        self._opened = self._clock.now()
        for run, interrupted in list(self._open.items()):
            self._take_up(run, interrupted)
        return self

    async def __aexit__(self, *exc: object) -> None:
        tasks = [task for _, task in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for timer in self._due.values():
            timer.cancel()
        self.close()

    # Doing it.

    def view(self, made: WarmUp) -> WarmUpView:
        return view_of(made)

    def under_way(self, room: Room) -> WarmUpView | None:
        made = self.running(room)
        return view_of(made) if made else None

    def running(self, room: Room) -> WarmUp | None:
        found = self._running.get(room.name)
        return found[0] if found else None

    def hindrances(self, room: Room) -> list[Text]:
        """Why a warm-up may not begin now."""
        if room.name in self._running:
            return [{"zh": "该会议室正在预热", "en": "a warm-up is under way in this room"}]
        return [*signs_of_use(room), *self._in_use(room)]

    async def start(self, room: Room, asked: Asked, *, during_meeting: bool = False) -> WarmUp:
        """Raises TakeError where the room is in use or says nothing of being made ready, and JournalError."""
        hindrances = self.hindrances(room)
        if hindrances and (room.name in self._running or not during_meeting):
            raise InUseError(hindrances)
        identity = str(UUID(int=self._clock.rng.getrandbits(128), version=4))
        made = self._made(room, asked, identity, None)
        # Before anything is awaited: the room is taken.
        begun = asyncio.Event()
        self._run_in_background(made, begun)
        data = {"event": "begun", "run": identity, **_asked(asked)}
        try:
            await self.write(KIND, data, room=room.name, by=asked.by)
        except BaseException:
            self._running.pop(room.name)[1].cancel()
            raise
        begun.set()
        return made

    async def ended(self, made: WarmUp) -> None:
        """Until its proof is on record."""
        if made.room.name in self._running and self._running[made.room.name][0] is made:
            await asyncio.wait([self._running[made.room.name][1]])

    def break_off(self, room: Room, run: str, by: str) -> WarmUp:
        """End it incomplete; the room is left as it is. Raises KeyError."""
        made = self.running(room)
        if made is None or made.identity != run:
            raise KeyError(run)
        made.break_off({"zh": f"{STOPPED['zh']}:{by}", "en": f"{STOPPED['en']}: {by}"})
        return made

    async def accept(self, room: Room, device: str, by: str) -> None:
        """The device that is there now is the right one. Raises JournalError."""
        identity = dict(room.devices[device].identity)
        data = {"event": "accepted", "room": room.name, "device": device, "identity": identity}
        await self.write(KIND, data, room=room.name, by=by)

    async def do(self, work: Work) -> str:
        """The schedule's warm-up. Raises PutOffError while the room is in use."""
        room = self._site.rooms[work.room or ""]
        if self._clock.now() - self._opened < HEARD:
            raise PutOffError(
                "the service has just started, and does not know yet which rooms are in use"
            )
        if hindrances := self.hindrances(room):
            raise PutOffError(str(InUseError(hindrances)))
        ready = room.mains.ready
        hold = float(work.arguments.get("hold", ready.hold if ready else 600.0))
        stay_on = bool(work.arguments.get("stay_on", False))
        skip = tuple(work.arguments.get("skip", ()))
        asked = Asked(work.by, hold, stay_on, skip, Priority.SCHEDULE)
        work.progress(0.0, Phase.GETTING_READY.value)
        made = await self.start(room, asked)
        await self._follow(made, work)
        return _outcome(view_of(made))

    async def go_on(self, work: Work) -> str:
        """Until the warm-up has ended that an earlier service began for this run. Raises GoneError without one."""
        room, since = self._site.rooms[work.room or ""], iso(work.claimed)
        made = self.running(room)
        for proof in self._proofs.get(room.name, ()):
            if proof.began >= since:
                return _outcome(proof)
        if made is None or iso(made.began) < since:
            raise GoneError("the service was stopped, and no warm-up went on")
        await self._follow(made, work)
        return _outcome(view_of(made))

    async def _follow(self, made: WarmUp, work: Work) -> None:
        _, task = self._running[made.room.name]
        while not task.done():
            await asyncio.wait([task], timeout=5.0)
            work.progress(made.progress, made.phase.value)

    def _made(self, room: Room, asked: Asked, identity: str, began: datetime | None) -> WarmUp:
        phases: list[Phase] = []

        def changed(made: WarmUp) -> None:
            if made.phase is not Phase.ENDED and phases[-1:] != [made.phase]:
                if phases:
                    judged = {name: each.plain() for name, each in made.judgements.items()}
                    data = {
                        "event": "phase", "run": identity, "phase": made.phase.value, "judged": judged,
                    }  # fmt: skip
                    self._journal.note(KIND, data, room=room.name, by=asked.by)
                phases.append(made.phase)
            self._tell_soon(made)

        def sampled(made: WarmUp, news: Mapping[str, Any]) -> None:
            data = {"event": "sample", "run": identity, **news}
            self._journal.note(KIND, data, room=room.name, by=asked.by)

        return WarmUp(
            room, asked, identity=identity, began=began, known=self.known(room.name),
            zone=self.zone, changed=changed, sampled=sampled,
        )  # fmt: skip

    def _run_in_background(self, made: WarmUp, begun: asyncio.Event) -> None:
        task = asyncio.create_task(self._run(made, begun))
        self._running[made.room.name] = made, task

    async def _run(self, made: WarmUp, begun: asyncio.Event) -> None:
        await begun.wait()
        try:
            await made.run()
        except Exception as error:
            log.exception("a warm-up failed")
            why = f"{type(error).__name__}: {error}"
            made.fail({"zh": f"程序错误：{why}", "en": f"a fault in the program: {why}"})
        except asyncio.CancelledError:
            self._running.pop(made.room.name, None)
            raise  # it is open in the journal, and taken up when the service is back
        await self._end(made)

    async def _end(self, made: WarmUp) -> None:
        room = made.room.name
        view = view_of(made)
        try:
            picture = await self._files.put(picture_of(view, self.zone).encode())
            view = view.model_copy(update={"picture": picture})
        except KeptError as error:
            log.error("the picture of a warm-up: %s", error)
        data = {"event": "ended", "run": made.identity, "proof": view.model_dump()}
        self._journal.note(KIND, data, room=room, by=made.asked.by)
        self._running.pop(room, None)
        self._tell_all(WarmUpChanged(room=room, warm_up=view))
        self._raise(view)

    def _raise(self, view: WarmUpView) -> None:
        name = view.title
        if view.incomplete:
            why = view.incomplete
            self._alarm(
                f"warm-up/{view.room}", view.room,
                f"{name.zh}预热未完成：{why.zh}", f"{name.en}: warm-up incomplete: {why.en}",
            )  # fmt: skip
        for device in view.devices:
            if device.good is False and device.words:
                zh = ";".join([device.words.zh, *(remark.zh for remark in device.remarks)])
                en = "; ".join([device.words.en, *(remark.en for remark in device.remarks)])
                self._alarm(
                    f"warm-up/{view.room}/{device.device}", view.room,
                    f"{name.zh} {device.title.zh} 预热：{zh}", f"{name.en} {device.title.en}: {en}",
                )  # fmt: skip

    def _take_up(self, run: str, interrupted: Open) -> None:
        entry, room = interrupted.entry, self._site.rooms.get(interrupted.entry.room or "")
        try:
            if room is None:
                raise TakeError("the room is not here any more")
            asked = _asked_again(entry)
            made = self._made(room, asked, run, datetime.fromisoformat(entry.at))
        except (TakeError, KeyError, ValueError) as error:
            log.error("warm-up %s cannot be taken up: %s", run, error)
            self._open.pop(run, None)
            return
        made.take_up(interrupted.phase, interrupted.rounds, interrupted.judged)
        begun = asyncio.Event()
        begun.set()
        self._run_in_background(made, begun)

    # Telling.

    def _tell_soon(self, made: WarmUp) -> None:
        if made.identity not in self._due:
            self._due[made.identity] = self._clock.later(TOLD_EVERY, lambda: self._tell(made))

    def _tell(self, made: WarmUp) -> None:
        self._due.pop(made.identity, None)
        if made.phase is not Phase.ENDED:
            self._tell_all(WarmUpChanged(room=made.room.name, warm_up=view_of(made)))


def _outcome(proof: WarmUpView) -> str:
    """In a line, for the schedule. Raises AvctlError for an incomplete one."""
    if proof.incomplete:
        raise AvctlError(f"incomplete: {proof.incomplete.en}")
    bad = [f"{each.device}: {each.finding}" for each in proof.devices if each.good is False]
    return "; ".join(bad) or f"held for {proof.held / 60:.1f} min"


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "hold": asked.hold,
        "stay_on": asked.stay_on,
        "skip": list(asked.skip),
        "priority": asked.priority.name.lower(),
    }


def _asked_again(entry: Entry) -> Asked:
    data = entry.data
    priority = Priority[data["priority"].upper()]
    return Asked(entry.by or "", data["hold"], data["stay_on"], tuple(data["skip"]), priority)

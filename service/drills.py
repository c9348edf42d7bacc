"""Drills: changeovers rehearsed in the background, and their records."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from avctl.clock import Clock
from avctl.drill import Rehearsal, drill, record, signs_of_a_meeting
from avctl.errors import TakeError
from avctl.room import Room
from service.journal import Entry, Journal
from service.views import DrillView, RehearsalView, run_view
from service.views.values import iso

log = logging.getLogger("avctl.drills")

KEPT = 50  # records told


@dataclass(eq=False, slots=True)
class Drill:
    """One drill, under way or over."""

    identity: str
    room: Room
    by: str
    pairs: Sequence[str]
    began: datetime
    ended: datetime | None = None
    why: str = ""  # it was broken off
    rehearsals: list[Rehearsal] = field(default_factory=list)

    @property
    def state(self) -> Literal["running", "good", "bad", "broken-off"]:
        if self.ended is None:
            return "running"
        if self.why:
            return "broken-off"
        return "good" if all(each.is_good for each in self.rehearsals) else "bad"


class Drills:
    """Use it as an async context manager: what still runs at its end is broken off."""

    def __init__(
        self, journal: Journal, clock: Clock, meeting: Callable[[str], object] = lambda room: None
    ) -> None:
        """``meeting``: what is on in a room, if anything."""
        self._journal, self._clock, self._meeting = journal, clock, meeting
        self._running: dict[str, tuple[Drill, asyncio.Task[None]]] = {}  # by room

    async def __aenter__(self) -> "Drills":
        return self

    async def __aexit__(self, *exc: object) -> None:
        tasks = [task for _, task in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def start(self, room: Room, pairs: Sequence[str], by: str, *, during_meeting: bool) -> Drill:
        """Raises TakeError for an unknown pair, where a meeting may be on, and while another drill runs."""
        if room.name in self._running:
            raise TakeError("a drill is under way in this room")
        chosen = [room.pairs.find(name).name for name in pairs] or list(room.pairs.by_name)
        if not chosen:
            raise TakeError(f"{room.name} has no pairs")
        if not during_meeting and self._meeting(room.name):
            raise TakeError(f"no drill in {room.name}: a meeting is on")
        if not during_meeting and (open_now := signs_of_a_meeting(room)):
            raise TakeError(f"no drill while {', '.join(open_now)} is open: a meeting may be on")
        identity = str(UUID(int=self._clock.rng.getrandbits(128), version=4))
        made = Drill(identity, room, by, chosen, self._clock.wall())
        self._journal.note("drill", {"event": "begun", **_brief(made)}, room=room.name, by=by)
        task = asyncio.create_task(self._run(made, during_meeting=during_meeting))
        self._running[room.name] = made, task
        return made

    async def _run(self, made: Drill, *, during_meeting: bool) -> None:
        made.why = "the service was stopped"
        try:
            made.rehearsals = await drill(
                made.room, made.pairs, by=made.by, during_meeting=during_meeting
            )
            made.why = ""
        except TakeError as error:
            made.why = str(error)
        except Exception as error:
            log.exception("a drill failed")
            made.why = f"{type(error).__name__}: {error}"
        finally:
            made.ended = self._clock.wall()
            self._running.pop(made.room.name, None)
            data = {"event": "ended", **drill_view(made).model_dump()}
            self._journal.note("drill", data, room=made.room.name, by=made.by)

    async def records(self, room: Room) -> list[DrillView]:
        """Newest first. Raises JournalError."""
        entries = await self._journal.latest(("drill",), 2 * KEPT, room.name)
        ended = [_read(entry) for entry in entries if entry.data.get("event") == "ended"]
        running = [drill_view(made) for made, _ in self._running.values() if made.room is room]
        return [*running, *(view for view in reversed(ended) if view)]


def _brief(made: Drill) -> dict[str, object]:
    return {"drill": made.identity, "pairs": list(made.pairs)}


def drill_view(made: Drill) -> DrillView:
    return DrillView(
        drill=made.identity,
        room=made.room.name,
        by=made.by,
        began=iso(made.began),
        ended=iso(made.ended) if made.ended else None,
        pairs=list(made.pairs),
        state=made.state,
        why=made.why if made.ended else "",
        rehearsals=[
            RehearsalView(
                pair=each.pair,
                good=each.is_good,
                there=run_view(made.room, each.there),
                back=run_view(made.room, each.back),
            )
            for each in made.rehearsals
        ],
        record=record(made.room, made.rehearsals) if made.rehearsals else "",
    )


def _read(entry: Entry) -> DrillView | None:
    try:
        return DrillView.model_validate(entry.data)
    except ValueError:
        return None  # of a version that told less

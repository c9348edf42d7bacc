"""What begins and ends meetings by itself: the calendar, and the calls of the rooms' terminals."""

import asyncio
import logging
from asyncio import TimerHandle
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from avctl.capabilities.terminal import Call, CallState
from avctl.clock import Clock
from avctl.room import Change, Room
from avctl.site import Site
from service.journal import JournalError
from service.operations.agenda import Agenda, AgendaError, Planned, read_agenda
from service.operations.errors import ConflictError
from service.operations.meetings import Meeting, Meetings, Source

log = logging.getLogger("avctl.meetings")

LOOK = 60.0  # seconds between two looks at the calendar
AHEAD = timedelta(hours=24)  # worked out at a time
HUNG_UP = 60.0  # seconds without a call after which its meeting is over
LARGEST = 8 * 1024 * 1024  # bytes of a calendar
IN_CALL = (CallState.CONNECTED, CallState.HELD)

Alarm = Callable[[str, str], None]  # name of the calendar, what is wrong with it; empty: nothing


@dataclass(eq=False, slots=True)
class CalendarFile:
    """A calendar as it was last good."""

    name: str
    path: Path
    room: str | None  # None: its events name theirs as location
    stamp: tuple[int, int] = (0, 0)
    agenda: Agenda | None = None


class MeetingWatch:
    """Use it as an async context manager."""

    def __init__(
        self,
        site: Site,
        meetings: Meetings,
        clock: Clock,
        *,
        alarm: Alarm = lambda name, reason: None,
    ) -> None:
        self._site, self._meetings, self._clock, self._alarm = site, meetings, clock, alarm
        self._zone = ZoneInfo(site.file.timezone if site.file else "UTC")
        self._files = _files(site)
        self._coming: list[tuple[str, Planned]] = []
        self._worked_out: datetime | None = None  # up to when
        self._hanging_up: dict[str, TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._leave: list[Callable[[], None]] = []

    async def __aenter__(self) -> "MeetingWatch":
        self._leave = [room.subscribe(self._changed) for room in self._site.rooms.values()]
        for room in self._site.rooms.values():
            self._follow_call(room)
        if self._files:
            self._spawn(self._keep_looking())
        return self

    async def __aexit__(self, *exc: object) -> None:
        for leave in self._leave:
            leave()
        for timer in self._hanging_up.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def planned(self, since: datetime, until: datetime) -> list[tuple[str, Planned]]:
        """What the calendars plan, by room, in order."""
        found = [
            (room, planned)
            for file in self._files
            if file.agenda
            for planned in file.agenda.between(since, until)
            if (room := file.room or self._room_of(planned.location))
        ]
        return sorted(found, key=lambda item: (item[1].starts, item[0]))

    # The calendar.

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the calendar")
            await self._clock.sleep(self._until_next())

    def _until_next(self) -> float:
        """Seconds until something begins or ends, at most `LOOK`."""
        now = self._clock.wall()
        times = (at for _, planned in self._coming for at in (planned.starts, planned.ends))
        waits = [(at - now).total_seconds() for at in times if at > now]
        return max(0.001, min([*waits, LOOK]))

    async def look(self) -> None:
        """Read again what was changed; begin and end what is due."""
        changed = [await self._read(file) for file in self._files]
        now = self._clock.wall()
        if any(changed) or self._worked_out is None or now >= self._worked_out:
            self._worked_out = now + AHEAD / 2
            self._coming = self.planned(now, now + AHEAD)
        on = {
            (room, each.key): each for room, each in self._coming if each.starts <= now < each.ends
        }
        for room in self._site.rooms:
            if all(file.agenda for file in self._files if file.room in (None, room)):
                await self._end_planned(room, {key for of, key in on if of == room})
        for (room, key), each in on.items():
            if not self._meetings.live(room) and not self._meetings.has_begun(room, key):
                await self._begin(room, "calendar", each)

    async def _end_planned(self, room: str, on: set[str]) -> None:
        live = self._meetings.live(room)
        if live and live.source == "calendar" and live.key not in on:
            await self._end(room, "calendar", "as planned")

    async def _read(self, file: CalendarFile) -> bool:
        """Whether it is another than before."""
        try:
            read = await asyncio.to_thread(_read_changed, file.path, file.stamp, self._zone)
        except (OSError, AgendaError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._alarm(file.name, f"{file.path.name}: {reason}")
            return False
        if read is not None:
            file.stamp, file.agenda = read
            self._alarm(file.name, "")
        return read is not None

    def _room_of(self, location: str) -> str | None:
        for name, room in self._site.rooms.items():
            title = room.file.title
            if location and location in (name, title.zh, title.en):
                return name
        return None

    # Calls.

    def _changed(self, room: Room, change: Change) -> None:
        if isinstance(change.point, Call):
            self._follow_call(room)

    def _follow_call(self, room: Room) -> None:
        calls = _calls(room)
        live = self._meetings.live(room.name)
        if any(call in IN_CALL for call in calls):
            if timer := self._hanging_up.pop(room.name, None):
                timer.cancel()
            if live is None:
                self._spawn(self._begin(room.name, "call"))
        elif self._is_over(live, calls) and room.name not in self._hanging_up:
            self._hanging_up[room.name] = self._clock.later(HUNG_UP, lambda: self._hung_up(room))

    def _is_over(self, live: Meeting | None, calls: list[CallState]) -> bool:
        return bool(live and live.source == "call" and calls and set(calls) == {CallState.IDLE})

    def _hung_up(self, room: Room) -> None:
        del self._hanging_up[room.name]
        live = self._meetings.live(room.name)
        if live and live.source == "call":
            self._spawn(self._end(room.name, "call", "the call is over"))

    # Both.

    async def _begin(self, room: str, source: Source, planned: Planned | None = None) -> None:
        try:
            await self._meetings.begin(
                room,
                source,
                title=planned.title if planned else "",
                source=source,
                planned=planned.ends if planned else None,
                key=planned.key if planned else "",
            )
        except (ConflictError, JournalError) as error:
            log.warning("the meeting of %s: %s", room, error)

    async def _end(self, room: str, by: str, why: str) -> None:
        if live := self._meetings.live(room):
            try:
                await self._meetings.end(live, by, why)
            except JournalError as error:
                log.warning("the meeting of %s: %s", room, error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _calls(room: Room) -> list[CallState]:
    return [
        device.state[point].value
        for device in room.devices.values()
        for point in device.state
        if isinstance(point, Call) and device.up
    ]


def _files(site: Site) -> list[CalendarFile]:
    if site.file is None or site.path is None or not site.file.calendar:
        return []
    folder = site.path if site.path.is_dir() else site.path.parent
    named = site.file.calendar
    by_room: dict[str | None, str] = (
        {None: named} if isinstance(named, str) else dict(named.items())
    )
    return [
        CalendarFile(room or "site", folder / path, room)
        for room, path in by_room.items()
        if room is None or room in site.rooms
    ]


def _read_changed(
    path: Path, stamp: tuple[int, int], zone: ZoneInfo
) -> tuple[tuple[int, int], Agenda] | None:
    """None where it is as it was."""
    found = path.stat()
    now = (found.st_mtime_ns, found.st_size)
    if now == stamp:
        return None
    if found.st_size > LARGEST:
        raise AgendaError(f"larger than {LARGEST} bytes")
    return now, read_agenda(path.read_bytes(), zone)

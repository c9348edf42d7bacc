"""The rule that a grave alarm opens an incident."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from avctl.config import AlertsFile
from avctl.errors import AvctlError
from service.alerts.alarms import Alarm, Alarms, Event, is_as_grave
from service.journal import JournalError
from service.operations.incidents import Incidents, Report
from service.operations.meetings import Meeting

log = logging.getLogger("avctl.alerts")


class IncidentRule:
    """Use it as an async context manager, after alarms and incidents are open."""

    def __init__(
        self,
        alarms: Alarms,
        incidents: Incidents,
        meeting: Callable[[str], Meeting | None],
        rules: AlertsFile,
    ) -> None:
        """``meeting``: what is on in a room."""
        self._alarms, self._incidents, self._meeting, self._rules = (
            alarms, incidents, meeting, rules,
        )  # fmt: skip
        self._turn = asyncio.Lock()  # one after the other, so that an alarm opens one incident
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "IncidentRule":
        self._alarms.listeners.append(self._told)
        # Those that the end of the service kept from opening one.
        for alarm in self._alarms.active():
            if self._is_grave(alarm) and self._incidents.about(alarm.identity) is None:
                self._spawn(self._open(alarm, alarm.identity))
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._alarms.listeners.remove(self._told)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _told(self, alarm: Alarm, event: Event, seq: int) -> None:
        if event == "cleared":
            self._spawn(self._link(alarm, seq))
        elif event in ("raised", "again") and self._is_grave(alarm):
            self._spawn(self._open(alarm, seq))

    def _is_grave(self, alarm: Alarm) -> bool:
        least = self._rules.incidents
        return least != "never" and is_as_grave(alarm.severity, least)

    async def _open(self, alarm: Alarm, seq: int) -> None:
        if self._incidents.of_alarm(alarm.key):
            await self._link(alarm, seq)
            return
        meeting = self._meeting(alarm.room) if alarm.room else None
        report = Report(
            room=alarm.room,
            device=alarm.device,
            signs=alarm.text["zh"],
            text=dict(alarm.text),
            severity=alarm.severity,
            source="alarm",
            alarm=alarm.key,
            meeting=meeting.identity if meeting else None,
            seqs=tuple(alarm.seqs),
        )
        await self._incidents.open_one(report, "service")

    async def _link(self, alarm: Alarm, seq: int) -> None:
        if incident := self._incidents.of_alarm(alarm.key):
            await self._incidents.link(incident, "service", [seq])

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._in_turn(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _in_turn(self, work: Coroutine[Any, Any, None]) -> None:
        async with self._turn:
            try:
                await work
            except (JournalError, AvctlError) as error:
                log.warning("the incident of an alarm: %s", error)

"""Alarms: which stand, who has seen them, and which there were."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, get_args

from avctl.config import AlertsFile, Severity
from service.journal import Entry, Journal
from service.operations.errors import ConflictError
from service.operations.projection import Projection
from service.views.values import iso

log = logging.getLogger("avctl.alerts")

Text = Mapping[str, str]  # language code → text
Event = Literal["raised", "again", "cleared", "acknowledged"]

KIND, TOLD = "alarm", "alert"  # entries of what stands, and of who was told
GRAVITY: tuple[Severity, ...] = get_args(Severity)  # from the least grave on


def is_as_grave(severity: Severity, least: Severity) -> bool:
    return GRAVITY.index(severity) >= GRAVITY.index(least)


@dataclass(eq=False, slots=True)
class Alarm:
    """One alarm from its raising to its end; its identity is the number of the journal's entry that raised it."""

    identity: int
    key: str  # what it is about: device/19/matrix
    room: str | None
    device: str
    severity: Severity
    text: dict[str, str]
    lasts: bool  # else it tells of what happened once, and is over when somebody has seen it
    since: str  # when what it tells of began
    raised: str
    times: int = 1
    seqs: list[int] = field(default_factory=list)  # the journal's entries of it
    acknowledged: str = ""
    acknowledged_by: str = ""
    remark: str = ""
    cleared: str = ""
    told: set[str] = field(default_factory=set)  # the channels that have taken it

    @property
    def is_active(self) -> bool:
        return not self.cleared and (self.lasts or not self.acknowledged)


Listener = Callable[[Alarm, Event, int], object]  # gets the number of the entry too


class Alarms(Projection):
    """All alarms on record. At most one of a key is active."""

    kinds: ClassVar[frozenset[str]] = frozenset({KIND, TOLD})

    def __init__(self, journal: Journal, rules: AlertsFile) -> None:
        super().__init__(journal)
        self.by_identity: dict[int, Alarm] = {}
        self.listeners: list[Listener] = []  # told of what is new, not of what is read again
        self._rules = rules
        self._active: dict[str, Alarm] = {}
        self._is_open = False

    async def open(self) -> None:
        await super().open()
        self._is_open = True

    def close(self) -> None:
        self._is_open = False
        super().close()

    def active(self) -> list[Alarm]:
        """The gravest first, of those the newest."""
        found = self._active.values()
        return sorted(found, key=lambda each: (-GRAVITY.index(each.severity), -each.identity))

    def of(self, key: str) -> Alarm | None:
        """The one that stands."""
        return self._active.get(key)

    def newest(self, room: str | None = None, before: int | None = None) -> Iterator[Alarm]:
        for identity in sorted(self.by_identity, reverse=True):
            alarm = self.by_identity[identity]
            if (before is None or identity < before) and room in (None, alarm.room):
                yield alarm

    # Commands. Raising and clearing wait for nothing: that the journal cannot be written is an alarm too.

    def raise_one(
        self,
        key: str,
        room: str | None,
        text: Text,
        severity: Severity = "warning",
        *,
        device: str = "",
        lasts: bool = True,
        since: datetime | None = None,
    ) -> None:
        """Raise it, or say anew what stands already. How grave it is, the site's rules may know better."""
        severity = self.severity(key, severity)
        before = self.of(key)
        if before and lasts and (before.severity, before.text) == (severity, dict(text)):
            return
        data = {
            "event": "raised",
            "alarm": key,
            "severity": severity,
            "text": dict(text),
            "device": device,
            "lasts": lasts,
            "since": iso(since) if since else "",
        }
        self._journal.note(KIND, data, room=room, by="service")

    def clear(self, key: str, why: str = "") -> None:
        """What it tells of is over. Harmless where none stands."""
        if alarm := self.of(key):
            data = {"event": "cleared", "alarm": key, "of": alarm.identity, "why": why}
            self._journal.note(KIND, data, room=alarm.room, by="service")

    async def acknowledge(self, alarm: Alarm, by: str, remark: str = "") -> None:
        """Somebody has seen it. Raises ConflictError when it is over or was seen before, JournalError."""
        if not alarm.is_active or alarm.acknowledged:
            state = "acknowledged already" if alarm.is_active else "over"
            raise ConflictError(f"alarm {alarm.identity} is {state}")
        data = {
            "event": "acknowledged", "alarm": alarm.key, "of": alarm.identity, "remark": remark,
        }  # fmt: skip
        await self.write(KIND, data, room=alarm.room, by=by)

    def severity(self, key: str, otherwise: Severity) -> Severity:
        """By the site's rules: the longest name that ``key`` begins with counts."""
        found = longest(self._rules.severity, key)
        return otherwise if found is None else self._rules.severity[found]

    # From the journal.

    def apply(self, entry: Entry) -> None:
        if entry.kind == TOLD:
            self._was_told(entry.data)
            return
        key, event = str(entry.data.get("alarm", "")), entry.data.get("event")
        alarm = self._active.get(key)
        match event:
            case "raised" if alarm is None:
                alarm = self.by_identity[entry.seq] = self._active[key] = _raised(entry, key)
                self._tell(alarm, "raised", entry.seq)
            case "raised" if alarm:
                _again(alarm, entry)
                self._tell(alarm, "again", entry.seq)
            case "cleared" | "acknowledged" if alarm:
                _went_on(alarm, entry)
                if not alarm.is_active:
                    del self._active[key]
                self._tell(alarm, event, entry.seq)

    def _was_told(self, data: Mapping[str, Any]) -> None:
        if data.get("event") != "sent":
            return
        for number in data.get("alarms", ()):
            if alarm := self.by_identity.get(number):
                alarm.told.add(str(data.get("channel")))

    def _tell(self, alarm: Alarm, event: Event, seq: int) -> None:
        for listener in self.listeners if self._is_open else ():
            try:
                listener(alarm, event, seq)
            except Exception:
                log.exception("a listener of the alarms failed")


def longest(named: Mapping[str, Any], key: str) -> str | None:
    """The longest of the names that is ``key`` or a beginning of it, by its parts."""
    parts = key.split("/")
    beginnings = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((each for each in beginnings if each in named), None)


def _raised(entry: Entry, key: str) -> Alarm:
    data = entry.data
    return Alarm(
        identity=entry.seq,
        key=key,
        room=entry.room,
        device=str(data.get("device", "")),
        severity=_severity(data),
        text=_text(data),
        lasts=data.get("lasts") is True,
        since=str(data.get("since") or entry.at),
        raised=entry.at,
        seqs=[entry.seq],
    )


def _again(alarm: Alarm, entry: Entry) -> None:
    alarm.times += 1
    alarm.seqs.append(entry.seq)
    if alarm.severity != (severity := _severity(entry.data)):
        # What was seen when it was less grave is to be seen again.
        alarm.acknowledged = alarm.acknowledged_by = alarm.remark = ""
    alarm.severity, alarm.text = severity, _text(entry.data)


def _went_on(alarm: Alarm, entry: Entry) -> None:
    alarm.seqs.append(entry.seq)
    if entry.data.get("event") == "cleared":
        alarm.cleared = entry.at
    else:
        alarm.acknowledged, alarm.acknowledged_by = entry.at, entry.by or ""
        alarm.remark = str(entry.data.get("remark", ""))


def _severity(data: Mapping[str, Any]) -> Severity:
    said = data.get("severity")
    return said if said in GRAVITY else "warning"


def _text(data: Mapping[str, Any]) -> dict[str, str]:
    said = data.get("text")
    if not isinstance(said, Mapping):
        return {"zh": str(said), "en": str(said)}
    return {language: str(said.get(language, "")) for language in ("zh", "en")}

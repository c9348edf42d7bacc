"""Changeovers of pairs, drills, alarms, emergencies, and what was changed from outside."""

from service.journal import Entry
from service.operations.reports.evidence import Evidence
from service.operations.reports.facts.fact import Fact, Frame

Place = tuple[str, str]  # room, and what in it


class EventFacts(Fact):
    kinds = frozenset({"pair", "drill", "alarm", "incident", "outside"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.changeovers = frame.evidence()
        self.to_backup = frame.evidence()
        self.dead = frame.evidence()  # sides of pairs that were thought dead
        self.drills = frame.evidence()
        self.good_drills = frame.evidence()
        self.alarms = frame.evidence()
        self.emergencies = frame.evidence()
        self.outside = frame.evidence()
        self.by_pair: dict[Place, list[Evidence]] = {}  # changeovers, to backup, dead
        self.by_alarm: dict[str, dict[Place, Evidence]] = {}  # severity → room, key
        self.by_room: dict[str, dict[str, Evidence]] = {}  # room → what of this
        self.alarm_texts: dict[Place, dict[str, str]] = {}

    def take(self, entry: Entry) -> None:
        event = entry.data.get("event")
        match entry.kind:
            case "pair" if event == "change-over":
                self._pair(entry, 0, self.changeovers)
                if entry.data.get("to") == "backup":
                    self._pair(entry, 1, self.to_backup)
            case "pair" if event == "health" and entry.data.get("fitness") == "dead":
                self._pair(entry, 2, self.dead)
            case "drill" if event == "ended":
                self._count(entry, "drills", self.drills)
                if entry.data.get("state") == "good":
                    self.good_drills.add(entry.seq)
            case "alarm" if event == "raised":
                self._alarm(entry)
            case "incident":
                self._count(entry, "emergencies", self.emergencies)
            case "outside":
                self._count(entry, "outside", self.outside)

    def of_room(self, room: str, what: str) -> Evidence:
        return self.by_room.get(room, {}).get(what) or self.frame.evidence()

    def _count(self, entry: Entry, what: str, whole: Evidence) -> None:
        whole.add(entry.seq)
        of_room = self.by_room.setdefault(entry.room or "", {})
        if what not in of_room:
            of_room[what] = self.frame.evidence()
        of_room[what].add(entry.seq)

    def _pair(self, entry: Entry, place: int, whole: Evidence) -> None:
        key = (entry.room or "", str(entry.data.get("pair", "")))
        if key not in self.by_pair:
            self.by_pair[key] = [self.frame.evidence() for _ in range(3)]
        self.by_pair[key][place].add(entry.seq)
        self._count(entry, ("changeovers", "to-backup", "dead")[place], whole)

    def _alarm(self, entry: Entry) -> None:
        self._count(entry, "alarms", self.alarms)
        severity = str(entry.data.get("severity", "warning"))
        key = (entry.room or "", str(entry.data.get("alarm") or entry.data.get("key") or ""))
        alarms = self.by_alarm.setdefault(severity, {})
        if key not in alarms:
            alarms[key] = self.frame.evidence()
        alarms[key].add(entry.seq)
        text = entry.data.get("text")
        if isinstance(text, dict):
            self.alarm_texts[key] = {"zh": str(text.get("zh", "")), "en": str(text.get("en", ""))}

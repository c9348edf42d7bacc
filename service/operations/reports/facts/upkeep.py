"""Warm-ups and inspections, as their entries tell them."""

from dataclasses import dataclass, field

from service.journal import Entry
from service.operations.reports.facts.fact import Fact, Frame
from service.views.warmup import WarmUpView


@dataclass(frozen=True, slots=True)
class WarmedUp:
    proof: WarmUpView
    seqs: tuple[int, ...]  # of its beginning and its end

    @property
    def bad(self) -> int:
        return sum(device.good is False for device in self.proof.devices)


class WarmUpFacts(Fact):
    """A warm-up belongs to when it ended."""

    kinds = frozenset({"warm-up"})

    def __init__(self, frame: Frame, run: str | None = None) -> None:
        """``run``: this one only."""
        super().__init__(frame)
        self._run = run
        self._begun: dict[str, int] = {}
        self.ended: list[WarmedUp] = []

    def take(self, entry: Entry) -> None:
        run = str(entry.data.get("run", ""))
        if self._run not in (None, run):
            return
        match entry.data.get("event"):
            case "begun":
                self._begun[run] = entry.seq
            case "ended":
                begun = self._begun.pop(run, None)
                seqs = (entry.seq,) if begun is None else (begun, entry.seq)
                proof = WarmUpView.model_validate(entry.data["proof"])
                self.ended.append(WarmedUp(proof, seqs))


@dataclass(eq=False)
class Item:
    """What was read, or looked at by a person, and how it was: good, watch, fault, skipped, or not yet told."""

    name: str
    device: str
    about: str  # of what a device told
    title: dict[str, str]  # of what a person looks at
    seq: int
    result: str = ""
    remark: dict[str, str] = field(default_factory=dict)
    photos: int = 0


@dataclass(eq=False)
class Inspected:
    """One inspection of one room."""

    identity: str
    room: str
    by: str
    began: str
    ended: str = ""
    items: dict[str, Item] = field(default_factory=dict)
    seqs: list[int] = field(default_factory=list)

    def count(self, *results: str) -> int:
        return sum(item.result in results for item in self.items.values())


class InspectionFacts(Fact):
    """An inspection belongs to when it began."""

    kinds = frozenset({"inspection"})
    after = kinds  # what a person looks at is often answered later

    def __init__(self, frame: Frame, identity: str | None = None) -> None:
        """``identity``: this one only."""
        super().__init__(frame)
        self._identity = identity
        self.by_identity: dict[str, Inspected] = {}

    def take(self, entry: Entry) -> None:
        data = entry.data
        identity = str(data.get("inspection", ""))
        if self._identity not in (None, identity):
            return
        if data.get("event") == "begun" and self.frame.has(entry):
            made = Inspected(identity, entry.room or "", entry.by or "", entry.at)
            self.by_identity[identity] = made
        if found := self.by_identity.get(identity):
            found.seqs.append(entry.seq)
            _went_on(found, entry)


def _went_on(found: Inspected, entry: Entry) -> None:
    data = entry.data
    match data.get("event"):
        case "begun":
            for look in data.get("looks", ()):
                name = look["look"]
                found.items[name] = Item(name, "", "", dict(look["title"]), entry.seq)
        case "checked":
            for each in data.get("checks", ()):
                name = f"{each['device']}:{each['about']}"
                found.items[name] = Item(
                    name, str(each["device"]), str(each["about"]), {}, entry.seq,
                    str(each["result"]), dict(each["text"]),
                )  # fmt: skip
        case "answered":
            item, remark = found.items[data["look"]], str(data.get("remark", ""))
            item.result, item.seq = str(data["result"]), entry.seq
            item.remark = {"zh": remark, "en": remark}
        case "photo":
            found.items[data["look"]].photos += 1
        case "closed":
            found.ended = entry.at

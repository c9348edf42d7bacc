"""Warm-ups and inspections, as their entries tell them."""

from dataclasses import dataclass, field
from typing import Any

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
class Inspected:
    """One inspection of one room."""

    identity: str
    room: str
    by: str
    began: str
    ended: str = ""
    items: dict[str, "Item"] = field(default_factory=dict)
    seqs: list[int] = field(default_factory=list)

    def count(self, *results: str) -> int:
        return sum(item.result in results for item in self.items.values())


@dataclass(eq=False)
class Item:
    """What was looked at, and how it was: good, watch, fault, or not yet looked at."""

    name: str
    device: str
    title: dict[str, str]
    result: str
    remark: str
    seq: int


class InspectionFacts(Fact):
    """An inspection belongs to when it began."""

    kinds = frozenset({"inspection"})
    after = kinds  # what a person must look at is often answered later

    def __init__(self, frame: Frame, identity: str | None = None) -> None:
        """``identity``: this one only."""
        super().__init__(frame)
        self._identity = identity
        self.by_identity: dict[str, Inspected] = {}

    def take(self, entry: Entry) -> None:
        data = entry.data
        identity = str(data.get("inspection") or data.get("id") or data.get("run") or entry.seq)
        if self._identity not in (None, identity):
            return
        found = self.by_identity.get(identity)
        if found is None:
            if not self.frame.has(entry):
                return
            room = entry.room or str(data.get("room", ""))
            found = Inspected(identity, room, entry.by or "", str(data.get("began") or entry.at))
            self.by_identity[identity] = found
        found.seqs.append(entry.seq)
        if data.get("event") in ("ended", "done", "closed", "finished"):
            found.ended = entry.at
        for name, said in _items(data):
            _put(found, name, said, entry.seq)


def _items(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What an entry says of items: a list of them, a table by name, or one."""
    items = data.get("items") or data.get("results") or ()
    if isinstance(items, dict):
        return [(str(name), said) for name, said in items.items() if isinstance(said, dict)]
    found = [(_name(said), said) for said in items if isinstance(said, dict)]
    if "item" in data and "result" in data:
        found.append((_name(data), data))
    return found


def _name(said: dict[str, Any]) -> str:
    name = said.get("item") or said.get("name") or said.get("key") or ""
    return f"{said['device']}/{name}" if said.get("device") and "/" not in str(name) else str(name)


def _put(found: Inspected, name: str, said: dict[str, Any], seq: int) -> None:
    before = found.items.get(name)
    title = said.get("title") or (before.title if before else {"zh": name, "en": name})
    if not isinstance(title, dict):
        title = {"zh": str(title), "en": str(title)}
    remark = said.get("remark") or said.get("why") or said.get("text") or ""
    found.items[name] = Item(
        name=name,
        device=str(said.get("device") or (before.device if before else "")),
        title=title,
        result=str(said.get("result") or (before.result if before else "")),
        remark=remark.get("zh", "") if isinstance(remark, dict) else str(remark),
        seq=seq,
    )

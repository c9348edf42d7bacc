"""Warm-ups as the journal tells them: those that have not ended, the proofs of those that have, and who devices were."""

from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from avctl.room import Room
from avctl.site import Site
from avctl.warmup import Judgement, Phase
from service.journal import Entry, Journal
from service.operations.projection import Projection
from service.operations.warmups.picture import picture_of
from service.store.kept import Kept
from service.views.warmup import WarmUpSampleView, WarmUpView

KIND = "warm-up"
KEPT = 13  # proofs of each room at hand: a year's; older ones are read from the journal


@dataclass(eq=False, slots=True)
class Open:
    """A warm-up that has begun and not ended, as the journal tells it."""

    entry: Entry
    phase: Phase = Phase.GETTING_READY
    rounds: list[Mapping[str, Any]] = field(default_factory=list)
    judged: dict[str, Judgement] = field(default_factory=dict)


class Proofs(Projection):
    kinds = frozenset({KIND})

    def __init__(self, site: Site, journal: Journal, files: Kept) -> None:
        super().__init__(journal)
        self.zone = ZoneInfo(site.file.timezone) if site.file else UTC
        self._files = files
        self._open: dict[str, Open] = {}  # by run
        self._proofs: dict[str, deque[WarmUpView]] = {}  # by room, newest last
        self._known: dict[str, dict[str, dict[str, str]]] = {}  # room → device → identity

    def under_way(self, room: Room) -> WarmUpView | None:
        """The one that has not ended, as it stands."""
        return None

    def apply(self, entry: Entry) -> None:
        data = entry.data
        match data["event"]:
            case "begun":
                self._open[data["run"]] = Open(entry)
            case "phase":
                self._open[data["run"]].phase = Phase(data["phase"])
                judged = {name: Judgement.read(said) for name, said in data["judged"].items()}
                self._open[data["run"]].judged = judged
            case "sample":
                self._open[data["run"]].rounds.append(data)
            case "ended":
                self._open.pop(data["run"], None)
                self._keep(WarmUpView.model_validate(data["proof"]))
            case "accepted":
                self._known.setdefault(data["room"], {})[data["device"]] = data["identity"]

    def _keep(self, proof: WarmUpView) -> None:
        self._proofs.setdefault(proof.room, deque(maxlen=KEPT)).append(proof)
        known = self._known.setdefault(proof.room, {})
        for device in proof.devices:
            # What was found to be another one is told again until a person has accepted it.
            if device.identity and device.finding != "wrong-identity":
                known[device.device] = device.identity

    def known(self, room: str) -> Mapping[str, Mapping[str, str]]:
        """Who the devices of a room said they were, in the last warm-up that did not find them to be others."""
        return self._known.get(room, {})

    def latest(self, room: str) -> WarmUpView | None:
        """The last that ended."""
        proofs = self._proofs.get(room)
        return proofs[-1] if proofs else None

    async def page(self, room: Room, limit: int, before: str | None = None) -> Sequence[WarmUpView]:
        """Newest first, the one under way before all; those older than ``before``. Raises JournalError."""
        ended = list(self._proofs.get(room.name, ()))
        if len(ended) == KEPT:
            ended = [view async for view in self._old(room.name)]
        under_way = self.under_way(room)
        newest = [*([under_way] if under_way else []), *reversed(ended)]
        return [view for view in newest if before is None or view.began < before][:limit]

    async def _old(self, room: str) -> AsyncIterator[WarmUpView]:
        async for entry in self._journal.read(self.kinds, room=room):
            if entry.data.get("event") == "ended":
                yield WarmUpView.model_validate(entry.data["proof"])

    async def find(self, room: Room, run: str) -> WarmUpView:
        """Raises KeyError, JournalError."""
        under_way = self.under_way(room)
        if under_way and under_way.run == run:
            return under_way
        for view in self._proofs.get(room.name, ()):
            if view.run == run:
                return view
        async for view in self._old(room.name):
            if view.run == run:
                return view
        raise KeyError(run)

    async def samples(self, view: WarmUpView) -> Sequence[WarmUpSampleView]:
        """All samples of a warm-up, in order. Raises JournalError."""
        found = []
        since = datetime.fromisoformat(view.began)
        async for entry in self._journal.read(self.kinds, since, room=view.room):
            if entry.data.get("run") != view.run:
                continue
            if entry.data["event"] == "ended":
                break
            if entry.data["event"] == "sample":
                found += [_sample(name, said) for name, said in entry.data["devices"].items()]
        return found

    async def picture(self, view: WarmUpView) -> str:
        """As it was kept; of one under way, as it stands. Raises KeptError."""
        if view.picture is None:
            return picture_of(view, self.zone)
        return (await self._files.get(view.picture)).decode()


def _sample(device: str, said: Mapping[str, Any]) -> WarmUpSampleView:
    return WarmUpSampleView(
        device=device,
        at=said.get("at", 0.0),
        readings=said.get("readings", {}),
        missed=said.get("missed", ""),
    )

"""What a figure was made from, in memory that does not grow with it."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from service.views.document import EvidenceView

SHOWN = 50  # numbers of entries that are kept one by one


class Evidence:
    """Numbers of entries. Beyond ``shown`` they are counted and digested; `service.operations.reports.trace` finds them again."""

    __slots__ = ("_digest", "_shown", "count", "first", "last", "seqs")

    def __init__(self, shown: int = SHOWN) -> None:
        self._shown = shown
        self._digest = hashlib.sha256()
        self.count = 0
        self.first: int | None = None
        self.last: int | None = None
        self.seqs: list[int] = []

    def add(self, seq: int) -> None:
        self.count += 1
        if self.first is None or seq < self.first:
            self.first = seq
        if self.last is None or seq > self.last:
            self.last = seq
        if len(self.seqs) < self._shown:
            self.seqs.append(seq)
        self._digest.update(b"%d\n" % seq)

    def view(self) -> EvidenceView:
        return EvidenceView(
            count=self.count,
            first=self.first,
            last=self.last,
            seqs=list(self.seqs),
            digest=self._digest.hexdigest(),
        )


def evidence_of(seqs: Iterable[int]) -> EvidenceView:
    """All of them, in order, each number once."""
    known = sorted(set(seqs))
    made = Evidence(len(known))
    for seq in known:
        made.add(seq)
    return made.view()


def shortened(evidence: EvidenceView, shown: int) -> EvidenceView:
    if len(evidence.seqs) <= shown:
        return evidence
    return evidence.model_copy(update={"seqs": evidence.seqs[:shown]})


class Distribution:
    """Seconds, counted by the millisecond; by the hundredth from 10 s, by the tenth from 100 s. So its size has a bound."""

    __slots__ = ("_counts", "count", "longest")

    def __init__(self) -> None:
        self._counts: Counter[float] = Counter()
        self.count = 0
        self.longest = 0.0

    def add(self, seconds: float) -> None:
        self._counts[rounded(seconds)] += 1
        self.count += 1
        self.longest = max(self.longest, rounded(seconds))

    def quantile(self, part: float) -> float | None:
        """The least value that at least ``part`` of all do not exceed; None of nothing."""
        wanted, passed = part * self.count, 0
        for seconds in sorted(self._counts):
            passed += self._counts[seconds]
            if passed >= wanted:
                return seconds
        return None


def rounded(seconds: float) -> float:
    """As a distribution counts it."""
    return round(max(0.0, seconds), 3 if seconds < 10 else 2 if seconds < 100 else 1)

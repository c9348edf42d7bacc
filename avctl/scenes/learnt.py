"""How long steps take, learnt from those that were confirmed."""

from collections import deque
from collections.abc import Iterable
from statistics import median

from avctl.scenes.plan import Strand, strands
from avctl.scenes.scene import Scene, Want

REMEMBERED = 50  # of each kind of step


class Learnt:
    """Seconds from sending to confirmation, by device and word."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, str], deque[float]] = {}

    def note(self, device: str, word: str, seconds: float) -> None:
        kept = self._seconds.setdefault((device, word), deque(maxlen=REMEMBERED))
        kept.append(seconds)

    def expected(self, want: Want) -> float | None:
        """The median, or None while nothing is known."""
        kept = self._seconds.get((want.device, want.word))
        return median(kept) if kept else None

    def expected_of(self, scene: Scene, wants: Iterable[Want] | None = None) -> float | None:
        """Seconds until the last of ``wants`` (all, where not given) is confirmed; None while a part is unknown."""
        chosen = list(scene.wants if wants is None else wants)
        ends: dict[str, float] = {}
        left = list(strands(chosen))
        while left:
            ready = [strand for strand in left if not _waits(strand.order.waits_for, left)]
            if not ready:
                return None
            for strand in ready:
                left.remove(strand)
                before = (ends.get(target, 0.0) for target in strand.order.waits_for)
                at = max(before, default=0.0) + strand.order.delay
                for group in strand.groups:
                    known = [self.expected(want) for want in group]
                    if None in known:
                        return None
                    at += max(seconds for seconds in known if seconds is not None)
                    for want in group:
                        ends[want.target] = max(ends.get(want.target, 0.0), at)
        return max(ends.values(), default=0.0) + scene.hold

    def figures(self) -> dict[str, dict[str, float]]:
        """Medians by device and word."""
        found: dict[str, dict[str, float]] = {}
        for (device, word), kept in self._seconds.items():
            found.setdefault(device, {})[word] = median(kept)
        return found


def _waits(after: tuple[str, ...], left: Iterable[Strand]) -> bool:
    targets = {want.target for strand in left for group in strand.groups for want in group}
    return any(target in targets for target in after)

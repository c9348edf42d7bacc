"""One want on its way to its verdict."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from avctl.scenes.scene import Want


class Verdict(StrEnum):
    CONFIRMED = "confirmed"  # read back as wanted, after it was sent
    SKIPPED = "skipped"  # was already so, by a reading after the tap
    SENT = "sent"  # the device cannot be asked
    SUPERSEDED = "superseded"  # a newer take wanted the device
    UNKNOWN = "unknown"  # sent, and nothing read back
    FAILED = "failed"  # refused, not sent, or read back otherwise

    @property
    def is_good(self) -> bool:
        return self in (Verdict.CONFIRMED, Verdict.SKIPPED, Verdict.SENT)


# Of several steps the worst tells the verdict of the take.
WORST_LAST = (
    Verdict.SKIPPED,
    Verdict.CONFIRMED,
    Verdict.SENT,
    Verdict.SUPERSEDED,
    Verdict.UNKNOWN,
    Verdict.FAILED,
)


@dataclass(eq=False, slots=True)
class Step:
    """Moments are seconds since the take began."""

    want: Want
    verdict: Verdict | None = None
    why: str = ""  # what went wrong, in words
    before: Any = None  # the value read before it was driven, if ``was_read_before``
    was_read_before: bool = False
    read: Any = None  # the value last read back, if ``was_read``
    was_read: bool = False
    read_at: float | None = None  # the moment of that reading
    planned: float | None = None
    sent: float | None = None
    answered: float | None = None
    confirmed: float | None = None
    ended: float | None = None

    @property
    def is_good(self) -> bool:
        return self.verdict is not None and self.verdict.is_good

    @property
    def took(self) -> float | None:
        """Seconds from sending to confirmation."""
        if self.confirmed is None or self.sent is None:
            return None
        return self.confirmed - self.sent

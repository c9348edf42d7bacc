"""Subscriptions: what each token publishes, and which of them are to be made again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from avctl.drivers.biamp_ttp.commands import is_level, level, subscribe
from avctl.drivers.biamp_ttp.place import Place
from avctl.drivers.biamp_ttp.value import Value
from avctl.drivers.biamp_ttp.wire import LevelRead, MeterRead, MuteRead, Ok
from avctl.wire import Command, Message

RENEW_AFTER = 120.0  # seconds; a configuration push forgets subscriptions without a word
LEVEL_RATE = 250  # milliseconds between two publications at least
MUTE_RATE = 500


class Kind(Enum):
    LEVEL = "level"
    MUTE = "mute"
    METER = "meter"


@dataclass(frozen=True, slots=True)
class Subscription:
    kind: Kind
    channel: str  # whose level, mute or meter it is
    at: Place  # where the device has it
    attribute: str
    rate: int  # milliseconds

    @property
    def token(self) -> str:
        """Tells block and channel: over RS-232 a session outlives us, with the subscriptions of older settings."""
        tag = "".join(c if c.isalnum() else f"_{ord(c):02x}" for c in self.at.tag)
        return f"{self.kind.value}_{self.attribute}_{tag}_{self.at.index}"

    def command(self) -> Command[Ok]:
        return subscribe(self.at, self.attribute, self.token, self.rate)

    def meaning(self, value: Value) -> Message | None:
        """What a publication says, None where it is no value of this kind."""
        if self.kind is Kind.MUTE:
            return MuteRead(self.channel, value) if isinstance(value, bool) else None
        if not is_level(value):
            return None
        said = LevelRead if self.kind is Kind.LEVEL else MeterRead
        return said(self.channel, level(value))


class Watch:
    """All subscriptions of a device, and when each was made last. Keeps no clock."""

    def __init__(self) -> None:
        self._made: dict[str, float] = {}
        self._all: dict[str, list[Subscription]] = {}

    def want(self, subscriptions: Sequence[Subscription]) -> None:
        """From now on these, none of them made yet."""
        self._made.clear()
        self._all.clear()
        for subscription in subscriptions:
            # Two channels may share a meter: one subscription, two readings.
            self._all.setdefault(subscription.token, []).append(subscription)

    def made(self, subscription: Subscription, now: float) -> None:
        self._made[subscription.token] = now

    def forget(self) -> None:
        """The device may have lost them: all are due."""
        self._made.clear()

    def due(self, now: float, most: int) -> list[Subscription]:
        """The oldest of those to be made again."""
        waiting = [(self._made.get(token, float("-inf")), token) for token in self._all]
        waiting = sorted(entry for entry in waiting if now - entry[0] >= RENEW_AFTER)
        return [self._all[token][0] for _, token in waiting[:most]]

    def meanings(self, token: str, value: Value) -> list[Message]:
        """What a publication says; empty for a token that is none of ours."""
        said = (entry.meaning(value) for entry in self._all.get(token, ()))
        return [message for message in said if message is not None]

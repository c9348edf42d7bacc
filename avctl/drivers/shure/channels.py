"""The channels of one device: which there are, what tells of them, what has been asked in vain."""

from collections.abc import Iterable, Sequence
from typing import Any

from avctl.capabilities.microphone import RadioQuality
from avctl.capabilities.mixer import Meter
from avctl.drivers.shure import commands
from avctl.drivers.shure.family import OTHER
from avctl.drivers.shure.told import DEVICE, DEVICE_MUTE, HEALTH, MIXING, TOLD_BY
from avctl.drivers.shure.wire import Report
from avctl.points import Point
from avctl.wire import Command

HIGHEST = 99


def parse_channel(channel: str) -> int:
    """Raises ValueError for what is no channel's name."""
    if not (channel.isascii() and channel.isdigit() and str(int(channel)) == channel):
        raise ValueError(f"{channel!r}: channels are numbers without zeros before them, like 1")
    if not 1 <= int(channel) <= HIGHEST:
        raise ValueError(f"{channel}: give a channel from 1 to {HIGHEST}")
    return int(channel)


class Channels:
    def __init__(self, stated: Iterable[str]) -> None:
        self.family = OTHER
        self._stated = tuple(stated)
        self._asked = dict.fromkeys(self._stated)  # in this order
        self._padded: bool | None = None  # not known yet
        self._teller: dict[Point, str] = {}  # the parameter that told it on this connection
        self._absent: set[Point] = set()  # the device has none

    def forget(self) -> None:
        """A new connection, another device perhaps."""
        self._padded = None
        self._teller.clear()
        self._absent.clear()

    def note(self, said: Report, point: Point | None) -> None:
        if said.padded:
            self._padded = True
        elif said.channel and said.channel < 10:
            self._padded = False
        if point is not None:
            self._teller[point] = said.parameter
            self._absent.discard(point)

    def want(self, channel: str) -> None:
        """Somebody reads or drives a channel that the settings do not name."""
        self._asked[channel] = None

    def lacks(self, point: Point) -> None:
        self._absent.add(point)

    def watches(self, channel: str) -> bool:
        return not self._stated or channel == DEVICE or channel in self._asked

    def names(self) -> tuple[str, ...]:
        """Those of the settings, or all that the device has told of."""
        if self._stated:
            return self._stated
        told = {channel for point in self._teller if (channel := _channel(point)) != DEVICE}
        return tuple(sorted(told, key=int))

    def spelled(self, channel: str) -> str:
        padded = self.family.padded if self._padded is None else self._padded
        return f"{int(channel):02d}" if padded else channel

    def is_told(self, point: Point) -> bool:
        return point in self._teller

    def points(self) -> list[Point]:
        kinds: list[Any] = [*MIXING, Meter]
        if self.family.wireless:
            kinds += [*HEALTH, RadioQuality]
        points = [kind(channel) for channel in self.names() for kind in kinds]
        return [point for point in points if point not in self._absent]

    def untold(self, kinds: Iterable[Any]) -> list[Point]:
        """What there may be and was not told yet."""
        points = [kind(channel) for channel in self.names() for kind in kinds]
        return [
            point for point in points if point not in self._teller and point not in self._absent
        ]

    # Questions.

    def tellers(self, point: Point) -> Sequence[str]:
        """The parameters that may tell ``point``, the likeliest first; none where only samples do."""
        names = list(TOLD_BY.get(type(point), ()))
        if self.family.wireless and type(point) is MIXING[0]:
            names.reverse()
        if teller := self._teller.get(point):
            names = [teller]
        return names

    def question(self, point: Point, parameter: str) -> Command[Report]:
        if _channel(point) == DEVICE:
            return commands.get(DEVICE_MUTE)
        return commands.get(parameter, self.spelled(_channel(point)))

    def about(self, points: Iterable[Point]) -> list[Command[Report]]:
        """Raises ValueError for a channel that is no channel's name."""
        questions = []
        for point in points:
            if _channel(point) != DEVICE:
                parse_channel(_channel(point))
            if tellers := self.tellers(point):
                questions.append(self.question(point, tellers[0]))
        return questions

    def about_all(self) -> list[Command[Report]]:
        """Everything that was told once: the rounds of the heartbeat."""
        return self.about(self._watched())

    def _watched(self) -> list[Point]:
        return [point for point in self._teller if self.watches(_channel(point))]


def _channel(point: Any) -> str:
    return str(getattr(point, "channel", ""))

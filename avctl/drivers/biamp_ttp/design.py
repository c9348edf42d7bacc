"""The part of a Tesira design that a room uses, and the fewest questions that tell how it stands."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from avctl.capabilities.mixer import Fader, Meter, Mute
from avctl.drivers.biamp_ttp import commands
from avctl.drivers.biamp_ttp.place import Place, is_block, parse_meter, parse_place
from avctl.drivers.biamp_ttp.settings import BiampTtpSettings
from avctl.drivers.biamp_ttp.watch import LEVEL_RATE, MUTE_RATE, Kind, Subscription
from avctl.points import Point
from avctl.wire import Command

T = TypeVar("T")
Questions = list[Command[Any]]


class Design:
    def __init__(self, settings: BiampTtpSettings) -> None:
        self.channels: dict[str, Place] = {}
        self.meters = {at: parse_meter(place) for at, place in settings.meters.items()}
        self.blocks = [entry for entry in settings.channels if is_block(entry)]  # size to be asked
        self.singly: set[str] = set()  # blocks that do not tell all their channels at once
        self._meter_rate = settings.meter_rate
        self.know(parse_place(entry) for entry in settings.channels if not is_block(entry))

    def know(self, places: Iterable[Place]) -> None:
        self.channels |= {str(at): at for at in places}

    @property
    def tags(self) -> list[str]:
        return list(dict.fromkeys(at.tag for at in self.channels.values()))

    def of(self, tag: str) -> list[Place]:
        return [at for at in self.channels.values() if at.tag == tag]

    def named(self, tag: str, values: Sequence[T]) -> list[tuple[str, T]]:
        """The known channels of a block with their values, of the values of all its channels."""
        named = ((f"{tag}/{n}", value) for n, value in enumerate(values, 1))
        return [(channel, value) for channel, value in named if channel in self.channels]

    def points(self) -> list[Point]:
        named = [kind(channel) for channel in self.channels for kind in (Fader, Mute)]
        return [*named, *map(Meter, self.meters)]

    def subscriptions(self) -> list[Subscription]:
        wanted = []
        for channel, at in self.channels.items():
            wanted.append(Subscription(Kind.LEVEL, channel, at, "level", LEVEL_RATE))
            wanted.append(Subscription(Kind.MUTE, channel, at, "mute", MUTE_RATE))
        for channel, (at, attribute) in self.meters.items():
            wanted.append(Subscription(Kind.METER, channel, at, attribute, self._meter_rate))
        return wanted

    # Questions.

    def about(self, points: Collection[Point]) -> Questions:
        """Raises ValueError for a channel that is no channel's name."""
        faders = [parse_place(point.channel) for point in points if isinstance(point, Fader)]
        mutes = [parse_place(point.channel) for point in points if isinstance(point, Mute)]
        meters = [point.channel for point in points if isinstance(point, Meter)]
        return [
            *self.about_levels(faders),
            *self.about_mutes(mutes),
            *self.about_meters(meters),
        ]

    def about_channels(self) -> Questions:
        places = list(self.channels.values())
        return [*self.about_levels(places), *self.about_mutes(places)]

    def about_levels(self, places: Sequence[Place]) -> Questions:
        blocks, single = self._divided(places)
        return [*map(commands.read_levels, blocks), *map(commands.read_level, single)]

    def about_mutes(self, places: Sequence[Place]) -> Questions:
        blocks, single = self._divided(places)
        return [*map(commands.read_mutes, blocks), *map(commands.read_mute, single)]

    def about_meters(self, channels: Iterable[str]) -> Questions:
        return [commands.read_meter(at, *self.meters[at]) for at in channels if at in self.meters]

    def about_limits(self) -> Questions:
        places = self.channels.values()
        return [commands.read_limit(at, upper) for at in places for upper in (False, True)]

    def about_sizes(self) -> Questions:
        return [commands.read_size(tag) for tag in self.blocks]

    def _divided(self, places: Sequence[Place]) -> tuple[list[str], list[Place]]:
        """Blocks worth one question, and the places to be asked one by one."""
        known = [at for at in places if str(at) in self.channels and at.tag not in self.singly]
        tags = [at.tag for at in known]
        blocks = [tag for tag in dict.fromkeys(tags) if tags.count(tag) > 1]
        return blocks, [at for at in places if at not in known or at.tag not in blocks]

"""What an Extron switcher can be told: the verbs of its capabilities, presets, names, panel."""

from collections.abc import Mapping
from typing import Any, ClassVar

from avctl.capabilities.router import Layer, Output, Signal, Tie
from avctl.drivers.extron_sis import commands
from avctl.drivers.extron_sis.answers import Error, Place, Plane
from avctl.drivers.extron_sis.switcher import ExtronSwitcher

MUTE_PLANES = {Layer.VIDEO: Plane.VIDEO, Layer.AUDIO: Plane.AUDIO}


class ExtronSis(ExtronSwitcher):
    """An Extron matrix switcher that speaks SIS. Capabilities: Router, Blanking.

    Points: Output and Blank of each layer, Signal of each input. A preset that was recalled, and what a panel does
    without naming outputs, makes ties unknown (None) until the next refresh has read them.
    """

    verbs: ClassVar[Mapping[str, str]] = {
        "tie": "INPUT OUTPUT [video|audio|both]: feed an output; input 0 is none",
        "untie": "OUTPUT [video|audio|both]: feed an output from nothing",
        "ties": "tell which input feeds each output",
        "blank": "OUTPUT on|off [video|audio|both]: mute an output",
        "recall": "N: recall a preset",
        "save": "N: save a preset; overwrites what is there",
        "recall_room": "ROOM N: recall a preset of a room",
        "save_room": "ROOM N: save a preset of a room; overwrites what is there",
        "signals": "tell which inputs have a signal",
        "names": "tell the names of inputs and outputs",
        "name": "input|output|preset N TEXT: give a name",
        "lock": "0|1|2: open or lock the front panel",
        "clear": "untie every output: all pictures and sounds go",
        "version": "tell model, firmware and part number",
    }

    # Router, Blanking.

    async def tie(self, *ties: Tie) -> None:
        feeds = self.frame.feeds(ties)
        if len(feeds) > 1:
            answer = await self.order(commands.tie_at_once(feeds))
            if not isinstance(answer, Error):
                return
        for feed in feeds:
            await self.order(commands.tie(feed))

    async def blank(self, outputs: Mapping[tuple[int, Layer], bool]) -> None:
        for layer in Layer:
            wanted = {number: on for (number, at), on in outputs.items() if at is layer}
            if set(wanted) == set(self.frame.outputs(layer)) and len(set(wanted.values())) == 1:
                await self.order(commands.mute_all(MUTE_PLANES[layer], wanted[1]))
                continue
            for number, on in wanted.items():
                await self.order(commands.mute(number, MUTE_PLANES[layer], on))

    # Actions.

    async def recall(self, preset: int) -> None:
        await self.order(commands.recall(preset))

    async def save(self, preset: int) -> None:
        """Not harmless twice: it overwrites."""
        await self.order(commands.save(preset))

    async def recall_room(self, room: int, preset: int) -> None:
        await self.order(commands.recall(preset, room))

    async def save_room(self, room: int, preset: int) -> None:
        """Not harmless twice: it overwrites."""
        await self.order(commands.save(preset, room))

    async def verb_name(self, place: str, number: int, text: str) -> None:
        """Name an input, output or preset. Raises ValueError for a name the device could not take."""
        await self.order(commands.rename(_place(place), number, text))

    async def lock(self, mode: int) -> None:
        await self.order(commands.lock(mode))

    async def clear(self) -> None:
        """Untie every output on every plane. An action that somebody asks for by name, never part of a scene."""
        await self.order(commands.untie_everything())

    # Questions of a person.

    async def names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        frame = self.frame
        for place, count in ((Place.INPUT, frame.inputs), (Place.OUTPUT, frame.most_outputs)):
            for number in range(1, count + 1):
                named = await self.order(commands.read_name(place, number))
                names[f"{place.name.lower()} {number}"] = named.text
        return names

    async def signals(self) -> dict[str, bool | None]:
        """Whether each input has a signal; None where the device did not tell."""
        return await self._told(Signal)

    async def ties(self) -> dict[str, int | None]:
        """The input of each output; None where the device did not tell."""
        return await self._told(Output)

    async def version(self) -> dict[str, str]:
        return dict(self.identity)

    async def _told(self, kind: type[Output] | type[Signal]) -> dict[str, Any]:
        points = [point for point in self.points() if isinstance(point, kind)]
        await self.read(points)
        return {point.key: self.state[point].value for point in points if point in self.state}

    # For the command line.

    async def verb_tie(self, source: int, output: int, layer: str = "both") -> None:
        await self.tie(*(Tie(source, output, at) for at in self._layers(layer)))

    async def untie(self, output: int, layer: str = "both") -> None:
        await self.verb_tie(0, output, layer)

    async def verb_blank(self, output: int, on: bool, layer: str = "both") -> None:
        await self.blank({(output, at): on for at in self._layers(layer)})

    def _layers(self, word: str) -> tuple[Layer, ...]:
        """Raises ValueError for a word that is no layer."""
        return self.frame.layers if word == "both" else (Layer(word),)


def _place(word: str) -> Place:
    try:
        return Place[word.upper()]
    except KeyError:
        raise ValueError(f"{word!r}: give input, output or preset") from None

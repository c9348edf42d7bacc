"""What one switcher is like, and which questions tell how its points stand. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from avctl.capabilities.router import Blank, Layer, Output, Signal, Tie
from avctl.drivers.extron_sis.answers import Muted, Plane, Size, Tied, TiedToAll
from avctl.drivers.extron_sis.commands import (
    BLOCK,
    Feed,
    read_mute,
    read_mutes,
    read_signals,
    read_tie,
    read_ties,
)
from avctl.points import Point
from avctl.wire import Command

SINGLE_READS = 3  # so many single questions take a slow line less time than a block of 16
ROTATION = 8  # single questions in one refresh


@dataclass
class Frame:
    """Sizes from `I`, and what the device refused to be asked."""

    layers: tuple[Layer, ...]
    sizes: dict[Layer, tuple[int, int]]
    picture: Plane = Plane.VIDEO  # the plane that is our video layer
    bulk: dict[Layer, bool] = field(default_factory=dict)  # whether VC tells the layer
    bulk_mutes: bool = False
    signals: bool | None = None  # whether 0LS goes in an escape command; None: it has none
    bare: bool = False  # whether single questions are answered without a tag
    turn: int = 0  # of the rotation

    @classmethod
    def of(cls, size: Size, layers: Sequence[Layer] | None, picture: Plane) -> "Frame":
        sizes = {Layer.VIDEO: size.video, Layer.AUDIO: size.audio}
        has = tuple(layer for layer in Layer if sizes[layer][1] and (not layers or layer in layers))
        return cls(has, sizes, picture)

    def plane(self, layer: Layer) -> Plane:
        return self.picture if layer is Layer.VIDEO else Plane.AUDIO

    def layers_of(self, plane: Plane) -> tuple[Layer, ...]:
        """The layers that a line about ``plane`` tells; none for a picture plane that is not ours."""
        if plane is Plane.ALL:
            return self.layers
        return tuple(layer for layer in self.layers if self.plane(layer) is plane)

    def outputs(self, layer: Layer) -> range:
        return range(1, self.sizes[layer][1] + 1)

    @property
    def inputs(self) -> int:
        return max(inputs for inputs, _ in self.sizes.values())

    @property
    def most_outputs(self) -> int:
        return max(outputs for _, outputs in self.sizes.values())

    def points(self) -> Iterator[Point]:
        for layer in self.layers:
            for number in self.outputs(layer):
                yield Output(number, layer)
                yield Blank(number, layer)
        if self.signals is not None:
            for number in range(1, self.inputs + 1):
                yield Signal(number)

    # Questions.

    def ask_ties(self, layer: Layer, outputs: Collection[int]) -> list[Command[Any]]:
        numbers = sorted(outputs)
        if not self.bulk.get(layer) or len(numbers) <= SINGLE_READS:
            return [read_tie(number, self.plane(layer), self.bare) for number in numbers]
        starts = sorted({(number - 1) // BLOCK * BLOCK + 1 for number in numbers})
        return [read_ties(start, self.plane(layer)) for start in starts]

    def ask_mutes(self, layer: Layer, outputs: Collection[int]) -> list[Command[Any]]:
        plane = Plane.VIDEO if layer is Layer.VIDEO else Plane.AUDIO
        return [read_mute(number, plane, self.bare) for number in sorted(outputs)]

    def questions(self, points: Iterable[Point]) -> list[Command[Any]]:
        """What to ask so that every one of ``points`` is told anew, in as few questions as it takes."""
        wanted = set(points)
        asked: list[Command[Any]] = []
        for layer in Layer:
            ties = {at.number for at in wanted if isinstance(at, Output) and at.layer is layer}
            asked += self.ask_ties(layer, ties)
        mutes = {at for at in wanted if isinstance(at, Blank)}
        if mutes and self.bulk_mutes:
            asked.append(read_mutes(self.most_outputs))
        else:
            for layer in Layer:
                asked += self.ask_mutes(layer, {at.number for at in mutes if at.layer is layer})
        if self.signals is not None and any(isinstance(at, Signal) for at in wanted):
            asked.append(read_signals(self.inputs, self.signals))
        return asked

    def next_questions(self) -> list[Command[Any]]:
        """A turn of the rotation: one block of each layer, or a few outputs, and mutes or signals by turns."""
        self.turn += 1
        asked: list[Command[Any]] = []
        for layer in self.layers:
            asked += self.ask_ties(layer, self._next(layer, BLOCK if self.bulk.get(layer) else 0))
        if self.signals is not None and self.turn % 2:
            return [*asked, read_signals(self.inputs, self.signals)]
        if self.bulk_mutes:
            return [*asked, read_mutes(self.most_outputs)]
        for layer in self.layers:
            asked += self.ask_mutes(layer, self._next(layer))
        return asked

    def _next(self, layer: Layer, length: int = 0) -> range:
        length = length or ROTATION // len(self.layers)
        outputs = self.outputs(layer)
        pieces = -(-len(outputs) // length)
        at = self.turn % pieces * length
        return outputs[at : at + length]

    # What was told. A line may spoil a number: of outputs that the frame lacks nothing is kept.

    def told_by_tie(self, said: Tied) -> Iterator[tuple[Output, int]]:
        for layer in self.layers_of(said.plane):
            if said.output in self.outputs(layer):
                yield Output(said.output, layer), said.input

    def told_by_tie_to_all(self, said: TiedToAll) -> Iterator[tuple[Output, int]]:
        for layer in self.layers_of(said.plane):
            for number in self.outputs(layer):
                yield Output(number, layer), said.input

    def told_by_mute(self, said: Muted) -> Iterator[tuple[Blank, bool]]:
        layer = Layer.VIDEO if said.plane is Plane.VIDEO else Layer.AUDIO
        if layer in self.layers:
            outputs = self.outputs(layer)
            for number in outputs if said.output == 0 else outputs[said.output - 1 : said.output]:
                yield Blank(number, layer), said.level > 0

    # What is wanted.

    def feeds(self, ties: Iterable[Tie]) -> list[Feed]:
        """Ties as the protocol has them: one for all planes where an output wants the same input on all."""
        wanted: dict[int, dict[Layer, int]] = {}
        for tie in ties:
            wanted.setdefault(tie.output, {})[tie.layer] = tie.input
        feeds: list[Feed] = []
        for output, sources in wanted.items():
            if set(sources) >= set(self.layers) and len(set(sources.values())) == 1:
                feeds.append(Feed(next(iter(sources.values())), output, Plane.ALL))
            else:
                feeds += (Feed(source, output, self.plane(at)) for at, source in sources.items())
        return feeds

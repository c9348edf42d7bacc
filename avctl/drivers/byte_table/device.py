"""Devices without a driver of their own: a YAML table tells their commands, answers and questions.

Source: the table's own.
Transcript: tests/transcripts/byte_table_driver.json
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from avctl.capabilities.display import Input
from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import PowerState
from avctl.capabilities.router import Layer, Output, Tie
from avctl.capabilities.wall import Layout, WindowSource
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.byte_table import commands, meaning
from avctl.drivers.byte_table.answers import Said
from avctl.drivers.byte_table.frames import Value
from avctl.drivers.byte_table.settings import ByteTableSettings
from avctl.drivers.byte_table.table import Order
from avctl.errors import RefusedError
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Command, Decoder, Message

ASKED_AT_ONCE = 8  # questions per refresh

# The points of each command that a capability sends, and the count that numbers them.
POINTS: Mapping[str, type[Any]] = {
    "power_on": PowerState, "layout": Layout, "input": Input,
    "outlet_on": Outlet, "show": WindowSource,
}  # fmt: skip


class ByteTable(Device):
    """A device whose table tells how it is spoken to. Capabilities: Router, Wall, Powered, Outlets, Selecting.

    What its table has no command for is refused. What its table has no question for is never told: it ends as *sent*.
    """

    driver = "byte_table"
    Settings = ByteTableSettings
    settings: ByteTableSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "tie": "INPUT OUTPUT [video|audio|both]: feed an output; input 0 is none",
        "power": "on|off: switch it on or off",
        "layout": "N: recall a layout",
        "show": "WINDOW SOURCE: put a source into a window",
        "switch": "OUTLET on|off: switch an outlet",
        "select": "SOURCE: show an input",
        "do": "NAME [VALUE]: send another command of the table, and tell what it answers",
        "commands": "tell the commands of the table",
    }

    def __init__(self, name: str, settings: ByteTableSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self._table = settings.read()
        self.gap = self._table.line.gap
        self._round: deque[Command[Said]] = deque()
        self._echoes: dict[Point, object] = {}  # lines to come that are acceptance only

    def new_decoder(self, scheme: str) -> Decoder:
        return self._table.decoder()

    async def greet(self, ask: Ask) -> None:
        self.identity["model"] = self._table.title
        self._round.clear()
        for question in self._questions():
            await ask(question)

    async def refresh(self) -> None:
        if not self._round:
            self._round = deque(self._questions())
        for _ in range(min(ASKED_AT_ONCE, len(self._round))):
            self._echoes.clear()
            await self.ask(self._round.popleft())

    def heard(self, message: Message) -> None:
        if not isinstance(message, Said):
            return
        for point, value in meaning.told(dict(message.fields)):
            if self._echoes.get(point) == value:
                del self._echoes[point]
            elif self.report(point, value):
                self.hint()

    async def read(self, points: Collection[Point]) -> None:
        self._echoes.clear()
        questions = {question.wire: question for question in self._questions_about(points)}
        for question in questions.values():
            await self.ask(question)

    def can_tell(self, point: Point) -> bool:
        return self._table.question_about(type(point)) is not None

    def points(self) -> Sequence[Point]:
        """Those there are commands for."""
        found: list[Point] = []
        if tie := self._table.commands.get("tie"):
            layers = self._layers(tie)
            found += [Output(n, layer) for layer in layers for n in self._numbers("output")]
        for name, kind in POINTS.items():
            if name not in self._table.commands:
                continue
            field = meaning.NUMBERED.get(kind)
            found += [kind(number) for number in self._numbers(field)] if field else [kind()]
        return tuple(found)

    # Questions.

    def _questions(self) -> Iterator[Command[Said]]:
        """All there are; each about every point it names."""
        for asked in self._table.questions.values():
            for number in self._numbers(asked.of) if asked.of else (None,):
                yield commands.question(self._table, asked, number)

    def _questions_about(self, points: Collection[Point]) -> Iterator[Command[Said]]:
        """A question that tells of many points is asked once, and answered when the last of those wanted is told."""
        wanted: dict[tuple[str, int | None], list[Point]] = {}
        for point in points:
            for name, asked in self._table.questions.items():
                if asked is self._table.question_about(type(point)):
                    number = meaning.number_of(point) if asked.of else None
                    wanted.setdefault((name, number), []).append(point)
        for (name, _), group in wanted.items():
            last = max(filter(None, map(meaning.number_of, group)), default=None)
            layers = {point.layer for point in group if isinstance(point, Output)}
            yield commands.question(self._table, self._table.questions[name], last, layers)

    def _numbers(self, field: str | None) -> range:
        return range(1, self._table.counts.get(field or "", 0) + 1)

    # Router.

    async def tie(self, *ties: Tie) -> None:
        """Raises ValueError before anything is sent for what the table cannot say."""
        made: list[tuple[Command[Any], dict[Point, object]]] = []
        grouped: dict[tuple[int, str], list[int]] = {}
        for tie in self._with_layers(ties):
            grouped.setdefault(tie[:2], []).append(tie[2])
        for (source, layer), outputs in grouped.items():
            made += self._ties(source, layer, outputs)
        for command, echoes in made:
            self._echoes = echoes
            await self.ask(command)

    def _ties(
        self, source: int, layer: str, outputs: list[int]
    ) -> Iterator[tuple[Command[Any], dict[Point, object]]]:
        order = self._known("tie" if source else "untie")
        fields: dict[str, Value] = {"input": source} if source else {}
        if "layer" in order.frame.fields:
            fields["layer"] = layer
        if source and order.file.joins and len(outputs) > 1:
            outputs = sorted(outputs)
            told: dict[Point, object] = {
                Output(number, at): source for number in outputs for at in meaning.LAYERS[layer]
            }
            yield commands.joined_tie(self._table, order, fields, outputs), told
            return
        for output in outputs:
            yield commands.order(self._table, order, {**fields, "output": output}), {}

    def _with_layers(self, ties: Sequence[Tie]) -> Iterator[tuple[int, str, int]]:
        """Input, the table's word for the layers, output: both layers at once where the table has a word for that."""
        order = self._known("tie")
        wanted: dict[tuple[int, int], set[Layer]] = {}
        for tie in ties:
            wanted.setdefault((tie.input, tie.output), set()).add(tie.layer)
        words = order.file.words.get("layer", {"video": ""})
        for (source, output), layers in wanted.items():
            if len(layers) == len(Layer) and "both" in words:
                yield source, "both", output
                continue
            for layer in sorted(layers, reverse=True):
                if layer.value not in words:
                    raise ValueError(f"its table ties no {layer.value} by itself")
                yield source, layer.value, output

    def _layers(self, order: Order) -> tuple[Layer, ...]:
        words = order.file.words.get("layer", {"video": ""})
        return tuple(layer for layer in Layer if layer.value in words)

    # Wall, Powered, Outlets, Selecting.

    async def recall_layout(self, number: int) -> None:
        await self._carry_out(("layout", {"layout": number}))

    async def show(self, sources: Mapping[int, str]) -> None:
        wanted: list[tuple[str, Mapping[str, Value]]] = [
            ("show", {"window": window, "source": source}) for window, source in sources.items()
        ]
        await self._carry_out(*wanted)

    async def power(self, on: bool) -> None:
        await self._carry_out(("power_on" if on else "power_off", {}))

    async def switch(self, outlets: Mapping[int, bool]) -> None:
        wanted: list[tuple[str, Mapping[str, Value]]] = [
            ("outlet_on" if on else "outlet_off", {"outlet": number})
            for number, on in outlets.items()
        ]
        await self._carry_out(*wanted)

    async def select(self, source: str) -> None:
        await self._carry_out(("input", {"source": source}))

    # Sending.

    def _known(self, name: str) -> Order:
        """Raises RefusedError."""
        if order := self._table.commands.get(name):
            return order
        fitting = ", ".join(self._table.commands) or "none"
        raise RefusedError(self.name, f"its table has no command {name}; it has {fitting}")

    async def _carry_out(self, *wanted: tuple[str, Mapping[str, Value]]) -> Any:
        """Send commands with their repeats. Raises ValueError before the first of them."""
        made = [(self._known(name), self._made(name, fields)) for name, fields in wanted]
        said = None
        for order, each in made:
            for place, command in enumerate(each):
                if place and order.file.pause:
                    await self.clock.sleep(order.file.pause)
                said = await self._repeated(order, command)
        return said

    def _made(self, name: str, fields: Mapping[str, Value]) -> list[Command[Any]]:
        """The command, or one for each number where the table wants it so."""
        order = self._known(name)
        field = order.file.each
        if field is None:
            return [commands.order(self._table, order, fields)]
        numbers = self._numbers(field)
        return [
            commands.order(self._table, order, {**fields, field: number})
            for number in (numbers if order.file.order == "ascending" else reversed(numbers))
        ]

    async def _repeated(self, order: Order, command: Command[Any]) -> Any:
        said = await self.ask(command)
        for _ in range(order.file.repeat - 1):
            await self.clock.sleep(order.file.every)
            said = await self.ask(command)
        return said

    # For the command line.

    async def verb_tie(self, source: int, output: int, layer: str = "video") -> None:
        if layer not in meaning.LAYERS:
            raise ValueError(f"{layer!r}: give {', '.join(map(str, meaning.LAYERS))}")
        await self.tie(*(Tie(source, output, at) for at in meaning.LAYERS[layer]))

    async def verb_power(self, on: bool) -> None:
        await self.power(on)

    async def layout(self, number: int) -> None:
        await self.recall_layout(number)

    async def verb_show(self, window: int, source: str) -> None:
        await self.show({window: source})

    async def verb_switch(self, outlet: int, on: bool) -> None:
        await self.switch({outlet: on})

    async def do(self, name: str, value: str = "") -> str | None:
        """Send a command by its name, and give what it answers. Raises ValueError for a value it does not take."""
        order = self._known(name)
        fields = set(order.frame.fields) - set(self._table.values) - {order.file.each}
        if len(fields) != (1 if value else 0):
            wanted = ", ".join(sorted(fields)) or "no value"
            raise ValueError(f"{name} takes {wanted}")
        given: dict[str, Value] = {
            field: int(value) if value.isascii() and value.isdigit() else value for field in fields
        }
        accepted = await self._carry_out((name, given))
        return accepted.said.text if isinstance(accepted, commands.Accepted) else None

    async def commands(self) -> dict[str, str]:
        return {name: order.file.send for name, order in self._table.commands.items()}

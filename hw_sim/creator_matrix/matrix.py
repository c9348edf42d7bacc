"""The crosspoints: which input is tied to which output, on which layer, and what is stored."""

from copy import deepcopy
from dataclasses import dataclass, field

VIDEO, AUDIO, SERIAL, INFRARED = "V", "A", "RS", "IR"
LAYERS = (VIDEO, AUDIO, SERIAL, INFRARED)


@dataclass(slots=True)
class State:
    """All that a preset stores and Undo brings back."""

    ties: dict[str, dict[int, int]]  # layer → output → input, 0 for none
    closed: set[int] = field(default_factory=set)  # outputs that are off


class Matrix:
    def __init__(self, inputs: int, outputs: int) -> None:
        self.inputs, self.outputs = inputs, outputs
        straight = {each: each if each <= inputs else 0 for each in range(1, outputs + 1)}
        self.state = State({layer: dict(straight) for layer in LAYERS})
        self.presets: dict[int, State] = {}
        self.forbidden: set[tuple[int, int]] = set()  # input, output
        self._before: State | None = None

    def source(self, layer: str, output: int) -> int:
        """The input that really feeds an output, or 0."""
        return 0 if output in self.state.closed else self.state.ties[layer].get(output, 0)

    def remember(self) -> None:
        """Let `undo` come back to how it is now."""
        self._before = deepcopy(self.state)

    def undo(self) -> None:
        if self._before is not None:
            self.state, self._before = self._before, None

    def tie(self, layers: tuple[str, ...], source: int, outputs: list[int]) -> None:
        for output in outputs:
            self.state.closed.discard(output)
            for layer in layers:
                self.state.ties[layer][output] = source

    def close(self, output: int, closed: bool) -> None:
        """Switch an output off, or on again with what it had."""
        (self.state.closed.add if closed else self.state.closed.discard)(output)

    def save(self, preset: int) -> None:
        self.presets[preset] = deepcopy(self.state)

    def recall(self, preset: int) -> None:
        """Nothing happens when there is nothing stored."""
        if preset in self.presets:
            self.state = deepcopy(self.presets[preset])

    def rotate(self) -> None:
        """The next step of the demonstration: every output shows the next input."""
        for ties in self.state.ties.values():
            for output, source in ties.items():
                ties[output] = source % self.inputs + 1

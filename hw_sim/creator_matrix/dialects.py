"""What the makers say in answer to the same commands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Ties = Mapping[str, str]  # layer → text with {i} and {o}


@dataclass(frozen=True, slots=True)
class Dialect:
    title: str  # what /*Type; answers
    ties: Ties  # of one that was made; without AV, both layers are told one after the other
    size: int = 8
    digits: tuple[int, int] = (2, 2)  # of input and output
    status: Ties = field(default_factory=dict)  # where a tie that is asked for is written otherwise
    end: str = "\r\n"
    nothing: str = "0"  # the input of an output that is off
    closed: str = "{o} Closed."
    unlocked: str = "System Unlock!"
    message_off: str = "Closed the Message Return."
    presets: range = range(10)
    any_case: bool = False
    status_of_input: bool = False  # the number in Status1. is an input
    lists_after_recall: bool = False
    has_table: bool = False  # Status. answers with a table
    has_infrared: bool = False  # a layer that follows the picture

    def tie(self, layer: str, source: int, output: int, *, asked: bool = False) -> list[str]:
        """The lines of a tie; source 0 is none."""
        ties = {**self.ties, **(self.status if asked and source else {})}
        layers = [layer] if layer in ties or layer != "AV" else ["V", "A"]
        i = str(source or self.nothing).zfill(self.digits[0])
        o = str(output).zfill(self.digits[1])
        return [ties.get(each, each + ":{i}->{o}").format(i=i, o=o) for each in layers]


def _same(text: str) -> Ties:
    return {layer: layer + text for layer in ("AV", "V", "A")}


DIALECTS: Mapping[str, Dialect] = {
    "cross": Dialect(
        "CROSS",
        _same(":{i}->{o}"),
        digits=(1, 1),
        message_off="Closed The Message Return.",
        presets=range(1, 9),
        status_of_input=True,
    ),
    "fmx": Dialect("FMX16", _same(": {i}->{o}"), size=16, any_case=True),
    "intelix": Dialect("FLX-88", _same(": {i}->{o}"), digits=(2, 3), closed="AV: {o} Closed."),
    "mmx88a": Dialect("MMX88A", {"V": "V{i} -> {o}", "A": "A:{i}- >{o}"}, digits=(2, 3)),
    "mmx1616": Dialect("MMX1616", _same("{i} to {o}"), size=16),
    "kensence": Dialect(
        "FMX",
        {"V": "V: {i}->{o}", "A": "A: {i}->{o}"},
        digits=(2, 3),
        status={"V": "V:{i}->{o}", "A": "A:{i}->{o}"},
        lists_after_recall=True,
    ),
    "aurora": Dialect("ASP-1616H", {"V": "V{i}{o}", "A": "A{i}{o}"}, size=16),
    "blackbird": Dialect(
        "24180",
        _same(":{i}->{o}"),
        status={"AV": "AV: {i}->{o}", "IR": "IR: {i}->{o}"},
        end="\r",
        nothing="OFF",
        unlocked="System UnLock!",
        has_infrared=True,
    ),
    "27841": Dialect(
        "27841", _same(":{i}->{o}"), nothing="OFF", unlocked="System UnLock!", has_table=True
    ),
}

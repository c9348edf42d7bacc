"""What signal-present meters notice: a level above their threshold, for as long as their delay."""

from typing import TYPE_CHECKING

from hw_sim.biamp_ttp.blocks import Block
from hw_sim.biamp_ttp.session import Cancellable

if TYPE_CHECKING:
    from hw_sim.biamp_ttp.device import Tesira


class Presence:
    def __init__(self, device: "Tesira") -> None:
        self._device = device
        self._present: set[tuple[str, int]] = set()
        self._turns: dict[tuple[str, int], Cancellable] = {}

    def at(self, tag: str, channel: int) -> bool:
        return (tag, channel) in self._present

    def look(self) -> None:
        """Take notice of the levels as they are now."""
        for block in self._device.blocks.values():
            if block.design.type == "presence":
                for channel in block.inputs:
                    self._notice(block, channel)

    def forget(self) -> None:
        for turn in self._turns.values():
            turn.cancel()
        self._turns.clear()
        self._present.clear()

    def _notice(self, block: Block, channel: int) -> None:
        at = block.tag, channel
        level = self._device.level(*at)
        heard = level is not None and level >= block.number("threshold", channel)
        if heard == self.at(*at):
            if turn := self._turns.pop(at, None):
                turn.cancel()
        elif at not in self._turns:
            delay = block.number("onDelay" if heard else "offDelay", channel) / 1000
            self._turns[at] = self._device.clock.later(delay, lambda: self._turn(at))

    def _turn(self, at: tuple[str, int]) -> None:
        del self._turns[at]
        self._present ^= {at}
        self._device.publish()

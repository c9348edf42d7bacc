"""What can be heard where in a Tesira: signals at the inputs, through the blocks, to a level."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from hw_sim.biamp_ttp.blocks import Block

FAINTEST = -100.0  # dB: a fader or a meter there passes or shows nothing
CLOSED = -60.0  # dB: nobody hears a microphone through a fader at or below this
CLIPPING = -0.5  # dBFS

Place = tuple[str, int]  # a block's tag and one of its channels


class Sound:
    """The signal flow of one configuration.

    Channel n of a block is fed by channel n of the first input block, unless ``feeds`` names another block or,
    as a list, a ``[tag, channel]`` for each of its channels.
    """

    def __init__(self, blocks: Mapping[str, Block], feeds: Mapping[str, object]) -> None:
        self.blocks = blocks
        self._signals: dict[Place, float] = {}
        inputs = [tag for tag, block in blocks.items() if block.design.type == "input"]
        self._feeds: dict[Place, Place] = {}
        for tag, block in blocks.items():
            given = feeds.get(tag, inputs[0] if inputs else None)
            if given is not None and block.design.type != "input":
                self._feeds |= dict(self._wires(block, given))
        for tag in blocks:
            self._refuse_loops(tag, ())

    def _wires(self, block: Block, given: object) -> Iterable[tuple[Place, Place]]:
        for channel in block.inputs:
            if isinstance(given, str):
                tag, source = given, channel
            elif channel <= len(listed := cast("Sequence[tuple[str, int]]", given)):
                tag, source = listed[channel - 1]
            else:
                continue
            if tag not in self.blocks:
                raise ValueError(f"{block.tag} is fed by {tag}, which is not there")
            yield (block.tag, channel), (tag, int(source))

    def _refuse_loops(self, tag: str, passed: tuple[str, ...]) -> None:
        if tag in passed:
            raise ValueError(f"{tag} feeds itself")
        for source in {to[0] for at, to in self._feeds.items() if at[0] == tag}:
            self._refuse_loops(source, (*passed, tag))

    def signal(self, tag: str, channel: int, level: float | None) -> None:
        """Let ``level`` dBFS arrive at a channel of an input block, measured at its gain by design.

        None is digital silence. Raises ValueError when there is no such input.
        """
        block = self.blocks.get(tag)
        if block is None or block.design.type != "input" or channel not in block.inputs:
            raise ValueError(f"no input {channel} at {tag}")
        if level is None:
            self._signals.pop((tag, channel), None)
        else:
            self._signals[tag, channel] = level

    def level(self, tag: str, channel: int) -> float | None:
        """dBFS that leave an output of a block, or None."""
        block = self.blocks.get(tag)
        if block is None:
            return None
        match block.design.type:
            case "input":
                return self._amplified(block, channel)
            case "mixer" | "matrix":
                return self._mixed(block, channel)
            case "selector":
                return self._arriving(tag, int(block.number("sourceSelection")))
            case "router":
                return self._arriving(tag, int(block.number("input", channel)))
            case "meter" | "presence":
                return self._arriving(tag, channel)
        if block.flag("mute", channel):
            return None
        return _shifted(self._arriving(tag, channel), block.number("level", channel))

    def open(self, tag: str, channel: int) -> bool:
        """Whether a channel lets a voice through: not muted, and the fader well above its bottom."""
        block = self.blocks[tag]
        if block.flag("mute", channel):
            return False
        faded = ("level", (channel,)) in block.values and block.design.type in ("level", "output")
        return not faded or block.number("level", channel) > CLOSED

    def clips(self, tag: str, channel: int) -> bool:
        level = self.level(tag, channel)
        return level is not None and level >= CLIPPING

    def _arriving(self, tag: str, channel: int) -> float | None:
        source = self._feeds.get((tag, channel))
        return None if source is None else self.level(*source)

    def _amplified(self, block: Block, channel: int) -> float | None:
        signal = self._signals.get((block.tag, channel))
        extra = block.number("gain", channel) - block.design.gain
        return None if signal is None else min(signal + extra, 0.0)

    def _mixed(self, block: Block, output: int) -> float | None:
        crosspoint = "crosspoint" if block.design.type == "mixer" else "crosspointLevelState"
        power = 0.0
        for channel in block.inputs:
            if block.flag(crosspoint, channel, output) and not block.flag("inputMute", channel):
                gain = block.number("inputLevel", channel)
                level = _shifted(self._arriving(block.tag, channel), gain)
                power += 0.0 if level is None else 10 ** (level / 10)
        mixed = 10 * math.log10(power) if power else None
        return _shifted(mixed, block.number("outputLevel", output))


def _shifted(level: float | None, gain: float) -> float | None:
    return None if level is None or gain <= FAINTEST else level + gain

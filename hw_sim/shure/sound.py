"""The way of the sound through the channels: gains, mutes, gates and mixes."""

from collections.abc import Callable, Mapping
from functools import partial
from math import log10

from hw_sim.clock import Clock
from hw_sim.shure.channel import Channel
from hw_sim.shure.meters import Cancellable
from hw_sim.shure.models import Model

HOLD = 0.4  # seconds that a gate stays open after a voice


class Sound:
    """``closed`` is called after a gate has closed by itself."""

    def __init__(
        self,
        model: Model,
        channels: Mapping[int, Channel],
        threshold: float,
        clock: Clock,
        closed: Callable[[], object],
    ) -> None:
        self._model, self._channels = model, channels
        self._threshold, self._clock, self._closed = threshold, clock, closed
        self._closing: dict[int, Cancellable] = {}

    def level(self, channel: int) -> float | None:
        """dBFS behind the channel's own mute."""
        return None if self._channels[channel].muted else self.before_mute(channel)

    def before_mute(self, channel: int) -> float | None:
        at, carried = self._channels[channel], self._model.mixes.get(channel)
        if carried is None:
            return at.amplify(at.received)
        direct = len(carried) == 1  # a direct output is not gated
        power = sum(
            10 ** (level / 10)
            for each in carried
            if (direct or self._passes(each)) and (level := self.level(each)) is not None
        )
        return at.amplify(10 * log10(power)) if power else None

    def _passes(self, channel: int) -> bool:
        return channel not in self._model.gated or self._channels[channel].gate

    def look(self) -> None:
        """Open the gates of those who speak, and close those of the others in a while."""
        for number in self._model.gated:
            level = self.level(number)
            if level is not None and level >= self._threshold:
                self._channels[number].gate = True
                if timer := self._closing.pop(number, None):
                    timer.cancel()
            elif self._channels[number].gate and number not in self._closing:
                self._closing[number] = self._clock.later(HOLD, partial(self._close, number))

    def _close(self, channel: int) -> None:
        del self._closing[channel]
        self._channels[channel].gate = False
        self._closed()

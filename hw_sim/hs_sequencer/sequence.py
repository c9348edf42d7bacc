"""The timed sequences: one channel after the other, each after its own delay."""

from asyncio import TimerHandle
from functools import partial

from hw_sim.clock import Clock
from hw_sim.outlets import Outlets


class Sequence:
    """On from the first channel to the last, off the other way round. A channel's delay runs from its predecessor."""

    def __init__(self, clock: Clock, outlets: Outlets, delay: float) -> None:
        self._clock, self._outlets = clock, outlets
        self._default = delay  # seconds
        self.delays: dict[bool, dict[int, float]] = {}
        self.reset_delays()
        self.direction: bool | None = None  # on, off, or none under way
        self._timer: TimerHandle | None = None

    def reset_delays(self) -> None:
        """Let every channel have the delay of a unit as shipped."""
        self.delays = {on: dict.fromkeys(self._outlets, self._default) for on in (True, False)}

    def start(self, on: bool) -> None:
        self.stop()
        self.direction = on
        self._wait(list(self._outlets) if on else list(reversed(list(self._outlets))))

    def stop(self) -> None:
        """Leave the channels as they are now."""
        self.direction = None
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self, channels: list[int]) -> None:
        if self.direction is None or not channels:
            self.direction = None
            return
        delay = self.delays[self.direction][channels[0]]
        self._timer = self._clock.later(delay, partial(self._step, channels))

    def _step(self, channels: list[int]) -> None:
        if self.direction is not None:
            self._outlets.switch(channels[0], self.direction)
            self._wait(channels[1:])

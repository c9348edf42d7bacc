"""One channel: what arrives at it, and what it makes of it."""

from dataclasses import dataclass

from hw_sim.shure.transmitter import Transmitter

UNITY = 1100  # the gain that is 0 dB, in tenths


@dataclass(slots=True)
class Channel:
    number: int
    name: str
    transmitter: Transmitter | None = None
    gain: int = UNITY  # tenths of dB, UNITY is 0 dB
    muted: bool = False
    rate: int = 0  # ms between samples, 0 for none
    signal: float | None = None  # dBFS that arrive
    gate: bool = False

    @property
    def received(self) -> float | None:
        """dBFS that arrive, or None: nothing plugged in, switched off, muted at the body, out of reach."""
        sends = self.transmitter
        if sends is not None and (not sends.heard or sends.muted):
            return None
        return self.signal

    def amplify(self, level: float | None) -> float | None:
        """Through the gain, but not the mute. A gain of 0 is silence."""
        if level is None or self.gain == 0:
            return None
        return min(0.0, level + (self.gain - UNITY) / 10)

"""A VISCA camera on a bench: a clock turned by hand, and one line to it."""

from typing import Any

from hw_sim.simulator import Simulator
from hw_sim.visca import Chain, ViscaCamera
from tests.sim.conftest import Ear, ManualClock

SOON = 0.1  # seconds: long enough for any answer, too short for a move


class Rig:
    def __init__(self, model: str = "generic", kind: str = "serial", **options: Any) -> None:
        self.clock = ManualClock()
        self.camera = ViscaCamera(model, clock=self.clock, **options)
        self._plug(self.camera, kind)

    def _plug(self, device: Simulator, kind: str) -> None:
        self.ear = Ear(kind)
        self.line = device.converse(self.ear)
        self.line.opened()

    def send(self, text: str) -> None:
        self.line.receive(bytes.fromhex(text))

    def heard(self, seconds: float = SOON) -> str:
        """What comes within so many seconds, as hex."""
        self.clock.advance(seconds)
        return self.ear.take().hex()

    def ask(self, text: str, seconds: float = SOON) -> str:
        self.send(text)
        return self.heard(seconds)

    def position(self) -> str:
        return self.ask("81090612ff")


class ChainRig(Rig):
    def __init__(self, *models: str, **options: Any) -> None:
        self.clock = ManualClock()
        self.chain = Chain(clock=self.clock, cameras=",".join(models), **options)
        self.camera = self.chain.cameras[0]
        self._plug(self.chain, "serial")

"""Up to seven cameras behind one serial port."""

from collections.abc import Sequence
from random import Random
from typing import ClassVar

from hw_sim.clock import Clock
from hw_sim.simulator import Conversation, Port, Simulator
from hw_sim.visca.camera import ViscaCamera
from hw_sim.visca.knobs import OPTIONS
from hw_sim.visca.lines import Line

LONGEST = 7


class Chain(Simulator):
    """Cameras wired OUT to IN. Frames go to the first camera with their address; broadcasts go through all.

    A press names its ``camera``, counted from 1 along the chain. Time on the way from camera to camera is not
    known, and left out.
    """

    driver: ClassVar[str] = "visca_chain"
    models: ClassVar[tuple[str, ...]] = ViscaCamera.models
    options = OPTIONS | {
        "cameras": "how many of the model (default 2), or their models, separated by commas"
    }

    def __init__(
        self,
        model: str | None = None,
        *,
        clock: Clock | None = None,
        rng: Random | None = None,
        cameras: int | str | Sequence[ViscaCamera] = 2,
        **options: object,
    ) -> None:
        super().__init__(model, clock=clock, rng=rng, **options)
        self.reply_port: int | None = None
        if isinstance(cameras, int) or (isinstance(cameras, str) and cameras.isdigit()):
            cameras = ",".join([self.model] * int(cameras))
        if isinstance(cameras, str):
            cameras = [
                ViscaCamera(name.strip(), clock=self.clock, rng=self.rng, **options)
                for name in cameras.split(",")
                if name.strip()
            ]
        if not 1 <= len(cameras) <= LONGEST:
            raise ValueError(f"a chain has 1 to {LONGEST} cameras, not {len(cameras)}")
        self.cameras = tuple(cameras)

    def converse(self, port: Port) -> Conversation:
        return Line(self.cameras, port)

    def truth(self) -> dict[str, object]:
        return {"cameras": [camera.truth() for camera in self.cameras]}

    def reboot(self) -> None:
        for camera in self.cameras:
            camera.reboot()

    def press(self, action: str, **arguments: object) -> None:
        camera = arguments.pop("camera", 1)
        if not isinstance(camera, int) or not 1 <= camera <= len(self.cameras):
            raise ValueError(f"the chain has no camera {camera}")
        self.cameras[camera - 1].press(action, **arguments)

    @classmethod
    def actions(cls) -> tuple[str, ...]:
        return ViscaCamera.actions()

    @classmethod
    def arguments(cls, action: str) -> tuple[str, ...]:
        return ("camera", *ViscaCamera.arguments(action))

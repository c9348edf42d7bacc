"""The verbs of a VISCA camera."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from avctl.capabilities.camera import Focus, Framing
from avctl.capabilities.power import Power, PowerState
from avctl.drivers.visca import commands, inquiries
from avctl.drivers.visca.models import PresetSpeed
from avctl.drivers.visca.sending import LATEST_ACK, ViscaSending
from avctl.errors import BusyError, DeviceError, LinkDownError, NoAnswerError, RefusedError


@dataclass(frozen=True, slots=True)
class Drive:
    """Speeds from -1 to 1, positive right, up and tele."""

    pan: float
    tilt: float
    zoom: float

    def __post_init__(self) -> None:
        if not all(-1 <= speed <= 1 for speed in (self.pan, self.tilt, self.zoom)):
            raise ValueError("speeds go from -1 to 1")


class Visca(ViscaSending):
    """A VISCA camera. Capabilities: Camera, Powered, Focusing, TallyLamp (where it has one)."""

    driver = "visca"
    verbs: ClassVar[Mapping[str, str]] = {
        "power": "on or off (standby)",
        "recall": "move to preset N",
        "store": "store where it looks as preset N; wears the memory",
        "reset": "clear preset N",
        "aim": "move to PAN and TILT degrees and ZOOM from 0 to 1",
        "drive": "move at PAN, TILT and ZOOM speeds from -1 to 1 until stop",
        "stop": "stop all motion",
        "home": "move to the centre",
        "zoom": "zoom to POS, from 0 (wide) to 1 (tele)",
        "focus": "auto, manual or one-push",
        "tally": "light the lamp on or off",
        "menu": "off: close the menu",
        "position": "tell where it looks",
        "version": "tell what it is",
    }

    _newest: Drive | None = None
    _driving = False

    # What was learnt.

    def known(self) -> Mapping[str, Any]:
        given = self.settings.framings
        learnt = {number: at for number, at in self.framings.items() if number not in given}
        return {"framings": {str(number): asdict(at) for number, at in learnt.items()}}

    def remember(self, known: Mapping[str, Any]) -> None:
        for number, at in dict(known.get("framings", {})).items():
            framing = Framing(float(at["pan"]), float(at["tilt"]), float(at["zoom"]))
            if int(number) not in self.settings.framings:
                self.framings[int(number)] = framing

    # Powered.

    async def power(self, on: bool) -> None:
        """A camera that wakes may refuse everything, or close its line, for `Model.power_on` seconds."""
        if on and not self.model.ip_power_on and self._scheme in ("tcp", "udp"):
            raise RefusedError(
                self.name, f"{self.model.title} cannot be switched on over the network"
            )
        state = self.state.get(PowerState())
        wakes = on and state is not None and state.value is Power.OFF
        if wakes:  # noted first: the Completion may come in one piece with the Ack
            self._gaze.lose()
            self._starts()
        command = commands.power(self.settings.address, on)
        if self.model.late_ack:
            command = replace(command, timeout=LATEST_ACK, presumed=command.timeout)
        try:
            await self._do(command)
        except (RefusedError, BusyError, LinkDownError):
            self._awake_by = 0.0
            raise

    # Camera.

    async def recall(self, preset: int) -> None:
        asked = self._motion
        command = commands.recall(self.settings.address, self.model.code(preset))
        if preset not in self.framings:
            await self._look_before()
        self._gaze.recall(preset, self.clock.now())
        try:
            await self._go(command, asked)
        except (RefusedError, BusyError, LinkDownError):
            self._gaze.go()
            raise

    async def aim(self, framing: Framing) -> None:
        """Raises ValueError where the camera cannot look."""
        pan, tilt, zoom = self.model.position(framing)
        at, speeds = self.settings.address, self._speeds(self.model.pan_speed)
        asked = self._motion
        self._gaze.aim(framing)
        await self._go(commands.move_to(at, pan, tilt, speeds, self._digits), asked)
        await self._go(commands.zoom_to(at, zoom), asked, alone=False)

    async def drive(self, pan: float, tilt: float, zoom: float) -> None:
        """A newer drive replaces one that still waits to be sent. Raises ValueError beyond -1 to 1."""
        self._newest = Drive(pan, tilt, zoom)
        if self._driving:
            return
        self._driving = True
        try:
            while self._newest is not None:
                newest, self._newest = self._newest, None
                await self._send_drive(newest)
        finally:
            self._driving = False

    async def stop(self) -> None:
        """Goes on until the camera has answered, or its line is down."""
        self._motion += 1
        self._newest = self._driven = None
        self._gaze.go()
        at, model = self.settings.address, self.model
        head = commands.drive(at, 0, 0, model.pan_speed, model.tilt_speed)
        lens = commands.zoom_drive(at, 0, 0)
        if self._scheme == "udp":
            await self._stop_blindly(head, lens)
        try:
            await self._stop(head)
        except DeviceError:
            await self._stop(lens)
            raise
        await self._stop(lens)

    async def store(self, preset: int) -> None:
        code = self.model.code(preset)
        self.framings.pop(preset, None)
        await self._do(commands.store(self.settings.address, code), harmless=False)
        await self._look(self.ask)
        if self._gaze.framing and self._gaze.moving is False:
            self.framings[preset] = self._gaze.framing
            self._gaze.target = preset  # of those that look the same, it shows the one just stored

    async def reset(self, preset: int) -> None:
        """Clear a preset in the camera, and forget its framing."""
        code = self.model.code(preset)
        self.framings.pop(preset, None)
        await self._do(commands.forget(self.settings.address, code))

    async def preset_speed(self, speed: int, preset: int | None = None) -> None:
        """How fast recalls go: a code from 1. Ignored while the camera moves.

        Raises ValueError where the camera has it for each preset and none is given, or the other way round.
        """
        at, model = self.settings.address, self.model
        if not 1 <= speed <= model.pan_speed:
            raise ValueError(f"speeds go from 1 to {model.pan_speed}")
        if (model.preset_speed is PresetSpeed.EACH) != (preset is not None):
            raise ValueError(f"{model.title}: {model.preset_speed.value}")
        if preset is not None:
            await self._do(commands.preset_speed_each(at, model.code(preset), speed))
        elif model.preset_speed is PresetSpeed.COMMON:
            await self._do(commands.preset_speed_common(at, speed))
        else:
            await self._do(commands.preset_speed_short(at, speed))

    async def home(self) -> None:
        self._gaze.go()
        await self._go(commands.home(self.settings.address), self._motion)

    async def reference(self) -> None:
        """Run to the end stops and count anew."""
        self._gaze.go()
        await self._go(commands.reference(self.settings.address), self._motion)

    async def move_by(self, pan: float, tilt: float) -> None:
        """Degrees, positive right and up. Not harmless twice."""
        right = 1 if self.model.pan[1] > self.model.pan[0] else -1
        units = round(right * pan * self.model.units), round(tilt * self.model.units)
        speeds = self.model.pan_speed, self.model.tilt_speed
        self._gaze.go()
        command = commands.move_by(self.settings.address, *units, speeds, self._digits)
        await self._go(command, self._motion, harmless=False)

    async def zoom(self, position: float) -> None:
        """From 0 (wide) to 1 (tele)."""
        if not 0 <= position <= 1:
            raise ValueError("zoom goes from 0 (wide) to 1 (tele)")
        self._gaze.go()
        target = round(position * self.model.tele)
        await self._go(commands.zoom_to(self.settings.address, target), self._motion)

    # Focusing, TallyLamp, and what only cameras have.

    async def focus(self, mode: Focus) -> None:
        await self._do(commands.focus_mode(self.settings.address, mode))

    async def focus_once(self) -> None:
        await self._do(commands.focus_once(self.settings.address, self.model.sony))

    async def focus_to(self, position: int) -> None:
        """In the camera's own numbers; refused while the focus is automatic."""
        near, far = self.model.focus
        if not near <= position <= far:
            raise ValueError(f"focus goes from {near} to {far}")
        await self._do(commands.focus_to(self.settings.address, position))

    async def tally(self, on: bool) -> None:
        if not self._has_tally:
            raise RefusedError(self.name, f"{self.model.title} has no tally lamp")
        await self._do(commands.tally(self.settings.address, on))
        self._tally_lit = self.clock.now() if on else None

    async def close_menu(self) -> None:
        """An open menu keeps the head from moving."""
        await self._do(commands.menu_off(self.settings.address))

    async def position(self) -> Framing:
        """Where it looks, asked now."""
        await self._look(self.ask)
        if self._gaze.framing is None:
            raise NoAnswerError(self.name, "no position came")
        return self._gaze.framing

    async def version(self) -> inquiries.VersionIs:
        return await self._inquire(self.ask, inquiries.read_version(self.settings.address))

    async def lens(self) -> inquiries.LensIs:
        return await self._inquire(self.ask, inquiries.read_lens(self.settings.address))

    async def block(self, number: int) -> bytes:
        """Block 1 (camera) to 5, as 13 bytes."""
        if not 1 <= number <= 5:
            raise ValueError("blocks go from 1 to 5")
        command = inquiries.read_block(self.settings.address, number)
        return (await self._inquire(self.ask, command)).data

    # For the command line.

    async def verb_aim(self, pan: float, tilt: float, zoom: float) -> None:
        await self.aim(Framing(pan, tilt, zoom))

    async def verb_focus(self, mode: str) -> None:
        if mode == "one-push":
            await self.focus_once()
        else:
            await self.focus(Focus(mode))

    async def verb_menu(self, state: str) -> None:
        if state != "off":
            raise ValueError("a menu can only be switched off")
        await self.close_menu()

    # How it is said.

    async def _send_drive(self, wanted: Drive) -> None:
        asked, before, at = self._motion, self._driven, self.settings.address
        self._gaze.go()
        if before is None or (before[0], before[1]) != (wanted.pan, wanted.tilt):
            speeds = (
                _speed(wanted.pan, self.model.pan_speed),
                _speed(wanted.tilt, self.model.tilt_speed),
            )
            command = commands.drive(at, _sign(wanted.pan), _sign(wanted.tilt), *speeds)
            await self._move(command, asked)
        if before is None or before[2] != wanted.zoom:
            speed = round(abs(wanted.zoom) * 7)
            command = commands.zoom_drive(at, _sign(wanted.zoom), speed)
            await self._move(command, asked, alone=False)
        if self._motion == asked:
            self._driven = wanted.pan, wanted.tilt, wanted.zoom

    def _speeds(self, fastest: int) -> tuple[int, int]:
        return fastest, 0 if self.model.one_speed else self.model.tilt_speed


def _sign(speed: float) -> int:
    return (speed > 0) - (speed < 0)


def _speed(speed: float, fastest: int) -> int:
    """The code from 1 to ``fastest``; also for an axis that stands still."""
    return 1 + round(abs(speed) * (fastest - 1))

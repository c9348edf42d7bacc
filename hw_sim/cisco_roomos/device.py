"""The room system itself: its calls, sound, picture, cameras and health, and whom it tells of them."""

import re
from collections.abc import Mapping
from typing import ClassVar

from hw_sim.cisco_roomos.calls import Calls, Status
from hw_sim.cisco_roomos.knobs import AXES, MODELS, OPTIONS, Knobs
from hw_sim.cisco_roomos.news import News
from hw_sim.cisco_roomos.peripherals import Peripherals
from hw_sim.cisco_roomos.shell import Shell
from hw_sim.cisco_roomos.standby import Standby
from hw_sim.cisco_roomos.status import THRESHOLD, UPTIME, status
from hw_sim.cisco_roomos.tree import Path
from hw_sim.eye import Eye, Pose
from hw_sim.mains import MainsPowered
from hw_sim.simulator import Port

RANGES: Mapping[Path, tuple[int, int]] = {
    ("Audio", "DefaultVolume"): (0, 100),
    ("Standby", "Delay"): (1, 480),
}


class Codec(MainsPowered):
    """Presets and configuration survive a loss of power; calls, mute, sessions and peripherals do not.

    Device faults: busy and refuses answer Error to every command and setting, ignores answers OK and changes nothing;
    status is always read. There is no word for a full buffer and no address: those are without effect.
    """

    driver: ClassVar[str] = "cisco_roomos"
    models: ClassVar[tuple[str, ...]] = tuple(MODELS)
    baud: ClassVar[int] = 115200
    boots_in: ClassVar[float] = 90.0
    options: ClassVar[Mapping[str, str]] = OPTIONS

    def set_up(self) -> None:
        super().set_up()
        self.kind = MODELS[self.model]
        self.knobs = knobs = Knobs(self.settings)
        self.shells: list[Shell] = []
        self.calls = Calls(self.clock, knobs, self.changed)
        self.peripherals = Peripherals(self.clock, self.changed)
        self.standby = Standby(
            self.clock, knobs.standby_minutes, lambda: len(self.calls) > 0, self.changed
        )
        self.eyes = [Eye(self.clock, AXES) for _ in range(self.kind.cameras)]
        self.presets = {number: (1, pose) for number, pose in knobs.presets.items()}
        self.room_presets: dict[int, list[dict[str, float]]] = {}
        self.configuration: dict[Path, str] = {
            ("Audio", "DefaultVolume"): "50",
            ("Standby", "Delay"): str(knobs.standby_minutes or 480),
            ("SystemUnit", "Name"): knobs.host,
            ("Video", "Selfview", "Default", "Mode"): "Off",
        }
        self.registered, self.temperature, self.banner = knobs.registered, knobs.temperature, ""
        self._began_at: float | None = None  # when somebody first looked, or it was started anew
        self._set_out()
        self.news: News = News(self)

    def _set_out(self) -> None:
        """As after a start."""
        self.muted = self.volume_muted = self.video_muted = self.selfview_full = False
        self.volume = int(self.configuration["Audio", "DefaultVolume"])
        self.selfview = self.configuration["Video", "Selfview", "Default", "Mode"] == "On"
        self.main_source = 1

    def meet(self, port: Port) -> Shell:
        self._begin()
        return Shell(self, port)

    def _begin(self) -> None:
        if self._began_at is None:
            self._began_at = self.clock.now()
            self.standby.begin()

    def admits(self, user: str, password: str) -> bool:
        return (user, password) == (self.knobs.user, self.knobs.password)

    # What it tells.

    def whole_status(self) -> dict[Path, str]:
        self._begin()
        uptime = int(self.clock.now() - (self._began_at or 0.0))
        return status(self) | {UPTIME: str(uptime)}

    def messages(self) -> list[dict[str, str]]:
        """What its own diagnostics find."""
        found = []
        if self.temperature >= THRESHOLD:
            found.append(("Critical", "TemperatureCheck", "The temperature is too high"))
        if not self.registered:
            found.append(("Error", "SIPRegistration", "SIP is not registered"))
        return [
            {"Description": text, "Level": level, "References": "", "Type": kind}
            for level, kind, text in found
        ]

    def changed(self) -> None:
        self.news.spread()

    # What changes.

    def configure(self, path: Path, value: str) -> bool:
        """Set a value; returns whether it has a meaning."""
        least, most = RANGES.get(path, (0, 0))
        if most and not (re.fullmatch("[0-9]{1,3}", value) and least <= int(value) <= most):
            return False
        if path[-1] == "Mode" and value not in ("On", "Off"):
            return False
        self.configuration[path] = value
        if path == ("Standby", "Delay"):
            self.standby.minutes = int(value)
            self.standby.begin()
        return True

    def turn(self, camera: int, pose: Pose) -> None:
        """Let a camera set out; where it has come to is told when it arrives."""
        self.eyes[camera - 1].go(pose)
        self.watch(camera)

    def watch(self, camera: int) -> None:
        self.clock.later(self.eyes[camera - 1].seconds_left, self.changed)

    # Power.

    def lose_power(self) -> None:
        self.shells.clear()
        self.calls.lose_all()
        self.peripherals.clear()
        self.standby.reset()
        for eye in self.eyes:
            eye.stop()
        self._set_out()
        self.news.note()

    def come_up(self) -> None:
        self._began_at = None
        self._begin()

    # The far end.

    @property
    def sends_picture(self) -> bool:
        return self.is_running and self.calls.is_connected and not self.video_muted

    @property
    def sends_sound(self) -> bool:
        return self.is_running and self.calls.is_connected and not self.muted

    def truth(self) -> dict[str, object]:
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "calls": [
                {"id": call.id, "number": call.number, "incoming": call.incoming,
                 "status": str(call.status)}
                for call in self.calls
            ],
            "muted": self.muted,
            "volume": self.volume,
            "volume_muted": self.volume_muted,
            "video_muted": self.video_muted,
            "main_source": self.main_source,
            "selfview": self.selfview,
            "standby": self.standby.state,
            "cameras": [{"at": eye.pose, "moving": eye.is_moving} for eye in self.eyes],
            "presets": {str(each): pose for each, (_, pose) in sorted(self.presets.items())},
            "registered": self.registered,
            "temperature": self.temperature,
            "peripherals": [device.fields() for device in self.peripherals.values()],
            "banner": self.banner,
            "sessions": len(self.shells),
        }  # fmt: skip

    # What people do.

    def press_call(self, number: str, name: str = "") -> None:
        """Somebody calls. A system that is off is not reached."""
        if self.is_running:
            self._use()
            self.calls.ring(str(number), str(name))

    def press_answer(self) -> None:
        """Take the call that rings."""
        call = self.calls.find(None, Status.RINGING)
        if self.is_running and call is not None and call.incoming:
            self.calls.accept(call)

    def press_dial(self, number: str) -> None:
        """Call somebody from the touch panel."""
        if self.is_running:
            self._use()
            self.calls.dial(str(number))

    def press_hang_up(self) -> None:
        """End all calls, at either end."""
        if self.is_running:
            self.calls.end_all()

    def press_mute(self, on: bool) -> None:
        """Press the mute key of a microphone."""
        self._set("muted", "on", on)

    def press_selfview(self, on: bool) -> None:
        self._set("selfview", "on", on)

    def press_volume(self, value: int) -> None:
        if not 0 <= value <= 100:
            raise ValueError(f"the volume is 0 to 100, not {value}")
        if self.is_running:
            self.volume = int(value)
            self._use()

    def press_sleep(self) -> None:
        """Send it to standby: nothing happens in a call."""
        if self.is_running and not len(self.calls):
            self._begin()
            self.standby.activate()

    def press_wake(self) -> None:
        """Touch the panel."""
        if self.is_running:
            self._use()

    def press_register(self, on: bool) -> None:
        """Let the SIP server know the system, or lose it."""
        _check("on", on)
        self.registered = on
        self.changed()

    def press_temperature(self, degrees: float) -> None:
        """Let it get warm, or cool; too warm is told among the diagnostics."""
        self.temperature = float(degrees)
        self.changed()

    def press_drop_sessions(self) -> None:
        """End all sessions of the shell."""
        for shell in tuple(self.shells):
            shell.drop()

    def _set(self, what: str, name: str, on: bool) -> None:
        _check(name, on)
        if self.is_running:
            setattr(self, what, on)
            self._use()

    def _use(self) -> None:
        """Somebody uses the room."""
        self._begin()
        self.standby.deactivate()


def _check(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false, not {value!r}")

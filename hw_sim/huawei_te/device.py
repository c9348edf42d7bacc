"""The terminal itself: its call, its microphone, its cameras, its sleep, who is logged in."""

from asyncio import TimerHandle
from collections.abc import Mapping
from typing import ClassVar

from hw_sim.eye import Eye
from hw_sim.huawei_te.actions import CHANGES, LOUDEST, QUERIES, RefusedError, Wish
from hw_sim.huawei_te.calls import Call, Phase
from hw_sim.huawei_te.knobs import AXES, MODELS, OPTIONS, Knobs
from hw_sim.huawei_te.logins import Logins
from hw_sim.huawei_te.session import Session
from hw_sim.mains import MainsPowered
from hw_sim.simulator import Port

MINUTE = 60.0


class Terminal(MainsPowered):
    """Presets, settings and volume survive a loss of power; sessions, the call and a closed microphone do not.

    Device faults: busy answers success:0 to everything, the request of a session too, and so does refuses to every
    change; ignores answers success:1 and changes nothing. There is no word for a full buffer and no address: those
    are without effect. All failures carry the same two numbers, for no others are documented.
    """

    driver: ClassVar[str] = "huawei_te"
    models: ClassVar[tuple[str, ...]] = tuple(MODELS)
    boots_in: ClassVar[float] = 60.0
    options: ClassVar[Mapping[str, str]] = OPTIONS

    def set_up(self) -> None:
        super().set_up()
        self.kind = MODELS[self.model]
        self.knobs = knobs = Knobs(self.kind, self.settings)
        self.logins = Logins(self.clock, self.rng, knobs.session_limit, knobs.session_seconds)
        self.eyes = [Eye(self.clock, AXES) for _ in range(knobs.cameras)]
        self.presets: list[dict[int, dict[str, float]]] = [{} for _ in self.eyes]
        self.presets[0].update(knobs.presets)
        self.settings_kept: dict[str, object] = {"enabletelnet": 0, "enable_http": 1}
        self.registered = knobs.registered
        self.upgrading = False
        self.speaker, self.volume = True, 15
        self.muted = self.asleep = self.presenting = False
        self.layout: dict[str, object] = {}
        self.call = Call(self.clock, knobs, self._call_changed)
        self._drowsing: TimerHandle | None = None

    @property
    def old_tls(self) -> bool:
        return self.knobs.old_tls

    def meet(self, port: Port) -> Session:
        if self._drowsing is None and not self.asleep:
            self._drowse()
        return Session(self, port)

    def admits(self, user: str, password: str) -> bool:
        return (user, password) == (self.knobs.user, self.knobs.password)

    def act(self, action: str, wish: Wish) -> object:
        """Do what somebody who is logged in wants; gives the data of the answer. Raises RefusedError."""
        if action in QUERIES:
            return QUERIES[action](self, wish)
        if action not in CHANGES or self.faults.strikes("refuses"):
            raise RefusedError(action)
        if not self.faults.strikes("ignores"):
            CHANGES[action](self, wish)
        return None

    # Sleep.

    def fall_asleep(self) -> None:
        self.asleep = True

    def wake(self) -> None:
        self.asleep = False
        self._drowse()

    def _drowse(self) -> None:
        """Count the time until it sleeps by itself anew."""
        if self._drowsing is not None:
            self._drowsing.cancel()
        if minutes := self.knobs.sleep_minutes:
            self._drowsing = self.clock.later(minutes * MINUTE, self._nod_off)

    def _nod_off(self) -> None:
        if self.is_running and self.call.is_free:
            self.fall_asleep()

    def _call_changed(self) -> None:
        if self.call.phase in (Phase.RINGING, Phase.CONNECTED):
            self.wake()
        elif self.call.phase is Phase.ENDED:
            self.presenting = False
            self._drowse()

    # Power.

    def lose_power(self) -> None:
        self.logins.clear()
        self.call.forget()
        if self._drowsing is not None:
            self._drowsing.cancel()
            self._drowsing = None
        self.muted = self.asleep = self.presenting = self.upgrading = False
        for eye in self.eyes:
            eye.stop()

    def come_up(self) -> None:
        self._drowse()

    # The far end.

    @property
    def sends_picture(self) -> bool:
        return self.is_running and self.call.phase is Phase.CONNECTED

    @property
    def sends_sound(self) -> bool:
        return self.sends_picture and not self.muted

    def truth(self) -> dict[str, object]:
        party = self.call.party
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "asleep": self.asleep,
            "call": str(self.call.phase),
            "number": party.number if party else None,
            "incoming": party.incoming if party else None,
            "seconds": self.call.seconds,
            "far_muted": self.call.far_muted,
            "muted": self.muted,
            "speaker": self.speaker,
            "volume": self.volume,
            "presenting": self.presenting,
            "layout": self.layout,
            "cameras": [
                {"at": eye.pose, "moving": eye.is_moving, "presets": dict(presets)}
                for eye, presets in zip(self.eyes, self.presets, strict=True)
            ],
            "registered": self.registered,
            "upgrading": self.upgrading,
            "settings": dict(self.settings_kept),
            "sessions": len(self.logins),
        }

    # What people do.

    def press_call(self, number: str) -> None:
        """Somebody calls. A terminal that is in a call, or off, is not reached."""
        if self.is_running and self.call.is_free:
            self.call.ring(str(number))

    def press_answer(self) -> None:
        """Take the call that rings."""
        if self.is_running and self.call.phase is Phase.RINGING:
            self.call.connect()

    def press_dial(self, number: str) -> None:
        """Call somebody from the remote control."""
        if self.is_running and self.call.is_free:
            self.wake()
            self.call.dial(str(number))

    def press_hang_up(self) -> None:
        """End the call, at either end."""
        if self.is_running and not self.call.is_free:
            self.call.end()

    def press_mute(self, on: bool) -> None:
        """Press the mute key of the microphone."""
        _truth_value("on", on)
        if self.is_running:
            self.muted = on

    def press_far_mute(self, on: bool) -> None:
        """The far end mutes itself."""
        _truth_value("on", on)
        if self.call.phase is Phase.CONNECTED:
            self.call.far_muted = on

    def press_volume(self, value: int) -> None:
        if not 0 <= value <= LOUDEST:
            raise ValueError(f"the volume is 0 to {LOUDEST}, not {value}")
        if self.is_running:
            self.volume = int(value)

    def press_sleep(self) -> None:
        """Press the power key: nothing happens in a call."""
        if self.is_running and self.call.is_free:
            self.fall_asleep()

    def press_wake(self) -> None:
        if self.is_running:
            self.wake()

    def press_register(self, on: bool) -> None:
        """Let the SIP server know the terminal, or lose it."""
        _truth_value("on", on)
        self.registered = on

    def press_upgrade(self, on: bool) -> None:
        """Begin to upgrade, or be through with it: meanwhile there are no new sessions."""
        _truth_value("on", on)
        self.upgrading = on and self.is_running

    def press_forget_sessions(self) -> None:
        """Let all sessions expire at once."""
        self.logins.clear()

    def key(self, name: str) -> None:
        """A key of the remote control; those that move about in menus do nothing here."""
        match name:
            case "mute":
                self.muted = not self.muted
            case "louder" | "softer":
                step = 1 if name == "louder" else -1
                self.volume = min(max(self.volume + step, 0), LOUDEST)
            case "power" if self.asleep:
                self.wake()
            case "power":
                self.press_sleep()


def _truth_value(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false, not {value!r}")

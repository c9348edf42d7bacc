"""The device itself: its channels, its clients, its front panel and its power."""

from collections.abc import Mapping
from typing import ClassVar

from hw_sim.shure.channel import UNITY, Channel
from hw_sim.shure.knobs import OPTIONS, Knobs
from hw_sim.shure.meters import Cancellable, Meters
from hw_sim.shure.models import MODELS, WIRELESS
from hw_sim.shure.parameters import PRESETS
from hw_sim.shure.reports import Place, Reports
from hw_sim.shure.session import Session
from hw_sim.shure.sound import Sound
from hw_sim.shure.transmitter import Transmitter
from hw_sim.shure.truth import truth_of
from hw_sim.shure.wire import Order
from hw_sim.simulator import Port, Simulator

FLASHES = 30.0  # seconds
FAST = 250  # ms between samples, below which clients fall behind


class ShureReceiver(Simulator):
    """Channels, names and gains survive a loss of power; meters and flashing do not.

    Everybody is told of every change, whoever made it. Device faults: refuses answers REP ERR to every SET; ignores
    answers as if it had done it; wrong_address answers under the next channel's number. The protocol has no
    word for busy or for a full buffer: those are without effect.
    """

    driver = "shure"
    models = tuple(MODELS)
    options: ClassVar[Mapping[str, str]] = OPTIONS

    def set_up(self) -> None:
        super().set_up()
        self.kind = MODELS[self.model]
        self.knobs = Knobs(self.kind, self.settings)
        self.name, self.firmware = self.knobs.device_id, self.knobs.firmware
        self.last_error = self.knobs.last_error
        self.flashing = self.muted = False
        self.preset = 1
        self.rates = dict.fromkeys(self.kind.meters, 0)
        self.sessions: list[Session] = []
        self.transmitters = self._made_transmitters()
        self.channels = {
            number: Channel(number, name, self.transmitters.get(number))
            for number, name in self.knobs.names.items()
        }
        self._sound = Sound(
            self.kind, self.channels, self.knobs.gate_threshold, self.clock, self.changed
        )
        self._reports, self._meters = Reports(self), Meters(self)
        self._paced: dict[str | int, int] = {}
        self._known = self._reports.state()
        self._boot: Cancellable | None = None
        self._flash: Cancellable | None = None
        self._wear: Cancellable | None = None
        self.faults.changed.append(self._faults_changed)

    def _made_transmitters(self) -> dict[int, Transmitter]:
        if self.kind.kind != WIRELESS:
            return {}
        return {
            number: Transmitter(
                self.clock,
                on=number in self.knobs.transmitters,
                minutes=self.knobs.battery_minutes,
                full=self.knobs.full_minutes,
                calculating=self.knobs.calculating_seconds,
            )
            for number in self.knobs.names
        }

    def converse(self, port: Port) -> Session:
        self._start()
        return Session(self, port)

    # The room.

    def signal(self, channel: int, level: float | None) -> None:
        """Let ``level`` dBFS arrive at a channel's microphone; None is a dead one."""
        if channel in self.kind.mixes:
            raise ValueError(f"channel {channel} of {self.model} is an output")
        self._channel(channel).signal = level
        if self.kind.gated:
            self.changed()

    def level(self, channel: int) -> float | None:
        """dBFS that leave a channel; None when it is muted, switched off or out of reach."""
        self._channel(channel)
        if self.muted or self._boot is not None:
            return None
        return self._sound.level(channel)

    def before_mute(self, channel: int) -> float | None:
        """dBFS that a channel's meter shows, also while it is muted."""
        return self._sound.before_mute(channel)

    def _channel(self, number: int) -> Channel:
        if number not in self.channels:
            raise ValueError(f"{self.model} has no channel {number}")
        return self.channels[number]

    def truth(self) -> dict[str, object]:
        return truth_of(self) | {"booting": self._boot is not None}

    # What clients want.

    def get(self, order: Order) -> list[bytes]:
        """The answers to a GET. Raises Complaint."""
        if order.name == "ALL":
            places = self._reports.everything(order.channel)
        else:
            places = self._reports.of(order.channel, order.name)
        return [self._reports.line(place) for place in places]

    def pretend(self, order: Order) -> list[bytes]:
        """What the setter would be told, had it been set; a step is told as the value that is. Raises Complaint."""
        said = None if order.value.startswith(("INC", "DEC", "TOGGLE")) else order.value
        return [self._reports.line(place, said) for place in self._reports.check(order)]

    def check(self, order: Order) -> None:
        """Raises Complaint when nothing like it can be set."""
        self._reports.check(order)

    def put(self, order: Order) -> list[bytes]:
        """Set a value and tell everybody; what the setter still has to be told. Raises Complaint."""
        places = self._reports.check(order)
        for place in places:
            self._reports.write(place, order.value)
        # A preset is reported as it was asked for, without the zero that it is read with.
        said: dict[Place, str] = {
            place: order.value for place in places if place == (None, "PRESET")
        }
        told = self.changed(said)
        return [self._reports.line(place, said.get(place)) for place in places if place not in told]

    # What changes.

    def changed(self, said: Mapping[Place, str] | None = None) -> set[Place]:
        """Tell everybody what is new, some of it as ``said``; the places told of."""
        self._sound.look()
        self._pace()
        before, self._known = self._known, self._reports.state()
        news = [place for place, value in self._known.items() if before[place] != value]
        if self._boot is None:
            for place in news:
                self.say(self._reports.line(place, (said or {}).get(place)))
        return set(news)

    def say(self, line: bytes) -> None:
        for session in list(self.sessions):
            session.say(line)

    @property
    def lag(self) -> float:
        """Seconds that what is said comes late: samples too fast keep clients behind."""
        fast = any(0 < rate < FAST for rate in self._paced.values())
        return self.knobs.meter_lag if fast else 0.0

    def _pace(self) -> None:
        """Let the meters run as fast as they were set to."""
        rates: dict[str | int, int] = {number: at.rate for number, at in self.channels.items()}
        rates.update(self.rates)
        for what, rate in rates.items():
            if rate != self._paced.get(what, 0):
                self._meters.run(what, rate)
        self._paced = rates

    def flash(self, on: bool) -> None:
        """Flash the lights, which ends by itself."""
        self.flashing = on
        if self._flash:
            self._flash.cancel()
        self._flash = self.clock.later(FLASHES, self._go_dark) if on else None

    def _go_dark(self) -> None:
        self.flash(False)
        self.changed()

    def recall(self, preset: int) -> None:
        self.preset = preset
        for number, name, value in self.knobs.presets.get(preset, ()):
            self._reports.write((number, name), value)

    # Batteries and power.

    def _start(self) -> None:
        for each in self.transmitters.values():
            each.start()
        self._drain()

    def _drain(self) -> None:
        """Let batteries run out, and tell how long they last."""
        if self._wear:
            self._wear.cancel()
        waits = [wait for each in self.transmitters.values() if (wait := each.wear()) is not None]
        self._wear = self.clock.later(min(waits), self._drain) if waits else None
        self.changed()

    def is_down(self) -> bool:
        return self.faults.strikes("rebooting") or self._boot is not None

    def reboot(self) -> None:
        if self._boot:
            self._boot.cancel()
        self._boot = self.clock.later(self.knobs.boot_seconds, self._booted)
        self._hang_up()
        self.flash(False)
        self.rates = dict.fromkeys(self.rates, 0)
        for at in self.channels.values():
            at.rate = 0
        self.changed()

    def _booted(self) -> None:
        self._boot = None

    def _hang_up(self) -> None:
        for session in list(self.sessions):
            session.hang_up()

    def _faults_changed(self) -> None:
        if self.faults.on("rebooting") and not self.faults.counted("rebooting"):
            self._hang_up()

    # What people do.

    def press_transmitter(self, channel: int, on: bool) -> None:
        """Switch the microphone on or off; with an empty battery it stays off."""
        sends = self._transmitter(channel)
        wanted = _flag(on)
        self._start()
        sends.switch(wanted)
        self._drain()

    def press_mute_switch(self, channel: int, on: bool) -> None:
        """Mute the microphone at its body, or open it."""
        self._transmitter(channel).muted = _flag(on)
        self.changed()

    def press_battery(self, channel: int, minutes: float) -> None:
        """Put in a battery that lasts so many minutes."""
        sends = self._transmitter(channel)
        if not 0 <= float(minutes) < 60_000:
            raise ValueError(f"no battery lasts {minutes} minutes")
        self._start()
        sends.load(float(minutes))
        self._drain()

    def press_rf(self, channel: int, quality: float) -> None:
        """Carry the microphone away or disturb it: 1 is beside the antenna, below 0.1 nothing arrives."""
        if not 0 <= float(quality) <= 1:
            raise ValueError(f"quality is from 0 to 1, not {quality}")
        self._transmitter(channel).quality = float(quality)
        self.changed()

    def press_gain(self, channel: int, db: float) -> None:
        """Turn a channel's gain."""
        at, gain = self._channel(channel), UNITY + round(float(db) * 10)
        if not 0 <= gain <= self.kind.most_gain:
            raise ValueError(f"a gain is from -110 to {(self.kind.most_gain - UNITY) / 10:g} dB")
        at.gain = gain
        self.changed()

    def press_mute(self, channel: int, on: bool) -> None:
        """Mute a channel at the device."""
        self._channel(channel).muted = _flag(on)
        self.changed()

    def press_preset(self, number: int) -> None:
        if self.kind.kind == WIRELESS or number not in range(1, PRESETS + 1):
            raise ValueError(f"{self.model} has no preset {number}")
        self.recall(number)
        self.changed()

    def press_error(self, text: str) -> None:
        """Let something go wrong inside: LAST_ERROR_EVENT."""
        self.last_error = str(text)
        self.changed()

    def _transmitter(self, channel: int) -> Transmitter:
        if channel not in self.transmitters:
            raise ValueError(f"{self.model} has no transmitter {channel}")
        return self.transmitters[channel]


def _flag(on: object) -> bool:
    if not isinstance(on, bool):
        raise ValueError(f"on is true or false, not {on!r}")
    return on

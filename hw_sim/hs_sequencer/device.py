"""The sequencer itself: its channels, its front, its memory."""

from collections.abc import Mapping
from typing import ClassVar

from hw_sim import mains
from hw_sim.hs_sequencer.commands import VOLTAGES, answer
from hw_sim.hs_sequencer.sequence import Sequence
from hw_sim.hs_sequencer.wire import Frames
from hw_sim.mains import MainsPowered
from hw_sim.outlets import Outlets
from hw_sim.settings import Settings
from hw_sim.simulator import Conversation, Port

CHANNELS = {"HS-08R": 8, "HS-16R": 16}
SILENCE = 1.0  # seconds after which the rest of a frame is not waited for any longer
SHIPPED_LIMITS = (180, 250)  # V; no document says which register is which


class Sequencer(MainsPowered):
    """A sequencer with one relay a channel.

    Numbers that are no channel mean the whole rack: 00 off is the timed off-sequence, 10 off is all off, 11 on is the
    timed on-sequence, 12 on is all on (hexadecimal); `truth` counts them. On an HS-16R "channel 16 off" is all off.
    Delays, limits and the address survive a loss of mains; the relays drop unless ``after_mains`` is last.

    Device faults: busy and refuses answer FF, the one refusal there is, busy also to what is asked; ignores answers
    AA and does nothing. There is no word for a full buffer: that is without effect.
    """

    driver: ClassVar[str] = "hs_sequencer"
    models: ClassVar[tuple[str, ...]] = tuple(CHANNELS)
    boots_in: ClassVar[float] = 2.0
    options: ClassVar[Mapping[str, str]] = {
        "address": "of the unit, 1 to 254 (default 1)",
        "panel_switch": "the switch at the front is on: the serial port is dead (default off)",
        "rs485": "the line is RS-485: everything is obeyed, nothing is answered",
        "no_echo": "answers AA and FF carry zeros instead of what they answer",
        "status_layout": "four (default): the outputs of channels 1 to 4 only; long: one byte a channel",
        "parameter_reply": "what written parameters get: mixed (default), done (AA) or function (10)",
        "delay_seconds": "of every channel in both sequences as shipped (default 1)",
        "on": "channels that are on at the start (default none)",
        "after_mains": "off (default) or last: the relays when mains comes back",
        **mains.OPTIONS,
    }

    def set_up(self) -> None:
        super().set_up()
        settings = Settings(self.settings)
        self.address = settings.whole("address", 1, 1, 254)
        self.panel_switch = settings.flag("panel_switch")
        self.is_rs485 = settings.flag("rs485")
        self.echoes = not settings.flag("no_echo")
        self.status_layout = settings.choice("status_layout", ("four", "long"))
        self.parameter_reply = settings.choice("parameter_reply", ("mixed", "done", "function"))
        self._keeps = settings.choice("after_mains", ("off", "last")) == "last"
        self.outlets = Outlets(CHANNELS[self.model])
        for channel in map(int, settings.several("on")):
            if channel not in self.outlets:
                raise ValueError(f"no channel {channel}, only 1 to {len(self.outlets)}")
            self.outlets.switch(channel, True)
        self.sequence = Sequence(self.clock, self.outlets, settings.number("delay_seconds", 1.0))
        self.voltages = dict(zip(VOLTAGES, SHIPPED_LIMITS, strict=True))
        self.date: str | None = None  # YYMMDDhhmmss as it was written
        self.whole_rack: dict[str, int] = dict.fromkeys(
            ("all on", "all off", "sequence on", "sequence off"), 0
        )
        self.factory_resets = 0

    def meet(self, port: Port) -> Conversation:
        return Session(self, port)

    # What it does when told.

    def run_sequence(self, on: bool) -> None:
        self.whole_rack[f"sequence {'on' if on else 'off'}"] += 1
        self.sequence.start(on)

    def switch_all(self, on: bool) -> None:
        self.whole_rack[f"all {'on' if on else 'off'}"] += 1
        self.sequence.stop()
        self.outlets.switch_all(on)

    def factory_reset(self) -> None:
        self.factory_resets += 1
        self.sequence.stop()
        self.outlets.switch_all(False)
        self.sequence.reset_delays()
        self.voltages = dict(zip(VOLTAGES, SHIPPED_LIMITS, strict=True))
        self.address, self.date = 1, None

    # Mains and people.

    def mains(self, on: bool) -> None:
        super().mains(on)
        self.outlets.supply(on)

    def lose_power(self) -> None:
        self.sequence.stop()
        if not self._keeps:
            self.outlets.switch_all(False)

    def press_panel_switch(self, on: bool) -> None:
        """Turn the switch at the front; while it is on, the serial port is dead."""
        self.panel_switch = on

    def press_channel(self, channel: int, on: bool) -> None:
        """Switch one channel at the front."""
        if channel not in self.outlets:
            raise ValueError(f"no channel {channel}, only 1 to {len(self.outlets)}")
        if self.is_running:
            self.outlets.switch(channel, on)

    def press_sequence(self, on: bool) -> None:
        """Start a timed sequence at the front."""
        if self.is_running:
            self.sequence.start(on)

    def truth(self) -> dict[str, object]:
        under_way = {True: "on", False: "off", None: None}[self.sequence.direction]
        delays = {
            name: {str(channel): delay for channel, delay in self.sequence.delays[on].items()}
            for name, on in (("on", True), ("off", False))
        }
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "outlets": self.outlets.truth(),
            "sequence": under_way,
            "panel_switch": self.panel_switch,
            "address": self.address,
            "delays": delays,
            "limits": {f"{register:04X}": value for register, value in self.voltages.items()},
            "clock": self.date,
            "whole_rack": dict(self.whole_rack),
            "factory_resets": self.factory_resets,
        }


class Session(Conversation):
    """Whoever is at the other end of the serial line."""

    def __init__(self, device: Sequencer, port: Port) -> None:
        self._device, self._port = device, port
        self._frames = Frames()
        self._heard_at = 0.0

    def receive(self, data: bytes) -> None:
        now = self._device.clock.now()
        if now - self._heard_at > SILENCE:
            self._frames.forget()
        self._heard_at = now
        for frame in self._frames.feed(data):
            if self._device.panel_switch:
                continue
            reply = answer(self._device, frame)
            if reply is not None and not self._device.is_rs485:
                self._port.send(reply.wire)

"""The projector itself: its lamp, its inputs, its clients, its remote control."""

from asyncio import TimerHandle
from collections import OrderedDict
from collections.abc import Mapping
from typing import ClassVar

from hw_sim.mains import MainsPowered
from hw_sim.pjlink.knobs import OPTIONS, Knobs
from hw_sim.pjlink.power import COOLING, LIT, STANDBY, WARMING, WORDS, Power
from hw_sim.pjlink.session import Search, Session
from hw_sim.pjlink.wire import Complaint
from hw_sim.simulator import Conversation, Port

PARTS = ("fan", "lamp", "temperature", "cover", "filter", "other")
LOUDEST = 20
LISTENERS = 16  # controllers told of changes over UDP; the oldest goes first


class Projector(MainsPowered):
    """A projector; class 2 ones tell changes to every UDP peer that has searched (real ones, to hosts from a menu).

    Hours, strikes, input and volumes survive a loss of power, mutes and what is broken inside too; the lamp starts in
    standby, and a cut while it is hot is counted. Device faults: busy answers ERR3 to everything, refuses to every
    change; ignores answers OK and changes nothing. PJLink has no word for a full buffer and no address: those are
    without effect.
    """

    driver: ClassVar[str] = "pjlink"
    models: ClassVar[tuple[str, ...]] = ("class2", "class1", "laser")
    options: ClassVar[Mapping[str, str]] = OPTIONS

    def set_up(self) -> None:
        super().set_up()
        self.knobs: Knobs = Knobs(self.model, self.settings)
        self.power = Power(self.clock, self.knobs, self._lamp_changed)
        self.sessions: list[Session] = []
        self.errors = dict.fromkeys(PARTS, 0)
        self.input = self.knobs.inputs[0]
        self.switching_to: str | None = None
        self.sources: dict[str, str | None] = {
            each: each if each in self.knobs.signals else None for each in self.knobs.inputs
        }
        self.blanked = self.silenced = self.frozen = False
        self.volumes = {"speaker": LOUDEST // 2, "microphone": LOUDEST // 2}
        self.hot_cuts = 0
        self._held: str | None = None  # the source of a frozen picture
        self._told = STANDBY
        self._listeners: OrderedDict[str, Port] = OrderedDict()
        self._silent_until = 0.0
        self._switch: TimerHandle | None = None
        self._network: TimerHandle | None = None
        self.network_dead = False

    def meet(self, port: Port) -> Conversation:
        if self.knobs.network_seconds and self._network is None and not self.network_dead:
            self._network = self.clock.later(self.knobs.network_seconds, self.press_network_dies)
        return Search(self, port) if port.kind == "udp" else Session(self, port)

    # What it tells.

    @property
    def silent(self) -> bool:
        """Whether nothing is answered now: just after a change, or with a dead network part."""
        return self.network_dead or self.clock.now() < self._silent_until

    @property
    def error_digits(self) -> str:
        return "".join(str(self.errors[part]) for part in PARTS)

    @property
    def lamps(self) -> list[tuple[float, bool]]:
        """The hours of each lamp, and whether it burns."""
        more, dark = self.power.burnt / 3600, self.knobs.dark_lamps
        return [
            (hours, False) if number in dark else (hours + more, self.power.burns)
            for number, hours in enumerate(self.knobs.lamps, 1)
        ]

    @property
    def filter_hours(self) -> float | None:
        hours = self.knobs.filter_hours
        return None if hours is None else hours + self.power.burnt / 3600

    @property
    def link_up(self) -> bytes:
        return f"%2LKUP={self.knobs.mac}".encode()

    def is_reachable(self) -> bool:
        return super().is_reachable() and not self.network_dead

    def listen(self, port: Port) -> None:
        """Tell changes to a UDP peer from now on."""
        self._listeners[port.peer] = port
        if len(self._listeners) > LISTENERS:
            self._listeners.popitem(last=False)

    def _notify(self, text: str) -> None:
        if self.knobs.klass == 2 and self.is_running and not self.network_dead:
            for port in self._listeners.values():
                port.send(f"%2{text}\r".encode())

    # What changes.

    def switch(self, input: str) -> None:
        """Begin to show another input."""
        if input != self.input:
            self.switching_to = input
            self._switch = self.clock.later(self.knobs.switch_seconds, self._switched)
            self._be_silent()

    def _switched(self) -> None:
        if self.switching_to is not None:
            self.input, self.switching_to = self.switching_to, None
            self._notify(f"INPT={self.input}")

    def mute(self, *, picture: bool | None = None, sound: bool | None = None) -> None:
        self.blanked = self.blanked if picture is None else picture
        self.silenced = self.silenced if sound is None else sound

    def step(self, volume: str, by: int) -> None:
        self.volumes[volume] = min(LOUDEST, max(0, self.volumes[volume] + by))

    def freeze(self, on: bool) -> None:
        self._held = self.sources[self.input]
        self.frozen = on

    def _lamp_changed(self) -> None:
        state = self.power.state
        if state != LIT:
            self.blanked = self.silenced = self.frozen = False
            self._stop_switching()
        if state in (WARMING, COOLING):
            self._be_silent()
        told = LIT if state in (WARMING, LIT) else STANDBY
        if told != self._told:
            self._told = told
            self._notify(f"POWR={told}")

    def _be_silent(self) -> None:
        self._silent_until = self.clock.now() + self.knobs.silent_seconds

    def _stop_switching(self) -> None:
        if self._switch is not None:
            self._switch.cancel()
        self.switching_to = None

    # Power.

    def lose_power(self) -> None:
        self._told = STANDBY
        if self.power.cut() and self.knobs.lamps:
            self.hot_cuts += 1
        self._silent_until = 0.0
        self.network_dead = False
        if self._network is not None:
            self._network.cancel()
            self._network = None

    def come_up(self) -> None:
        self._notify(self.link_up.decode().removeprefix("%2"))

    # What it is plugged into.

    @property
    def sockets(self) -> tuple[str, ...]:
        return self.knobs.inputs

    def feed(self, socket: str, source: str | None) -> None:
        """Let the picture of ``source`` arrive at an input; None is no signal."""
        if socket not in self.sources:
            raise ValueError(f"no input {socket}, only {' '.join(self.sources)}")
        self.sources[socket] = source

    def shown(self) -> tuple[str, ...]:
        """The input whose picture is on the screen now, or none."""
        lamps = self.lamps
        dark = bool(lamps) and not any(burns for _, burns in lamps)
        lit = self.power.state == LIT and not dark
        shows = lit and not self.blanked and self.switching_to is None
        return (self.input,) if shows else ()

    def truth(self) -> dict[str, object]:
        shows = self._held if self.frozen else self.sources[self.input]
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "power": WORDS[self.power.state],
            "input": self.input,
            "switching_to": self.switching_to,
            "shows": shows if self.shown() else None,
            "picture_muted": self.blanked,
            "sound_muted": self.silenced,
            "frozen": self.frozen,
            "volume": self.volumes["speaker"],
            "microphone_volume": self.volumes["microphone"],
            "errors": dict(self.errors),
            "lamp_hours": [hours for hours, _ in self.lamps],
            "filter_hours": self.filter_hours,
            "strikes": self.power.strikes,
            "hot_cuts": self.hot_cuts,
            "network_dead": self.network_dead,
            "clients": len(self.sessions),
        }

    # What people do.

    def press_power(self, on: bool) -> None:
        """Press a power key of the remote control; where the protocol would refuse, nothing happens."""
        try:
            if self.is_running:
                self.power.order(_flag(on))
        except Complaint:
            return

    def press_input(self, input: str) -> None:
        """Choose an input with the remote control."""
        if str(input) not in self.knobs.inputs:
            raise ValueError(f"no input {input}, only {' '.join(self.knobs.inputs)}")
        if self.power.state == LIT:
            self._stop_switching()
            self.switch(str(input))

    def press_blank(self, on: bool) -> None:
        """Mute the picture with the remote control, or bring it back."""
        if self.power.state == LIT:
            self.mute(picture=_flag(on))

    def press_failure(self, part: str, level: int) -> None:
        """Let a part be well (0), worrying (1) or broken (2). With a broken lamp, fan or cover it goes out."""
        if part not in PARTS or level not in (0, 1, 2):
            raise ValueError(f"a failure is of {', '.join(PARTS)}, level 0, 1 or 2")
        worse = level > self.errors[part]
        self.errors[part] = level
        self.power.broken = any(self.errors[each] == 2 for each in ("fan", "lamp", "cover"))
        if self.power.broken:
            self.power.fail()
        if worse:
            self._notify(f"ERST={self.error_digits}")

    def press_network_dies(self) -> None:
        """Let the network part die; only a mains cycle brings it back."""
        self.network_dead = True
        self.faults.tell()


def _flag(on: object) -> bool:
    if not isinstance(on, bool):
        raise ValueError(f"on is true or false, not {on!r}")
    return on

"""The board itself: its relays and its lines."""

from collections.abc import Mapping
from typing import ClassVar

from hw_sim import mains
from hw_sim.mains import MainsPowered
from hw_sim.modbus_relay.frames import BROADCAST, Framing, Hopeless, Request, Rtu, Tcp
from hw_sim.modbus_relay.functions import answer
from hw_sim.outlets import Outlets
from hw_sim.settings import Settings
from hw_sim.simulator import Conversation, Port

RELAYS = {"8-relay": 8, "4-relay": 4, "16-relay": 16, "32-relay": 32}
SILENCE = 1.0  # seconds after which the rest of a frame is not waited for; real boards wait 3.5 characters


class RelayBoard(MainsPowered):
    """A board of relays with a mains supply of its own; what its contacts switch is fed from elsewhere.

    So a latching board without supply goes on feeding what it fed, and another drops it. A serial line and UDP speak
    RTU, TCP speaks Modbus TCP unless an option says otherwise.

    Device faults: busy is exception 06 to everything, refuses is exception 04 to every change; ignores echoes and
    does nothing; wrong_address answers as the next unit. Modbus has no word for a full buffer: that is without effect.
    """

    driver: ClassVar[str] = "modbus_relay"
    models: ClassVar[tuple[str, ...]] = tuple(RELAYS)
    boots_in: ClassVar[float] = 1.0
    options: ClassVar[Mapping[str, str]] = {
        "unit": "1 to 247 (default 1)",
        "firmware": "V2 (default), or V1: all on is FFFF at 00FF, and 5500 toggles",
        "latching": "contacts stay where they are without mains; otherwise they drop",
        "tcp_frames": "mbap (default), or rtu as behind a plain serial server",
        **mains.OPTIONS,
    }

    def set_up(self) -> None:
        super().set_up()
        settings = Settings(self.settings)
        self.unit = settings.whole("unit", 1, 1, 247)
        self.is_v1 = settings.choice("firmware", ("V2", "V1")) == "V1"
        self.is_latching = settings.flag("latching")
        self._rtu_on_tcp = settings.choice("tcp_frames", ("mbap", "rtu")) == "rtu"
        self.outlets = Outlets(RELAYS[self.model])

    def meet(self, port: Port) -> Conversation:
        return Session(self, port, tcp=port.kind == "tcp" and not self._rtu_on_tcp)

    def answer(self, request: Request, *, tcp: bool) -> bytes | None:
        """What goes back to the client, after what was ordered was done; None for nothing."""
        if request.unit not in (self.unit, BROADCAST):
            return None
        pdu = answer(self, request.pdu)
        if request.unit == BROADCAST and not tcp:
            return None
        unit = self.unit + 1 if self.faults.strikes("wrong_address") else request.unit
        return request.reply(unit, pdu, tcp=tcp)

    def lose_power(self) -> None:
        if not self.is_latching:
            self.outlets.switch_all(False)

    def press_relay(self, relay: int, on: bool) -> None:
        """Switch a relay at the board."""
        if relay not in self.outlets:
            raise ValueError(f"no relay {relay}, only 1 to {len(self.outlets)}")
        if self.is_running:
            self.outlets.switch(relay, on)

    def truth(self) -> dict[str, object]:
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "outlets": self.outlets.truth(),
            "latching": self.is_latching,
        }


class Session(Conversation):
    """A client, or the serial line."""

    def __init__(self, board: RelayBoard, port: Port, *, tcp: bool) -> None:
        self._board, self._port, self._tcp = board, port, tcp
        self._framing: Framing = Tcp() if tcp else Rtu(board.unit)
        self._heard_at = 0.0
        self._here = True

    def receive(self, data: bytes) -> None:
        now = self._board.clock.now()
        if not self._tcp and now - self._heard_at > SILENCE:
            self._framing.forget()
        self._heard_at = now
        try:
            for request in self._framing.feed(data) if self._here else ():
                reply = self._board.answer(request, tcp=self._tcp)
                if reply is not None:
                    self._port.send(reply)
        except Hopeless:
            self._here = False
            self._port.close()

"""Relay boards that speak Modbus RTU over a wire or Modbus TCP.

Source: Waveshare Modbus RTU Relay Protocol Manual; Modbus Application Protocol V1.1b3.
Transcript: tests/transcripts/modbus_relay_driver.json
"""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from avctl.capabilities.outlets import Outlet
from avctl.device import Device, DriverSettings
from avctl.drivers.modbus_relay import commands
from avctl.drivers.modbus_relay.wire import MOST_RELAYS, Coils, RtuDecoder, TcpDecoder
from avctl.errors import RefusedError
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Command, Decoder, Message

AFTER_POWER_LOSS = {"off": "all relays off", "last": "as they were", "unknown": "not known"}


class ModbusSettings(DriverSettings):
    unit: int = Field(default=1, ge=1, le=247, description="The board's Modbus address.")
    relays: int = Field(default=8, ge=1, le=MOST_RELAYS, description="How many relays it has.")
    framing: Literal["auto", "rtu", "tcp"] = Field(
        default="auto",
        description=(
            "auto: Modbus TCP over tcp://, RTU over serial lines; rtu over tcp:// behind a serial device server."
        ),
    )
    firmware: Literal["none", "v1", "v2"] = Field(
        default="none",
        description="How all relays are switched at once: v1, v2 (since September 2021), or not at all.",
    )
    after_power_loss: Literal["off", "last", "unknown"] = Field(
        default="unknown",
        description="How the relays stand when power comes back: off, or as last; the board cannot tell.",
    )


class ModbusRelay(Device):
    """A relay board that speaks Modbus. Capabilities: Outlets.

    Points: Outlet of each relay.
    """

    driver = "modbus_relay"
    Settings = ModbusSettings
    settings: ModbusSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "switch": "RELAY on|off: switch a relay",
        "relays": "tell which relays are on",
        "all": "on|off: switch all relays at once, where `firmware` says how",
    }

    gap = 0.02  # seconds; RTU frames are parted by silence

    def new_decoder(self, scheme: str) -> Decoder:
        framing = self.settings.framing
        if framing == "auto":
            framing = "tcp" if scheme == "tcp" else "rtu"
        return TcpDecoder() if framing == "tcp" else RtuDecoder()

    async def greet(self, ask: Ask) -> None:
        self.identity["model"] = f"Modbus relay board, {self.settings.relays} relays"
        self.identity["after power loss"] = AFTER_POWER_LOSS[self.settings.after_power_loss]
        await ask(self._question())

    async def refresh(self) -> None:
        await self.ask(self._question())

    def heard(self, message: Message) -> None:
        if isinstance(message, Coils) and len(message.on) == self.settings.relays:
            for number, on in enumerate(message.on, 1):
                self.report(Outlet(number), on)

    async def read(self, points: Collection[Point]) -> None:
        """One question tells all relays."""
        if any(isinstance(point, Outlet) for point in points):
            await self.ask(self._question())

    def points(self) -> Sequence[Point]:
        return tuple(Outlet(number) for number in range(1, self.settings.relays + 1))

    def concerns(self, message: Message) -> bool:
        return getattr(message, "unit", None) == self.settings.unit

    # Outlets.

    async def switch(self, outlets: Mapping[int, bool]) -> None:
        for number in outlets:
            if not 1 <= number <= self.settings.relays:
                raise ValueError(f"relay {number}: give 1 to {self.settings.relays}")
        for number, on in outlets.items():
            await self.ask(commands.switch(self.settings.unit, number, on))

    # What else it can do; also from the command line.

    async def verb_switch(self, relay: int, on: bool) -> None:
        await self.switch({relay: on})

    async def relays(self) -> dict[str, bool]:
        await self.read(self.points())
        return {point.key: self.state[point].value for point in self.points()}

    async def all(self, on: bool) -> None:
        """Every relay at the same moment, with the inrush of all that hangs on them."""
        if self.settings.firmware == "none":
            text = "set `firmware` to v1 or v2: the two take all relays by different values"
            raise RefusedError(self.name, text)
        await self.ask(commands.switch_all(self.settings.unit, on, self.settings.firmware))

    def _question(self) -> Command[Coils]:
        return commands.read_relays(self.settings.unit, self.settings.relays)

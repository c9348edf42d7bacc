"""HS-08R and HS-16R power sequencers over RS-232, or RS-485, where nothing is read back.

Source: the protocol of HS-08R and HS-16R, as wenchangshou/dm-rust speaks it.
Transcript: tests/transcripts/hs_sequencer_driver.json
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field

from avctl.capabilities.outlets import Outlet
from avctl.device import Device, DriverSettings
from avctl.drivers.hs_sequencer import commands
from avctl.drivers.hs_sequencer.commands import MOST_CHANNELS, check_channel
from avctl.drivers.hs_sequencer.wire import TOLD, FrameDecoder, Outputs
from avctl.errors import RefusedError
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Command, Decoder, Message

UNHEARD = 0.1  # seconds of silence taken for a yes, on a line without answers


class HsSettings(DriverSettings):
    channels: int = Field(
        default=8, ge=1, le=MOST_CHANNELS, description="How many channels the model has."
    )
    address: int = Field(default=1, ge=1, le=254, description="Its address on the line.")
    line: Literal["rs232", "rs485"] = Field(
        default="rs232",
        description="rs485 is write only: what is switched is sent, and never confirmed.",
    )


class HsSequencer(Device):
    """A power sequencer of the HS family. Capabilities: Outlets.

    Points: Outlet of each channel. Only the first four are ever told, and on RS-485 none.
    """

    driver = "hs_sequencer"
    Settings = HsSettings
    settings: HsSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "switch": "CHANNEL on|off: switch a channel at once",
        "outputs": "tell which channels are on, as far as the device tells",
        "sequence": "on|off: start the timed sequence of the whole rack",
        "delay": "CHANNEL on|off [MILLISECONDS]: tell or set a channel's delay in the sequence",
        "address": "tell the address of the only sequencer on the line",
    }

    gap = 0.05  # seconds; two frames are not to meet

    def new_decoder(self, scheme: str) -> Decoder:
        return FrameDecoder()

    async def greet(self, ask: Ask) -> None:
        self.identity.setdefault("model", f"HS power sequencer, {self.settings.channels} channels")
        if self._is_heard:
            await ask(commands.read_outputs(self.settings.address))

    async def refresh(self) -> None:
        if self._is_heard:
            await self.ask(commands.read_outputs(self.settings.address))

    def heard(self, message: Message) -> None:
        if isinstance(message, Outputs) and message.address == self.settings.address:
            for number, on in enumerate(message.channels[: self.settings.channels], 1):
                self.report(Outlet(number), on)

    async def read(self, points: Collection[Point]) -> None:
        if any(map(self.can_tell, points)):
            await self.ask(commands.read_outputs(self.settings.address))

    def can_tell(self, point: Point) -> bool:
        return self._is_heard and isinstance(point, Outlet) and point.number <= TOLD

    def points(self) -> Sequence[Point]:
        return tuple(Outlet(number) for number in range(1, self.settings.channels + 1))

    def concerns(self, message: Message) -> bool:
        return getattr(message, "address", None) == self.settings.address

    @property
    def _is_heard(self) -> bool:
        return self.settings.line == "rs232"

    # Outlets.

    async def switch(self, outlets: Mapping[int, bool]) -> None:
        for channel in outlets:
            check_channel(channel, self.settings.channels)
        for channel, on in outlets.items():
            await self._order(commands.switch(self.settings.address, channel, on))

    # What else it can do; also from the command line.

    async def verb_switch(self, channel: int, on: bool) -> None:
        await self.switch({channel: on})

    async def outputs(self) -> dict[str, bool]:
        await self.read(self.points())
        return {point.key: reading.value for point, reading in self.state.items()}

    async def sequence(self, on: bool) -> None:
        """Switch all channels one after another. Returns when it begins; it takes as long as its delays."""
        await self._order(commands.start_sequence(self.settings.address, on))

    async def delay(self, channel: int, on: bool, milliseconds: int | None = None) -> int | None:
        """Set the delay before a channel goes on or off where one is given, and give the one the device tells then.

        None on a line where nothing is told.
        """
        check_channel(channel, self.settings.channels)
        if milliseconds is not None:
            at = self.settings.address
            await self._order(commands.write_delay(at, channel, on, milliseconds))
        if not self._is_heard:
            return None
        told = await self.ask(commands.read_delay(self.settings.address, channel, on))
        return told.milliseconds

    async def address(self) -> int:
        if not self._is_heard:
            raise RefusedError(self.name, "nothing is read over RS-485")
        return (await self.ask(commands.read_address())).address

    async def _order(self, command: Command[Any]) -> None:
        await self.ask(command if self._is_heard else replace(command, presumed=UNHEARD))

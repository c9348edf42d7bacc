"""A host that a magic packet wakes: six bytes FF, sixteen times its address, and a password perhaps.

Source: AMD, Magic Packet Technology, publication 20213.
Transcript: tests/transcripts/wake_on_lan_driver.json
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from avctl.capabilities.power import PowerState
from avctl.device import Device, DriverSettings
from avctl.errors import RefusedError
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Command, Decoder, Message, Tagged, Unknown


def parse_mac(text: str) -> bytes:
    """``02:00:00:00:00:a1``, with hyphens or with nothing between. Raises ValueError."""
    digits = text.replace(":", "").replace("-", "")
    if len(digits) != 12 or any(len(part) != 2 for part in _parts(text)):
        raise ValueError("give six bytes, like 02:00:00:00:00:a1")
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError("give six bytes, like 02:00:00:00:00:a1") from None


def _parts(text: str) -> list[str]:
    separator = next((each for each in ":-" if each in text), None)
    return text.split(separator) if separator else ["__"]


def _mac(text: str) -> str:
    parse_mac(text)
    return text


def _password(text: SecretStr) -> SecretStr:
    parse_mac(text.get_secret_value())
    return text


class WakeSettings(DriverSettings):
    model_config = ConfigDict(hide_input_in_errors=True)

    mac: Annotated[str, AfterValidator(_mac)] = Field(
        description="The address of the host's network card: 02:00:00:00:00:a1."
    )
    password: Annotated[SecretStr, AfterValidator(_password)] | None = Field(
        default=None, description="The card's SecureOn password, six bytes written like an address."
    )
    repeats: int = Field(
        default=3, ge=1, le=10, description="How often the packet is sent: one may be lost."
    )


class _Deaf(Decoder):
    """Nobody answers a magic packet."""

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        yield Unknown(data)


class WakeOnLan(Device):
    """A host that a magic packet wakes. Capabilities: Powered.

    Nothing tells whether it woke: power on ends as *sent*. It cannot be switched off.
    """

    driver = "wake_on_lan"
    Settings = WakeSettings
    settings: WakeSettings
    verbs: ClassVar[Mapping[str, str]] = {"wake": "send the magic packet"}

    gap = 0.1  # seconds

    def new_decoder(self, scheme: str) -> Decoder:
        return _Deaf()

    async def greet(self, ask: Ask) -> None:
        self.identity["model"] = "host that wakes by LAN"

    async def refresh(self) -> None: ...

    def heard(self, message: Message) -> None: ...

    async def read(self, points: Collection[Point]) -> None: ...

    def can_tell(self, point: Point) -> bool:
        return False

    def points(self) -> Sequence[Point]:
        return (PowerState(),)

    async def power(self, on: bool) -> None:
        if not on:
            raise RefusedError(
                self.name, "a magic packet wakes a host; nothing here puts it to sleep"
            )
        secret = self.settings.password
        password = parse_mac(secret.get_secret_value()) if secret else b""
        for _ in range(self.settings.repeats):
            await self.ask(wake(parse_mac(self.settings.mac), password))

    async def wake(self) -> None:
        await self.power(True)


def wake(mac: bytes, password: bytes = b"") -> Command[None]:
    packet = b"\xff" * 6 + mac * 16 + password
    return Command(packet, Message, lambda said: False, timeout=0.1, presumed=0.0)

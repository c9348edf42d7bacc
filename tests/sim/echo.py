"""A device that says what it hears: enough to test the lines under all devices."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from hw_sim.simulator import Conversation, Port, Simulator


class Echo(Simulator):
    driver = "echo"
    models = ("plain", "polite")
    options: ClassVar[Mapping[str, str]] = {"greeting": "what it says first"}

    def __init__(self, *arguments, **options) -> None:
        super().__init__(*arguments, **options)
        self.talks: list[Talk] = []
        self.past: list[Talk] = []
        self.reply_port: int | None = None
        self.forgot: Callable[[], object] = lambda: None  # called after each conversation

    def converse(self, port: Port) -> Conversation:
        return Talk(self, port)

    def truth(self) -> dict[str, object]:
        return {"talks": len(self.talks)}

    def reboot(self) -> None:
        for talk in self.talks:
            talk.port.close()

    def press_bell(self, text: str = "ding") -> None:
        """Ring on every line."""
        for talk in self.talks:
            talk.port.send(text.encode())


class Talk(Conversation):
    def __init__(self, device: Echo, port: Port) -> None:
        self.device, self.port = device, port
        self.heard = b""

    def opened(self) -> None:
        self.device.talks.append(self)
        self.port.send(str(self.device.settings.get("greeting", "")).encode())

    def receive(self, data: bytes) -> None:
        self.heard += data
        self.port.send(data)
        if data.endswith(b"bye"):
            self.port.close()

    def closed(self) -> None:
        self.device.talks.remove(self)
        self.device.past.append(self)
        self.device.forgot()

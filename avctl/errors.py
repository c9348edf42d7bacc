"""Every error the library raises, sorted by what the caller may do next. OSError never leaves it."""


class AvctlError(Exception):
    """The root of all others."""


class ConfigError(AvctlError):
    """A file is wrong: the text names file, line, column, key, and what would fit."""


class TakeError(AvctlError):
    """A take cannot be carried out as asked: an unknown name, a guard that holds it back."""


class DeviceError(AvctlError):
    """Something between us and a device; the text names the device, what was said and what came back."""

    def __init__(self, device: str, text: str) -> None:
        super().__init__(f"{device}: {text}")
        self.device = device
        self.text = text


class LinkDownError(DeviceError):
    """Nothing was sent: safe to try again."""


class NoAnswerError(DeviceError):
    """It was sent and its fate is unknown: repeat only what is harmless twice."""


class RefusedError(DeviceError):
    """The device said no: do not repeat."""


class BusyError(DeviceError):
    """The device, or the queue to it, is full: nothing was done; repeat after ``wait`` seconds."""

    def __init__(self, device: str, text: str, wait: float = 1.0) -> None:
        super().__init__(device, text)
        self.wait = wait


class ProtocolError(DeviceError):
    """The device broke its protocol; the link is closed."""

"""What we say to a codec. The number by which an answer is known is added where it is sent.

Source: Cisco CE 9.x API guides; cisco-ce/jsxapi, src/backend/tsh.ts; PlaceOS drivers (peripherals).
"""

from collections.abc import Callable

from avctl.drivers.cisco_roomos.wire import (
    JSON_MODE,
    PASSWORD,
    Done,
    Failed,
    Prompt,
    Ready,
    Told,
)
from avctl.wire import Command, Message

WELCOMES_WITHIN = 10.0  # seconds
MODE_TAKES = 0.3  # seconds; whether the mode is answered is not documented
PRESETS, ROOM_PRESETS = 35, 15
LONGEST_NUMBER = 255
ALIVE_FOR = 35  # seconds until the codec takes us for gone


def await_welcome(missing: Callable[[], bool]) -> Command[Message]:
    """Sends nothing. Refused where the welcome is no longer ``missing`` when it is our turn."""
    return Command(b"", (Ready, Prompt), timeout=WELCOMES_WITHIN, still=missing)


def echo_off() -> Command[Ready | Prompt]:
    return Command(b"echo off\n", (Ready, Prompt))


def say_nothing() -> Command[Message]:
    return Command(b"\n", Prompt, lambda said: said.wants == "login", timeout=WELCOMES_WITHIN)


def say_user(user: str) -> Command[Message]:
    return Command(user.encode() + b"\n", Prompt, lambda said: said.wants == "password", timeout=5)


def say_password() -> Command[Message]:
    """Answered by the prompt again where it is wrong."""
    return Command(PASSWORD, (Ready, Prompt), timeout=WELCOMES_WITHIN)


def json_mode() -> Command[Ready]:
    return Command(JSON_MODE, Ready, presumed=MODE_TAKES)


def status(path: str) -> Command[Told]:
    """How ``path`` (``SystemUnit Uptime``) stands, and all below it."""

    def meaning(said: Told) -> Told:
        return Told(said.root, said.leaves, path)

    return Command(f"xStatus {path}\n".encode(), Told, means=meaning)


def parse_path(text: str) -> str:
    """``SystemUnit/Uptime`` as the shell has it. Raises ValueError for what is no path."""
    words = text.replace("/", " ").split(" ")
    if not all(word.isascii() and word.isalnum() for word in words):
        raise ValueError(f"{text!r}: give a path like SystemUnit/Uptime")
    return " ".join(words)


def calls() -> Command[Told]:
    """Without a call there is nothing that matches."""

    def is_answer(said: Told | Failed) -> bool:
        return isinstance(said, Told) or said.reason.lower().startswith("no match")

    def meaning(said: Told | Failed) -> Told:
        return Told("Status", said.leaves if isinstance(said, Told) else (), "Call")

    return Command(b"xStatus Call\n", (Told, Failed), is_answer, meaning)


def register(path: str) -> Command[Message]:
    """Be told of every change below ``path`` (``/Status/Call``)."""
    return Command(f"xfeedback register {path}\n".encode(), (Told, Done))


def mute(on: bool) -> Command[Done]:
    return command("Audio Microphones Mute" if on else "Audio Microphones Unmute")


def set_volume(percent: int) -> Command[Done]:
    """Raises ValueError beyond 0 to 100."""
    if not 0 <= percent <= 100:
        raise ValueError(f"volume {percent}: give 0 to 100")
    return command("Audio Volume Set", Level=percent)


def standby(on: bool) -> Command[Done]:
    return command("Standby Activate" if on else "Standby Deactivate")


def camera_preset(number: int) -> Command[Done]:
    """Raises ValueError for a preset that there is not."""
    return command("Camera Preset Activate", PresetId=_preset(number, PRESETS))


def room_preset(number: int) -> Command[Done]:
    """Raises ValueError for a preset that there is not."""
    return command("RoomPreset Activate", PresetId=_preset(number, ROOM_PRESETS))


def _preset(number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise ValueError(f"preset {number}: give 1 to {most}")
    return number


def dial(number: str) -> Command[Done]:
    """Raises ValueError for what is no number or address."""
    if not 0 < len(text := number.strip()) <= LONGEST_NUMBER:
        raise ValueError(f"{number!r}: give a number or an address")
    return command("Dial", Number=text)


def accept() -> Command[Done]:
    return command("Call Accept")


def reject() -> Command[Done]:
    return command("Call Reject")


def disconnect_all() -> Command[Done]:
    return command("Call DisconnectAll")


def connect_peripheral(name: str) -> Command[Done]:
    return command("Peripherals Connect", ID=name, Name="avctl", Type="ControlSystem")


def heartbeat(name: str) -> Command[Done]:
    return command("Peripherals HeartBeat", ID=name, Timeout=ALIVE_FOR)


def command(words: str, **parameters: int | str) -> Command[Done]:
    given = "".join(f" {name}: {_spelled(value)}" for name, value in parameters.items())
    return Command(f"xCommand {words}{given}\n".encode(), Done)


def _spelled(value: int | str) -> str:
    """Raises ValueError for what would end the value and begin another, or another command."""
    if isinstance(value, int):
        return str(value)
    if not value.isprintable() or set(value) & set('"\\|'):
        raise ValueError(
            f"{value!r}: only printable characters without quotes, \\ and | can be sent"
        )
    return f'"{value}"'

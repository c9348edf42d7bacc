"""A client at a simulated Cisco room system's shell."""

import json
from collections.abc import Mapping
from typing import Any

from hw_sim.cisco_roomos import Codec
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import dial, rows

ROWS = {name.removeprefix("cisco_tsh_"): row for name, row in rows("cisco_roomos").items()}
TOLD = {name: row["ascii"] for name, row in ROWS.items() if row["direction"] == "to_device"}
SAID = {name: row["ascii"] for name, row in ROWS.items() if row["direction"] == "from_device"}


def objects(text: str) -> list[Any]:
    """The JSON objects that follow each other in ``text``, where nothing else may be but white space."""
    found, decoder, at = [], json.JSONDecoder(), 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        one, at = decoder.raw_decode(text, at)
        found.append(one)
    return found


class Client:
    """Somebody logged in at the shell, in JSON mode unless told otherwise."""

    def __init__(self, codec: Codec, *, json: bool = True) -> None:
        self.codec, self.ear = codec, Ear()
        self.line = dial(codec, self.ear)
        self.write("echo off\n")
        if json:
            self.write("xpreferences outputmode json\n")
        self.ear.take()
        self._ids = 0

    def write(self, text: str) -> None:
        self.line.receive(text.encode())

    def say(self, line: str) -> str:
        """What is said at once to a line."""
        self.ear.take()
        self.write(f"{line}\n")
        return self.ear.take().decode()

    def ask(self, line: str) -> Any:
        """The object that answers a line."""
        self._ids += 1
        first = objects(self.say(f'{line} | resultId="{self._ids}"'))[0]
        assert first.pop("ResultId") == str(self._ids)
        return first

    def do(self, command: str) -> Any:
        """The result of a command: its status, or all of it."""
        ((_, result),) = self.ask(f"xCommand {command}")["CommandResponse"].items()
        return result["status"] if set(result) == {"status"} else result

    def read(self, path: str) -> Any:
        """The value at a path of the status, or the tree there."""
        tree = self.ask(f"xStatus {path}")["Status"]
        for part in path.split():
            tree = (
                next(each for each in tree if each["id"] == part)
                if isinstance(tree, list)
                else tree[part]
            )
        return tree["Value"] if isinstance(tree, Mapping) and "Value" in tree else tree

    def told(self) -> list[Any]:
        """What was told unasked since the last time."""
        found = objects(self.ear.take().decode())
        assert not any("ResultId" in each for each in found)
        return [each["Status"] for each in found]

    def hear(self, *paths: str) -> None:
        for path in paths:
            self.ask(f"xFeedback register {path}")
        self.ear.take()


def made(clock: ManualClock, **options: Any) -> tuple[Codec, Client]:
    codec = Codec(options.pop("model", None), clock=clock, **options)
    return codec, Client(codec)

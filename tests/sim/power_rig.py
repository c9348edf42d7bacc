"""What tests of switched outlets share: a transcript by name, a device at an outlet, a line to a simulator."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hw_sim.simulator import Conversation, Simulator
from tests.sim.conftest import Ear

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts"


def rows(transcript: str) -> dict[str, dict[str, Any]]:
    """The lines of a transcript, by name."""
    text = (TRANSCRIPTS / f"{transcript}.json").read_text(encoding="utf-8")
    return {row["name"]: row for row in json.loads(text)}


def wire(row: Mapping[str, Any]) -> bytes:
    return bytes.fromhex(row["hex"]) if "hex" in row else row["ascii"].encode()


def dial(device: Simulator, ear: Ear) -> Conversation:
    session = device.converse(ear)
    session.opened()
    return session


class Lamp:
    """Whatever hangs on an outlet."""

    def __init__(self) -> None:
        self.lit: bool | None = None
        self.changes = 0

    def mains(self, on: bool) -> None:
        self.changes += on != self.lit
        self.lit = on

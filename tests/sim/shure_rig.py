"""A simulated Shure device, a client of it, and the transcript, for its tests."""

import json
from pathlib import Path
from typing import Any

from hw_sim.shure import ShureReceiver
from hw_sim.shure.session import Session
from tests.sim.conftest import Ear, ManualClock

ROWS = json.loads((Path(__file__).parent.parent / "transcripts/shure.json").read_text("utf-8"))
SAID = {row["name"]: row for row in ROWS if row["direction"] == "from_device"}
TOLD = {row["name"]: row for row in ROWS if row["direction"] == "to_device"}
ERROR = "< REP ERR >"


def dial(device: ShureReceiver, ear: Ear) -> Session:
    session = device.converse(ear)
    session.opened()
    return session


def ask(session: Session, ear: Ear, text: str) -> str:
    """All that is said at once to ``text``."""
    ear.take()
    session.receive(f"< {text} >".encode())
    return ear.take().decode()


def made(clock: ManualClock, model: str, **options: Any) -> tuple[Any, Any, Ear]:
    device, ear = ShureReceiver(model, clock=clock, meter_lag=0, **options), Ear()
    return device, dial(device, ear), ear


def hears(device: ShureReceiver, *levels: float) -> None:
    """Let ``levels`` dBFS arrive at the first channels."""
    for channel, level in enumerate(levels, 1):
        device.signal(channel, level)

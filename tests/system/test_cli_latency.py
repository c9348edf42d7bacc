"""`avctl latency` and `avctl rehearse` as a person types them."""

import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner

from service.cli import app
from service.journal import open_journal
from tests.rooms import DEMO

STEP = {"device": "matrix", "word": "source", "planned": 0.01, "sent": 0.02, "answered": 0.05}


async def journal(folder: Path) -> None:
    async with open_journal(folder) as journal:
        for n in range(1, 5):
            steps = [{**STEP, "confirmed": 0.02 + n / 10}]
            data = {"scene": "cut", "verdict": "confirmed", "duration": n / 10, "steps": steps}
            journal.note("verdict", data, room="19")
        journal.note("verdict", {"scene": "cut", "verdict": "failed", "duration": 9.0, "steps": []})


def test_latencies_are_read_from_the_journal_that_another_process_writes(tmp_path: Path) -> None:
    asyncio.run(journal(tmp_path))
    environment = {"AVCTL_HALL_WALL_PASSWORD": "adminpw"}
    arguments = ["latency", str(DEMO), "--data", str(tmp_path), "--json"]
    said = CliRunner().invoke(app, arguments, env=environment)
    assert said.exit_code == 0, said.output
    rows = {row["interval"]: row for row in json.loads(said.output)["latencies"]}
    assert (rows["tap-verdict"]["n"], rows["tap-verdict"]["longest"]) == (4, 400.0)
    assert {row["room"] for row in rows.values()} == {"19"}
    assert rows["sent-confirmed"]["p50"] == 200.0
    assert rows["planned-sent"]["p99"] == 10.0
    table = CliRunner().invoke(app, arguments[:-1], env=environment)
    assert "tap-verdict" in table.output


def test_a_room_that_there_is_not_cannot_be_rehearsed(tmp_path: Path) -> None:
    said = CliRunner().invoke(
        app, ["rehearse", str(DEMO), "99", "cut"], env={"AVCTL_HALL_WALL_PASSWORD": "adminpw"}
    )
    assert "no room '99'" in str(said.exception)

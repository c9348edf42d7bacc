"""Warming a room up from the command line, on simulated devices at real ends."""

import json
import subprocess
import sys
import xml.etree.ElementTree as Xml
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import AT_ALL, ROOT
from tests.system.command import SimulatedSite, avctl
from tests.warmup.stage import ROOM, SIMULATORS


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedSite]:
    """The hall's simulators, which live ten times as fast as the room's file allows for."""
    command = [sys.executable, "-m", "hw_sim", "room", str(SIMULATORS)]
    command += ["--control", "127.0.0.1:0", "--speed", "10"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[list[str]] = []
        try:
            while not lines or lines[-1][-1] != "control":
                lines.append(process.stdout.readline().split())
            yield SimulatedSite(lines, tmp_path_factory.mktemp("hall"))
        finally:
            process.terminate()
            process.wait(AT_ALL)


def test_warm_up_leaves_its_verdicts_its_picture_and_its_journal(
    hall: SimulatedSite, tmp_path: Path
) -> None:
    room, picture, data = tmp_path / "hall.yaml", tmp_path / "hall.svg", tmp_path / "data"
    text = ROOM.read_text("utf-8").replace("stage:", "delay: 0.1 s, stage:")
    room.write_text(text, "utf-8")
    done = avctl(
        "warm-up", room, "hall", "--hold", 2, "--skip", "recorder", "--addresses", hall.addresses,
        "--data", data, "-o", picture,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said = dict(line.split()[:2] for line in done.stdout.splitlines() if line.startswith("  "))
    assert (said["projector"], said["recorder"]) == ("ok", "skipped"), done.stdout
    drawn = Xml.parse(picture)
    assert any("预热记录" in (part.text or "") for part in drawn.iter())
    assert (data / "journal.db").exists()
    assert len(list((data / "files").rglob("*"))) == 2


def test_warm_up_of_a_room_that_has_no_such_section_is_a_matter_of_configuration(
    tmp_path: Path,
) -> None:
    room = tmp_path / "hall.yaml"
    room.write_text(ROOM.read_text("utf-8").partition("ready:")[0], "utf-8")
    done = avctl("warm-up", room, "hall", "--addresses", empty(tmp_path))
    assert done.returncode == 2
    assert "give it a ready section" in done.stderr


def empty(folder: Path) -> Path:
    file = folder / "addresses.json"
    file.write_text(json.dumps({}), "utf-8")
    return file

"""`avctl store` and `avctl doctor` as a person types them, on simulators at real ends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from avctl.blueprint import read_room
from tests.processes import ROOT, Simulated, simulated

ROOM = """\
room: bench
title: Bench
devices:
  camera:
    driver: visca
    url: {url}
    settings: {{model: ptzoptics}}
    presets: {{panorama: 0}}   # the whole room
library: false
scenes:
  wide: {{title: Wide, want: {{camera: {{preset: panorama}}}}}}
"""


@pytest.fixture
def camera() -> Iterator[Simulated]:
    with simulated("visca", "--model", "ptzoptics", "--tcp", "127.0.0.1:0") as device:
        yield device


@pytest.fixture
def room(camera: Simulated, tmp_path: Path) -> Path:
    path = tmp_path / "bench.yaml"
    path.write_text(ROOM.format(url=camera.url), encoding="utf-8")
    return path


def avctl(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from service.cli import main; main()", *map(str, words)]
    return subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=50,
    )


def test_a_preset_is_stored_and_then_part_of_a_stored_scene(room: Path) -> None:
    stored = avctl("store", room, "bench", "preset", "camera", "door")
    assert stored.returncode == 0, stored.stderr
    assert "camera preset 1 door: pan" in stored.stdout
    plan = read_room(room)
    assert plan.file.devices["camera"].presets == {"panorama": 0, "door": 1}
    assert "# the whole room" in room.read_text("utf-8")

    scene = ("scene", "at-the-door", "--title", "门口|At the door", "--only", "camera.preset")
    stored = avctl("store", room, "bench", *scene)
    assert stored.returncode == 0, stored.stderr
    assert "camera: preset door" in stored.stdout
    made = read_room(room).scenes["at-the-door"]
    assert made.title == {"zh": "门口", "en": "At the door"}
    assert [(want.word, want.said) for want in made.wants] == [("preset", "door")]


def test_only_saying_what_would_be_stored_writes_nothing(room: Path) -> None:
    before = room.read_bytes()
    told = avctl("store", room, "bench", "scene", "as-found", "--title", "现状", "--dry")
    assert told.returncode == 0, told.stderr
    assert "camera: power on" in told.stdout
    assert room.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("scene", "wide", "--title", "x", "--only", "camera.power"), "a scene 'wide' already"),
        (("scene", "new", "--title", "x", "--only", "lamp"), "nothing is called 'lamp'"),
        (("preset", "lamp", "door"), "no camera 'lamp'"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_written(
    room: Path, words: tuple[str, ...], says: str
) -> None:
    before = room.read_bytes()
    told = avctl("store", room, "bench", *words)
    assert told.returncode == 2
    assert says in told.stderr
    assert room.read_bytes() == before


def test_the_doctor_ends_well_only_where_nothing_is_at_fault(camera: Simulated, room: Path) -> None:
    told = avctl("doctor", room, "--json")
    assert told.returncode == 0, told.stdout
    (finding,) = json.loads(told.stdout)["bench"]
    assert (finding["level"], finding["about"]) == ("watch", "names")
    assert "panorama (0) has no framing" in finding["en"]

    camera.set_fault("cut")
    told = avctl("doctor", room, "bench", "--wait", "1", "--language", "zh")
    assert told.returncode == 1
    assert "故障" in told.stdout
    assert "该端口无服务" in told.stdout

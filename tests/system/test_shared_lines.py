"""Several cameras on one line: a daisy chain, and the one port that Sony cameras answer to."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.processes import Simulated, simulated
from tests.system.command import avctl

AIMS = {"left": -20.0, "middle": 10.0, "right": 30.0}
SCENE = """\
scenes:
  part:
    title: Part
    deadline: 10 s
    want:
"""


def room(urls: dict[str, str], settings: dict[str, str]) -> str:
    devices = "".join(
        f'  {name}: {{driver: visca, url: "{url}", settings: {settings[name]}}}\n'
        for name, url in urls.items()
    )
    wants = "".join(
        f"      {name}: {{aim: {{pan: {AIMS[name]}, tilt: 5.0, zoom: 0.0}}}}\n" for name in urls
    )
    return f"room: hall\ntitle: Hall\ndevices:\n{devices}{SCENE}{wants}"


@pytest.fixture
def chain() -> Iterator[Simulated]:
    options = ("--model", "evi-d70", "--chain", "3", "--pty", "--speed", "3")
    with simulated("visca", *options) as running:
        yield running


def test_each_camera_of_a_daisy_chain_does_what_it_is_told(
    chain: Simulated, tmp_path: Path
) -> None:
    file = tmp_path / "hall.yaml"
    settings = {
        name: f"{{model: evi-d70, address: {number}}}" for number, name in enumerate(AIMS, 1)
    }
    file.write_text(room(dict.fromkeys(AIMS, chain.url), settings), encoding="utf-8")
    told = avctl("take", file, "hall", "part")
    assert told.returncode == 0, told.stdout + told.stderr
    cameras = chain.truth()["cameras"]
    assert [round(camera["pan"]) for camera in cameras] == [-20, 10, 30]
    assert [round(camera["tilt"]) for camera in cameras] == [5, 5, 5]


@pytest.mark.serial
def test_cameras_that_answer_to_one_port_are_told_apart(tmp_path: Path) -> None:
    names = ("left", "right")
    with ExitStack() as stack:
        cameras = {
            name: stack.enter_context(
                simulated(
                    "visca",
                    *("--model", "srg-300h", "--udp", f"127.0.0.{number}:52381"),
                    *("--option", "reply_to=52381", "--speed", "3"),
                )
            )
            for number, name in enumerate(names, 2)
        }
        urls = {name: f"{camera.url}?bind=52381" for name, camera in cameras.items()}
        file = tmp_path / "hall.yaml"
        file.write_text(room(urls, dict.fromkeys(names, "{model: srg-300h}")), encoding="utf-8")
        told = avctl("take", file, "hall", "part")
        assert told.returncode == 0, told.stdout + told.stderr
        assert {name: round(camera.truth()["pan"]) for name, camera in cameras.items()} == {
            "left": -20,
            "right": 30,
        }

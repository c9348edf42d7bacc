"""The doctor says in plain words what is wrong with a line, a login, a model, a name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from avctl.doctor import Finding, Level, examine
from tests.rooms import Bench, bench, demo

pytestmark = pytest.mark.virtual


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def told(found: tuple[Finding, ...], device: str) -> list[tuple[str, str]]:
    return [(finding.level.value, finding.about) for finding in found if finding.device == device]


def text(found: tuple[Finding, ...], device: str) -> str:
    return " / ".join(f"{each.en} {each.todo_en}" for each in found if each.device == device)


async def test_a_room_in_order_is_good_and_every_finding_speaks_both_languages() -> None:
    async with demo(only="19") as here:
        found = await examine(here.room("19")[0])
        assert {finding.level for finding in found} <= {Level.GOOD, Level.WATCH}
        assert {finding.device for finding in found} == set(here.room("19")[0].devices)
        assert all(finding.en and finding.zh for finding in found)


@pytest.mark.parametrize(
    ("fault", "device", "about", "says"),
    [
        ("mute", "hall-wall", "line", "one client only"),
        ("cut", "panorama-camera", "line", "nothing listens on that port"),
        ("cut", "matrix", "line", "no such serial port"),
        ("mute", "matrix", "line", "baud rate"),
        ("half_open", "panorama-camera", "line", "nothing ever comes from its address"),
    ],
)
async def test_a_line_that_is_down_is_explained(
    fault: str, device: str, about: str, says: str
) -> None:
    async with demo(only="19") as here:
        room, real = here.room("19")
        real.devices[device].faults.set(fault)
        found = await examine(room, only=[device])
        assert told(found, device) == [("fault", about)]
        assert says in text(found, device)


async def test_garbage_on_a_wire_suggests_the_baud_rate() -> None:
    async with demo(only="19") as here:
        room, real = here.room("19")
        real.devices["matrix"].faults.set("garbled", 0.9)
        found = await examine(room, only=["matrix"])
        assert told(found, "matrix") == [("fault", "line")]
        assert "baud rate may be wrong, it is set to 9600" in text(found, "matrix")


async def test_a_wrong_password_is_a_matter_of_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "wrong")
    async with demo(only="19") as here:
        found = await examine(here.room("19")[0], only=["hall-wall"])
        assert told(found, "hall-wall") == [("fault", "login")]
        assert "wrong" not in text(found, "hall-wall")


ROOM = """\
room: small
title: Small
devices:
  camera:
    driver: visca
    url: tcp://camera:5678
    settings: {model: evi-d70, framings: {1: {pan: 0, tilt: 0, zoom: 0}}}
    presets: {panorama: 1, chair: 2}
  matrix:
    driver: extron_sis
    url: tcp://matrix:23
  mixer:
    driver: biamp_ttp
    url: tcp://mixer:23
    settings: {channels: [Level1/1]}
  wall:
    driver: coriomaster
    url: tcp://wall:10001
    settings: {password: {env: AVCTL_HALL_WALL_PASSWORD}}
    layouts: {speaker: 2, stage: 9}
sources:
  laptop: {device: matrix, input: 3}
  nowhere: {device: matrix, input: 99}
destinations:
  far-end: {device: matrix, output: 1}
  beyond: {device: matrix, output: 99}
microphones:
  podium-mic: {device: mixer, channel: Level1/1}
  ghost-mic: {device: mixer, channel: Level9/1}
library: false
"""


async def examined(
    tmp_path: Path, prepare: Callable[[Bench], None] = lambda bench: None
) -> tuple[Finding, ...]:
    path = tmp_path / "room.yaml"
    path.write_text(ROOM, encoding="utf-8")
    async with bench(path, models={"camera": ("srg-120dh", {})}) as here:
        prepare(here)
        return await examine(here.room)


async def test_names_that_lead_nowhere_are_faults(tmp_path: Path) -> None:
    found = await examined(tmp_path)
    faults = {each.en.split(",")[0] for each in found if each.level is Level.FAULT}
    assert faults == {
        "destination beyond is output 99",
        "source nowhere is input 99",
        "microphone ghost-mic is channel Level9/1",
        "layout stage is number 9",
    }


async def test_an_input_without_a_signal_and_a_preset_without_framing_are_watched(
    tmp_path: Path,
) -> None:
    def prepare(here: Bench) -> None:
        here.devices["matrix"].plug(3, False)  # type: ignore[attr-defined]  # a matrix

    found = await examined(tmp_path, prepare)
    watched = {each.en.split(":")[0] for each in found if each.level is Level.WATCH}
    assert "input 3, the source laptop, has no signal" in watched
    assert "preset chair (2) has no framing" in watched


async def test_a_camera_that_is_another_model_is_watched(tmp_path: Path) -> None:
    found = await examined(tmp_path)
    assert ("watch", "model") in told(found, "camera")


async def test_slow_answers_are_watched(tmp_path: Path) -> None:
    def prepare(here: Bench) -> None:
        here.devices["matrix"].faults.set("late", 0.8)

    found = await examined(tmp_path, prepare)
    assert ("watch", "pace") in told(found, "matrix")

"""Pairs of two terminals and of two cameras, of different makes. Real drivers, simulators, virtual time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from avctl.capabilities.camera import Framing, Preset
from avctl.capabilities.terminal import Call, CallState, MicrophonesMuted
from avctl.capabilities.volume import Volume
from avctl.pair import Fitness, Side
from avctl.scenes.take import Verdict
from tests.rooms import Bench, bench
from tests.scenes.test_pairs import ended

ROOM = """\
room: hall
title: Hall
devices:
  codec: {driver: huawei_te, url: 'tcp://127.0.0.1:80', title: {zh: 主终端, en: Main terminal}}
  codec-again: {driver: cisco_roomos, url: 'tcp://127.0.0.2:23'}
  matrix: {driver: extron_sis, url: 'tcp://127.0.0.3:23'}
  camera: {driver: visca, url: 'tcp://127.0.0.4:5678', settings: {model: srg-300h, framings: FRAMINGS}, presets: {wide: 1, speaker: 2}}
  camera-again: {driver: visca, url: 'tcp://127.0.0.5:5678', settings: {model: srg-300h, framings: FRAMINGS}}
sources:
  far-picture: {device: matrix, input: 1}
  far-picture-again: {device: matrix, input: 2}
  camera: {device: matrix, input: 3}
  camera-again: {device: matrix, input: 4}
destinations:
  wall: {device: matrix, output: 1}
  to-far-end: {device: matrix, output: 2}
pairs:
  line:
    main: codec
    backup: codec-again
    arm: 'off'
    window: 3 s
    deadline: 12 s
    mirror: true
    to_backup:
      codec-again: {dial: "4711"}
      wall: {source: far-picture-again, after: codec-again}
      codec: {hang_up: true, after: codec-again}
    to_main:
      codec: {dial: "4711"}
      wall: {source: far-picture, after: codec}
      codec-again: {hang_up: true, after: codec}
  eye: {main: camera, backup: camera-again, arm: 'off', window: 3 s, mirror: true}
library: false
scenes:
  open:
    title: Open
    deadline: 12 s
    want:
      line: {dial: "4711"}
      wall: {source: far-picture}
      eye: {preset: 1}
      to-far-end: {source: eye}
""".replace("FRAMINGS", "{1: {pan: 0, tilt: 0, zoom: 0}, 2: {pan: 20, tilt: 5, zoom: 0.5}}")

SOON = 6.0  # seconds


@contextlib.asynccontextmanager
async def room(tmp_path: Path) -> AsyncIterator[Bench]:
    path = tmp_path / "room.yaml"
    path.write_text(ROOM, encoding="utf-8")
    async with bench(path) as at:
        await at.until_up(120)
        take = await ended(at.room.take("open", by="test"))
        assert take.verdict is Verdict.CONFIRMED, [
            (s.want.target, s.verdict, s.why) for s in take.steps
        ]
        await asyncio.sleep(SOON)
        yield at


def told(at: Bench, device: str, point: Any) -> Any:
    reading = at.room.devices[device].state.get(point)
    return reading.value if reading else None


async def over(at: Bench, pair: str, to: Side) -> None:
    take = await ended(at.room.pairs.change_over(pair, to, "test"))
    assert take.verdict is Verdict.CONFIRMED, [
        (s.want.target, s.verdict, s.why) for s in take.steps
    ]
    await asyncio.sleep(SOON)
    assert at.room.pairs.find(pair).watch.active is to


async def test_the_backup_terminal_calls_and_is_shown_and_then_main_hangs_up(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as at:
        await over(at, "line", Side.BACKUP)
        matrix: Any = at.devices["matrix"]
        assert matrix.shows(1) == 2
        assert told(at, "codec-again", Call()) is CallState.CONNECTED
        assert told(at, "codec", Call()) is CallState.IDLE
        await over(at, "line", Side.MAIN)
        assert matrix.shows(1) == 1
        assert told(at, "codec", Call()) is CallState.CONNECTED
        assert told(at, "codec-again", Call()) is CallState.IDLE


async def test_a_dead_terminal_is_left_without_being_asked_to_hang_up(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        at.devices["codec"].faults.set("cut")
        await asyncio.sleep(SOON)
        pair = at.room.pairs.find("line")
        assert pair.health[Side.MAIN].why["en"] == "Main terminal does not answer"
        await over(at, "line", Side.BACKUP)
        assert pair.take is not None
        assert {step.want.device for step in pair.take.steps} == {"codec-again", "matrix"}


async def test_terminals_that_sleep_are_well_and_are_not_changed_over(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await ended(at.room.set("codec", "hang_up", True, by="test"))
        await ended(at.room.set("codec", "power", "off", by="test"))
        await asyncio.sleep(SOON)
        assert at.room.pairs.find("line").health[Side.MAIN].fitness is Fitness.WELL


async def test_a_terminal_that_no_server_knows_any_more_is_dead(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        codec: Any = at.devices["codec-again"]
        codec.press("register", on=False)
        await asyncio.sleep(30)
        health = at.room.pairs.find("line").health[Side.BACKUP]
        assert (health.fitness, health.why["en"]) == (Fitness.DEAD, "codec-again is not registered")


async def test_the_backup_terminals_microphones_and_volume_follow_main_but_not_in_its_own_call(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as at:
        for word, said in (("muted", True), ("volume", 40)):
            await ended(at.room.set("codec", word, said, by="test"))
        await asyncio.sleep(SOON)
        assert told(at, "codec-again", MicrophonesMuted()) is True
        assert abs(told(at, "codec-again", Volume()) - 40) <= 3
        await ended(at.room.set("codec-again", "dial", "4712", by="test"))
        await asyncio.sleep(SOON)
        await ended(at.room.set("codec", "muted", False, by="test"))
        await asyncio.sleep(SOON)
        assert told(at, "codec-again", MicrophonesMuted()) is True


async def test_the_backup_camera_looks_where_main_looks_before_it_is_shown(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        for name in ("camera", "camera-again"):
            camera: Any = at.room.devices[name]
            await camera.aim(Framing(20, 5, 0.5))
            await asyncio.sleep(SOON)
            await camera.store(2)
            await camera.recall(1)
        await asyncio.sleep(SOON)
        await ended(at.room.set("camera", "preset", 2, by="test"))
        await asyncio.sleep(SOON)
        assert told(at, "camera-again", Preset()) == 2
        at.devices["camera"].faults.set("cut")
        await asyncio.sleep(SOON)
        assert at.room.pairs.find("eye").health[Side.MAIN].fitness is Fitness.DEAD
        await over(at, "eye", Side.BACKUP)
        matrix: Any = at.devices["matrix"]
        assert matrix.shows(2) == 4


async def test_a_camera_that_is_switched_off_does_not_take_its_backup_along(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await ended(at.room.set("camera", "power", "off", by="test"))
        await asyncio.sleep(30)
        health = at.room.pairs.find("eye").health
        assert (health[Side.MAIN].fitness, health[Side.BACKUP].fitness) == (
            Fitness.DEAD,
            Fitness.WELL,
        )

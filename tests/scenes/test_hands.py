"""A camera that moves can always be stopped. Real drivers, simulators, virtual time."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from avctl.errors import DeviceError
from avctl.room import Room
from avctl.scenes.take import Verdict
from tests.rooms import bench

ROOM = """\
room: small
title: Small
devices:
  matrix: {driver: extron_sis, url: 'tcp://127.0.0.1:23'}
  camera:
    driver: visca
    url: tcp://127.0.0.1:5678
    settings: {model: ptzoptics, framings: {1: {pan: 10, tilt: 0, zoom: 0.2}}}
    presets: {wide: 1}
sources:
  laptop: {device: matrix, input: 4}
destinations:
  far-end: {device: matrix, output: 1}
library: false
scenes:
  wide:
    title: Wide
    deadline: 4 s
    want: {camera: {preset: wide}}
  wide-later:
    title: Wide, once the far end has the laptop
    deadline: 4 s
    want:
      far-end: {source: laptop}
      camera: {preset: wide, after: far-end}
  focus:
    title: Focus
    want: {camera: {focus: manual}}
"""
STOP = b"\x03\x03\xff"


@contextlib.asynccontextmanager
async def turning(tmp_path: Path, by: str = "panel") -> AsyncIterator[tuple[Room, Any]]:
    """A room, and its camera, which a hand has turn slowly."""
    path = tmp_path / "room.yaml"
    path.write_text(ROOM, encoding="utf-8")
    async with bench(path) as at:
        await at.until_up()
        camera: Any = at.devices["camera"]
        camera.store(1, 10.0, 0.0, 0.2)
        await at.room.drive("camera", 0.1, 0.0, 0.0, by=by)
        await at.room.clock.sleep(0.3)
        assert camera.body.head.moving
        yield at.room, camera


def stops(camera: Any) -> int:
    return sum(STOP in entry.data for entry in camera.log)


async def test_a_stop_that_is_refused_is_said_again_until_the_camera_stands(tmp_path: Path) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("refuses", seconds=5.0)
        with pytest.raises(DeviceError):
            await room.stop("camera")
        await room.clock.sleep(4.5)
        assert camera.body.head.moving
        await room.clock.sleep(1.5)
        assert not camera.body.head.moving


async def test_a_stop_that_is_accepted_and_ignored_is_said_again(tmp_path: Path) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("ignores", seconds=3.0)
        await room.stop("camera")
        await room.clock.sleep(5)
        assert not camera.body.head.moving


async def test_a_camera_whose_panel_is_lost_is_stopped_however_often_it_refuses(
    tmp_path: Path,
) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("refuses", seconds=3.0)
        room.lost("panel")
        await room.clock.sleep(4)
        assert not camera.body.head.moving


async def test_a_stop_outlasts_a_link_that_is_lost(tmp_path: Path) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("cut", seconds=3.0)
        with pytest.raises(DeviceError):
            await room.stop("camera")
        await room.clock.sleep(8)
        assert room.devices["camera"].up
        assert not camera.body.head.moving


async def test_a_camera_that_stands_is_told_no_more(tmp_path: Path) -> None:
    async with turning(tmp_path) as (room, camera):
        await room.stop("camera")
        await room.clock.sleep(2)
        said = stops(camera)
        camera.press("drive", pan=20.0, tilt=0.0)
        assert camera.body.head.moving
        await room.clock.sleep(2)
        assert stops(camera) == said


async def test_a_camera_that_refuses_in_standby_is_told_once(tmp_path: Path) -> None:
    async with turning(tmp_path) as (room, camera):
        await room.stop("camera")
        await room.devices["camera"].power(False)  # type: ignore[attr-defined]  # a camera
        await room.clock.sleep(5)
        said = stops(camera)
        with pytest.raises(DeviceError):
            await room.stop("camera")
        await room.clock.sleep(5)
        assert stops(camera) - said <= 4  # head and lens, each twice


async def test_what_moves_a_camera_for_longer_is_no_longer_the_hand_that_was_stopped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("refuses", seconds=40.0)
        with pytest.raises(DeviceError):
            await room.stop("camera")
        await room.clock.sleep(35)
        said = stops(camera)
        await room.clock.sleep(20)
        assert stops(camera) == said


# What is newer.


async def test_a_newer_take_has_a_camera_that_was_not_stopped_yet(tmp_path: Path) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("refuses", times=4)
        with pytest.raises(DeviceError):
            await room.stop("camera")
        take = room.take("wide", by="test")
        await take.ended.wait()
        assert take.verdict is Verdict.CONFIRMED, take.steps[0].why


async def test_a_camera_driven_by_hand_stops_by_itself_though_a_take_wants_it_later(
    tmp_path: Path,
) -> None:
    async with turning(tmp_path) as (room, camera):
        matrix: Any = room.devices["matrix"]
        matrix.link.drop("test")
        take = room.take("wide-later", by="test")
        await take.ended.wait()
        assert take.steps[1].verdict is Verdict.FAILED
        await room.clock.sleep(2)
        assert not camera.body.head.moving


async def test_a_camera_that_refuses_a_newer_take_is_stopped_after_all(tmp_path: Path) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("refuses", seconds=1.5)
        take = room.take("wide", by="test")
        await take.ended.wait()
        assert take.verdict is Verdict.FAILED
        await room.clock.sleep(3)
        assert not camera.body.head.moving


async def test_a_camera_that_accepts_a_newer_take_and_ignores_it_is_stopped_after_all(
    tmp_path: Path,
) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("ignores", seconds=4.5)
        take = room.take("wide", by="test")
        await take.ended.wait()
        assert take.verdict is Verdict.UNKNOWN
        await room.clock.sleep(3)
        assert not camera.body.head.moving


async def test_stopping_by_itself_supersedes_no_newer_take(tmp_path: Path) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("late", 0.3, seconds=2.0)
        take = room.take("focus", by="test")
        await room.clock.sleep(0.8)  # the hand has been silent for a second
        assert take.verdict is None
        await take.ended.wait()
        assert take.verdict is Verdict.CONFIRMED, take.steps[0].why
        await room.clock.sleep(2)
        assert not camera.body.head.moving


async def test_a_hand_that_moves_on_has_the_camera_again(tmp_path: Path) -> None:
    async with turning(tmp_path) as (room, camera):
        camera.faults.set("refuses", times=4)
        with pytest.raises(DeviceError):
            await room.stop("camera")
        camera.faults.clear()
        await room.drive("camera", -0.1, 0.0, 0.0)
        await room.clock.sleep(0.9)
        assert camera.body.head.moving
        await room.clock.sleep(1.0)
        assert not camera.body.head.moving


async def test_a_take_drives_a_camera_that_a_hand_moves_past_where_it_wants_it(
    tmp_path: Path,
) -> None:
    async with turning(tmp_path) as (room, camera):
        await room.stop("camera")
        await room.take("wide", by="test").ended.wait()
        await room.drive("camera", 0.01, 0.0, 0.0)
        take = room.take("wide", by="test")
        await take.ended.wait()
        assert take.verdict is Verdict.CONFIRMED
        assert take.steps[0].sent is not None
        await room.clock.sleep(5)
        assert abs(camera.pose().pan - 10.0) < 0.3

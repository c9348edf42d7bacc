"""A backup device that mirrors its main one: real drivers, two simulated matrices, in virtual time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from avctl.blueprint import read_room
from avctl.errors import ConfigError
from avctl.pair import Side
from avctl.scenes.take import Verdict
from tests.rooms import Bench, bench

ROOM = """\
room: two
title: Two
devices:
  matrix: {driver: extron_sis, url: 'tcp://127.0.0.1:23'}
  matrix-backup: {driver: extron_sis, url: 'tcp://127.0.0.2:23'}
  selector: {driver: extron_sis, url: 'tcp://127.0.0.3:23'}
sources:
  player: {device: matrix, input: 4}
  notebook: {device: matrix, input: 3}
  main-chain: {device: selector, input: 1}
  backup-chain: {device: selector, input: 2}
destinations:
  wall: {device: matrix, output: 1}
  preview: {device: matrix, output: 2}
  far-end: {device: selector, output: 1}
pairs:
  chain:
    main: matrix
    backup: matrix-backup
    mirror: true
    arm: off
    to_backup: {far-end: {source: backup-chain}}
    to_main: {far-end: {source: main-chain}}
library: false
scenes:
  show:
    title: Show
    want: {wall: {source: player}, preview: {source: notebook}, far-end: {source: main-chain}}
"""

SOON = 1.5  # seconds
HEARD = 12.0  # seconds in which a press at the front panel is heard of for certain


@contextlib.asynccontextmanager
async def room(tmp_path: Path) -> AsyncIterator[Bench]:
    path = tmp_path / "room.yaml"
    path.write_text(ROOM.replace("arm: off", "arm: 'off'"), encoding="utf-8")
    async with bench(path) as at:
        await at.until_up()
        await taken(at, "show")
        await asyncio.sleep(SOON)
        yield at


async def taken(at: Bench, scene: str) -> None:
    take = at.room.take(scene, by="test")
    await take.ended.wait()
    assert take.verdict is Verdict.CONFIRMED


def shown(at: Bench, device: str) -> list[int]:
    matrix: Any = at.devices[device]
    return [matrix.shows(output) for output in (1, 2)]


def mirrored(at: Bench) -> int:
    return sum(take.by == "mirrors matrix" for take in at.room.takes)


async def test_what_a_scene_sets_at_main_is_set_at_its_backup(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        assert shown(at, "matrix-backup") == shown(at, "matrix") == [4, 3]
        assert all(take.verdict is Verdict.CONFIRMED for take in at.room.takes)


async def test_the_room_by_itself_makes_no_takes(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        before = mirrored(at)
        await asyncio.sleep(600)
        assert mirrored(at) == before


async def test_what_somebody_sets_at_mains_front_panel_is_set_too(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        at.devices["matrix"].press("tie", input=5, output=1)
        await asyncio.sleep(HEARD)
        assert shown(at, "matrix-backup") == [5, 3]


async def test_a_picture_muted_at_main_is_muted_at_its_backup(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        take = at.room.set("wall", "blank", True, by="test")
        await take.ended.wait()
        await asyncio.sleep(SOON)
        state = at.room.devices["matrix-backup"].state
        blanks = {point.key: r.value for point, r in state.items() if point.word == "blank"}
        assert blanks["blank/1/video"] is True


async def test_a_backup_that_returns_is_brought_up_to_main_by_the_difference(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as at:
        backup = at.devices["matrix-backup"]
        backup.faults.set("cut")
        await asyncio.sleep(5)
        for source in ("notebook", "none", "notebook"):
            take = at.room.set("wall", "source", source, by="test")
            await take.ended.wait()
        backup.faults.clear()
        before = mirrored(at)
        await at.until_up()
        await asyncio.sleep(SOON)
        assert shown(at, "matrix-backup") == [3, 3]
        newest = [take for take in at.room.takes if take.by == "mirrors matrix"][before:]
        assert [[step.want.value for step in take.steps] for take in newest] == [[3]]


async def test_nothing_is_mirrored_to_the_side_in_use(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        take = at.room.pairs.change_over("chain", Side.BACKUP, "test")
        await take.ended.wait()
        await asyncio.sleep(SOON)
        at.devices["matrix"].press("tie", input=6, output=1)
        await asyncio.sleep(HEARD)
        assert shown(at, "matrix-backup") == [4, 3]


async def test_what_main_is_after_a_restart_is_not_copied_before_somebody_sets_it(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as at:
        main = at.devices["matrix"]
        main.faults.set("cut")
        await asyncio.sleep(5)
        main.press("tie", input=7, output=1)
        main.faults.clear()
        await at.until_up()
        await asyncio.sleep(HEARD)
        assert shown(at, "matrix-backup") == [4, 3]
        await taken(at, "show")
        at.devices["matrix-backup"].press("tie", input=8, output=2)
        await asyncio.sleep(HEARD)
        assert shown(at, "matrix-backup") == [4, 3]


async def test_what_the_backup_refuses_is_not_tried_again_and_again(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        at.devices["matrix-backup"].faults.set("refuses")
        before = mirrored(at)
        take = at.room.set("wall", "source", "notebook", by="test")
        await take.ended.wait()
        await asyncio.sleep(60)
        assert mirrored(at) == before + 1


def test_a_mirror_of_two_microphones_is_an_error_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "room.yaml"
    text = ROOM.replace("main: matrix\n", "main: player\n").replace(
        "backup: matrix-backup", "backup: notebook"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"not two devices"):
        read_room(path)

"""`pytest --hil` on simulators at real ends, which stand for devices: what it runs, asks, returns and keeps."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from avctl.testing.capture import grade
from tests.processes import ROOT, Simulated, simulated

MATRIX = """\
room: bench
title: Bench
devices:
  matrix:
    driver: extron_sis
    url: {url}
    settings: {{password: {{env: TEST_MATRIX_PASSWORD}}}}
sources:
  one: {{device: matrix, input: 1}}
  two: {{device: matrix, input: 2}}
destinations:
  screen: {{device: matrix, output: 1}}
library: false
"""
SECRET = "open-sesame"

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def matrix() -> Iterator[Simulated]:
    options = ("--tcp", "127.0.0.1:0", "--option", f"password={SECRET}")
    with simulated("extron_sis", *options) as device:
        yield device


@pytest.fixture
def room(matrix: Simulated, tmp_path: Path) -> Path:
    path = tmp_path / "bench.yaml"
    path.write_text(MATRIX.format(url=matrix.url), encoding="utf-8")
    return path


def command(room: Path, *options: str) -> list[str]:
    return [
        sys.executable, "-m", "pytest", "--hil", room.name, "--rootdir", str(room.parent),
        "-p", "no:cacheprovider", "-v", *options,
    ]  # fmt: skip


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "TEST_MATRIX_PASSWORD": SECRET}


def run(room: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(room, *options),
        cwd=room.parent,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
    )


def kept(room: Path) -> dict[str, Any]:
    (path,) = (room.parent / "hil").glob("*.json")
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def state(device: Simulated) -> Any:
    truth = device.truth()
    return truth["ties"], truth["video_mutes"]


def test_a_device_is_held_to_the_suites_returned_and_its_wire_kept(
    matrix: Simulated, room: Path
) -> None:
    before = state(matrix)
    ended = run(room, "--hil-yes")
    assert ended.returncode == 0, ended.stdout
    assert (
        "bench.yaml::matrix::what is driven is read back and true, output/1/video" in ended.stdout
    )
    assert state(matrix) == before
    told = kept(room)
    assert (told["origin"], told["driver"], told["changed"]) == ("capture", "extron_sis", True)
    assert set(told["verdicts"].values()) == {"passed"}
    assert {line["direction"] for line in told["lines"]} == {"to_device", "from_device"}
    assert any(line.get("text", "").startswith("Out1") for line in told["lines"])
    proven = grade("extron_sis", room.parent / "hil")
    assert proven.word == "proven"
    assert list(proven.models) == [told["identity"]["model"]]


def test_no_secret_reaches_what_is_kept(room: Path) -> None:
    assert run(room, "-k", "understood").returncode == 0
    (path,) = (room.parent / "hil").glob("*.json")
    text = path.read_text(encoding="utf-8")
    assert SECRET not in text
    assert "[secret]" in text


def test_where_nobody_can_be_asked_it_is_refused_before_anything_is_touched(
    matrix: Simulated, room: Path
) -> None:
    before = state(matrix)
    ended = run(room)
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "nobody can be asked here: give --hil-yes" in ended.stderr + ended.stdout
    assert state(matrix) == before
    assert not (room.parent / "hil").exists()


def test_runs_that_only_read_need_no_yes_and_prove_nothing(room: Path) -> None:
    ended = run(room, "-k", "told or understood")
    assert ended.returncode == 0, ended.stdout
    assert grade("extron_sis", room.parent / "hil").word == "simulated"


def test_a_device_that_only_accepts_is_found_out(matrix: Simulated, room: Path) -> None:
    matrix.set_fault("ignores")
    ended = run(room, "--hil-yes", "-k", "driven and true and output")
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert set(kept(room)["verdicts"].values()) == {"failed"}
    assert grade("extron_sis", room.parent / "hil").word == "simulated"


@pytest.mark.parametrize(("answer", "ends"), [("y", "passed"), ("n", "not allowed")])
def test_a_person_is_asked_once_before_anything_is_changed(
    matrix: Simulated, room: Path, answer: str, ends: str
) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    with subprocess.Popen(
        command(room, "-k", "driven and true"),
        cwd=room.parent,
        env=environment(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        told, _ = process.communicate(timeout=100)
    os.close(ours)
    os.close(theirs)
    assert told.count("matrix will be changed and returned (it shows: output/1/video") == 1, told
    assert set(kept(room)["verdicts"].values()) == {ends}
    assert "nobody said yes" not in told or ends == "not allowed"


def test_a_device_that_is_not_there_is_named_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "bench.yaml"
    path.write_text(MATRIX.format(url="tcp://127.0.0.1:9"), encoding="utf-8")
    ended = run(path, "--hil-wait", "1", "-k", "understood")
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert "matrix is not reachable" in ended.stdout


def test_a_room_file_that_is_wrong_is_told_with_its_place(room: Path) -> None:
    room.write_text(room.read_text("utf-8").replace("output: 1", "output: 0"), "utf-8")
    ended = run(room, "--hil-yes")
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "bench.yaml:12:" in ended.stderr

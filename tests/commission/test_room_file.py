"""Writing into room files: only what was meant changes, and a wrong result never lands."""

import difflib
import os
import stat
from pathlib import Path

import pytest

from avctl.blueprint import read_room
from avctl.capabilities.camera import Framing
from avctl.commission import write_preset, write_scene
from avctl.errors import ConfigError
from tests.rooms import DEMO

TITLE = {"zh": "圆桌", "en": "Round table"}
ROOM = """\
# The small room.
room: "7"   # the number on the door
title: '小会议室'
devices:
    camera:   # above the screen
        driver: visca
        url: "tcp://192.168.7.2:5678"
        settings: {model: ptzoptics}
        presets:
            panorama: 0   # the whole table
            chair: 2
    matrix:
        driver: extron_sis
        url: tcp://192.168.7.3:23   # behind the rack
sources:
    camera-picture: {device: matrix, input: 1}
    laptop: {device: matrix, input: 0x2}
destinations:
    far-end:
        device: matrix
        output: 1
        layers:
          - video
          - audio   # both

scenes:
    # asked for by the chair
    present:
        title: Present
        deadline: 3 s   # the far end waits
        want:
            far-end: {source: laptop}   # and nothing else
            camera: {preset: panorama, after: far-end}
    close:
        title: Close
        want:
            far-end: {source: none}
# end of file
"""


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "room.yaml"
    path.write_text(ROOM, encoding="utf-8")
    return path


def changes(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that went, and lines that came."""
    diff = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return (
        [line[2:] for line in diff if line.startswith("- ")],
        [line[2:] for line in diff if line.startswith("+ ")],
    )


def test_a_new_scene_adds_lines_and_touches_none(path: Path) -> None:
    want = {
        "far-end": {"source": "camera-picture", "after": "camera"},
        "camera": {"preset": "chair"},
    }
    plan = write_scene(path, "round-table", TITLE, want, deadline=6)
    gone, come = changes(ROOM, path.read_text(encoding="utf-8"))
    assert gone == []
    assert [line.strip() for line in come] == [
        "round-table:",
        "title: {zh: 圆桌, en: Round table}",
        "deadline: 6 s",
        "want:",
        "far-end: {source: camera-picture, after: camera}",
        "camera: {preset: chair}",
    ]
    assert plan.scenes["round-table"].deadline == 6.0
    assert read_room(path).file == plan.file


@pytest.mark.parametrize("room", ["room-19.yaml", "room-17.yaml", "annex-6.yaml"])
def test_the_demos_rooms_keep_every_line(room: str, tmp_path: Path) -> None:
    text = (DEMO / room).read_text(encoding="utf-8")
    path = tmp_path / room
    path.write_text(text, encoding="utf-8")
    write_scene(path, "as-found", TITLE, {"podium-mic": {"muted": True}})
    gone, come = changes(text, path.read_text(encoding="utf-8"))
    assert gone == []
    assert "podium-mic: {muted: true}" in come[-1]


def test_a_replaced_scene_keeps_what_else_it_says_and_its_comments(path: Path) -> None:
    want = {"far-end": {"source": "camera-picture"}, "camera": {"preset": "chair"}}
    write_scene(path, "present", TITLE, want, replace=True)
    gone, come = changes(ROOM, path.read_text(encoding="utf-8"))
    assert [line.strip() for line in come] == [
        "title: {zh: 圆桌, en: Round table}",
        "far-end: {source: camera-picture} # and nothing else",
        "camera: {preset: chair, after: far-end}",
    ]
    assert len(gone) == 3


def test_order_that_leads_to_a_removed_target_goes_with_it(path: Path) -> None:
    plan = write_scene(path, "present", TITLE, {"camera": {"preset": "chair"}}, replace=True)
    assert [want.order.after for want in plan.scenes["present"].wants] == [()]


def test_a_scene_is_not_replaced_unless_asked(path: Path) -> None:
    with pytest.raises(ConfigError, match="'present' already"):
        write_scene(path, "present", TITLE, {"camera": {"preset": "chair"}})
    assert path.read_text(encoding="utf-8") == ROOM


@pytest.mark.parametrize(
    ("name", "want", "says"),
    [
        ("new", {"lamp": {"power": "on"}}, "nothing is called 'lamp'"),
        ("new", {"camera": {"preset": "sky"}}, "no preset 'sky'"),
        ("new", {}, "wants nothing"),
        ("a name with blanks", {"camera": {"preset": "chair"}}, "a name has no blanks"),
    ],
)
def test_a_wrong_result_is_refused_and_nothing_is_written(
    path: Path, name: str, want: dict[str, dict[str, object]], says: str
) -> None:
    with pytest.raises(ConfigError, match=says) as told:
        write_scene(path, name, TITLE, want)
    assert str(told.value).startswith(f"{path}:")
    assert "nothing was written" in str(told.value)
    assert path.read_text(encoding="utf-8") == ROOM
    assert os.listdir(path.parent) == [path.name]


def test_a_preset_gets_its_word_and_its_framing(path: Path) -> None:
    plan = write_preset(path, "camera", "door", 3, Framing(12.3456, -4.0, 0.51234))
    assert plan.file.devices["camera"].presets == {"panorama": 0, "chair": 2, "door": 3}
    assert plan.settings["camera"].model_dump()["framings"] == {
        3: {"pan": 12.35, "tilt": -4.0, "zoom": 0.512}
    }
    gone, come = changes(ROOM, path.read_text(encoding="utf-8"))
    assert [line.strip() for line in gone] == ["settings: {model: ptzoptics}"]
    assert "door: 3" in [line.strip() for line in come]


def test_a_preset_stored_anew_changes_one_line(tmp_path: Path) -> None:
    path = tmp_path / "room.yaml"
    text = (DEMO / "room-19.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    write_preset(path, "podium-camera", "chair", 3, Framing(1.0, 2.0, 0.5))
    gone, come = changes(text, path.read_text(encoding="utf-8"))
    assert [line.strip() for line in come] == ["3: {pan: 1.0, tilt: 2.0, zoom: 0.5}"]
    assert len(gone) == 1


@pytest.mark.parametrize(
    ("device", "number", "says"),
    [
        ("camera", 2, "is called 'chair'"),
        ("lamp", 5, "no device is called 'lamp'"),
        ("matrix", 5, "settings.framings: unknown key"),
    ],
)
def test_a_wrong_preset_is_refused(path: Path, device: str, number: int, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        write_preset(path, device, "door", number, Framing(0.0, 0.0, 0.0))
    assert path.read_text(encoding="utf-8") == ROOM


def test_the_files_mode_and_a_link_to_it_stay(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    write_scene(link, "new", TITLE, {"camera": {"preset": "chair"}})
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert "new" in read_room(path).scenes


def test_a_read_only_file_is_left_alone(path: Path) -> None:
    path.chmod(0o440)
    with pytest.raises(ConfigError, match="read-only"):
        write_scene(path, "new", TITLE, {"camera": {"preset": "chair"}})
    assert path.read_text(encoding="utf-8") == ROOM


def test_line_ends_of_windows_stay(path: Path) -> None:
    path.write_bytes(ROOM.replace("\n", "\r\n").encode())
    write_scene(path, "new", TITLE, {"camera": {"preset": "chair"}})
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > ROOM.count("\n")


def test_a_room_without_scenes_of_its_own_gets_them(path: Path) -> None:
    text = ROOM[: ROOM.index("\nscenes:")]
    path.write_text(text, encoding="utf-8")
    write_scene(path, "new", TITLE, {"camera": {"preset": "chair"}})
    gone, come = changes(text, path.read_text(encoding="utf-8"))
    assert gone == []
    assert come[0] in ("", "scenes:")

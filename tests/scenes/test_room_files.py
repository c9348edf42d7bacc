"""Room files: what is wrong is said with file, line, column, key, and what would fit."""

import re
from pathlib import Path
from random import Random

import pytest

from avctl.blueprint import Blueprint, read_room
from avctl.config import room_schema
from avctl.errors import ConfigError
from avctl.site import read_site
from tests.rooms import DEMO

ROOM = """\
room: small
title: {zh: 小会议室, en: Small room}
devices:
  matrix:
    driver: extron_sis
    url: tcp://127.0.0.1:23
    settings: {password: {env: TEST_MATRIX_PASSWORD}}
  mixer:
    driver: biamp_ttp
    url: tcp://127.0.0.1:2323
    settings: {channels: [Level1/1, Level1/2]}
sources:
  laptop: {device: matrix, input: 4}
  电脑: {device: matrix, input: 5}
destinations:
  far-end: {device: matrix, output: 1, layers: [video, audio]}
microphones:
  podium-mic: {device: mixer, channel: Level1/1, level: -6 dB}
  backup-mic: {device: mixer, channel: Level1/2}
roles: {speaker-mic: podium-mic, backup-mic: backup-mic}
scenes:
  present:
    title: 演示
    deadline: 3 s
    want:
      far-end: {source: laptop}
      podium-mic: {muted: true, after: far-end}
"""


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_MATRIX_PASSWORD", "1234")
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def read(tmp_path: Path, text: str) -> Blueprint:
    path = tmp_path / "room.yaml"
    path.write_text(text, encoding="utf-8")
    return read_room(path)


def test_a_scene_stands_on_the_rooms_own_names(tmp_path: Path) -> None:
    plan = read(tmp_path, ROOM)
    scene = plan.scenes["present"]
    assert [(want.device, want.point.key, want.value) for want in scene.wants] == [
        ("matrix", "output/1/video", 4),
        ("matrix", "output/1/audio", 4),
        ("mixer", "muted/Level1/1", True),
    ]
    assert scene.title == {"zh": "演示", "en": "演示"}


def test_the_librarys_scenes_come_with_the_parts_that_the_room_can_play(tmp_path: Path) -> None:
    plan = read(tmp_path, ROOM)
    assert "swap-to-backup-mic" in plan.scenes
    assert "speaker-close-up" not in plan.scenes
    values = [want.value for want in plan.scenes["swap-to-backup-mic"].wants]
    assert values == [0.0, False, True]  # the backup's nominal level, open, then the other closed


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("url: tcp://127.0.0.1:23\n", "adress: x\n", r"6:5: devices.matrix.adress: unknown key; one of driver, layouts"),
        ("driver: extron_sis", "driver: extron", r"5:5: devices.matrix.driver: no driver 'extron'; one of apc_pdu"),
        ("tcp://127.0.0.1:23\n", "tcp://127.0.0.1\n", r"6:5: devices.matrix.url: .* write tcp://host:port"),
        ("input: 4", "input: 0", r"13:28: sources.laptop.input: input should be greater than or equal to 1"),
        ("{device: matrix, input: 4}", "{device: matrx, input: 4}", r"sources.laptop.device: no device is called 'matrx'; there are matrix, mixer"),
        ("source: laptop}", "source: labtop}", r"26:17: scenes.present.want.far-end.source: no source is called 'labtop'; there are none, laptop, 电脑"),
        ("muted: true", "mute: true", r"27:20: scenes.present.want.podium-mic.mute: podium-mic has no 'mute'; it has fader, muted"),
        ("muted: true", "muted: yes", r"scenes.present.want.podium-mic.muted: give true or false"),
        ("after: far-end", "after: projector", r"after: projector is not in this scene"),
        ("source: laptop}", "source: laptop, after: podium-mic}", r"wait for one another"),
        ("      podium-mic: {", "      podium: {", r"scenes.present.want.podium.muted: nothing is called 'podium'"),
        ("3 s", "soon", r"24:5: scenes.present.deadline: give seconds, like 4 s"),
        ("-6 dB", "[]", r"microphones.podium-mic.level"),
        ("{env: TEST_MATRIX_PASSWORD}", "secret", r"7:16: devices.matrix.settings.password: a secret is not written here"),
        ("TEST_MATRIX_PASSWORD", "NOBODY_SET_IT", r"the environment has no NOBODY_SET_IT"),
        ("speaker-mic: podium-mic", "speaker-mic: lectern", r"20:9: roles.speaker-mic: nothing is called 'lectern'"),
        ("  far-end: {device", "  mixer: {device", r"mixer: one name for two things"),
        ("room: small", "room: [", r"3:1: expected"),
        ("room: small", "room: small\nroom: large", r"2:1: .*duplicate key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_what_would_fit(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in ROOM
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, ROOM.replace(old, new, 1))
    assert re.match(r"\S+room\.yaml:\d+:\d+: ", str(caught.value))
    assert re.search(says, str(caught.value)), caught.value


def test_yaml_1_2_keeps_on_as_text(tmp_path: Path) -> None:
    plan = read(tmp_path, ROOM.replace("title: 演示", "title: on"))
    assert plan.scenes["present"].title["zh"] == "on"


def test_a_mangled_file_is_an_error_with_a_place_and_never_a_traceback(tmp_path: Path) -> None:
    random = Random(19)
    scraps = [
        "",
        ":",
        "{",
        "}",
        "- ",
        "\t",
        "null",
        "&a ",
        "*a",
        "!!int ",
        "'",
        "\x00",
        "9" * 30,
        "é",
        "|",
        "[[[",
    ]
    sound, places = 0, []
    for _ in range(400):
        text = list(ROOM)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(text))
            text[at : at + random.randint(0, 6)] = random.choice(scraps)
        try:
            read(tmp_path, "".join(text))
            sound += 1
        except ConfigError as error:
            places.append(re.match(r"\S+room\.yaml:\d+:\d+: ", str(error)))
    assert all(places)
    assert sound < 200


def test_the_demo_site_is_sound() -> None:
    _, plans = read_site(DEMO)
    assert [plan.file.room for plan in plans] == ["19", "17", "annex-6"]
    for plan in plans:
        assert {"speaker-close-up", "restore-panorama", "swap-to-backup-mic"} <= plan.scenes.keys()


def test_the_published_schema_knows_every_drivers_settings() -> None:
    schema = room_schema()
    matrix = schema["$defs"]["extron_sis device"]
    assert matrix["properties"]["driver"] == {"const": "extron_sis"}
    settings = schema["$defs"]["extron_sis settings"]
    assert "oneOf" in settings["properties"]["password"]


def test_scenes_that_would_take_each_other_for_ever_are_refused(tmp_path: Path) -> None:
    scenes = """\
  one: {title: One, on_failure: take two, want: {far-end: {source: none}}}
  two: {title: Two, on_failure: take one, want: {far-end: {source: none}}}
"""
    with pytest.raises(ConfigError, match="one takes two takes one: that would never end"):
        read(tmp_path, ROOM + scenes)

"""The command line: files, drivers, and single devices."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from avctl import registry
from tests.processes import simulated
from tests.rooms import DEMO, EXAMPLES
from tests.system.command import avctl

BROKEN = """\
room: hall
title: Hall
devices:
  matrix:
    driver: extron_sis
    url: tcp://127.0.0.1:1
destinations:
  screen: {device: matrix, output: 1}
scenes:
  show:
    title: Show
    want:
      screen: {source: laptop}
"""

# What a user types after the address: without a verb first, then with the verbs of the trade.
SAID = {
    "visca": (["--set", "model=srg-300h"], [["position"], ["recall", "1"]]),
    "extron_sis": ([], [["ties"], ["blank", "1", "on"]]),
    "biamp_ttp": (
        ["--set", "channels=[Level1/1]"],
        [["levels"], ["fader", "Level1/1", "-6"]],
    ),
    "shure": ([], [["meters"], ["mute", "1", "on"]]),
    "coriomaster": (
        ["--set", "user=admin", "--set", "password={env: AVCTL_HALL_WALL_PASSWORD}"],
        [["layouts"], ["windows"]],
    ),
}


def test_no_command_says_what_there_is() -> None:
    told = avctl("--help")
    assert told.returncode == 0
    for command in ("demo", "serve", "check", "take", "device", "drivers", "ports", "schema"):
        assert command in told.stdout


def test_check_names_the_rooms_and_scenes_of_a_sound_site() -> None:
    told = avctl("check", DEMO)
    assert (told.returncode, told.stderr) == (0, "")
    assert "3 rooms" in told.stdout
    assert "speaker-close-up" in told.stdout


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (BROKEN, "13:16", "no source is called 'laptop'"),
        (BROKEN.replace("extron_sis", "extron"), "5:5", "extron_sis"),
        (BROKEN.replace("url:", "uri:"), "6:5", "uri"),
        (BROKEN + "  : [", "14:", ""),
        ("room: [", "1:", ""),
    ],
)
def test_check_says_where_a_file_is_wrong(
    tmp_path: Path, text: str, place: str, words: str
) -> None:
    file = tmp_path / "hall.yaml"
    file.write_text(text, encoding="utf-8")
    told = avctl("check", file)
    assert (told.returncode, told.stdout) == (2, "")
    assert f"{file}:{place}" in told.stderr
    assert words in told.stderr
    assert "Traceback" not in told.stderr


def test_check_of_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    told = avctl("check", tmp_path / "none.yaml")
    assert told.returncode == 2
    assert "none.yaml" in told.stderr
    assert "Traceback" not in told.stderr


def test_drivers_names_every_driver_with_its_verbs() -> None:
    told = avctl("drivers")
    assert told.returncode == 0
    for name in registry.names():
        assert name in told.stdout
        for verb in registry.driver(name).verbs:
            assert verb in told.stdout


def test_ports_tells_what_there_is_or_that_there_is_nothing() -> None:
    told = avctl("ports")
    assert told.returncode == 0
    assert told.stdout.strip()


def test_the_schema_that_editors_are_given_is_up_to_date() -> None:
    told = avctl("schema")
    assert told.returncode == 0
    kept = (EXAMPLES / "room.schema.json").read_text(encoding="utf-8")
    assert told.stdout == kept, "write examples/room.schema.json anew: avctl schema"


def test_the_schema_refers_only_to_what_it_defines() -> None:
    schema = json.loads((EXAMPLES / "room.schema.json").read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"room", "title", "devices"} <= set(schema["required"])
    references = set(_references(schema))
    assert references <= {f"#/$defs/{name}" for name in schema["$defs"]}
    for driver in registry.names():
        assert f"#/$defs/{driver} settings" in references


def _references(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for each in part.values() for found in _references(each)]
    if isinstance(part, list):
        return [found for each in part for found in _references(each)]
    return []


@pytest.mark.parametrize("driver", SAID)
def test_a_device_tells_how_it_stands_and_does_what_it_is_told(driver: str) -> None:
    settings, verbs = SAID[driver]
    with simulated(driver, "--tcp", "127.0.0.1:0") as device:
        told = avctl("device", driver, device.url, *settings)
        assert told.returncode == 0, told.stderr
        assert "point" in told.stdout
        for verb in verbs:
            told = avctl("device", driver, device.url, *verb, *settings)
            assert told.returncode == 0, (verb, told.stderr)


def test_a_level_below_zero_is_a_level_and_no_option() -> None:
    with simulated("shure", "--tcp", "127.0.0.1:0") as device:
        told = avctl("device", "shure", device.url, "gain", "1", "-6")
        assert told.returncode == 0, told.stderr
        assert "-6" in told.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fly"], "no verb 'fly'; it has tie,"),
        (["tie", "1"], "tie INPUT OUTPUT"),
        (["tie", "1", "2", "both", "3"], "tie INPUT OUTPUT"),
        (["tie", "one", "2"], "'one'"),
        (["blank", "1", "yes"], "give on or off"),
        (["ties", "--wiat", "3"], "ties"),
        (["--set", "colour=red"], "colour"),
        (["--set", "colour"], "write KEY=VALUE"),
    ],
)
def test_what_a_device_cannot_be_told_is_wrong_usage(words: list[str], said: str) -> None:
    told = avctl("device", "extron_sis", "tcp://127.0.0.1:9", *words)
    assert told.returncode == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("driver", "url", "said"),
    [("telex", "tcp://127.0.0.1:9", "there are apc_pdu"), ("shure", "wire:1", "wire")],
)
def test_an_unknown_driver_or_address_is_wrong_usage(driver: str, url: str, said: str) -> None:
    told = avctl("device", driver, url)
    assert told.returncode == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_a_device_that_is_not_there_is_named_when_the_wait_is_over() -> None:
    told = avctl("device", "extron_sis", "tcp://127.0.0.1:9", "ties", "--wait", "0.5")
    assert (told.returncode, told.stdout) == (1, "")
    assert "extron_sis: not reachable" in told.stderr


def test_a_device_that_refuses_is_no_success() -> None:
    with simulated("extron_sis", "--tcp", "127.0.0.1:0") as device:
        told = avctl("device", "extron_sis", device.url, "tie", "99", "1")
        assert told.returncode in (1, 2)
        assert "extron_sis" in told.stderr
        assert "Traceback" not in told.stderr


def test_a_start_loads_nothing_that_only_some_days_need() -> None:
    told = "import service.cli, service.app, service.server, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    )
    seldom = {"alembic", "asyncssh", "docxtpl", "openpyxl", "typst", "xlsxwriter"}
    assert not seldom & set(loaded.stdout.split())

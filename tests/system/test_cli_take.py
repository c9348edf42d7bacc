"""Taking scenes from the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Simulated, simulated
from tests.rooms import DEMO
from tests.system.command import SimulatedSite, avctl, simulated_site

HALL = """\
room: hall
title: Hall
devices:
  matrix: {{driver: extron_sis, url: "{url}"}}
sources:
  camera: {{device: matrix, input: 1}}
  laptop: {{device: matrix, input: 2}}
destinations:
  screen: {{device: matrix, output: 3}}
  monitor: {{device: matrix, output: 4}}
scenes:
  show:
    title: Show
    confirm: true
    parameters:
      what:
        title: What
        choices: {{camera: {{title: Camera}}, laptop: {{title: Laptop}}}}
    want:
      screen: {{source: $what}}
      monitor: {{source: $what, after: screen}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedSite]:
    with simulated_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def matrix() -> Iterator[Simulated]:
    with simulated("extron_sis", "--tcp", "127.0.0.1:0") as running:
        yield running


@pytest.fixture
def hall(matrix: Simulated, tmp_path: Path) -> Path:
    file = tmp_path / "hall.yaml"
    file.write_text(HALL.format(url=matrix.url), encoding="utf-8")
    return file


def shown(matrix: Simulated) -> tuple[int, int]:
    shows = matrix.truth()["shows"]
    return shows["3"], shows["4"]


def test_a_scene_taken_is_what_the_far_end_hears(site: SimulatedSite) -> None:
    site.press("annex-6/devices/mixer", "mute", tag="Level1", channel=1, on=False)
    assert site.far_end_hears("annex-6") == {"podium-mic"}
    told = avctl("take", DEMO, "annex-6", "swap-to-backup-mic", "--addresses", site.addresses)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "podium-mic-backup muted" in told.stdout
    assert "confirmed in" in told.stdout
    assert site.far_end_hears("annex-6") == {"podium-mic-backup"}


def test_a_run_told_as_json_has_a_verdict_for_every_step(site: SimulatedSite) -> None:
    told = avctl(
        "take", DEMO, "annex-6", "speaker-close-up", "--json", "--addresses", site.addresses
    )
    assert told.returncode == 0, told.stdout + told.stderr
    run = json.loads(told.stdout)
    assert (run["room"], run["scene"], run["verdict"]) == (
        "annex-6",
        "speaker-close-up",
        "confirmed",
    )
    assert {step["target"] for step in run["steps"]} == {
        "camera",
        "podium-mic",
        "far-end",
        "hall-wall",
    }
    assert {step["verdict"] for step in run["steps"]} <= {"confirmed", "skipped"}


def test_a_scene_with_a_hung_device_is_no_success_and_names_it(site: SimulatedSite) -> None:
    with site.fault("annex-6/devices/mixer", "half_open"):
        told = avctl("take", DEMO, "annex-6", "swap-to-backup-mic", "--addresses", site.addresses)
    assert told.returncode == 1
    assert "podium-mic-backup" in told.stdout
    assert "failed" in told.stdout or "unknown" in told.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["annex-6", "party"], "no scene 'party' in annex-6; there are speaker-close-up"),
        (["annex-7", "party"], "no room 'annex-7'"),
        (["annex-6", "restore-panorama", "--addresses", "nothing.json"], "nothing.json:1:1"),
        (["annex-6", "restore-panorama", "--choose", "who"], "write PARAMETER=CHOICE"),
        (["annex-6", "restore-panorama", "--choose", "who=me"], "no parameter 'who'"),
    ],
)
def test_what_cannot_be_taken_is_wrong_usage(words: list[str], said: str) -> None:
    told = avctl("take", DEMO, *words)
    assert (told.returncode, told.stdout) == (2, "")
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_the_choice_is_what_is_taken(hall: Path, matrix: Simulated) -> None:
    told = avctl("take", hall, "hall", "show", "--confirm", "--choose", "what=laptop")
    assert told.returncode == 0, told.stdout + told.stderr
    assert shown(matrix) == (2, 2)


def test_a_scene_with_a_parameter_wants_one_of_its_choices(hall: Path) -> None:
    told = avctl("take", hall, "hall", "show", "--confirm", "--choose", "what=cat")
    assert told.returncode == 2
    assert "choose what: camera, laptop" in told.stderr
    told = avctl("take", hall, "hall", "show", "--confirm")
    assert told.returncode == 2
    assert "choose what: camera, laptop" in told.stderr


def test_a_scene_that_asks_for_it_is_not_taken_unconfirmed(hall: Path, matrix: Simulated) -> None:
    before = shown(matrix)
    told = avctl("take", hall, "hall", "show", "--choose", "what=laptop")
    assert told.returncode == 2
    assert "--confirm" in told.stderr
    assert shown(matrix) == before


def test_a_plan_tells_the_steps_in_order_and_changes_nothing(hall: Path, matrix: Simulated) -> None:
    assert (
        avctl("take", hall, "hall", "show", "--confirm", "--choose", "what=camera").returncode == 0
    )
    before = matrix.truth()
    words = ("take", hall, "hall", "show", "--choose", "what=laptop", "--plan")
    told = avctl(*words)
    assert told.returncode == 0, told.stderr
    rows = [line for line in told.stdout.splitlines() if "source" in line]
    assert [row.split()[1] for row in rows] == ["screen", "monitor"]
    assert all("drive" in row and "laptop" in row for row in rows)
    plan = json.loads(avctl(*words, "--json").stdout)
    assert [step["prospect"] for step in plan["steps"]] == ["drive", "drive"]
    assert matrix.truth() == before


def test_a_plan_says_what_is_right_already_and_what_cannot_be_reached(
    hall: Path, matrix: Simulated
) -> None:
    words = ("take", hall, "hall", "show", "--choose", "what=laptop")
    assert avctl(*words, "--confirm").returncode == 0
    assert avctl(*words, "--plan").stdout.count("right") == 2
    matrix.close()
    told = avctl(*words, "--plan")
    assert told.returncode == 1
    assert told.stdout.count("unreachable") == 2

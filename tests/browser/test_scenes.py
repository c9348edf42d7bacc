"""Each scene of room 19, tapped, and what the far end and the wall really get of it."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.demo import RealRoom
from tests.browser.panel import MARGIN, Panel

DEADLINE = 8.0  # seconds, of the scene that the faults meet
WORDS = {
    "zh": {"confirmed": "已确认", "far-end": "远端", "speaker-close-up": "发言特写"},
    "en": {"confirmed": "Confirmed", "far-end": "Far end", "speaker-close-up": "Speaker close-up"},
}
BOTH_LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"], indirect=True)


@dataclass
class Outcome:
    sees: tuple[str, float | None]
    hears: set[str]
    wall: list[str]
    levels: dict[int, float]  # of the mixer, by channel


QUAD = ["podium-camera", "panorama-camera", "audience-camera", "laptop"]  # as it was set up

OUTCOMES = {
    "speaker-close-up": Outcome(
        ("podium-camera", -25.7), {"podium-mic"}, ["podium-camera", "panorama-camera"], {1: -6.0}
    ),
    "chair-close-up": Outcome(
        ("podium-camera", -2.9), {"chair-mic"}, ["podium-camera", "panorama-camera"], {3: -8.0}
    ),
    "restore-panorama": Outcome(("panorama-camera", 0.0), set(), ["panorama-camera"], {}),
    "swap-to-backup-mic": Outcome(
        ("audience-camera", -34.7), {"podium-mic-backup"}, QUAD, {2: -6.0}
    ),
    "show-laptop": Outcome(("laptop", None), set(), QUAD, {}),
}


@BOTH_LANGUAGES
@pytest.mark.parametrize("scene", OUTCOMES)
def test_a_tapped_scene_is_what_the_far_end_and_the_wall_get(
    panel: Panel, room: RealRoom, scene: str, language: str
) -> None:
    if scene == "swap-to-backup-mic":
        room.press("mixer", "mute", tag="Level1", channel=1, on=False)
    panel.tap(scene)
    panel.expect_state(scene, "confirmed")

    wanted = OUTCOMES[scene]
    assert room.far_end_sees() == wanted.sees
    assert room.far_end_hears() == wanted.hears
    assert room.wall() == wanted.wall
    assert {channel: room.level(channel) for channel in wanted.levels} == wanted.levels
    button = panel.scene(scene)
    expect(button.locator(".verdict")).to_have_text(
        re.compile(rf"{WORDS[language]['confirmed']}\s[\d\s]*\d\sms")
    )
    assert button.locator("[data-step]").count() > 0
    for step in button.locator("[data-step]").all():
        expect(step).to_have_attribute("data-verdict", re.compile("confirmed|skipped"))


@pytest.mark.parametrize(("fault", "obeys"), [("half_open", False), ("mute", True)])
def test_a_hung_matrix_is_named_by_the_deadline_and_costs_the_others_nothing(
    panel: Panel, room: RealRoom, fault: str, obeys: bool
) -> None:
    room.set_fault("matrix", fault)
    panel.tap("speaker-close-up")
    panel.expect_state("speaker-close-up", "failed", "unknown", within=DEADLINE + MARGIN)

    for target in ("podium-camera", "podium-mic", "hall-wall"):
        expect(panel.step("speaker-close-up", target)).to_have_attribute(
            "data-verdict", re.compile("confirmed|skipped")
        )
    culprit = panel.step("speaker-close-up", "far-end")
    expect(culprit).to_have_attribute("data-verdict", re.compile("failed|unknown"))
    expect(culprit).to_contain_text(WORDS["en"]["far-end"])
    expect(culprit.locator(".why")).not_to_be_empty()
    expect(panel.scene("speaker-close-up").locator("[data-step]").first).to_have_attribute(
        "data-step", "far-end"
    )
    run = room.latest("speaker-close-up")
    assert run["duration"] < DEADLINE + MARGIN, run["steps"]
    (cut,) = (step for step in run["steps"] if step["target"] == "far-end")
    # A line that was found dead before the cut could be sent fails it at once, and then it was not made.
    was_made = obeys and cut["verdict"] == "unknown"
    assert (room.far_end_sees()[0] == "podium-camera") is was_made, cut
    assert room.far_end_hears() == {"podium-mic"}


def test_a_double_tap_is_one_run(panel: Panel, room: RealRoom) -> None:
    before = room.runs("show-laptop")
    button = panel.scene("show-laptop")
    button.tap()
    button.tap()
    panel.expect_state("show-laptop", "confirmed")
    assert len(room.runs("show-laptop")) == len(before) + 1


def test_a_second_panel_shows_the_run_that_the_first_began(
    panel: Panel, room: RealRoom, context
) -> None:
    other = Panel(context.new_page(), panel.demo).open(room.name)
    panel.tap("show-laptop")
    run = panel.scene("show-laptop").get_attribute("data-run")
    expect(other.scene("show-laptop")).to_have_attribute("data-run", str(run))
    other.expect_state("show-laptop", "confirmed")


@BOTH_LANGUAGES
def test_the_panel_speaks_the_language_of_its_browser_until_told_otherwise(
    panel: Panel, language: str
) -> None:
    other = "en" if language == "zh" else "zh"
    title = panel.scene("speaker-close-up").locator(".scene-title")
    expect(title).to_have_text(WORDS[language]["speaker-close-up"])
    panel.page.locator("[data-action=language]").tap()
    expect(title).to_have_text(WORDS[other]["speaker-close-up"])
    panel.page.reload()
    expect(title).to_have_text(WORDS[other]["speaker-close-up"])

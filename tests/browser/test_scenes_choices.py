"""Scenes that ask before they are taken: which seat, whether it is meant, and what would be done."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.demo import RealRoom
from tests.browser.panel import Panel
from tests.browser.test_by_hand import tab_to

SAFE = "all-to-safe"


def sheet(panel: Panel, name: str) -> Locator:
    return panel.page.locator(f'[data-sheet="{name}"]')


def latest(room: RealRoom, scene: str) -> dict[str, Any]:
    runs = room.demo.api(f"/rooms/{room.name}/runs")["runs"]
    run: dict[str, Any] = next(run for run in runs if run["scene"] == scene)
    return run


def expect_another_run(button: Locator, shown: str | None) -> None:
    expect(button).to_have_attribute("data-run", re.compile(rf"^(?!{shown or 'none'}$).+"))


@pytest.mark.parametrize(
    ("seat", "pan", "microphone"), [("chair", -2.9, "chair-mic"), ("guest", 9.1, "guest-mic")]
)
def test_a_chosen_seat_is_what_the_far_end_sees_and_hears(
    panel: Panel, room: RealRoom, seat: str, pan: float, microphone: str
) -> None:
    panel.scene("seat-close-up").tap()
    choices = sheet(panel, "choose")
    expect(choices.locator("[data-choice]")).to_have_count(3)
    choices.locator(f'[data-choice="{seat}"]').tap()
    expect(choices).to_have_count(0)
    panel.expect_state("seat-close-up", "confirmed")
    assert room.far_end_sees() == ("podium-camera", pan)
    assert room.far_end_hears() == {microphone}


def test_a_sheet_put_away_takes_nothing(panel: Panel, room: RealRoom) -> None:
    before = room.runs("seat-close-up")
    panel.scene("seat-close-up").tap()
    expect(sheet(panel, "choose")).to_be_visible()
    panel.page.keyboard.press("Escape")
    expect(sheet(panel, "choose")).to_have_count(0)
    assert room.runs("seat-close-up") == before


def test_an_emergency_goes_out_only_when_it_was_held(panel: Panel, room: RealRoom) -> None:
    before = room.runs(SAFE)
    button, mouse = panel.scene(SAFE), panel.page.mouse
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box
    mouse.move(box["x"] + 40, box["y"] + box["height"] / 2)
    mouse.down()
    expect(button).to_have_attribute("data-holding", "true")
    mouse.up()
    expect(button).to_have_attribute("data-holding", "false")
    assert room.runs(SAFE) == before

    shown = button.get_attribute("data-run")
    mouse.down()
    expect_another_run(button, shown)
    mouse.up()
    panel.expect_state(SAFE, "confirmed")
    assert len(room.runs(SAFE)) == len(before) + 1
    assert room.far_end_sees()[0] == "panorama-camera"


def test_a_finger_that_strays_while_it_holds_takes_nothing(panel: Panel, room: RealRoom) -> None:
    before = room.runs(SAFE)
    button, mouse = panel.scene(SAFE), panel.page.mouse
    box = button.bounding_box()
    assert box
    mouse.move(box["x"] + 40, box["y"] + 20)
    mouse.down()
    expect(button).to_have_attribute("data-holding", "true")
    mouse.move(box["x"] + 140, box["y"] + 20, steps=3)
    expect(button).to_have_attribute("data-holding", "false")
    mouse.up()
    assert room.runs(SAFE) == before


def test_a_finger_that_lets_go_after_the_page_has_changed_takes_nothing(
    panel: Panel, room: RealRoom
) -> None:
    before = room.runs(SAFE)
    button, mouse, clock = panel.scene(SAFE), panel.page.mouse, panel.page.clock
    button.hover()
    # The second that it must be held does not pass by itself, however slow the machine is.
    clock.install()
    clock.pause_at(datetime.now() + timedelta(seconds=1))
    mouse.down()
    expect(button).to_have_attribute("data-holding", "true")
    other = f"{room.demo.origin}/api/v1/rooms/{room.name}/scenes/chair-close-up/take"
    panel.page.request.post(other)
    expect(panel.scene("chair-close-up")).to_have_attribute("data-run", re.compile(".+"))
    mouse.up()
    clock.resume()
    panel.expect_state("chair-close-up", "confirmed")
    assert room.runs(SAFE) == before


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_held_key_takes_an_emergency_and_a_short_one_does_not(
    panel: Panel, room: RealRoom, key: str
) -> None:
    before = room.runs(SAFE)
    keyboard, button = panel.page.keyboard, panel.scene(SAFE)
    button.focus()
    keyboard.press(key)
    expect(button).to_have_attribute("data-holding", "false")
    assert room.runs(SAFE) == before
    shown = button.get_attribute("data-run")
    keyboard.down(key)
    expect_another_run(button, shown)
    keyboard.up(key)
    panel.expect_state(SAFE, "confirmed")
    assert len(room.runs(SAFE)) == len(before) + 1


def test_what_the_plan_shows_is_what_is_sent(panel: Panel, room: RealRoom) -> None:
    panel.page.locator('[data-info="chair-close-up"]').tap()
    plan = sheet(panel, "plan")
    expect(plan.locator("[data-plan-step]").first).to_be_visible()
    shown = {
        (step.get_attribute("data-plan-step"), step.get_attribute("data-word")): step.get_attribute(
            "data-prospect"
        )
        for step in plan.locator("[data-plan-step]").all()
    }
    expect(plan.locator('[data-risk="opens"]')).to_contain_text("Chair mic")
    plan.locator("[data-action=take]").tap()
    panel.expect_state("chair-close-up", "confirmed")

    steps = latest(room, "chair-close-up")["steps"]
    assert shown.keys() == {(step["target"], step["word"]) for step in steps}
    for step in steps:
        is_right = shown[step["target"], step["word"]] == "right"
        assert is_right == (step["verdict"] == "skipped"), step


def test_a_long_press_opens_the_plan_and_takes_nothing(panel: Panel, room: RealRoom) -> None:
    before = room.runs("show-laptop")
    box = panel.scene("show-laptop").bounding_box()
    assert box
    finger = panel.page.context.new_cdp_session(panel.page)
    at = {"x": box["x"] + 60, "y": box["y"] + 60}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    expect(sheet(panel, "plan").locator("[data-plan-step]")).to_have_count(2)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(sheet(panel, "plan")).to_be_visible()
    panel.page.keyboard.press("Escape")
    expect(sheet(panel, "plan")).to_have_count(0)
    assert room.runs("show-laptop") == before
    panel.tap("show-laptop")
    panel.expect_state("show-laptop", "confirmed")
    assert len(room.runs("show-laptop")) == len(before) + 1


def test_the_keyboard_alone_opens_a_plan_and_takes_it(panel: Panel, room: RealRoom) -> None:
    tab_to(panel.page, '[data-info="show-laptop"]')
    panel.page.keyboard.press("Enter")
    expect(sheet(panel, "plan").locator("[data-plan-step]")).to_have_count(2)
    tab_to(panel.page, "[data-action=take]")
    panel.page.keyboard.press("Enter")
    panel.expect_state("show-laptop", "confirmed")
    assert room.far_end_sees()[0] == "laptop"


def test_the_plan_names_what_is_not_reachable(panel: Panel, room: RealRoom) -> None:
    room.set_fault("mixer", "cut")
    expect(panel.page.locator('.tile[data-device="mixer"]')).to_have_attribute("data-up", "false")
    panel.page.locator('[data-info="chair-close-up"]').tap()
    plan = sheet(panel, "plan")
    expect(plan.locator('[data-risk="unreachable"]')).to_contain_text("Mixer")
    expect(plan.locator('[data-plan-step="chair-mic"]').first).to_have_attribute(
        "data-prospect", re.compile("unreachable")
    )

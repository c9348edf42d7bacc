"""What an eye sees of a room: on every size of screen, in both languages, nothing cut through, no codes for words."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.office import BASICS
from tests.browser.panel import Panel

SIZES = {"desk": (1280, 800), "tablet": (1024, 768), "phone": (390, 844)}
ROOMS = ("19", "17", "annex-6")
BOTH_LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"], indirect=True)


@BOTH_LANGUAGES
def test_every_room_fits_every_screen(panel: Panel) -> None:
    for room in ROOMS:
        panel.open(room)
        for width, height in SIZES.values():
            panel.page.set_viewport_size({"width": width, "height": height})
            assert panel.page.evaluate(BASICS) == []


def test_pictures_are_in_sight_beside_eight_scenes_and_a_meeting(panel: Panel) -> None:
    meeting = panel.demo.post("/rooms/19/meeting", {"title": "Forum"})["meeting"]
    try:
        expect(panel.page.locator("[data-action=end-meeting]")).to_be_visible()
        for size in ("desk", "tablet"):
            width, height = SIZES[size]
            panel.page.set_viewport_size({"width": width, "height": height})
            far_end = panel.page.locator(".picture .screen").first.bounding_box()
            assert far_end
            assert far_end["height"] > 60, size
    finally:
        panel.demo.post(f"/meetings/{meeting}/end", {})


@pytest.mark.parametrize("language", ["zh"], indirect=True)
def test_everything_that_a_device_reports_has_a_chinese_name(panel: Panel) -> None:
    for room in ROOMS:
        pane = panel.open(room).pane("devices")
        for chip in pane.get_by_role("tab").all():
            chip.tap()
            more = pane.get_by_role("button", name="+")
            if more.count():
                more.tap()
            for words in pane.locator("dt, .point-title").all_inner_texts():
                assert any("\u4e00" <= letter <= "\u9fff" for letter in words), (room, words)


def test_what_a_camera_reads_is_told_in_units(panel: Panel) -> None:
    pane = panel.pane("devices")
    pane.get_by_role("tab", name="Podium camera").tap()
    expect(pane.locator('[data-point="aim"] b')).to_have_text(
        re.compile(r"pan \u2212?\d+\.\d° · tilt \u2212?\d+\.\d° · zoom \d+\u00a0%")
    )


def test_steps_that_a_button_has_no_place_for_are_counted(panel: Panel) -> None:
    panel.tap("restore-panorama")
    panel.expect_state("restore-panorama", "confirmed")
    button = panel.scene("restore-panorama")
    box = button.locator(".scene-body").bounding_box()
    assert box
    hidden = 0
    for line in button.locator(".line").all():
        at = line.bounding_box()
        assert at
        if at["x"] < box["x"] + box["width"]:
            assert at["y"] + at["height"] <= box["y"] + box["height"] + 1
        else:
            hidden += 1
    assert hidden > 0
    expect(button.locator("[data-more]")).to_have_attribute("data-more", str(hidden))


@pytest.mark.parametrize("language", ["zh"], indirect=True)
def test_an_outlet_is_called_by_its_title(panel: Panel) -> None:
    panel.open("annex-6").tap("get-ready")
    panel.expect_state("get-ready", "confirmed", within=90.0)
    expect(panel.step("get-ready", "beamer-outlet")).to_contain_text("投影机插座")


@pytest.mark.parametrize("language", ["zh"], indirect=True)
def test_how_long_a_scene_takes_is_never_nothing(panel: Panel) -> None:
    panel.tap("show-laptop")
    panel.expect_state("show-laptop", "confirmed")
    panel.tap("restore-panorama")
    expect(panel.scene("show-laptop").locator(".aside")).to_have_text(re.compile(r"约 0\.[1-9]"))

"""Storing from the panel: what stands in the room becomes a scene or a preset, and every panel has it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from avctl.blueprint import read_room
from tests.browser.demo import Demo, RealRoom
from tests.browser.panel import Panel
from tests.rooms import DEMO


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: what is stored here is no part of the demo."""
    return Path(shutil.copytree(DEMO, tmp_path_factory.mktemp("store") / "site"))


@pytest.fixture(scope="module")
def demo(site: Path) -> Iterator[Demo]:
    running = Demo(site)
    yield running
    running.close()


@pytest.fixture
def other(context: BrowserContext, demo: Demo, room: RealRoom) -> Panel:
    """A second panel of the same room."""
    return Panel(context.new_page(), demo).open(room.name)


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the demo has it, to read its files here."""
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def hold(page: Page, button: Locator) -> None:
    """Keep a finger on it until it has acted."""
    expect(button).to_be_enabled()
    button.hover()
    page.mouse.down()
    expect(button).to_have_attribute("data-holding", "true")
    expect(button).not_to_have_attribute("data-holding", "true")
    page.mouse.up()


def sheet(panel: Panel, name: str) -> Locator:
    return panel.page.locator(f'[data-sheet="{name}"]')


def open_scene_sheet(panel: Panel) -> Locator:
    panel.page.locator("[data-action=open-store]").tap()
    shown = sheet(panel, "scene")
    expect(shown.locator("[data-store-target]").first).to_be_visible()
    return shown


def only(shown: Locator, *targets: str) -> None:
    """Leave nothing ticked but these."""
    for each in shown.locator("[data-store-target]").all():
        each.locator("input").set_checked(each.get_attribute("data-store-target") in targets)


def test_the_room_as_it_stands_becomes_a_scene_on_every_panel_and_can_be_taken(
    panel: Panel, other: Panel, room: RealRoom, site: Path
) -> None:
    shown = open_scene_sheet(panel)
    expect(shown.locator('[data-store-target="far-end"]')).to_contain_text("Audience camera")
    only(shown, "far-end", "chair-mic")
    shown.locator("[data-field=en]").fill("As found")
    hold(panel.page, shown.locator("[data-action=store]"))
    expect(shown).to_have_count(0)
    for each in (panel, other):
        expect(each.scene("as-found")).to_contain_text("As found")
    wanted = read_room(site / "room-19.yaml").file.scenes["as-found"].want
    assert set(wanted) == {"far-end", "chair-mic"}

    room.press("matrix", "tie", input=1, output=1)
    other.tap("as-found")
    other.expect_state("as-found", "confirmed")
    assert room.far_end_sees()[0] == "audience-camera"


def test_a_name_that_is_taken_is_told_and_stored_only_when_it_is_to_be_replaced(
    panel: Panel, site: Path
) -> None:
    shown = open_scene_sheet(panel)
    only(shown, "far-end")
    shown.locator("[data-field=en]").fill("Show laptop")
    expect(shown.locator("[data-note=taken]")).to_contain_text("There is a scene of that name")
    expect(shown.locator("[data-action=store]")).to_be_disabled()
    shown.locator("[data-field=replace]").check()
    hold(panel.page, shown.locator("[data-action=store]"))
    expect(shown).to_have_count(0)
    scene = read_room(site / "room-19.yaml").file.scenes["show-laptop"]
    assert set(scene.want) == {"far-end"}


def test_a_framing_becomes_a_preset_only_when_its_button_was_held(
    panel: Panel, other: Panel, room: RealRoom, site: Path
) -> None:
    pane, across = panel.pane("camera"), other.pane("camera")
    pane.locator("[data-action=store-preset]").tap()
    shown = sheet(panel, "preset")
    shown.locator("[data-word=guest]").tap()
    expect(shown.locator("[data-note=taken]")).to_be_visible()
    shown.locator("[data-field=preset]").press_sequentially("side door")
    expect(shown.locator("[data-note=taken]")).to_have_count(0)
    store = shown.locator("[data-action=store]")
    store.tap()
    expect(store).to_be_visible()
    assert "side-door" not in room.demo.api(f"/rooms/{room.name}/devices/podium-camera")["presets"]
    hold(panel.page, store)
    expect(shown).to_have_count(0)
    for each in (pane, across):
        expect(each.locator('[data-preset="side-door"]')).to_have_text(re.compile("side door"))
    file = read_room(site / "room-19.yaml").file
    assert file.devices["podium-camera"].presets["side-door"] == 6


def test_a_read_only_file_is_told_in_words_and_nothing_is_stored(panel: Panel, site: Path) -> None:
    file = site / "room-19.yaml"
    before = file.read_bytes()
    file.chmod(0o444)
    try:
        shown = open_scene_sheet(panel)
        shown.locator("[data-field=en]").fill("Never")
        panel.refused()
        hold(panel.page, shown.locator("[data-action=store]"))
        expect(shown.locator("[data-trouble=read-only]")).to_contain_text("read-only")
    finally:
        file.chmod(0o644)
    assert file.read_bytes() == before


def test_a_rehearsal_takes_every_pair_there_and_back_and_shows_its_record(
    panel: Panel, room: RealRoom
) -> None:
    pane = panel.pane("pairs")
    hold(panel.page, pane.locator("[data-action=rehearse]"))
    expect(pane.locator("[data-drill]")).to_have_attribute("data-drill", "good")
    expect(pane.locator("[data-rehearsed=podium]")).to_contain_text("back")
    (drill, *_) = room.demo.api(f"/rooms/{room.name}/drills")["drills"]
    assert drill["state"] == "good"


def test_a_rehearsal_asks_first_where_a_microphone_is_open(panel: Panel, room: RealRoom) -> None:
    pane = panel.pane("pairs")
    room.press("mixer", "mute", tag="Level1", channel=3, on=False)
    expect(pane.locator("[data-note=meeting]")).to_be_visible()
    expect(pane.locator("[data-action=rehearse]")).to_be_disabled()
    pane.locator("[data-field=anyway]").check()
    expect(pane.locator("[data-action=rehearse]")).to_be_enabled()


def test_a_button_says_which_choice_its_run_took(panel: Panel) -> None:
    panel.scene("seat-close-up").tap()
    sheet(panel, "choose").locator('[data-choice="guest"]').tap()
    expect(panel.scene("seat-close-up").locator("[data-chosen]")).to_contain_text("Guest")

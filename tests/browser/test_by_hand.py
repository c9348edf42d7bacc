"""What a hand does at the panel, at its keyboard, and at the devices themselves."""

from playwright.sync_api import Page, expect

from tests.browser.demo import RealRoom
from tests.browser.panel import Panel

TABS = 60  # more than the page has places for the keyboard
STOP = "**/cameras/podium-camera/stop"  # without it a camera stops too, a second later


def tab_to(page: Page, selector: str) -> None:
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"the keyboard does not get to {selector}")


def test_a_fader_moved_by_keyboard_moves_the_mixer(panel: Panel, room: RealRoom) -> None:
    microphone = panel.page.locator('[data-microphone="chair-mic"]')
    slider = microphone.get_by_role("slider")
    expect(slider).to_have_attribute("data-fader", "3")
    slider.focus()
    for _ in range(4):
        panel.page.keyboard.press("ArrowDown")
    room.until("mixer", lambda _: room.level(3) == -1.0)
    expect(slider).to_have_attribute("data-fader", "-1")
    assert room.level(1) == 3.0


def test_a_tapped_mute_opens_the_microphone_and_shows_what_was_read_back(
    panel: Panel, room: RealRoom
) -> None:
    microphone = panel.page.locator('[data-microphone="guest-mic"]')
    expect(microphone).to_have_attribute("data-muted", "true")
    microphone.locator("[data-action=mute]").tap()
    expect(microphone).to_have_attribute("data-muted", "false")
    assert room.far_end_hears() == {"guest-mic"}


def test_the_joystick_moves_the_camera_while_held_and_stops_it_when_let_go(
    panel: Panel, room: RealRoom
) -> None:
    pane = panel.pane("camera")
    pane.locator('[data-camera="podium-camera"]').tap()
    before = room.until("podium-camera", lambda truth: not truth["moving"])
    box = pane.locator("[data-action=pad]").bounding_box()
    assert box
    middle, height = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    panel.page.mouse.move(middle, height)
    panel.page.mouse.down()
    panel.page.mouse.move(middle + box["width"] * 0.45, height, steps=4)
    room.until("podium-camera", lambda truth: truth["pan"] > before["pan"] + 5)
    assert room.truth("podium-camera")["moving"]
    with panel.page.expect_request(STOP):
        panel.page.mouse.up()
    stopped = room.until("podium-camera", lambda truth: not truth["moving"])
    assert stopped["tilt"] == before["tilt"]


def test_stop_cameras_stops_a_camera_that_somebody_else_moves(panel: Panel, room: RealRoom) -> None:
    room.press("podium-camera", "drive", pan=-170.0, tilt=0.0)
    room.until("podium-camera", lambda truth: truth["pan"] == -170)
    room.press("podium-camera", "drive", pan=170.0, tilt=0.0)
    room.until("podium-camera", lambda truth: truth["moving"])
    panel.page.locator("[data-action=stop-all]").tap()
    stopped = room.until("podium-camera", lambda truth: not truth["moving"])
    assert stopped["pan"] < 165


def test_a_tapped_preset_is_shown_once_the_camera_is_there(panel: Panel, room: RealRoom) -> None:
    pane = panel.pane("camera")
    pane.locator('[data-camera="podium-camera"]').tap()
    preset = pane.locator('[data-preset="guest"]')
    expect(preset).to_have_attribute("aria-pressed", "false")
    preset.tap()
    expect(preset).to_have_attribute("aria-pressed", "true")
    truth = room.truth("podium-camera")
    assert (truth["pan"], truth["moving"]) == (9.1, False)


def test_a_tapped_source_is_what_the_projector_gets(panel: Panel, room: RealRoom) -> None:
    place = panel.pane("sources").locator('[data-destination="projector"]')
    expect(place).to_have_attribute("data-source", "podium-camera")
    place.locator('[data-choice="laptop"]').tap()
    expect(place).to_have_attribute("data-source", "laptop")
    assert room.truth("matrix")["shows"]["3"] == 4


def test_a_press_at_the_front_panel_shows_up(panel: Panel, room: RealRoom) -> None:
    place = panel.pane("sources").locator('[data-destination="far-end"]')
    expect(place).to_have_attribute("data-source", "audience-camera")
    room.press("matrix", "tie", input=4, output=1)
    expect(place).to_have_attribute("data-source", "laptop")
    expect(panel.pane("events").locator("[data-event=outside]").first).to_contain_text("Laptop")


def test_the_keyboard_alone_takes_a_scene_and_drives_a_camera(panel: Panel, room: RealRoom) -> None:
    keyboard = panel.page.keyboard
    tab_to(panel.page, '[data-scene="show-laptop"]')
    keyboard.press("Enter")
    panel.expect_state("show-laptop", "confirmed")
    assert room.far_end_sees()[0] == "laptop"

    tab_to(panel.page, "[data-tab=camera]")
    keyboard.press("Enter")
    tab_to(panel.page, "[data-action=pad]")
    before = room.until("podium-camera", lambda truth: not truth["moving"])
    keyboard.down("ArrowRight")
    room.until("podium-camera", lambda truth: truth["pan"] > before["pan"] + 2)
    with panel.page.expect_request(STOP):
        keyboard.up("ArrowRight")
    room.until("podium-camera", lambda truth: not truth["moving"])


def test_pictures_of_the_far_end_the_wall_and_the_cameras_are_shown(panel: Panel) -> None:
    for name in ("far-end", "hall-wall", "podium-camera", "panorama-camera", "audience-camera"):
        picture = panel.page.locator(f'[data-picture="{name}"]')
        expect(picture).to_have_attribute("data-loaded", "true")
        expect(picture).to_have_attribute("data-old", "false")

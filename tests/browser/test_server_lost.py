"""A server that is gone or hangs is told at once, and nothing can be tapped until it is back."""

from playwright.sync_api import expect

from tests.browser.demo import RealRoom, seconds_until
from tests.browser.panel import Panel

SILENCE = 3.0  # seconds without a beat after which a server is lost


def expect_lost(panel: Panel) -> None:
    expect(panel.page.locator("[data-banner=lost]")).to_be_visible()
    expect(panel.page.locator("body")).to_have_attribute("data-lost", "true")
    for scene in panel.page.locator("[data-scene]").all():
        expect(scene).to_be_disabled()
    for device in panel.page.locator("[data-device]").all():
        expect(device).to_have_attribute("data-doubt", "lost")


def expect_back(panel: Panel) -> None:
    expect(panel.page.locator("body")).to_have_attribute("data-lost", "false")
    expect(panel.page.locator("[data-banner=lost]")).to_have_count(0)
    expect(panel.scene("show-laptop")).to_be_enabled()


def test_a_server_that_hangs_is_lost_within_seconds_and_back_when_it_goes_on(
    panel: Panel, room: RealRoom
) -> None:
    panel.server_goes_away = True
    room.demo.freeze()
    try:
        expect_lost(panel)
    finally:
        room.demo.thaw()
    expect_back(panel)
    panel.tap("show-laptop")
    panel.expect_state("show-laptop", "confirmed")


def test_a_server_that_is_started_again_finds_its_panels(panel: Panel, room: RealRoom) -> None:
    panel.server_goes_away = True
    room.demo.stop()
    banner = panel.page.locator("[data-banner=lost]")
    assert seconds_until(banner.is_visible) < SILENCE
    expect_lost(panel)
    room.demo.start_again()
    expect_back(panel)
    room.until_up()
    panel.tap("show-laptop")
    panel.expect_state("show-laptop", "confirmed")
    assert room.far_end_sees()[0] == "laptop"

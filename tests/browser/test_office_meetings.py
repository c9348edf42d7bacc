"""Meetings: begun and ended by tap, seen in the room meanwhile, and their logs."""

from playwright.sync_api import expect

from tests.browser.office import Office


def test_a_meeting_is_begun_in_its_room_logged_and_ended_and_its_figures_lead_to_lines(
    office: Office,
) -> None:
    office.open("19")
    page = office.page
    assert not [url for url in office.requests if "/panel/office/" in url]
    page.locator("[data-action=open-meeting]").tap()
    sheet = page.locator("[data-sheet=meeting]")
    sheet.locator("[data-field=title]").fill("Budget round")
    sheet.locator("[data-action=begin-meeting]").tap()
    band = page.locator("[data-meeting]")
    expect(band).to_contain_text("Budget round")
    office.tap("show-laptop")
    office.expect_state("show-laptop", "confirmed")
    assert office.wrong() == []

    band.locator("[data-action=meeting-log]").tap()
    takes = page.locator("[data-figure=takes]")
    expect(takes).to_have_attribute("data-value", "1")
    page.locator("[data-field=note]").fill("The guest is late")
    page.locator("[data-action=note]").tap()
    expect(page.locator("[data-figure=notes]")).to_have_attribute("data-value", "1")
    expect(page.locator("[data-timeline]")).to_contain_text("The guest is late")
    office.expect_basics()
    takes.tap()
    lines = page.locator("[data-timeline=takes] [data-seq]")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("Show the laptop")

    page.locator("[data-field=present]").fill("14")
    page.locator("[data-field=remarks]").fill("Began late")
    page.locator("[data-action=save-attendance]").tap()
    expect(page.locator("[data-notice=confirmed]")).to_contain_text("Saved")
    office.hold(page.locator("[data-action=end-meeting]"))
    expect(page.locator("[data-action=end-meeting]")).to_have_count(0)
    (told,) = office.api("/meetings")["meetings"]
    assert (told["present"], told["remarks"], bool(told["ended"])) == (14, "Began late", True)

    page.locator("[data-action=back]").tap()
    expect(
        page.locator(f'[data-office=meetings] [data-meeting="{told["meeting"]}"]')
    ).to_be_visible()
    office.expect_basics()
    page.locator('[data-room="19"]').tap()
    expect(page.locator(".meeting-band")).to_have_count(0)


def test_a_tile_can_be_read_under_the_finger(office: Office) -> None:
    office.open("19")
    office.tap("show-laptop")
    office.expect_state("show-laptop", "confirmed")
    office.scene("show-laptop").hover()
    office.page.mouse.down()
    assert office.scene("show-laptop").evaluate("tile => tile.matches(':active')")
    assert office.wrong() == []

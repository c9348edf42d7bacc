"""Incidents: reported, taken up, repaired and confirmed by tap, and in the day's register."""

from playwright.sync_api import expect

from tests.browser.office import Office


def test_an_incident_goes_from_its_report_to_the_confirmed_repair(office: Office) -> None:
    office.show("incidents")
    page = office.page
    page.locator("[data-action=report-incident]").tap()
    sheet = page.locator("[data-sheet=report-incident]")
    sheet.locator("[data-field=room]").select_option("17")
    sheet.locator("[data-field=device]").select_option(label="Matrix switcher")
    sheet.locator("[data-field=signs]").fill("The far end flickers once a minute")
    sheet.locator("[data-value=critical]").tap()
    assert office.wrong() == []
    sheet.locator("[data-action=send-report]").tap()

    state = page.locator("[data-incident-state]")
    expect(state).to_have_attribute("data-incident-state", "open")
    opened = office.api("/incidents?state=open")["incidents"]
    (told,) = (each for each in opened if each["source"] == "person")
    assert (told["room"], told["device"], told["severity"]) == ("17", "matrix", "critical")
    office.expect_basics()
    page.locator("[data-action=respond]").tap()
    expect(state).to_have_attribute("data-incident-state", "responded")
    expect(page.locator("[data-stage=responded]")).to_have_attribute("data-done", "true")
    page.locator("[data-field=done]").fill("Cable replaced")
    page.locator("[data-value=hardware]").tap()
    page.locator("[data-action=repair]").tap()
    expect(state).to_have_attribute("data-incident-state", "repaired")

    office.refused()  # who repaired it confirms it with a reason only
    office.hold(page.locator("[data-action=close]"))
    expect(page.locator("[data-trouble=conflict]")).to_be_visible()
    page.locator("[data-field=reason]").fill("Nobody else is here tonight")
    office.hold(page.locator("[data-action=close]"))
    expect(state).to_have_attribute("data-incident-state", "closed")
    expect(page.locator("[data-event=repaired]")).to_contain_text("Cable replaced")

    page.locator("[data-action=back]").tap()
    row = page.locator(f'[data-incident="{told["incident"]}"]')
    expect(page.locator("[data-segments=state]")).to_be_visible()
    expect(row).to_have_count(0)
    page.locator("[data-segments=state] [data-value=closed]").tap()
    expect(row).to_contain_text("The far end flickers")
    office.expect_basics()
    page.locator("[data-segments=way] [data-value=register]").tap()
    today = page.locator("[data-day]").first
    expect(today.get_by_role("link", name=str(told["incident"]))).to_have_count(3)
    office.expect_basics()


def test_an_alarm_is_counted_in_the_room_and_gone_once_somebody_has_seen_it(
    office: Office,
) -> None:
    office.open("19")
    office.post("/schedule/clearing/run", {})
    page = office.page
    count = page.locator("[data-action=open-office] [data-alarms]")
    expect(count).to_be_visible()
    page.locator("[data-action=open-office]").tap()
    alarm = page.locator('[data-key^="job/clearing"]')
    expect(alarm).to_contain_text("Clearing up failed")
    office.expect_basics()
    alarm.locator("[data-action=acknowledge]").tap()
    expect(alarm).to_have_count(0)
    page.locator("[data-segments=alarms] [data-value=all]").tap()
    expect(alarm.first).to_have_attribute("data-acknowledged", "true")

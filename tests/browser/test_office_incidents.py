"""Incidents: reported, taken up, repaired and confirmed by tap, and in the day's register."""

import re

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
    (told,) = office.api("/incidents?state=open")["incidents"]
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
    expect(page.locator("[data-office=incidents] .office-empty")).to_be_visible()
    page.locator("[data-segments=state] [data-value=closed]").tap()
    row = page.locator(f'[data-incident="{told["incident"]}"]')
    expect(row).to_contain_text("The far end flickers")
    office.expect_basics()
    page.locator("[data-segments=way] [data-value=register]").tap()
    today = page.locator("[data-day]").first
    expect(today.get_by_role("link", name=str(told["incident"]))).to_have_count(3)
    expect(today.locator("[data-left]")).to_have_attribute("data-left", re.compile("^0$"))
    office.expect_basics()

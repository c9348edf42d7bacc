"""The schedule's page: a month, what came of what was due, and what a person says of it."""

import re

from playwright.sync_api import expect

from tests.browser.office import Office


def test_a_month_shows_what_is_due_and_takes_a_persons_word_on_it(office: Office) -> None:
    office.show("schedule")
    page = office.page
    office.expect_basics()

    asked = page.locator("[data-asked]")
    expect(asked).to_contain_text("Room 17")
    asked.locator("[data-action=answer-no]").click()
    expect(asked).to_have_count(0)
    assert office.api("/schedule")["asked"] == []
    chosen = page.locator("[data-chosen-day]")
    expect(chosen.locator('[data-outcome="skipped"]')).to_contain_text("Daily round")

    archive = page.locator('[data-jobs] [data-job="archive"]')
    archive.locator("[data-action=run-now]").tap()
    office.hold(page.locator("[data-sheet=run-now] [data-action=begin-job]"))
    expect(chosen.locator('[data-job="archive"]')).to_have_attribute("data-outcome", "failed")
    today = page.locator(
        '[data-day][aria-selected="true"]'
    )  # its cell has room for three of its jobs
    expect(today).to_have_attribute("aria-label", re.compile("Archive"))

    page.locator("[data-action=month-after]").tap()
    month = page.locator("[data-month]")
    expect(month).to_have_attribute("data-read", re.compile(r"\d{4}-\d\d"))
    holiday = month.locator('[data-day$="-10"]')
    expect(holiday).to_have_attribute("data-working", "false")
    second = month.locator('[data-day$="-02"]')
    expect(second.locator("[data-outcome=to-come]")).to_have_count(2)
    second.tap()
    expect(chosen).to_have_attribute("data-chosen-day", re.compile("-02$"))
    due = chosen.locator('[data-job="monthly-warm-up"]')
    office.hold(due.locator("[data-action=skip]"))
    expect(due).to_have_attribute("data-outcome", "skipped")
    month_told = office.api(f"/schedule/months/{month.get_attribute('data-month')}")
    runs = {run["job"]: run["outcome"] for run in month_told["days"][1]["runs"]}
    assert runs == {"monthly-warm-up": "skipped", "round": "to-come"}


def test_while_the_server_is_lost_the_page_stays_and_takes_nothing(office: Office) -> None:
    office.show("schedule")
    run_now = office.page.locator("[data-action=run-now]").first
    expect(run_now).to_be_enabled()
    office.server_goes_away = True
    office.demo.freeze()
    try:
        expect(office.page.locator("[data-banner=lost]")).to_be_visible()
        expect(run_now).to_be_disabled()
        expect(office.page.locator("[data-month]")).to_be_visible()
    finally:
        office.demo.thaw()
    expect(run_now).to_be_enabled()


def test_a_page_that_cannot_be_read_says_so_and_is_read_again(office: Office) -> None:
    office.refused()
    page = office.page
    page.route("**/api/v1/schedule", lambda route: route.abort())
    page.goto(f"{office.demo.url}#/office/schedule")
    told = page.locator("[data-not-told]")
    expect(told).to_be_visible()
    assert office.wrong() == []
    page.unroute("**/api/v1/schedule")
    told.locator("[data-action=again]").tap()
    expect(page.locator("[data-jobs]")).to_be_visible()

"""Reports: looked at, made, written around, fetched, and each figure down to its lines of the journal."""

from playwright.sync_api import expect

from tests.browser.office import Office


def test_a_report_is_previewed_made_written_around_and_leads_to_the_journal(office: Office) -> None:
    meeting = office.post("/rooms/17/meeting", {"title": "Audit"})
    office.post(f"/meetings/{meeting['meeting']}/end", {})
    office.show("reports")
    page = office.page
    page.locator("[data-action=new-report]").tap()
    sheet = page.locator("[data-sheet=make-report]")
    sheet.locator("[data-field=report-kind]").select_option("monthly")
    assert office.wrong() == []
    sheet.locator("[data-action=preview-report]").tap()
    expect(page.locator("[data-section]").first).to_be_visible()
    office.expect_basics()
    page.locator("[data-action=make-report]").tap()

    expect(page.locator("[data-report-state]")).to_have_attribute("data-report-state", "draft")
    expect(page.locator("[data-chart]").first).to_be_visible()
    office.expect_basics()
    page.locator('[data-figure="meetings"]').first.tap()
    lines = page.locator("[data-sheet=lines]")
    expect(lines.locator(f'[data-line="{meeting["meeting"]}"]')).to_contain_text("Audit")
    assert office.wrong() == []
    lines.locator("[data-action=close-sheet]").tap()

    summary = page.locator("[data-text=summary]")
    summary.locator("[data-action=edit-text]").tap()
    page.locator("[data-field=summary-en]").fill("A quiet month")
    page.locator("[data-field=summary-zh]").fill("本月平稳")
    page.locator("[data-action=save-text]").tap()
    expect(summary).to_contain_text("A quiet month")
    with page.expect_download() as coming:
        page.locator("[data-download=xlsx]").click()
    assert coming.value.suggested_filename.endswith(".xlsx")
    told = office.api(f"/reports/{page.url.rpartition('/')[2]}")
    assert told["texts"]["summary"] == {"zh": "本月平稳", "en": "A quiet month"}

    page.locator("[data-action=back]").tap()
    row = page.locator(f'[data-report="{told["report"]}"]')
    expect(row).to_have_attribute("data-state", "draft")
    office.expect_basics()

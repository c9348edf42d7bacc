"""The ledger: found by its words, a device with its history, its workbook out and in again."""

from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.office import Office


def test_a_device_is_found_its_facts_are_typed_and_its_workbook_comes_back_changed(
    office: Office, tmp_path: Path
) -> None:
    office.show("ledger")
    page = office.page
    rows = page.locator("[data-item]")
    expect(rows.nth(10)).to_be_visible()
    office.expect_basics()
    page.locator("[data-field=q]").fill("hyperdeck annex")
    expect(rows).to_have_count(1)
    item = str(rows.get_attribute("data-item"))
    rows.tap()
    expect(page.locator("[data-figure=availability]")).to_be_visible()
    office.expect_basics()

    page.locator("[data-action=edit-facts]").tap()
    assert office.wrong() == []
    page.locator("[data-field=asset]").fill("GD-0061")
    page.locator("[data-action=save-facts]").tap()
    expect(page.locator("[data-facts]")).to_contain_text("GD-0061")
    page.locator("[data-field=event]").select_option("lent")
    page.locator("[data-field=to]").fill("North hall")
    page.locator("[data-action=say-event]").tap()
    expect(page.locator("[data-standing]")).to_have_attribute("data-standing", "lent")
    assert office.api(f"/ledger/{item}")["loan"]["to"] == "North hall"

    page.locator("[data-action=back]").tap()
    with page.expect_download() as coming:
        page.locator("[data-action=export]").click()
    file = tmp_path / "ledger.xlsx"
    coming.value.save_as(file)
    book = load_workbook(file)
    sheet = book.worksheets[0]
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "GD-0061")
    cell.value = "GD-0099"
    book.save(file)
    page.locator("[data-field=workbook]").set_input_files(file)
    change = page.locator(f'[data-change="{item} asset"]')
    expect(change).to_contain_text("GD-0061")
    expect(change).to_contain_text("GD-0099")
    assert office.api(f"/ledger/{item}")["facts"]["asset"] == "GD-0061"
    office.expect_basics()
    office.hold(page.locator("[data-action=take-import]"))
    expect(page.locator("[data-notice=confirmed]")).to_contain_text("1")
    assert office.api(f"/ledger/{item}")["facts"]["asset"] == "GD-0099"


def test_what_nothing_is_connected_to_is_entered_by_hand(office: Office) -> None:
    office.show("ledger")
    page = office.page
    page.locator("[data-action=new-item]").tap()
    sheet = page.locator("[data-sheet=add-item]")
    sheet.locator("[data-field=new-zh]").fill("功放")
    sheet.locator("[data-field=new-en]").fill("Amplifier")
    sheet.locator("[data-field=new-room]").select_option("19")
    assert office.wrong() == []
    sheet.locator("[data-action=add-item]").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Amplifier")
    (told,) = office.api("/ledger?q=amplifier")["items"]
    assert (told["room"], told["name"], told["title"]["zh"]) == ("19", "amplifier", "功放")

"""The warm-ups' pages: every room's last, one as it goes, and what it leaves."""

from playwright.sync_api import expect

from tests.browser.office import Office
from tests.processes import until


def test_a_warm_up_is_followed_broken_off_and_leaves_its_proof(office: Office) -> None:
    until(
        lambda: office.api("/rooms/annex-6"),
        lambda room: all(device["up"] for device in room["devices"] if device["device"] == "strip"),
    )
    office.show("warm-ups")
    page = office.page
    begun = office.post("/rooms/annex-6/warm-ups", {"hold": 600})
    row = page.locator(f'[data-run="{begun["run"]}"]')
    expect(row).to_have_attribute("data-state", "running")
    office.expect_basics()
    row.tap()
    standing = page.locator("[data-standing]")
    expect(standing).to_have_attribute("data-standing", "running")
    expect(standing.get_by_role("progressbar")).to_be_visible()
    expect(page.locator('[data-device="camera"]')).to_contain_text("Camera")
    office.expect_basics()
    office.hold(page.locator("[data-action=break-off]"))
    expect(standing).to_have_attribute("data-standing", "incomplete")
    expect(page.locator("[data-action=break-off]")).to_have_count(0)
    proof = page.locator("img[data-proof]")
    expect(proof).to_be_visible()
    proof.evaluate("image => image.decode()")
    assert proof.evaluate("image => image.naturalWidth") > 0
    office.expect_basics()
    page.locator("[data-action=back]").tap()
    expect(row).to_have_attribute("data-state", "incomplete")
    expect(row).to_contain_text("Incomplete")
    page.locator("[data-action=to-room]").tap()
    expect(page.locator("[data-sheet=warm-up]")).to_contain_text("Annex 6")

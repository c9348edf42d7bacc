"""An inspection: begun by tap, read by the service, seen by a person with a photo, and a fault becomes an incident."""

import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.browser.office import Office


def photo() -> FilePayload:
    made = BytesIO()
    Image.new("RGB", (320, 240), "#7a5").save(made, "JPEG")
    return {"name": "rack.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def test_a_room_is_inspected_by_its_devices_and_by_a_person_with_a_photo(office: Office) -> None:
    office.show("inspections")
    page = office.page
    page.locator("[data-action=new-inspection]").tap()
    sheet = page.locator("[data-sheet=begin-inspection]")
    sheet.locator('[data-room-of="annex-6"]').tap()
    assert office.wrong() == []
    sheet.locator("[data-action=begin-inspection]").tap()
    looks = page.locator("[data-looks]")
    expect(looks).to_be_visible()
    expect(page.locator("[data-reading]")).to_have_count(0)
    expect(page.locator("[data-checks]")).not_to_have_attribute("data-checks", "0")
    page.locator("[data-segments=checks] [data-value=all]").tap()
    expect(page.locator('[data-check="camera:link"]')).to_contain_text("Camera connected")
    office.expect_basics()

    rows = looks.locator("[data-look]")
    first = rows.first
    first.locator("[data-field=photo]").set_input_files(photo())
    picture = first.locator(".photos img")
    expect(picture).to_be_visible()
    picture.evaluate("image => image.decode()")
    first.locator("[data-action=remark]").tap()
    first.locator("[data-field=remark]").fill("A cable hangs loose")
    first.locator("[data-value=fault]").tap()
    expect(first).to_have_attribute("data-result", "fault")
    incident = first.get_by_role("link", name=re.compile("Incident"))
    expect(incident).to_be_visible()
    for row in rows.all()[1:]:
        row.locator("[data-value=good]").tap()
        expect(row).to_have_attribute("data-result", "good")
    expect(looks).to_have_attribute("data-left", "0")
    office.expect_basics()
    expect(page.locator("[data-action=close-inspection]")).to_have_count(0)
    incident.tap()
    expect(page.locator("[data-incident-state]")).to_be_visible()
    expect(page.locator(".signs")).to_contain_text("A cable hangs loose")
    page.goto(f"{office.demo.url}#/office/inspections")
    expect(page.locator("[data-inspection]").first).to_have_attribute("data-state", "closed")
    office.expect_basics()

"""People at the panel: the first one, a bound panel, a first password, and a PIN for what is critical."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.system.command import Started, started

FIRST, NEXT, PIN = "Correct-Horse-9", "Battery-Staple-7", "493028"


@pytest.fixture
def served() -> Iterator[Started]:
    """The demo with people who log in, and nobody yet."""
    with started("demo", "--port", 0, "--access", "people", lines=3) as running:
        yield running
        running.stop()


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"[data-field={name}]").fill(value)


def act(page: Page, name: str) -> None:
    page.locator(f"[data-action={name}]:visible").last.tap()


def log_out(page: Page) -> None:
    act(page, "open-account")
    with page.expect_navigation():
        act(page, "log-out")


def test_from_the_set_up_code_to_a_critical_scene_by_pin(page: Page, served: Started) -> None:
    url, code = served.urls[0], served.said[2].split()[2].rstrip(",")
    page.goto(f"{url}#/room/17")
    fill(page, code="AAAA", name="root", next=FIRST, again="another")
    expect(page.locator("[data-action=makeFirst]")).to_be_disabled()
    fill(page, code=code, again=FIRST)
    act(page, "makeFirst")
    account = page.locator("[data-action=open-account]")
    expect(account).to_contain_text("root")

    page.goto(f"{url}#/office/people")
    act(page, "add-person")
    fill(page, name="wang", title="王工", password=FIRST)
    act(page, "add-role")
    act(page, "add")
    expect(page.locator("[data-person=wang]")).to_contain_text("Operator")
    page.locator("[data-segments=people] [data-value=panels]").tap()
    fill(page, name="wall")
    with page.expect_navigation():
        act(page, "bind")
    log_out(page)
    expect(account).to_contain_text("wall")
    expect(page.locator("[data-page=people]")).to_have_count(0)

    page.goto(f"{url}#/room/17")
    act(page, "open-account")
    fill(page, name="wang", password=FIRST)
    act(page, "logIn")
    expect(page.locator("[data-front=password]")).to_be_visible()
    fill(page, old=FIRST, next=NEXT, again=NEXT)
    act(page, "changePassword")
    expect(account).to_contain_text("王工")
    act(page, "open-account")
    act(page, "setPin")
    fill(page, password=NEXT, pin=PIN)
    act(page, "setPin")
    expect(page.locator("[data-notice=confirmed]")).to_be_visible()
    log_out(page)

    scene = page.locator('[data-scene="shut-down"]')
    expect(scene).to_be_enabled()
    scene.dispatch_event("pointerdown", {"isPrimary": True, "button": 0, "pointerId": 1})
    page.locator("[data-person=wang]").tap()
    for digit in PIN:
        page.locator(f"[data-digit='{digit}']").tap()
    act(page, "enter-pin")
    expect(scene).not_to_have_attribute("data-state", "ready")
    expect(scene).to_contain_text("wang")


def test_a_panel_that_nobody_logs_in_at_says_so(panel) -> None:
    panel.page.locator("[data-action=open-account]").tap()
    expect(panel.page.locator("[data-sheet=account]")).to_contain_text("operator and engineer")
    expect(panel.page.locator("[data-action=open-account]")).to_have_attribute("data-kind", "open")

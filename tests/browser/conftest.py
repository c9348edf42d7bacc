"""Debian's Chromium, the demo, and a page of it for each test."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo import Demo, RealRoom
from tests.browser.office import Office, make_site
from tests.browser.panel import Panel
from tests.processes import AT_ALL

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}

ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
)


expect.set_options(timeout=AT_ALL * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    assert chromium, "there is no chromium: run make browser"
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": [*ARGUMENTS, *as_root],
    }


@pytest.fixture
def language(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "en"))


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": LANGUAGES[language],
        "viewport": {"width": 1280, "height": 800},
        "has_touch": True,
    }


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    running = Demo()
    yield running
    running.close()


@pytest.fixture
def room(demo: Demo) -> RealRoom:
    real = RealRoom(demo, "19")
    real.set_up()
    return real


@pytest.fixture
def panel(page: Page, demo: Demo, room: RealRoom) -> Iterator[Panel]:
    """Room 19's, which has asked nobody else and complained of nothing when the test is over."""
    shown = Panel(page, demo).open(room.name)
    yield shown
    assert shown.foreign_requests() == []
    assert shown.errors == []


@pytest.fixture(scope="session")
def office_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """With a schedule and a journal that is kept; what is done to it stays for the tests that follow."""
    running = Demo(*make_site(tmp_path_factory.mktemp("office")))
    yield running
    running.close()


@pytest.fixture
def office(page: Page, office_demo: Demo) -> Iterator[Office]:
    shown = Office(page, office_demo)
    yield shown
    assert shown.foreign_requests() == []
    assert shown.errors == []

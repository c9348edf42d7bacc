"""The office pages in a browser, and the site that they are looked at in."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from service.jobs.runs import Outcome, Runs
from service.store.records import open_records
from tests.browser.demo import Demo
from tests.browser.panel import Panel
from tests.rooms import copy_demo

BASICS = Path(__file__).with_name("basics.js").read_text("utf-8")
ZONE = ZoneInfo("Asia/Shanghai")  # of the site, whose days the pages show
TABLET = {"width": 1024, "height": 768}

SCHEDULE = """
timezone: Asia/Shanghai
holidays: holidays.yaml
schedule:
  monthly-warm-up:
    title: {zh: 每月预热, en: Monthly warm-up}
    do: warm-up
    cron: 0 3 2 * *
    rooms: [annex-6]
  round:
    title: {zh: 每日巡查, en: Daily round}
    do: warm-up
    cron: 0 4 * * *
    rooms: ["17"]
    catch_up: ask
  archive:
    title: {zh: 归档, en: Archive}
    do: nothing-here-does-this
    cron: 0 5 1 1 *
  clearing:
    title: {zh: 清理, en: Clearing up}
    do: nothing-here-does-this
    cron: 0 6 1 1 *
"""


def month_after(now: datetime) -> str:
    return (now.replace(day=1) + timedelta(days=32)).strftime("%Y-%m")


def make_site(folder: Path) -> tuple[Path, Path]:
    """The demo with a schedule, and records in which one due time waits for an answer: site, data."""
    site = copy_demo(folder / "site", SCHEDULE)
    holiday = f"{month_after(datetime.now(ZONE))}-10"
    (site / "holidays.yaml").write_text(f"off: [{holiday}]\n", "utf-8")
    data = folder / "data"
    data.mkdir()
    with ThreadPoolExecutor(1) as apart:  # the browser's driver has a loop in this thread
        apart.submit(asyncio.run, _keep(data)).result()
    return site, data


async def _keep(data: Path) -> None:
    now = datetime.now(UTC)
    async with open_records(data) as records:
        runs = Runs(records, "earlier")
        await runs.claim("round/17", now - timedelta(seconds=1), now, Outcome.ASKED, "away")


class Office(Panel):
    """The panel at its office pages, on a tablet."""

    def __init__(self, page: Page, demo: Demo) -> None:
        super().__init__(page, demo)
        page.set_viewport_size(TABLET)  # type: ignore[arg-type]  # a TypedDict that playwright does not export

    def show(self, *path: str) -> Locator:
        """Open a page by its address, and give it."""
        self.page.goto(f"{self.demo.url}#/office/{'/'.join(path)}")
        expect(self.page.locator("body")).to_have_attribute("data-lost", "false")
        shown = self.page.locator(f'[data-office="{path[0]}"]')
        expect(shown.get_by_role("heading", level=1)).to_be_visible()
        return shown

    def hold(self, button: Locator) -> None:
        """Keep a finger on it until it has acted."""
        expect(button).to_be_enabled()
        button.scroll_into_view_if_needed()
        button.hover()
        self.page.mouse.down()
        expect(button).to_have_attribute("data-holding", "true")
        expect(button.and_(self.page.locator('[data-holding="true"]'))).to_have_count(0)
        self.page.mouse.up()

    def wrong(self) -> list[str]:
        """What is wrong for hands and eyes."""
        found: list[str] = self.page.evaluate(BASICS)
        return found

    def expect_basics(self) -> None:
        """In both languages, and on a phone too."""
        assert self.wrong() == []
        language = self.page.locator("[data-action=language]")
        language.click()
        assert self.wrong() == []
        self.page.set_viewport_size({"width": 390, "height": 844})
        assert self.wrong() == []
        self.page.set_viewport_size(TABLET)  # type: ignore[arg-type]  # as above
        language.click()

    def api(self, path: str) -> Any:
        return self.demo.api(path)

    def post(self, path: str, body: Any) -> Any:
        return self.demo.post(path, body)

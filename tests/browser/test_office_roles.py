"""The office pages as each role has them: what it may not do is not there, and a report is another person's to approve."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.office import Office, make_site
from tests.processes import AT_ALL
from tests.system.command import started

FIRST, OWN = "Correct-Horse-9", "Battery-Staple-7"
ROLES = ("viewer", "operator", "client", "auditor")

# On which page, what it does, and who has it.
ACTS = {
    "schedule": {"run-now": {"operator"}},
    "meetings": {"new-meeting": {"operator"}},
    "incidents": {"report-incident": {"operator"}},
    "inspections": {"new-inspection": {"operator"}},
    "ledger": {"export": set(ROLES)},
}
SHORT = [("meetings", ACTS["meetings"])]  # of roles that do nothing of it anywhere
PAGES = {"reports": {"operator", "client", "auditor"}, "people": {"auditor"}}


@dataclass
class Served:
    """The demo with a person of each role, called as the role is."""

    origin: str

    @property
    def url(self) -> str:
        return f"{self.origin}/panel/"

    def api(self, method: str, path: str, body: Any = None, who: httpx.Client | None = None) -> Any:
        client = who or httpx.Client(trust_env=False, timeout=AT_ALL)
        answer = client.request(method, f"{self.origin}/api/v1{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def settle(self, code: str) -> None:
        """The first administrator and everybody else, each with a password of their own."""
        root = httpx.Client(trust_env=False, timeout=AT_ALL)
        self.api("POST", "/set-up", {"code": code, "name": "root", "password": FIRST}, root)
        for role in ROLES:
            grants = [{"role": role}]
            body = {"name": role, "title": role, "password": FIRST, "grants": grants}
            self.api("POST", "/people", body, root)
            person = httpx.Client(trust_env=False, timeout=AT_ALL)
            self.api("POST", "/session", {"name": role, "password": FIRST}, person)
            self.api("POST", "/session/password", {"old": FIRST, "new": OWN}, person)

    def log_in(self, page: Page, name: str) -> None:
        """Other hands at the same tablet."""
        answer = page.context.request.post(
            f"{self.origin}/api/v1/session", data={"name": name, "password": OWN}
        )
        assert answer.ok, answer.text()
        page.goto("about:blank")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    site, data = make_site(tmp_path_factory.mktemp("roles"))
    words = ("demo", site, "--port", 0, "--access", "people", "--data", data)
    with started(*words, lines=3) as running:
        made = Served(running.urls[0].removesuffix("/panel/"))
        made.settle(running.said[2].split()[2].rstrip(","))
        yield made
        running.stop()


@pytest.fixture
def tablet(page: Page, served: Served) -> Iterator[Office]:
    shown = Office(page, served)  # type: ignore[arg-type]  # all of a demo that it needs
    shown.refused()  # sockets end as one leaves and another comes
    yield shown
    assert shown.errors == []


def acts_seen(tablet: Office, page: str, acts: Mapping[str, set[str]]) -> set[str]:
    """Which of a page's acts are there, once what it tells is."""
    shown = tablet.show(page)
    expect(shown.locator("[data-waiting]")).to_have_count(0)
    return {act for act in acts if shown.locator(f"[data-action={act}]").count()}


def test_each_role_finds_what_it_may_do_and_nothing_else(tablet: Office, served: Served) -> None:
    for role in ROLES:
        served.log_in(tablet.page, role)
        for page, acts in ACTS.items() if role in ("viewer", "operator") else SHORT:
            wanted = {act for act, roles in acts.items() if role in roles}
            assert acts_seen(tablet, page, acts) == wanted, (role, page)
        for page, roles in PAGES.items():
            there = tablet.page.locator(f"[data-page={page}]").count() > 0
            assert there is (role in roles), (role, page)


def test_who_may_only_look_at_a_room_has_nothing_to_tap_and_is_told(
    tablet: Office, served: Served
) -> None:
    page = tablet.page
    for role in ("client", "operator"):
        served.log_in(page, role)
        page.goto(f"{served.url}#/room/19")
        expect(page.locator("[data-view-only]")).to_have_count(1 if role == "client" else 0)
        scenes = page.locator("[data-scene]")
        expect(scenes.first).to_be_visible()
        live = page.locator("[data-scene]:enabled").count()
        assert live == (0 if role == "client" else scenes.count())
        stop = page.locator("[data-action=stop-all]").count()
        assert stop == (0 if role == "client" else 1)
        assert page.locator("[data-action=open-store]").count() == 0  # an engineer's


def state_of(tablet: Office, report: Any) -> Locator:
    tablet.show("reports", str(report))
    return tablet.page.locator("[data-report-state]")


def test_what_the_operator_submits_the_client_returns_or_approves(
    tablet: Office, served: Served
) -> None:
    page = tablet.page
    served.log_in(page, "operator")
    tablet.show("reports")
    page.locator("[data-action=new-report]").tap()
    sheet = page.locator("[data-sheet=make-report]")
    sheet.locator("[data-field=report-kind]").select_option("incident-register")
    sheet.locator("[data-action=make-report]").tap()
    state = page.locator("[data-report-state]")
    expect(state).to_have_attribute("data-report-state", "draft")
    report = page.url.rpartition("/")[2]
    tablet.hold(page.locator("[data-action=submit-report]"))
    expect(state).to_have_attribute("data-report-state", "submitted", timeout=AT_ALL * 1000)
    expect(page.locator("[data-action=approve-report]")).to_have_count(0)

    served.log_in(page, "client")
    state = state_of(tablet, report)
    expect(state).to_have_attribute("data-report-state", "submitted")
    assert tablet.wrong() == []
    page.locator("[data-field=review-remarks]").fill("Name who was called")
    page.locator("[data-action=return-report]").tap()
    expect(state).to_have_attribute("data-report-state", "returned")
    expect(page.locator("[data-action=submit-report]")).to_have_count(0)

    served.log_in(page, "operator")
    state = state_of(tablet, report)
    expect(page.locator("[data-returned]")).to_contain_text("Name who was called")
    tablet.hold(page.locator("[data-action=submit-report]"))
    expect(state).to_have_attribute("data-report-state", "submitted", timeout=AT_ALL * 1000)

    served.log_in(page, "client")
    state = state_of(tablet, report)
    tablet.hold(page.locator("[data-action=approve-report]"))
    expect(state).to_have_attribute("data-report-state", "approved", timeout=AT_ALL * 1000)
    page.locator("[data-action=check-report]").tap()
    expect(page.locator("[data-same]")).to_have_attribute("data-same", "true")
    assert tablet.wrong() == []


def test_a_refusal_is_told_with_its_reason(tablet: Office, served: Served) -> None:
    served.log_in(tablet.page, "operator")
    shown = tablet.show("ledger", "import", "0" * 64)
    expect(shown.locator("[data-not-told]")).not_to_be_empty()
    expect(shown.locator("[data-not-told] p")).not_to_be_empty()

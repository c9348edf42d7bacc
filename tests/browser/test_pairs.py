"""Main and backup at the panel: what it asks when a microphone dies, and what the far end then hears."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.demo import RealRoom
from tests.browser.panel import Panel
from tests.processes import AT_ALL, until

WINDOW = 1.0  # seconds that main must be bad, as the demo's room says


class Podium:
    """The podium's microphones: as they really are, and their pair as the service tells it."""

    def __init__(self, room: RealRoom) -> None:
        self.room = room
        self._http = httpx.Client(trust_env=False, timeout=AT_ALL)
        self._url = f"{room.demo.origin}/api/v1/rooms/{room.name}/pairs/podium"

    def set_up(self) -> None:
        """Main is in use, heard at the far end, and both sides are well."""
        self.live("podium-mic", True)
        for step in (("PUT", "arm", {"arm": "advise"}), ("POST", "reset", None)):
            self._ask(*step)
        self.until_well()
        self._ask("POST", "change-over?wait=5", {"to": "main"})
        self.room.press("mixer", "mute", tag="Level1", channel=1, on=False)
        self.room.press("mixer", "mute", tag="Level1", channel=2, on=True)
        until(self.told, lambda told: told["active"] == "main")
        assert self.room.far_end_hears() == {"podium-mic"}

    def told(self) -> dict[str, object]:
        (pair, *_) = self.room.demo.api(f"/rooms/{self.room.name}/pairs")["pairs"]
        told: dict[str, object] = pair
        return told

    def until_well(self) -> None:
        def well(told: dict[str, object]) -> bool:
            return {told[side]["fitness"] for side in ("main", "backup")} == {"well"}  # type: ignore[index]  # JSON

        until(self.told, well)

    def live(self, microphone: str, alive: bool) -> None:
        path = f"/rooms/{self.room.name}/microphones/{microphone}"
        self.room.demo.simulators("PUT", path, json={"alive": alive})

    def until_heard(self, microphone: str) -> None:
        until(
            lambda: {"hears": self.room.far_end_hears()},
            lambda told: told["hears"] == {microphone},
        )

    def close(self) -> None:
        self.live("podium-mic", True)
        self._http.close()

    def _ask(self, method: str, what: str, body: object) -> None:
        self._http.request(method, f"{self._url}/{what}", json=body).raise_for_status()


@pytest.fixture
def podium(room: RealRoom) -> Iterator[Podium]:
    standing = Podium(room)
    standing.set_up()
    yield standing
    standing.close()


def pair(panel: Panel) -> Locator:
    return panel.pane("pairs").locator('[data-pair="podium"]')


@pytest.mark.parametrize("language", ["zh", "en"], indirect=True)
def test_the_panel_asks_when_main_dies_and_one_tap_lets_the_far_end_hear_the_backup(
    podium: Podium, panel: Panel, language: str
) -> None:
    podium.live("podium-mic", False)
    advice = panel.page.locator('[data-advice="podium"]')
    expect(advice).to_be_visible()
    says = {"zh": "讲台话筒失效", "en": "Podium mic is dead"}[language]
    expect(advice).to_contain_text(says)
    expect(advice).to_contain_text({"zh": "本底噪声", "en": "below the noise"}[language])
    assert podium.room.far_end_hears() == set()

    advice.locator("[data-action=advice-go]").tap()
    podium.until_heard("podium-mic-backup")
    answered = panel.page.locator('[data-answered="podium"]')
    expect(answered).to_have_attribute("data-verdict", "confirmed")
    expect(advice).to_have_count(0)
    expect(panel.page.locator("[data-lamp=abnormal]")).to_be_visible()


def test_an_automatic_pair_changes_over_with_nobody_at_the_panel_and_latches_until_reset(
    podium: Podium, panel: Panel
) -> None:
    shown = pair(panel)
    shown.locator("[data-arm=automatic]").tap()
    expect(shown).to_have_attribute("data-arm", "automatic")
    podium.live("podium-mic", False)
    podium.until_heard("podium-mic-backup")

    expect(shown).to_have_attribute("data-latched", "true")
    expect(shown).to_have_attribute("data-active", "backup")
    expect(shown.locator("[data-run]")).to_contain_text("by itself")
    expect(panel.page.locator("[data-advice]")).to_have_count(0)
    expect(panel.page.locator("[data-lamp=abnormal]")).to_contain_text("Changed over")
    shown.locator("[data-action=reset]").tap()
    expect(shown).to_have_attribute("data-latched", "false")


def test_both_healths_are_told_in_words_with_the_reason(podium: Podium, panel: Panel) -> None:
    shown = pair(panel)
    expect(shown.locator("[data-side=main]")).to_contain_text("Well")
    podium.live("podium-mic", False)
    main = shown.locator("[data-side=main]")
    expect(main).to_have_attribute("data-fitness", "dead")
    expect(main).to_contain_text("Dead")
    expect(main.locator(".why")).to_contain_text("below the noise")
    expect(shown.locator("[data-side=backup]")).to_contain_text("Well")


def test_a_pair_goes_to_its_backup_and_back_by_its_buttons(podium: Podium, panel: Panel) -> None:
    shown = pair(panel)
    for to, heard in (("backup", "podium-mic-backup"), ("main", "podium-mic")):
        shown.locator(f"[data-action=to-{to}]").tap()
        expect(shown).to_have_attribute("data-active", to)
        podium.until_heard(heard)
        expect(shown.locator("[data-run]")).to_have_attribute(
            "data-verdict", re.compile("confirmed")
        )

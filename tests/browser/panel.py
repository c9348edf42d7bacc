"""The panel in a browser, as a finger and an eye meet it."""

import re

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser.demo import Demo

MARGIN = 20.0  # seconds beyond a deadline for the verdict to be seen, on a busy machine

# What Chromium writes to the console by itself while a server is away, and about pictures that come too late.
AWAY = ("Failed to load resource: ", "WebSocket connection to ")


class Panel:
    def __init__(self, page: Page, demo: Demo) -> None:
        self.page, self.demo = page, demo
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.server_goes_away = False
        self.is_refused = False
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.errors.append(f"{error.name}: {error.message}"))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        url = message.location["url"]
        is_late = "/pictures/" in url
        if not (
            (self.server_goes_away or self.is_refused or is_late) and message.text.startswith(AWAY)
        ):
            self.errors.append(f"{message.type}: {message.text} ({url})")

    def open(self, room: str) -> "Panel":
        self.page.goto(f"{self.demo.url}#/room/{room}")
        expect(self.page.locator("body")).to_have_attribute("data-lost", "false")
        expect(self.page.locator("[data-scene]").first).to_be_enabled()
        return self

    def refused(self) -> None:
        """The server is about to say no, which Chromium writes to its console."""
        self.is_refused = True

    def foreign_requests(self) -> list[str]:
        own = (f"{self.demo.origin}/", f"{self.demo.origin.replace('http', 'ws')}/", "data:")
        return [url for url in self.requests if not url.startswith(own)]

    def scene(self, name: str) -> Locator:
        return self.page.locator(f'[data-scene="{name}"]')

    def step(self, scene: str, target: str) -> Locator:
        return self.scene(scene).locator(f'[data-step="{target}"]')

    def pane(self, name: str) -> Locator:
        self.page.locator(f'[data-tab="{name}"]').tap()
        return self.page.locator(f'[data-pane="{name}"]')

    def tap(self, name: str) -> None:
        """Tap a scene and see it become a run of its own."""
        button = self.scene(name)
        before = button.get_attribute("data-run")
        button.tap()
        expect(button).to_have_attribute("data-run", _other_than(before))

    def expect_state(self, scene: str, *states: str, within: float = 8.0 + MARGIN) -> None:
        expect(self.scene(scene)).to_have_attribute(
            "data-state", _one_of(states), timeout=within * 1000
        )


def _one_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(words))


def _other_than(word: str | None) -> re.Pattern[str]:
    return re.compile(rf"^(?!{re.escape(word or '?')}$).+")

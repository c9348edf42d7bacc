"""Make docs/panel.png: the demo's panel in English, after a close-up, with one device not reachable.

    .venv/bin/python tools/screenshot.py [FILE]

Needs what `make dev` and `make browser` install.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
SIZE = {"width": 1920, "height": 1080}
LARGEST = 400 * 1024  # bytes
BACK_AFTER = 30_000  # milliseconds that the room gets to come up

http = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def demo() -> Iterator[tuple[str, str]]:
    """The demo as a user starts it: the panel's address and the simulators'."""
    command = [str(Path(sys.executable).with_name("avctl")), "demo", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        panel, control = (running.stdout.readline().split()[1] for _ in range(2))
        try:
            yield panel, control.rstrip("/")
        finally:
            running.terminate()


def call(url: str, method: str, body: object) -> None:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"content-type": "application/json"}, method=method
    )
    http.open(request, timeout=5).close()


def stage(page: Page, panel: str, control: str) -> None:
    """A speaker on air, a microphone of the panel's dock open, one device away."""
    page.goto(f"{panel}#/room/19")
    scene = page.locator('[data-scene="speaker-close-up"]')
    expect(page.locator('[data-room="19"]')).to_have_attribute(
        "data-up", "true", timeout=BACK_AFTER
    )
    scene.click()
    expect(scene).to_have_attribute("data-state", "confirmed", timeout=15_000)
    call(f"{control}/rooms/19/devices/audience-camera/faults/mute", "PUT", {})
    audience = page.locator('[data-device="audience-camera"]')
    expect(audience).to_have_attribute("data-up", "false", timeout=BACK_AFTER)
    time.sleep(4)  # until every picture is of now
    page.mouse.move(0, 0)


def photograph(panel: str, control: str, file: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-proxy-server", *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        page = browser.new_page(viewport=SIZE, locale="en-GB")  # type: ignore[arg-type]  # a plain dict
        stage(page, panel, control)
        page.screenshot(path=file)
        browser.close()


def shrink(file: Path) -> None:
    """To 256 colours, where that is needed: the pictures of the rooms are drawn, and lose nothing by it."""
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    assert size <= LARGEST, f"{file} has {size} bytes"
    print(f"{file}: {size // 1024} KiB")


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "panel.png"
    with demo() as (panel, control):
        photograph(panel, control, file)
    shrink(file)


if __name__ == "__main__":
    main()

"""The demo as a user starts it, its service and its simulators as processes, and what is true in a room of it."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.processes import AT_ALL, ROOT, until

AVCTL = Path(sys.executable).with_name("avctl")
SPEED = 2  # how fast the simulated devices live
Told = dict[str, Any]


class Demo:
    """`avctl demo`, running. ``url`` is the panel's, ``control`` the simulators'."""

    def __init__(self, site: Path | None = None, data: Path | None = None) -> None:
        """``site``: another folder than the example's; ``data``: where the journal is kept."""
        self._site = [str(site)] if site else []
        self._site += ["--data", str(data)] if data else []
        self._http = httpx.Client(trust_env=False, timeout=AT_ALL)
        self._start(0)

    def _start(self, port: int) -> None:
        command = [str(AVCTL), "demo", *self._site, "--port", str(port), "--speed", str(SPEED)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        (_, self.url, *_), (_, control, *_) = (
            self.process.stdout.readline().split() for _ in range(2)
        )
        self.control = control.rstrip("/")
        self.origin = self.url.removesuffix("/panel/")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(AT_ALL)

    def start_again(self) -> None:
        """At the same address, with new simulators."""
        self._start(httpx.URL(self.url).port or 0)

    def freeze(self) -> None:
        """The service hangs, its connections stay up."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self.stop()
        self._http.close()

    def api(self, path: str) -> Any:
        return self._http.get(f"{self.origin}/api/v1{path}").raise_for_status().json()

    def post(self, path: str, body: Any) -> Any:
        answer = self._http.post(f"{self.origin}/api/v1{path}", json=body)
        return answer.raise_for_status().json()

    def simulators(self, method: str, path: str, **how: Any) -> Any:
        answer = self._http.request(method, f"{self.control}{path}", **how).raise_for_status()
        return answer.json() if answer.content else None


class RealRoom:
    """A room as it really is, whatever anybody was told of it."""

    def __init__(self, demo: Demo, name: str) -> None:
        self.demo, self.name = demo, name

    def far_end(self) -> Told:
        told: Told = self.demo.simulators("GET", f"/rooms/{self.name}/far-end")
        return told

    def far_end_sees(self) -> tuple[str, float | None]:
        """The source of its picture, and where a camera points: degrees to the right."""
        sees = self.far_end()["sees"]
        return sees["source"], sees["lens"] and round(sees["lens"]["pan"], 1)

    def far_end_hears(self) -> set[str]:
        return {heard["microphone"] for heard in self.far_end()["hears"]}

    def wall(self) -> list[str]:
        """What its windows show, the hindmost first."""
        windows = self.demo.simulators("GET", f"/rooms/{self.name}/walls/hall-wall")
        return [window["source"] for window in windows]

    def truth(self, device: str) -> Told:
        told: Told = self.demo.simulators("GET", f"{self._path(device)}/truth")
        return told

    def level(self, channel: int) -> float:
        level: float = self.truth("mixer")["blocks"]["Level1"][f"level {channel}"]
        return level

    def until(self, device: str, is_so: Callable[[Told], bool]) -> Told:
        return until(lambda: self.truth(device), is_so)

    def press(self, device: str, action: str, **arguments: Any) -> None:
        """A hand at the device itself."""
        self.demo.simulators("POST", f"{self._path(device)}/press/{action}", json=arguments)

    def set_fault(self, device: str, fault: str) -> None:
        self.demo.simulators("PUT", f"{self._path(device)}/faults/{fault}", json={})

    def clear_faults(self) -> None:
        for device in self.demo.api(f"/rooms/{self.name}")["devices"]:
            self.demo.simulators("DELETE", f"{self._path(device['device'])}/faults")

    def runs(self, scene: str) -> list[str]:
        runs = self.demo.api(f"/rooms/{self.name}/runs")["runs"]
        return [run["run"] for run in runs if run["scene"] == scene]

    def latest(self, scene: str) -> Any:
        """The newest run of ``scene``; a backup that follows its main has runs of its own."""
        runs = self.demo.api(f"/rooms/{self.name}/runs")["runs"]
        return next(run for run in runs if run["scene"] == scene)

    def until_up(self) -> None:
        """Until the service is in touch with every device."""
        until(
            lambda: self.demo.api(f"/rooms/{self.name}"),
            lambda room: all(device["up"] for device in room["devices"]),
        )

    def set_up(self) -> None:
        """As no scene wants it: every microphone muted too high, the far end and the wall elsewhere."""
        self.clear_faults()
        for channel in range(1, 5):
            self.press("mixer", "mute", tag="Level1", channel=channel, on=True)
            self.press("mixer", "level", tag="Level1", channel=channel, db=3.0)
        self.press("matrix", "tie", input=3, output=1)
        self.press("matrix", "tie", input=1, output=3)
        self.press("hall-wall", "preset", number=3)
        self.press("podium-camera", "preset", number=0)
        self.press("panorama-camera", "preset", number=3)
        self.until_up()
        until(lambda: {"wall": self.wall()}, lambda told: len(told["wall"]) == 4)

    def _path(self, device: str) -> str:
        return f"/rooms/{self.name}/devices/{device}"


def seconds_until(is_so: Callable[[], bool]) -> float:
    """How long it took to become so. Raises AssertionError when it does not."""
    began = time.monotonic()
    until(lambda: {"so": is_so()}, lambda told: told["so"])
    return time.monotonic() - began

"""A service as a process beside two simulated devices, its takes, and what its journal says of them."""

import contextlib
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psutil
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.processes import AT_ALL, Simulated, simulated, until
from tests.system.command import Started

LATE = 0.05  # seconds that the mixer takes to answer: a scene is under way for a while
ENDS = ("verdict", "interrupted")
FADERS = 4

ROOM = """\
room: hall
title: Hall
devices:
  matrix: {{driver: extron_sis, url: "{matrix}"}}
  mixer: {{driver: biamp_ttp, url: "{mixer}", settings: {{channels: [Level1]}}}}
sources:
  one: {{device: matrix, input: 1}}
  two: {{device: matrix, input: 2}}
destinations:
  far-end: {{device: matrix, output: 1}}
microphones:
  mic-1: {{device: mixer, channel: Level1/1}}
  mic-2: {{device: mixer, channel: Level1/2}}
  mic-3: {{device: mixer, channel: Level1/3}}
  mic-4: {{device: mixer, channel: Level1/4}}
  podium-mic: {{device: mixer, channel: Level1/5}}
  podium-mic-backup: {{device: mixer, channel: Level1/6}}
pairs:
  podium: {{main: podium-mic, backup: podium-mic-backup, arm: "off"}}
library: false
scenes:
{scenes}"""

SCENE = """\
  {name}:
    title: {name}
    want:
      far-end: {{source: {name}, after: mic-4}}
      mic-1: {{fader: {level}}}
      mic-2: {{fader: {level}, after: mic-1}}
      mic-3: {{fader: {level}, after: mic-2}}
      mic-4: {{fader: {level}, after: mic-3}}
"""
STEPS = 5

# Each takes back what the other does, so that there is always something to be done.
SCENES = {"one": -10.0, "two": -20.0}


@dataclass(eq=False)
class Hall:
    """The devices, and the files of the service beside them."""

    matrix: Simulated
    mixer: Simulated
    file: Path
    data: Path
    port: int = 0

    def serve(self) -> "Service":
        """Start the service, on the same port as the last time, and wait until it and its devices are ready."""
        service = Service(self)
        self.port = httpx.URL(service.base).port or 0
        return service

    def shows(self, scene: str) -> bool:
        """Whether the devices stand as a scene wants them."""
        levels, level = self.mixer.truth()["blocks"]["Level1"], SCENES[scene]
        faders = [levels[f"level {number}"] for number in range(1, FADERS + 1)]
        tie = self.matrix.truth()["ties"]["video"]["1"]
        return faders == [level] * FADERS and tie == list(SCENES).index(scene) + 1

    def open_podium(self) -> list[bool]:
        """Whether the podium's main and backup microphones are open."""
        muted = self.mixer.truth()["blocks"]["Level1"]
        return [not muted[f"mute {number}"] for number in (5, 6)]

    def until_shown(self, scene: str) -> None:
        until(lambda: {"shown": self.shows(scene)}, lambda told: bool(told["shown"]))


@contextlib.contextmanager
def hall(folder: Path) -> Iterator[Hall]:
    with (
        simulated("extron_sis", "--tcp", "127.0.0.1:0") as matrix,
        simulated("biamp_ttp", "--tcp", "127.0.0.1:0") as mixer,
    ):
        mixer.set_fault("late", value=LATE)
        scenes = "".join(SCENE.format(name=name, level=level) for name, level in SCENES.items())
        file = folder / "hall.yaml"
        text = ROOM.format(matrix=matrix.url, mixer=mixer.url, scenes=scenes)
        file.write_text(text, encoding="utf-8")
        yield Hall(matrix, mixer, file, folder / "data")


class Service:
    """The process, from its start until `kill` or `stop`."""

    def __init__(self, hall: Hall) -> None:
        began = time.monotonic()
        self._started = Started(
            "serve",
            hall.file,
            "--port",
            hall.port,
            "--data",
            hall.data,
            "--access",
            "open",
            lines=1,
        )
        self.process = self._started.process
        self.base = self._started.urls[0].removesuffix("/panel/")
        self._http = httpx.Client(base_url=self.base, trust_env=False, timeout=AT_ALL)
        until(lambda: {"status": self.ready().status_code}, lambda told: told["status"] == 200)
        self.ready_after = time.monotonic() - began  # seconds from its start
        spent = psutil.Process(self.process.pid).cpu_times()
        self.ready_cost = spent.user + spent.system  # seconds of the processor
        until(self.room, lambda room: all(device["up"] for device in room["devices"]))

    def ready(self) -> httpx.Response:
        return self._http.get("/readyz")

    def room(self) -> dict[str, Any]:
        told: dict[str, Any] = self._get("/api/v1/rooms/hall")
        return told

    def take(self, scene: str, wait: float = 0.0) -> httpx.Response:
        """A tap, once more for each that is not an echo."""
        url = f"/api/v1/rooms/hall/scenes/{scene}/take"
        return self._http.post(url, params={"wait": wait})

    def emergency(self) -> httpx.Response:
        url = "/api/v1/rooms/hall/scenes/emergency-backup/take"
        return self._http.post(url, params={"wait": 20, "confirm": "true"})

    def return_to_main(self) -> httpx.Response:
        url = "/api/v1/rooms/hall/pairs/podium/change-over"
        return self._http.post(url, params={"wait": 20}, json={"to": "main"})

    def accepted(self, scene: str) -> str:
        """Tap a scene; gives its run once the service has said that it is recorded."""
        answer = self.take(scene)
        assert answer.status_code in (200, 202), answer.text
        run: str = answer.json()["run"]
        return run

    def set(self, target: str, word: str, value: object) -> None:
        """One thing by hand; it must be confirmed."""
        body = {"target": target, "word": word, "value": value}
        told = self._http.post("/api/v1/rooms/hall/set", params={"wait": 20}, json=body).json()
        assert told["verdict"] in ("confirmed", "skipped"), told

    def newest(self, scene: str) -> str:
        """The last run of a scene, recorded or not."""
        runs = self._get("/api/v1/rooms/hall/runs")["runs"]
        found: str = next(run["run"] for run in runs if run["scene"] == scene)
        return found

    def ended(self, scene: str) -> dict[str, Any]:
        """The last run of a scene, once it has its verdict."""
        run = self.newest(scene)
        return until(lambda: self.run(run), lambda told: bool(told["verdict"]))

    def run(self, run: str) -> dict[str, Any]:
        told: dict[str, Any] = self._get(f"/api/v1/rooms/hall/runs/{run}")
        return told

    def until_ended(self, run: str, steps: int) -> None:
        """Until so many steps of a run have ended."""
        until(
            lambda: self.run(run),
            lambda told: sum(bool(step["verdict"]) for step in told["steps"]) >= steps,
        )

    def entries(self) -> list[dict[str, Any]]:
        """The whole journal."""
        found: list[dict[str, Any]] = []
        while page := self._get(
            "/api/v1/journal", after=found[-1]["seq"] if found else 0, limit=500
        )["entries"]:
            found += page
        return found

    @contextlib.contextmanager
    def socket(self) -> Iterator[ClientConnection]:
        """A panel's connection that has been told everything."""
        with connect(f"ws{self.base.removeprefix('http')}/api/v1/ws", proxy=None) as made:
            made.recv(AT_ALL)
            yield made

    def kill(self) -> None:
        self.process.kill()
        self._over()

    def stop(self) -> tuple[int, float]:
        """Its exit status after SIGTERM, and the seconds that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(AT_ALL)
        took = time.monotonic() - began
        self._over()
        return status, took

    def _over(self) -> None:
        self._http.close()
        self.process.wait(AT_ALL)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _get(self, path: str, **parameters: Any) -> Any:
        return self._http.get(path, params=parameters).raise_for_status().json()


def closed_with(socket: ClientConnection) -> int | None:
    """The code that a connection was closed with, once it is."""
    try:
        while True:
            socket.recv(AT_ALL)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def untold(entries: list[dict[str, Any]], runs: list[str]) -> list[str]:
    """Accepted runs of which the journal does not tell both that they began and, once, how they ended."""
    kinds: dict[str, list[str]] = {run: [] for run in runs}
    for entry in entries:
        run = entry["data"].get("run")
        if run in kinds:
            kinds[run].append(entry["kind"])
    return [
        run
        for run, told in kinds.items()
        if told.count("tap") != 1 or sum(told.count(end) for end in ENDS) != 1
    ]


def somewhere(rng: Random) -> int:
    """How many steps of a scene have ended when something happens to the service."""
    return rng.randrange(STEPS + 1)

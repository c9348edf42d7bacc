"""The `avctl` command as a user types it, and sites of simulators for it to work on."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.processes import AT_ALL, ROOT
from tests.rooms import DEMO

AVCTL = Path(sys.executable).with_name("avctl")
WALL = {"AVCTL_HALL_WALL_PASSWORD": "adminpw"}  # as the simulated controllers ship
ENVIRONMENT = {**os.environ, **WALL, "COLUMNS": "200"}


def avctl(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(AVCTL), *map(str, words)],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=40,
    )


class Started:
    """A command that goes on until it is told to stop, and the first lines that it said."""

    def __init__(self, *words: object, lines: int) -> None:
        self.process = subprocess.Popen(
            [str(AVCTL), *map(str, words)],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = [self.process.stdout.readline() for _ in range(lines)]
        self.urls = [line.split()[1] for line in self.said]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """The exit status. Raises TimeoutExpired when it does not stop."""
        self.process.send_signal(how)
        return self.process.wait(AT_ALL)


@contextlib.contextmanager
def started(*words: object, lines: int = 1) -> Iterator[Started]:
    running = Started(*words, lines=lines)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        assert running.process.stdout is not None
        running.process.stdout.close()


class SimulatedSite:
    """The demo site's simulators, and the file that says where they are."""

    def __init__(self, lines: list[list[str]], folder: Path) -> None:
        ends = {name: url for _, url, name in lines}
        self.control = ends.pop("control").rstrip("/")
        self.addresses = folder / "addresses.json"
        by_room: dict[str, dict[str, str]] = {}
        for end, url in ends.items():
            room, _, device = end.partition("/")
            by_room.setdefault(room, {})[device] = url
        self.addresses.write_text(json.dumps(by_room), encoding="utf-8")

    def far_end_hears(self, room: str) -> set[str]:
        answer = httpx.get(f"{self.control}/rooms/{room}/far-end", trust_env=False)
        return {heard["microphone"] for heard in answer.raise_for_status().json()["hears"]}

    def press(self, path: str, action: str, **arguments: object) -> None:
        url = f"{self.control}/rooms/{path}/press/{action}"
        httpx.post(url, json=arguments, trust_env=False).raise_for_status()

    @contextlib.contextmanager
    def fault(self, path: str, fault: str) -> Iterator[None]:
        url = f"{self.control}/rooms/{path}/faults/{fault}"
        httpx.put(url, json={}, trust_env=False).raise_for_status()
        try:
            yield
        finally:
            httpx.delete(url, trust_env=False).raise_for_status()


@contextlib.contextmanager
def simulated_site(folder: Path) -> Iterator[SimulatedSite]:
    command = [sys.executable, "-m", "hw_sim", "room", str(DEMO / "simulators.yaml")]
    command += ["--control", "127.0.0.1:0", "--speed", "2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[list[str]] = []
        try:
            while not lines or lines[-1][-1] != "control":
                lines.append(process.stdout.readline().split())
            yield SimulatedSite(lines, folder)
        finally:
            process.terminate()
            process.wait(AT_ALL)

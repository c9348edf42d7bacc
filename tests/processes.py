"""Simulators, and clients nobody here wrote, as processes of their own."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv-peers" / "bin" / "python"  # made by `make dev`
CALLER = ROOT / "tests" / "peers" / "caller.py"

AT_ALL = 30.0  # seconds; for what has to become so however slow the machine is

Truth = dict[str, Any]


class Simulated:
    """A simulator that runs, the URLs of its ends, and what it does in truth."""

    def __init__(self, process: subprocess.Popen[str], urls: list[str]) -> None:
        self.process = process
        *self.urls, self.control = urls
        self._http = httpx.Client(base_url=self.control, trust_env=False, timeout=AT_ALL)
        self._path = self._http.get("/devices").raise_for_status().json()[0]["path"]

    @property
    def url(self) -> str:
        return self.urls[0]

    def truth(self) -> Truth:
        told: Truth = self._http.get(f"{self._path}/truth").raise_for_status().json()
        return told

    def set_fault(self, fault: str, **how: float) -> None:
        self._http.put(f"{self._path}/faults/{fault}", json=how).raise_for_status()

    def clear_fault(self, fault: str) -> None:
        self._http.delete(f"{self._path}/faults/{fault}").raise_for_status()

    def until(self, is_so: Callable[[Truth], bool], seconds: float = AT_ALL) -> Truth:
        """The truth as soon as ``is_so`` of it. Raises AssertionError when it does not come to that."""
        return until(self.truth, is_so, seconds)

    def close(self) -> None:
        self._http.close()
        self.process.terminate()
        self.process.wait(AT_ALL)


def until(
    look: Callable[[], Truth], is_so: Callable[[Truth], bool], seconds: float = AT_ALL
) -> Truth:
    ends = time.monotonic() + seconds
    while not is_so(seen := look()):
        assert time.monotonic() < ends, f"not so within {seconds} s: {seen}"
        time.sleep(0.01)
    return seen


@contextlib.contextmanager
def simulated(driver: str, *arguments: str, ends: int = 1) -> Iterator[Simulated]:
    """``ends``: how many the arguments ask for, beside the control."""
    command = [sys.executable, "-m", "hw_sim", driver, "--control", "127.0.0.1:0", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline().split() for _ in range(ends + 1)]
            assert [line[:1] for line in lines] == [["ready"]] * len(lines), lines
            running = Simulated(process, [line[1] for line in lines])
            try:
                yield running
            finally:
                running.close()
        finally:
            process.kill()


@dataclass(frozen=True)
class Called:
    """What came of calling a peer, several times perhaps."""

    result: Any  # of the last call
    seconds: list[float]  # of each call
    cpu: float  # seconds of all calls


class PeerError(Exception):
    """The peer raised; its text begins with the error's name."""


class Peer:
    """Objects of a third-party class, in the peers' own environment: one for each of ``arguments``."""

    def __init__(self, module: str, kind: str, *arguments: Sequence[Any]) -> None:
        assert PEERS.exists(), "the peers are missing: run make dev"
        self._process = subprocess.Popen(
            [str(PEERS), str(CALLER), module, kind, json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._told()

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.kill()
        self._process.communicate()

    def call(self, method: str, *arguments: Any) -> Any:
        return self.repeat(1, method, *arguments).result

    def repeat(self, times: int, method: str, *arguments: Any) -> Called:
        """Call it ``times`` times of each object. Raises PeerError."""
        assert self._process.stdin is not None
        order = {"method": method, "arguments": arguments, "times": times}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Called(**self._told())

    def _told(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the peer has died"
        told = json.loads(line)
        if "error" in told:
            raise PeerError(told["error"])
        return told

"""A service whose disk takes nothing more for a while, again and again."""

import resource
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import until
from tests.resilience.served import SCENES, STEPS, Hall, Service, hall, untold


@dataclass
class Starved:
    shown: int = 0  # scenes that were carried out all the same
    refused: int = 0  # taps answered with: not recorded
    told: int = 0  # times that the service said what is wrong
    runs: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)  # of the journal's entries
    gaps: int = 0


def starved(folder: Path, times: int) -> Starved:
    """``times`` times: the disk is full, both scenes are taken, and there is space again."""
    with hall(folder) as there:
        service = there.serve()
        try:
            found = Starved()
            first = service.accepted("one")
            service.until_ended(first, STEPS)
            for _ in range(times):
                _starve(there, service, found)
            _judge(service, found)
            return found
        finally:
            service.stop()


def let_files_grow(service: Service, *, on: bool) -> None:
    """Whether the service's files may be written to: as on a full disk, its writes fail."""
    _, hard = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
    soft = hard if on else 0
    resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


def _starve(there: Hall, service: Service, found: Starved) -> None:
    let_files_grow(service, on=False)
    for scene in ("two", "one"):
        answer = service.take(scene, wait=20)
        found.refused += answer.status_code != 200 and answer.json()["code"] == "not-recorded"
        there.until_shown(scene)
        found.shown += 1
    told = service.ready()
    found.told += told.status_code == 503 and told.text.startswith("journal:")
    let_files_grow(service, on=True)
    until(lambda: {"status": service.ready().status_code}, lambda now: now["status"] == 200)


def _judge(service: Service, found: Starved) -> None:
    entries = service.entries()
    found.gaps = sum(entry["seq"] != n for n, entry in enumerate(entries, 1))
    found.kinds = [entry["kind"] for entry in entries]
    scenes = [e for e in entries if e["kind"] == "tap" and e["data"]["scene"] in SCENES]
    found.runs = [entry["data"]["run"] for entry in scenes]
    found.untold = untold(entries, found.runs)

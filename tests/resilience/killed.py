"""A service killed in the middle of scenes, or told to stop."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from service.journal import FILE, verify
from tests.resilience.served import (
    SCENES,
    Hall,
    Service,
    closed_with,
    hall,
    somewhere,
    untold,
)


@dataclass
class Fates:
    """What became of the runs, and how long things took, in seconds."""

    runs: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    interrupted: int = 0
    statuses: list[int] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)  # that panels were closed with
    exits: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # of the processor, until ready
    journal: str = ""  # what is wrong with it
    works_after: bool = False


def killed(folder: Path, times: int, seed: int = 0) -> Fates:
    """Kill the service ``times`` times while a scene is under way, each time at another step."""
    fates, rng = Fates(), Random(seed)
    with hall(folder) as there:
        for number in range(times):
            service = _begun(there, fates, number, rng)
            service.kill()
        _judge(there, fates)
    return fates


def terminated(folder: Path, times: int, seed: int = 0) -> Fates:
    """Stop the service ``times`` times while a scene is under way and a panel listens."""
    fates, rng = Fates(), Random(seed)
    with hall(folder) as there:
        for number in range(times):
            service = _begun(there, fates, number, rng)
            with service.socket() as panel:
                status, took = service.stop()
                fates.codes.append(closed_with(panel))
            fates.statuses.append(status)
            fates.exits.append(took)
        _judge(there, fates)
    return fates


def _begun(there: Hall, fates: Fates, number: int, rng: Random) -> Service:
    service = there.serve()
    fates.ready.append(service.ready_after)
    fates.costs.append(service.ready_cost)
    run = service.accepted(list(SCENES)[number % 2])
    fates.runs.append(run)
    service.until_ended(run, somewhere(rng))
    return service


def _judge(there: Hall, fates: Fates) -> None:
    service = there.serve()
    entries = service.entries()
    fates.untold = untold(entries, fates.runs)
    fates.interrupted = sum(entry["kind"] == "interrupted" for entry in entries)
    for scene in SCENES:
        verdict = service.take(scene, wait=20).json()["verdict"]
        fates.works_after = verdict == "confirmed" and there.shows(scene)
    service.stop()
    fates.journal = asyncio.run(verify(there.data / FILE)).reason

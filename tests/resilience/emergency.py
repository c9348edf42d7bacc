"""The emergency while all is against it: the matrix hangs, the disk is full, and connections are held half open."""

import contextlib
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from tests.resilience.served import SCENES, Hall, Service, hall, somewhere
from tests.resilience.starved import let_files_grow

HALF_OPEN = 60  # connections from each of
ADDRESSES = 3  # other addresses, with half a request's head sent


@dataclass
class Emergencies:
    verdicts: Counter[str] = field(default_factory=Counter)
    on_backup: int = 0  # times that the backup alone was open afterwards
    seconds: list[float] = field(default_factory=list)  # from the tap to its answer
    took: list[float] = field(default_factory=list)  # until all was confirmed, as the run tells


def emergencies(folder: Path, times: int, seed: int = 0) -> Emergencies:
    """Tap it ``times`` times, each at another moment of a scene that cannot end: the matrix hangs."""
    found, rng = Emergencies(), Random(seed)
    with hall(folder) as there:
        service = there.serve()
        try:
            _ready(there, service)
            there.matrix.set_fault("mute")
            let_files_grow(service, on=False)
            with half_open(service):
                for number in range(times):
                    _one(there, service, found, number, rng)
            let_files_grow(service, on=True)
        finally:
            service.stop()
    return found


def _ready(there: Hall, service: Service) -> None:
    """Main open, the backup closed, and both levels known."""
    for microphone, muted in (("podium-mic", False), ("podium-mic-backup", True)):
        service.set(microphone, "muted", muted)
        service.set(microphone, "fader", 0)
    assert there.open_podium() == [True, False]


def _one(there: Hall, service: Service, found: Emergencies, number: int, rng: Random) -> None:
    scene = list(SCENES)[number % len(SCENES)]
    service.take(scene)
    run = service.newest(scene)
    service.until_ended(run, min(somewhere(rng), 4))  # the fifth is the matrix's
    began = time.monotonic()
    service.emergency()
    found.seconds.append(time.monotonic() - began)
    told = service.ended("emergency-backup")
    found.verdicts[told["verdict"]] += 1
    found.took.append(told["duration"])
    found.on_backup += there.open_podium() == [False, True]
    service.return_to_main()
    service.ended("podium to main")
    assert there.open_podium() == [True, False]


@contextlib.contextmanager
def half_open(service: Service) -> Iterator[None]:
    """Connections that begin a request and do not go on."""
    port = urlsplit(service.base).port
    with contextlib.ExitStack() as held:
        for address in range(ADDRESSES):
            for _ in range(HALF_OPEN):
                made = held.enter_context(socket.socket())
                made.bind((f"127.0.0.{address + 2}", 0))
                made.connect(("127.0.0.1", port))
                made.sendall(b"GET /api/v1/rooms HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        yield

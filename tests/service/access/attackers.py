"""``python -m tests.service.access.attackers slow PORT SECONDS`` and ``… guess PORT GUESSES ADDRESSES NAME``.

Sockets that are slow on purpose, and guesses of a password; prints how they fared. A process of its own, which gives
way to the service: from another machine an attack takes none of this one's time. What bounds its rate: a socket that
is cut off comes back a second later, and forty guesses are under way at once.
"""

import asyncio
import contextlib
import heapq
import json
import os
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass
from itertools import cycle

import httpx

HEADS, BODIES, READERS = 1000, 200, 200
EACH = 1.0  # seconds between two bytes of one socket, and before it comes back
AT_ONCE = 40  # guesses
NICE = 10

HEAD = b"GET /api/v1/site HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n{"
)
READER = b"GET /panel/main.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 40


@dataclass(eq=False)
class Socket:
    start: bytes
    address: str
    port: int
    made: socket.socket | None = None
    began: float = 0.0
    unsent: bytes = b""

    def go_on(self) -> float | None:
        """One byte more, or a new connection. How long the one lasted that turned out to be cut off."""
        if self.made is None:
            self.began = time.monotonic()
            self.made = socket.socket()
            self.made.bind((self.address, 0))
            self.made.setblocking(False)
            if self.start is READER:
                self.made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            with contextlib.suppress(BlockingIOError):
                self.made.connect(("127.0.0.1", self.port))
            self.unsent = self.start
            return None
        try:
            self.unsent = self.unsent[self.made.send(self.unsent) :] or b"x"
            # Who reads sees the end at once; readers, when they say the next thing.
            if self.start is READER or self.made.recv(4096, socket.MSG_DONTWAIT):
                return None
        except BlockingIOError:
            return None
        except OSError:
            pass
        self.made.close()
        self.made = None
        return time.monotonic() - self.began


def slow(port: int, seconds: float) -> dict[str, float]:
    starts = [HEAD] * HEADS + [BODY] * BODIES + [READER] * READERS
    addresses = cycle(f"127.0.{1 + n % 40}.{1 + n % 7}" for n in range(280))
    begins = time.monotonic()
    turns = [
        (begins + EACH * n / len(starts), n, Socket(start, next(addresses), port))
        for n, start in enumerate(starts)
    ]
    lasted = []
    heapq.heapify(turns)
    while (now := time.monotonic()) < begins + seconds:
        at, n, each = turns[0]
        time.sleep(max(0.0, at - now))
        if (ended := each.go_on()) is not None:
            lasted.append(ended)
        heapq.heapreplace(turns, (time.monotonic() + EACH, n, each))
    open_ = [now - each.began for _, _, each in turns if each.made]
    return {
        "dialled_per_second": (len(lasted) + len(open_)) / seconds,
        "longest": max(lasted + open_),
    }


async def guess(port: int, guesses: int, addresses: int, name: str) -> dict[str, object]:
    """Every second guess is for ``name``, the others are for names that nobody has."""
    clients = []
    for n in range(addresses):
        transport = httpx.AsyncHTTPTransport(local_address=f"127.1.{addresses % 250}.{1 + n}")
        base = f"http://127.0.0.1:{port}"
        clients.append(httpx.AsyncClient(base_url=base, transport=transport, timeout=30))
    turn = asyncio.Semaphore(AT_ONCE)
    statuses: Counter[str] = Counter()
    evaluated = 0

    async def one(number: int) -> None:
        nonlocal evaluated
        is_known = number % 2 == 0
        body = {"name": name if is_known else f"nobody-{number}", "password": f"x{number}"}
        async with turn:
            try:
                answer = await clients[number % addresses].post("/api/v1/session", json=body)
            except httpx.TransportError:
                statuses["cut off"] += 1
                return
        statuses[str(answer.status_code)] += 1
        evaluated += is_known and answer.status_code == 401

    await asyncio.gather(*(one(number) for number in range(guesses)))
    for client in clients:
        await client.aclose()
    return {"statuses": statuses, "evaluated": evaluated}


if __name__ == "__main__":
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    os.nice(NICE)
    match sys.argv[1:]:
        case "slow", port, seconds:
            told: object = slow(int(port), float(seconds))
        case "guess", port, guesses, addresses, name:
            told = asyncio.run(guess(int(port), int(guesses), int(addresses), name))
    print(json.dumps(told))

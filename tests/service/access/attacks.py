"""``python -m tests.service.access.attacks``: a service attacked over sockets; prints what a panel felt of it.

R40: heads half sent, bodies that trickle and answers that nobody reads, while a bound panel taps.
R41: guessing from one address and from a hundred.
"""

import asyncio
import contextlib
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from avctl.scenes.latency import spread
from tests.resilience.served import hall
from tests.system.command import Started

TAPS = 200
GUESSES = 10_000
AT_ONCE = 40

HEAD = b"GET /api/v1/site HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n{"
)
READER = b"GET /panel/main.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 40


async def _sockets(port: int, start: bytes, address: str, lasted: list[float], ends: float) -> None:
    """One attacker that comes back whenever it is cut off; how long each of its sockets lasted."""
    while time.monotonic() < ends:
        began = time.monotonic()
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, local_addr=(address, 0)
            )
            writer.write(start)
            with contextlib.suppress(OSError):
                while await reader.read(1) and start is not READER:
                    pass
                if start is READER:
                    await asyncio.wait_for(writer.wait_closed(), 12)
            writer.close()
        lasted.append(time.monotonic() - began)
        await asyncio.sleep(0.05)


async def _taps(panel: httpx.AsyncClient, taps: int, pause: float) -> list[float]:
    took = []
    for number in range(taps):
        began = time.monotonic()
        answer = await panel.post(f"/api/v1/rooms/hall/scenes/{('one', 'two')[number % 2]}/take")
        assert answer.status_code in (200, 202), answer.text
        took.append(time.monotonic() - began)
        await asyncio.sleep(pause)
    return took


async def slow(base: str, panel: httpx.AsyncClient) -> None:
    """1000 half-sent heads, 200 trickled bodies, 200 unread answers."""
    port = httpx.URL(base).port or 0
    quiet = spread(await _taps(panel, TAPS // 4, 0.05))
    lasted: list[float] = []
    ends = time.monotonic() + TAPS * 0.1
    kinds = [HEAD] * 1000 + [BODY] * 200 + [READER] * 200
    attackers = [
        asyncio.create_task(_sockets(port, kind, f"127.0.{1 + n % 40}.{1 + n % 7}", lasted, ends))
        for n, kind in enumerate(kinds)
    ]
    attacked = spread(await _taps(panel, TAPS, 0.1))
    await asyncio.wait(attackers, timeout=15)
    for each in attackers:
        each.cancel()
    print(f"R40 tap p95 {quiet.p95 * 1000:.0f} ms quiet, {attacked.p95 * 1000:.0f} ms attacked "
          f"(p50 {attacked.p50 * 1000:.0f}); {len(lasted)} sockets cut off, the longest after {max(lasted):.1f} s")  # fmt: skip


async def guess(base: str, panel: httpx.AsyncClient, guesses: int, addresses: int) -> None:
    clients = []
    for n in range(addresses):
        transport = httpx.AsyncHTTPTransport(local_address=f"127.1.{addresses % 250}.{1 + n}")
        clients.append(httpx.AsyncClient(base_url=base, transport=transport, timeout=30))
    turn = asyncio.Semaphore(AT_ONCE)
    statuses: Counter[int | str] = Counter()
    times: dict[bool, list[float]] = {True: [], False: []}

    async def one(number: int) -> None:
        is_known = number % 2 == 0
        body = {"name": "wang" if is_known else f"nobody-{number}", "password": f"x{number}"}
        async with turn:
            began = time.monotonic()
            try:
                answer = await clients[number % addresses].post("/api/v1/session", json=body)
            except httpx.TransportError:
                statuses["cut off"] += 1
                return
            statuses[answer.status_code] += 1
            if answer.status_code == 401:
                times[is_known].append(time.monotonic() - began)

    tapping = asyncio.create_task(_taps(panel, 40, 0.1))
    await asyncio.gather(*(one(number) for number in range(guesses)))
    took = spread(await tapping)
    answer = await panel.post("/api/v1/session", json={"name": "wang", "password": _password})
    print(f"R41 {guesses} guesses from {addresses}: {dict(statuses)}; of the known name "
          f"{len(times[True])} evaluated; tap p95 meanwhile {took.p95 * 1000:.0f} ms; "
          f"the right one at the bound panel: {answer.status_code}")  # fmt: skip
    for client in clients:
        await client.aclose()


_password = ""


async def _attack(base: str, code: str, guesses: int) -> None:
    global _password
    headers = {"Origin": base}
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=30) as root:
        body = {"code": code, "name": "root", "password": "Correct-Horse-9"}
        (await root.post("/api/v1/set-up", json=body)).raise_for_status()
        _password = "Battery-Staple-7"
        grants = [{"role": "operator", "room": ""}]
        body = {"name": "wang", "password": _password, "grants": grants}  # type: ignore[dict-item]
        (await root.post("/api/v1/people", json=body)).raise_for_status()
        bound = await root.post("/api/v1/panels", json={"name": "wall", "rooms": []})
    async with httpx.AsyncClient(
        base_url=base, headers=headers, cookies={"avctl-panel": bound.json()["key"]}, timeout=30
    ) as panel:
        await slow(base, panel)
        for addresses in (1, 100):
            await guess(base, panel, guesses // 2, addresses)


def main() -> None:
    guesses = int(sys.argv[1]) if len(sys.argv) > 1 else GUESSES
    with TemporaryDirectory() as folder, hall(Path(folder)) as rooms:
        served = Started("serve", rooms.file, "--port", 0, "--data", rooms.data, lines=2)
        try:
            base = served.urls[0].removesuffix("/panel/")
            asyncio.run(_attack(base, served.said[1].split()[2].rstrip(","), guesses))
        finally:
            served.stop()


if __name__ == "__main__":
    main()

"""``python -m tests.service.access.attacks [GUESSES [SECONDS]]``: a service attacked over sockets; prints what a panel felt of it.

R40: heads half sent, bodies that trickle and answers that nobody reads, while a bound panel taps.
R41: guessing from one address and from a hundred, with the same done at the panel; known and unknown names, by time.
"""

import asyncio
import json
import os
import re
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from avctl.scenes.latency import spread
from tests.resilience.served import hall
from tests.system.command import Started

GUESSES, SECONDS = 10_000, 60.0
PAUSE = 0.1  # seconds between two taps
AS_OFTEN = 10  # a known name's and an unknown one's evaluated guesses, for their times
PASSWORD = "Battery-Staple-7"
LATE = 0.05  # seconds that the loop may be late
LAG = re.compile(r'avctl_loop_lag_seconds_bucket\{le="(\S+)"\} (\S+)')


async def attack(*how: object) -> asyncio.Task[dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.service.access.attackers", *map(str, how),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip

    async def told() -> dict[str, Any]:
        out, _ = await process.communicate()
        said: dict[str, Any] = json.loads(out)
        return said

    return asyncio.create_task(told())


async def taps(panel: httpx.AsyncClient, during: asyncio.Future[Any]) -> str:
    """What a tap took until it was accepted, again and again while ``during`` goes on."""
    took: list[float] = []
    before = await lags(panel)
    while not during.done():
        began = time.monotonic()
        scene = ("one", "two")[len(took) % 2]
        answer = await panel.post(f"/api/v1/rooms/hall/scenes/{scene}/take")
        assert answer.status_code in (200, 202), answer.text
        took.append(time.monotonic() - began)
        await asyncio.wait([during], timeout=PAUSE)
    after = await lags(panel)
    turns, late = after["+Inf"] - before["+Inf"], after[str(LATE)] - before[str(LATE)]
    of = spread(took)
    return (
        f"{len(took)} taps: p50 {of.p50 * 1000:.0f}, p95 {of.p95 * 1000:.0f}, "
        f"longest {max(took) * 1000:.0f} ms; loop late by {LATE * 1000:.0f} ms: {turns - late:.0f} of {turns:.0f} times"
    )


async def lags(panel: httpx.AsyncClient) -> dict[str, float]:
    text = (await panel.get("/metrics")).raise_for_status().text
    return {upto: float(count) for upto, count in LAG.findall(text)}


async def knows(panel: httpx.AsyncClient, name: str) -> int:
    answer = await panel.post("/api/v1/session", json={"name": name, "password": PASSWORD})
    panel.cookies.delete("avctl-session")
    return answer.status_code


async def guessed(port: int, panel: httpx.AsyncClient, guesses: int, addresses: int) -> None:
    name, began = f"person-{addresses}", time.monotonic()
    guessing = await attack("guess", port, guesses, addresses, name)
    felt = asyncio.create_task(taps(panel, guessing))
    await asyncio.wait([guessing], timeout=1)
    meanwhile = await knows(panel, name)
    told = await guessing
    print(f"R41 {guesses} guesses from {addresses} in {time.monotonic() - began:.0f} s: {told['statuses']}, "
          f"{told['evaluated']} of the known name looked at")  # fmt: skip
    print(
        f"    {await felt}; who knows it, at the panel: {meanwhile} meanwhile, {await knows(panel, name)} after"
    )


async def timed(base: str) -> None:
    """Evaluated guesses one after the other, each from an address of its own."""
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(2 * AS_OFTEN):
        kind = list(took)[number % 2]
        name = "person-0" if kind == "known" else f"nobody-{number}"
        transport = httpx.AsyncHTTPTransport(local_address=f"127.2.0.{1 + number}")
        async with httpx.AsyncClient(base_url=base, transport=transport) as client:
            await client.get("/livez")
            began = time.monotonic()
            answer = await client.post("/api/v1/session", json={"name": name, "password": "x"})
            took[kind].append(time.monotonic() - began)
            assert answer.status_code == 401, answer.text
    known, unknown = (median(each) * 1000 for each in took.values())
    print(f"R41 a guess at a known name p50 {known:.1f} ms, at an unknown one {unknown:.1f} ms "
          f"({100 * (unknown / known - 1):+.0f} %)")  # fmt: skip


async def attacks(base: str, code: str, guesses: int, seconds: float) -> None:
    headers = {"Origin": base}
    port = httpx.URL(base).port or 0
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=30) as root:
        body: dict[str, Any] = {"code": code, "name": "root", "password": "Correct-Horse-9"}
        (await root.post("/api/v1/set-up", json=body)).raise_for_status()
        for number in (0, 1, 100):
            grants = [{"role": "operator", "room": ""}]
            body = {"name": f"person-{number}", "password": PASSWORD, "grants": grants}
            (await root.post("/api/v1/people", json=body)).raise_for_status()
        bound = await root.post("/api/v1/panels", json={"name": "wall", "rooms": []})
    async with httpx.AsyncClient(
        base_url=base, headers=headers, cookies={"avctl-panel": bound.json()["key"]}, timeout=30
    ) as panel:
        print(f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores")
        quiet = asyncio.create_task(asyncio.sleep(seconds / 4))
        print(f"R40 quiet: {await taps(panel, quiet)}")
        slow = await attack("slow", port, seconds)
        print(f"R40 attacked: {await taps(panel, slow)}")
        told = slow.result()
        print(
            f"    {told['dialled_per_second']:.0f} sockets dialled a second, the longest lasted {told['longest']:.1f} s"
        )
        await timed(base)
        for addresses in (1, 100):
            await guessed(port, panel, guesses // 2, addresses)


def main() -> None:
    guesses = int(sys.argv[1]) if len(sys.argv) > 1 else GUESSES
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    with TemporaryDirectory() as folder, hall(Path(folder)) as rooms:
        served = Started("serve", rooms.file, "--port", 0, "--data", rooms.data, lines=2)
        try:
            base = served.urls[0].removesuffix("/panel/")
            asyncio.run(attacks(base, served.said[1].split()[2].rstrip(","), guesses, seconds))
        finally:
            served.stop()


if __name__ == "__main__":
    main()

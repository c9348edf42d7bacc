"""What devices cost that nobody touches: each is asked once a second how it stands.

``python -m tests.bench.idle COUNT URL`` keeps so many cameras up and prints what they cost, as JSON.
"""

import asyncio
import gc
import json
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.responder import responder
from tests.processes import ROOT
from tests.system.lines import kept_up, until

COUNTS = (10, 100, 500, 1000)
SECONDS = 10.0  # for which they are watched
MOST_MEMORY, MOST_CPU = 100.0, 0.05  # KiB, percent of a core


def idle() -> list[Figure]:
    figures = []
    memory = {}
    for count in COUNTS:
        with responder("tcp") as url:
            command = [sys.executable, "-m", "tests.bench.idle", str(count), url]
            told = json.loads(subprocess.check_output(command, cwd=ROOT, text=True))
        memory[count] = told["memory"] * count
        figures += _figures(count, told["memory"], told["cpu"])
    # The first ones live in what imports left free, so neither side begins at none.
    early = (memory[500] - memory[100]) / 400
    late = (memory[1000] - memory[500]) / 500
    what = "Memory of a device more, from 500 to 1000 : from 100 to 500"
    return [*figures, Figure(what, f"{late / early:.2f} ×", "≤ 1.2 ×", late <= 1.2 * early)]


def _figures(count: int, memory: float, cpu: float) -> list[Figure]:
    return [
        Figure(
            f"Memory of a device, {count} idle",
            f"{memory:.0f} KiB",
            f"≤ {MOST_MEMORY:.0f} KiB",
            memory <= MOST_MEMORY,
        ),
        Figure(
            f"CPU of a device, {count} idle",
            f"{cpu:.3f} % of a core",
            f"≤ {MOST_CPU} %",
            cpu <= MOST_CPU,
        ),
    ]


async def watch(count: int, url: str) -> dict[str, float]:
    async with AsyncExitStack() as lines:
        await _add(lines, 1, url)  # what the first one brings is not the others'
        before = _resident()
        await _add(lines, count, url)
        gc.collect()
        memory = (_resident() - before) / count
        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.sleep(SECONDS)
        share = (time.process_time() - cpu) / (time.perf_counter() - began)
        return {"memory": memory, "cpu": 100 * share / (count + 1)}


async def _add(lines: AsyncExitStack, count: int, url: str) -> None:
    devices = [
        await lines.enter_async_context(kept_up("visca", url, seed=number, model="ptzoptics"))
        for number in range(count)
    ]
    await until(lambda: all(device.up for device in devices), 60)


def _resident() -> float:
    """KiB of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4.0


if __name__ == "__main__":
    print(json.dumps(asyncio.run(watch(int(sys.argv[1]), sys.argv[2]))))

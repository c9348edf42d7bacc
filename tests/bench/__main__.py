"""``python -m tests.bench [NAME...]``: measure, and write docs/bench.md when all was measured."""

import asyncio
import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure
from tests.bench.idle import idle
from tests.bench.latency import latency
from tests.bench.peers import over_ip, spinning
from tests.bench.round_trip import round_trips
from tests.bench.scene import hung, scene
from tests.bench.tap import taps

PAGE = Path(__file__).parents[2] / "docs" / "bench.md"

PARTS: dict[str, tuple[str, Callable[[], Any]]] = {
    "round-trip": ("A command and its answer", round_trips),
    "visca-over-ip": ("Against visca-over-ip", over_ip),
    "pyvisca": ("Against pyvisca", spinning),
    "scene": ("A scene", scene),
    "latency": ("What a take costs in virtual time", latency),
    "hung": ("One device hung", hung),
    "tap": ("A tap", taps),
    "idle": ("Devices that nobody touches", idle),
}


def measure(part: Callable[[], Any]) -> list[Figure]:
    figures: list[Figure] = asyncio.run(part()) if inspect.iscoroutinefunction(part) else part()
    return figures


def table(title: str, figures: list[Figure]) -> str:
    head = f"## {title}\n\n| figure | measured | goal | met |\n|---|---|---|---|\n"
    return head + "\n".join(figure.row for figure in figures) + "\n"


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    tables = []
    for name in wanted:
        title, part = PARTS[name]
        tables.append(table(title, measure(part)))
        print(tables[-1], flush=True)
    if wanted == list(PARTS):
        PAGE.write_text("\n".join((page_head(), *tables)), encoding="utf-8")


def page_head() -> str:
    cores = len(os.sched_getaffinity(0))
    return (
        "# Figures\n\n"
        f"Written by `make bench` on a machine with {cores} cores. Each figure is a ratio measured in one run, the two\n"
        "sides in turn, so that what else the machine does falls on both. A goal that is missed says so.\n"
    )


if __name__ == "__main__":
    main()

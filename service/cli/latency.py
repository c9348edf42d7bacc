"""The command that tells how long scenes take, from the journal."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from avctl.scenes.latency import Key, Spread, spread, whole
from avctl.site import read_site
from service.cli.addresses import SitePath
from service.settings import Settings

MOMENTS = {
    "planned-sent": ("planned", "sent"),
    "sent-answered": ("sent", "answered"),
    "sent-confirmed": ("sent", "confirmed"),
}
FIGURES = ("interval", "n", "p50", "p95", "p99", "longest")  # the last four in milliseconds


def latency(
    site: SitePath,
    room: Annotated[str | None, typer.Argument(help="One room; all, if not given")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the journal")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs")] = False,
) -> None:
    """Show how long scenes and their steps take: median, p95, p99 and longest, in milliseconds."""
    file, _ = read_site(site)
    folder = data or Settings().data
    spreads = asyncio.run(_read(folder, room))
    rows = [
        {
            "room": name, "scene": scene, "device": device, "word": word, "interval": interval,
            **_figures(found),
        }
        for (name, (scene, device, word, interval)), found in spreads.items()
    ]  # fmt: skip
    if as_json:
        print(json.dumps({"site": file.site, "latencies": rows}, ensure_ascii=False, indent=2))
        return
    figures = [Column(name, no_wrap=True) for name in FIGURES]
    names = [Column(name, overflow="fold") for name in ("room", "scene", "device", "word")]
    table = Table(*names, *figures, box=SIMPLE)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)


def _figures(found: Spread) -> dict[str, float]:
    seconds = {"p50": found.p50, "p95": found.p95, "p99": found.p99, "longest": found.longest}
    return {"n": found.count, **{name: round(1000 * value, 1) for name, value in seconds.items()}}


async def _read(folder: Path, room: str | None) -> Mapping[tuple[str, Key], Spread]:
    """By room."""
    from service.journal import open_reader

    seconds: dict[tuple[str, Key], list[float]] = {}
    async with open_reader(folder) as journal:
        async for entry in journal.read({"verdict"}, room=room):
            for key, value in _of_verdict(entry.data):
                seconds.setdefault((entry.room or "", key), []).append(value)
    return {key: spread(found) for key, found in sorted(seconds.items())}


def _of_verdict(data: Mapping[str, Any]) -> list[tuple[Key, float]]:
    scene, found = str(data.get("scene")), []
    for step in data.get("steps", ()):
        for interval, (begin, end) in MOMENTS.items():
            if step.get(begin) is not None and step.get(end) is not None:
                key = (scene, str(step["device"]), str(step["word"]), interval)
                found.append((key, step[end] - step[begin]))
    took = data.get("took", data.get("duration"))  # older entries have the latter only
    if data.get("verdict") in ("confirmed", "sent") and took is not None:
        found.append((whole(scene), took))
    return found

"""The command that takes a scene again and again, and says whether its budget holds."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated
from xml.sax.saxutils import escape

import typer

from avctl.drill import signs_of_a_meeting
from avctl.errors import ConfigError, TakeError
from avctl.rehearsal import Rehearsed
from avctl.rehearsal import rehearse as rehearsed
from avctl.room import Room
from avctl.scenes.latency import spread
from service.cli.addresses import AddressFile, SitePath
from service.cli.reach import opened_room, until_greeted

GREETING = 15.0  # seconds that the devices get to answer

WIDTH, HEIGHT, MARGIN = 640, 240, 40  # of the picture
BARS = 30


def rehearse(
    site: SitePath,
    room: Annotated[str, typer.Argument()],
    scene: Annotated[str, typer.Argument()],
    times: Annotated[int, typer.Option(help="How often")] = 20,
    between: Annotated[
        str | None,
        typer.Option(
            help="The scene to go back to; if not given the room's safe one, else what was before"
        ),
    ] = None,
    during_meeting: Annotated[
        bool, typer.Option("--during-meeting", help="Though microphones are open")
    ] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Yes, take a scene that asks for it")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File for a picture (SVG)")
    ] = None,
    addresses: AddressFile = None,
) -> None:
    """Take a scene again and again on the real devices, and say whether its budget holds."""
    opened = opened_room(site, room, addresses)
    for name in filter(None, (scene, between)):
        if name not in opened.scenes:
            raise ConfigError(f"no scene {name!r} in {room}; there are {', '.join(opened.scenes)}")
        if opened.scenes[name].confirm and not confirm:
            raise ConfigError(f"{name} must be confirmed: give --confirm")
    try:
        done = asyncio.run(_rehearse(opened, scene, times, between, during_meeting))
    except TakeError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    for line in _lines(done):
        print(line)
    if output and done.durations:
        output.write_text(picture(done), encoding="utf-8")
    raise typer.Exit(0 if done.is_good else 1)


async def _rehearse(
    room: Room, scene: str, times: int, between: str | None, during_meeting: bool
) -> Rehearsed:
    async with room:
        await until_greeted(room, room.devices, GREETING)
        if not during_meeting and (open_now := signs_of_a_meeting(room)):
            text = f"no rehearsal while {', '.join(open_now)} is open: a meeting may be on"
            raise TakeError(text)
        return await rehearsed(room, scene, times, between=between, by="command line")


def _lines(done: Rehearsed) -> list[str]:
    well = len(done.durations)
    lines = [f"{done.scene}: {well} of {len(done.takes)} ended well"]
    if well:
        found = spread(done.durations)
        lines.append(
            f"  p50 {found.p50 * 1000:.0f} ms, p95 {found.p95 * 1000:.0f} ms, "
            f"p99 {found.p99 * 1000:.0f} ms, longest {found.longest * 1000:.0f} ms"
        )
    bad = [take for take in done.takes if take.verdict is None or not take.verdict.is_good]
    lines += [f"  {take.verdict}: {', '.join(take.culprits)}" for take in bad]
    if done.budget is not None:
        holds = "holds" if done.is_good else "does not hold"
        lines.append(f"  the budget of {done.budget:g} s {holds}")
    return lines


def picture(done: Rehearsed) -> str:
    """The distribution as SVG: how many takes ended after how long, and the budget."""
    most = max([*done.durations, done.budget or 0.0]) * 1.05
    counts = [0] * BARS
    for seconds in done.durations:
        counts[min(BARS - 1, int(seconds / most * BARS))] += 1
    wide, high = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    bars = [
        f'<rect x="{MARGIN + n * wide / BARS:.1f}" y="{MARGIN + high * (1 - count / max(counts)):.1f}" '
        f'width="{wide / BARS - 1:.1f}" height="{high * count / max(counts):.1f}" fill="#2f6fde"/>'
        for n, count in enumerate(counts)
        if count
    ]
    ticks = [
        f'<text x="{MARGIN + part * wide:.0f}" y="{HEIGHT - 14}" text-anchor="middle">'
        f"{part * most * 1000:.0f} ms</text>"
        for part in (0, 0.25, 0.5, 0.75, 1)
    ]
    if done.budget is not None:
        at = MARGIN + done.budget / most * wide
        bars.append(
            f'<path d="M{at:.1f} {MARGIN - 8}V{HEIGHT - MARGIN}" stroke="#c22" stroke-dasharray="4 3"/>'
            f'<text x="{at:.1f}" y="{MARGIN - 12}" text-anchor="middle" fill="#c22">'
            f"{done.budget * 1000:.0f} ms</text>"
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<text x="{MARGIN}" y="20" font-size="14">{escape(done.scene)}, {len(done.durations)} ×</text>'
        f'<path d="M{MARGIN} {HEIGHT - MARGIN}H{WIDTH - MARGIN}" stroke="#888"/>'
        f"{''.join(bars)}{''.join(ticks)}</svg>\n"
    )

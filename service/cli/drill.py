"""The command that rehearses changeovers."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from avctl.clock import Clock
from avctl.drill import Rehearsal, record
from avctl.drill import drill as rehearse
from avctl.errors import ConfigError, TakeError
from avctl.pair import Fitness
from avctl.room import Room
from avctl.site import open_site
from service.cli.addresses import read_addresses

GREETING = 8.0  # seconds that the devices get to answer and the pairs to be judged


def drill(
    site: Annotated[Path, typer.Argument(help="A site's folder, or one room's file")],
    room: Annotated[str, typer.Argument()],
    pairs: Annotated[list[str] | None, typer.Argument(metavar="[PAIR]…")] = None,
    during_meeting: Annotated[
        bool, typer.Option("--during-meeting", help="Though microphones are open")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File for the record (Markdown)")
    ] = None,
    addresses: Annotated[
        Path | None, typer.Option(help="JSON of URLs that go before the site's own")
    ] = None,
) -> None:
    """Rehearse changeovers: each pair to its backup and back, with times and a record."""
    opened = open_site(site, Clock(), addresses=read_addresses(addresses))
    if room not in opened.rooms:
        raise ConfigError(f"no room {room!r} in {opened.name}; there are {', '.join(opened.rooms)}")
    chosen = opened.rooms[room]
    try:
        done = asyncio.run(_drill(chosen, pairs or [], during_meeting))
    except TakeError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    written = record(chosen, done)
    print(written)
    if output:
        output.write_text(written, encoding="utf-8")
    raise typer.Exit(0 if all(rehearsal.is_good for rehearsal in done) else 1)


async def _drill(room: Room, pairs: list[str], during_meeting: bool) -> list[Rehearsal]:
    async with room:
        await _judged(room)
        return await rehearse(room, pairs, by="command line", during_meeting=during_meeting)


async def _judged(room: Room) -> None:
    """Wait until both sides of every pair have been judged; what has not been by then is rehearsed all the same."""
    changed = asyncio.Event()
    leave = room.subscribe(lambda room, change: changed.set())
    try:
        async with asyncio.timeout(GREETING):
            while any(
                health.fitness is Fitness.UNKNOWN
                for pair in room.pairs.by_name.values()
                for health in pair.health.values()
            ):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        return
    finally:
        leave()

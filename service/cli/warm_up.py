"""The command that warms a room up."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from avctl.clock import Clock
from avctl.errors import ConfigError, TakeError
from avctl.room import Room
from avctl.site import Site, open_site
from avctl.warmup import Asked, WarmUp
from service.cli.addresses import AddressFile, SitePath, read_addresses
from service.cli.reach import until_greeted

GREETING = (
    8.0  # seconds that the devices get to answer; those that hang on outlets are waited for later
)
LOOK = 1.0  # seconds between two looks at what is new


def warm_up(
    site: SitePath,
    room: Annotated[str, typer.Argument()],
    hold: Annotated[
        float | None, typer.Option(help="Seconds to keep all on; as the room's file says")
    ] = None,
    stay_on: Annotated[bool, typer.Option("--stay-on", help="Do not shut the room down")] = False,
    skip: Annotated[
        list[str] | None, typer.Option(help="A device to leave alone", show_default=False)
    ] = None,
    during_meeting: Annotated[
        bool, typer.Option("--during-meeting", help="Though the room seems to be in use")
    ] = False,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the journal to keep the proof in")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File for the picture (SVG)")
    ] = None,
    addresses: AddressFile = None,
) -> None:
    """Bring a room up in order, hold it, look at every device, and shut it down again."""
    opened = open_site(site, Clock(), addresses=read_addresses(addresses))
    if room not in opened.rooms:
        raise ConfigError(f"no room {room!r} in {opened.name}; there are {', '.join(opened.rooms)}")
    ready = opened.rooms[room].mains.ready
    if ready is None:
        raise ConfigError(f"{room} says nothing of how it is made ready: give it a ready section")
    asked = Asked("command line", hold or ready.hold, stay_on, tuple(skip or ()))
    opened.rooms = {room: opened.rooms[room]}
    try:
        done, picture = asyncio.run(_warm_up(opened, room, asked, data, during_meeting))
    except TakeError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    if output:
        output.write_text(picture, encoding="utf-8")
    raise typer.Exit(0 if done.is_good else 1)


async def _warm_up(
    site: Site, name: str, asked: Asked, data: Path | None, anyway: bool
) -> tuple[WarmUp, str]:
    from service.journal import open_journal
    from service.operations.warmups import Warmups
    from service.store.kept import Kept

    room = site.rooms[name]
    files = Kept(data / "files" if data else None)
    async with open_journal(data, room.clock) as journal, site:
        await until_greeted(room, _greeted_at_once(room), GREETING)
        async with Warmups(site, journal, room.clock, files) as warmups:
            made = await warmups.start(room, asked, during_meeting=anyway)
            await _follow(made)
            await warmups.ended(made)
            picture = await warmups.picture(await warmups.find(room, made.identity))
    _tell(made)
    return made, picture


def _greeted_at_once(room: Room) -> list[str]:
    return [name for name in room.devices if not room.mains.feeding(name)]


async def _follow(made: WarmUp) -> None:
    told, phase = 0, None
    while made.ended is None:
        if made.phase is not phase:
            phase = made.phase
            print(f"{made.elapsed:6.0f} s  {phase.value}", flush=True)
        for at, what in made.events[told:]:
            print(f"{at:6.0f} s    {what['en']}", flush=True)
        told = len(made.events)
        await made.room.clock.sleep(LOOK)


def _tell(made: WarmUp) -> None:
    for name in made.records:
        judged = made.judgements.get(name)
        finding = judged.finding.value if judged else "not judged"
        remarks = "; ".join(remark["en"] for remark in judged.remarks) if judged else ""
        print(f"  {name:<20} {finding:<15} {made.minutes_on(name):6.1f} min  {remarks}".rstrip())
    print(f"held for {made.held / 60:.1f} min from the last device ready")
    for what, why in (("incomplete", made.incomplete), ("left on", made.left_on)):
        if why:
            print(f"{what}: {why['en']}")

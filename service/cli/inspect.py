"""The command that inspects rooms without a service."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avctl.clock import Clock
from avctl.errors import ConfigError
from avctl.site import Site, open_site
from service.cli.addresses import AddressFile, SitePath, read_addresses
from service.cli.reach import until_greeted

if TYPE_CHECKING:
    from service.operations.inspections import Inspection

GREETING = 8.0  # seconds that the devices get to answer
INTRODUCTION = 35.0  # seconds until those have been asked who they are that are asked last


def inspect(
    site: SitePath,
    room: Annotated[str | None, typer.Argument(help="All rooms, if not given")] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of the journal: tells what the ledger has, and keeps the result"),
    ] = None,
    addresses: AddressFile = None,
) -> None:
    """Look at all that the devices of a room tell, and send its cameras to their presets. Ends with 1 for a fault."""
    opened = open_site(site, Clock(), addresses=read_addresses(addresses))
    if room is not None and room not in opened.rooms:
        raise ConfigError(f"no room {room!r} in {opened.name}; there are {', '.join(opened.rooms)}")
    done = asyncio.run(_inspect(opened, [room] if room else list(opened.rooms), data))
    raise typer.Exit(1 if any(made.result == "fault" for made in done) else 0)


async def _inspect(site: Site, rooms: list[str], data: Path | None) -> "list[Inspection]":
    from service.journal import open_journal
    from service.operations.inspections import Inspections
    from service.operations.ledger import Ledger
    from service.recorder import Recorder
    from service.store.kept import Kept

    clock = next(iter(site.rooms.values())).clock
    files = Kept(data / "files" if data else None)
    async with open_journal(data, clock) as journal:
        ledger = Ledger(site, journal, clock)
        await ledger.open()
        site.rooms = {name: site.rooms[name] for name in rooms}
        with Recorder(site, journal, clock, "command line"):
            async with site:
                await asyncio.gather(
                    *(until_greeted(room, room.devices, GREETING) for room in site.rooms.values())
                )
                await clock.sleep(INTRODUCTION if data else 0.0)
                async with Inspections(site, journal, clock, files, ledger) as inspections:
                    done = [
                        await inspections.start(each, "command line")
                        for each in site.rooms.values()
                    ]
                    for made in done:
                        await inspections.until_read(made)
                        _tell(made)
        ledger.close()
    return done


def _tell(made: "Inspection") -> None:
    print(f"{made.room}: {made.result.value}")
    for check in made.checks or ():
        print(f"  {check.result.value:<8} {check.item:<32} {check.text['en']}")
    for look in made.looks.values():
        print(f"  {'look':<8} {look.name:<32} {look.title['en']}")

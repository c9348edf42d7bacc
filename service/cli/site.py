"""Commands about a site: check it, serve it, take one of its scenes."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from avctl.clock import Clock
from avctl.config import room_schema
from avctl.errors import ConfigError, TakeError
from avctl.room import Room, Site, open_site, read_site
from avctl.scenes.take import Step, Take, Verdict
from service.cli.addresses import read_addresses
from service.cli.running import serve_site
from service.settings import Settings
from service.views import run_view

SitePath = Annotated[
    Path, typer.Argument(metavar="SITE", help="A site's folder, or one room's file")
]
AddressFile = Annotated[
    Path | None, typer.Option("--addresses", help="JSON of URLs that go before the site's own")
]

GREETING = 5.0  # seconds that the devices of a scene get to answer before it is taken


def check(site: SitePath) -> None:
    """Read a site's files and say what is wrong with them, or what they hold."""
    file, plans = read_site(site)
    print(f"{file.site}: {len(plans)} rooms")
    for plan in plans:
        room = plan.file
        print(f"  {room.room}: {len(room.devices)} devices, scenes {', '.join(plan.scenes)}")


def serve(
    site: SitePath,
    host: Annotated[str | None, typer.Option(help="Address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for any")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for the journal")] = None,
    addresses: AddressFile = None,
) -> None:
    """Keep a site's devices in touch, and serve panel and API."""
    given = {"host": host, "port": port, "data": data}
    settings = Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]  # by key
    opened = open_site(site, Clock(), addresses=read_addresses(addresses))

    def ready(url: str) -> None:
        print(f"panel {url}/panel/", flush=True)

    asyncio.run(serve_site(opened, settings, ready))


def take(
    site: SitePath,
    room: Annotated[str, typer.Argument()],
    scene: Annotated[str, typer.Argument()],
    as_json: Annotated[bool, typer.Option("--json", help="Print the run as JSON")] = False,
    addresses: AddressFile = None,
) -> None:
    """Take a scene without a service running, and tell how every step ended."""
    opened = open_site(site, Clock(), addresses=read_addresses(addresses))
    if room not in opened.rooms:
        raise ConfigError(f"no room {room!r} in {opened.name}; there are {', '.join(opened.rooms)}")
    if scene not in opened.rooms[room].scenes:
        fitting = ", ".join(opened.rooms[room].scenes)
        raise ConfigError(f"no scene {scene!r} in {room}; there are {fitting}")
    verdict = asyncio.run(_take(opened, opened.rooms[room], scene, as_json))
    raise typer.Exit(0 if verdict is Verdict.CONFIRMED else 1)


async def _take(site: Site, room: Room, scene: str, as_json: bool) -> Verdict | None:
    console = Console(highlight=False)
    watched: list[Take] = []

    def tell(room: Room, change: Any) -> None:
        if change.take in watched and change.step and change.step.verdict and not as_json:
            console.print(_line(change.step))

    async with room:
        await _greeted(room, room.scenes[scene].devices)
        room.subscribe(tell)
        try:
            running = room.take(scene, by="command line")
        except TakeError as error:
            raise ConfigError(str(error)) from error
        watched.append(running)
        await running.ended.wait()
    if as_json:
        sys.stdout.write(run_view(room, running).model_dump_json(indent=2) + "\n")
    else:
        assert running.duration is not None
        console.print(f"[bold]{running.verdict}[/] in {running.duration * 1000:.0f} ms")
    return running.verdict


async def _greeted(room: Room, devices: frozenset[str]) -> None:
    """Wait until ``devices`` are there; what is not by then will be named by the take."""
    changed = asyncio.Event()
    leave = room.subscribe(lambda room, change: changed.set())
    try:
        async with asyncio.timeout(GREETING):
            while not all(room.devices[name].up for name in devices):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        return
    finally:
        leave()


COLOURS = {"confirmed": "green", "skipped": "green", "sent": "yellow", "superseded": "yellow"}


def _line(step: Step) -> str:
    colour = COLOURS.get(str(step.verdict), "red")
    when = f"{step.ended * 1000:6.0f} ms" if step.ended is not None else ""
    why = f"  {step.why}" if step.why else ""
    want = step.want
    return f"{when}  [{colour}]{step.verdict:<10}[/] {want.target} {want.word} {want.said}{why}"


def schema() -> None:
    """Print the JSON Schema of a room file, for editors."""
    print(json.dumps(room_schema(), ensure_ascii=False, indent=2))

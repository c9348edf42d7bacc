"""Examining a site from the command line."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from avctl.clock import Clock
from avctl.doctor import Finding, Level, examine
from avctl.errors import ConfigError
from avctl.room import Room
from avctl.site import open_site
from service.cli.addresses import AddressFile, SitePath, read_addresses

COLOURS = {Level.GOOD: "green", Level.WATCH: "yellow", Level.FAULT: "red"}
WORDS = {
    "en": {Level.GOOD: "good ", Level.WATCH: "watch", Level.FAULT: "fault"},
    "zh": {Level.GOOD: "正常", Level.WATCH: "留意", Level.FAULT: "故障"},
}

console = Console(highlight=False, soft_wrap=True)


def doctor(
    site: SitePath,
    room: Annotated[str | None, typer.Argument(metavar="[ROOM]")] = None,
    device: Annotated[list[str] | None, typer.Option(help="Only this; several times")] = None,
    wait: Annotated[float, typer.Option(help="Seconds that a device gets to come up")] = 15.0,
    language: Annotated[str, typer.Option(help="en or zh")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON")] = False,
    addresses: AddressFile = None,
) -> None:
    """Walk every device, and say in plain words what is wrong. Changes nothing; exit status 1 at a fault."""
    if language not in WORDS:
        raise ConfigError(f"--language {language}: give en or zh")
    opened = open_site(site, Clock(), addresses=read_addresses(addresses))
    rooms = [each for name, each in opened.rooms.items() if room in (None, name)]
    if not rooms:
        raise ConfigError(f"no room {room!r} in {opened.name}; there are {', '.join(opened.rooms)}")
    found = asyncio.run(_examine(rooms, wait, device or []))
    if as_json:
        told = {name: [asdict(finding) for finding in of] for name, of in found.items()}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for name, of in found.items():
            _print(name, of, language)
    is_faulty = any(finding.level is Level.FAULT for of in found.values() for finding in of)
    raise typer.Exit(1 if is_faulty else 0)


async def _examine(
    rooms: Sequence[Room], wait: float, only: Sequence[str]
) -> dict[str, tuple[Finding, ...]]:
    async def of(room: Room) -> tuple[Finding, ...]:
        async with room:
            return await examine(room, wait=wait, only=only)

    found = await asyncio.gather(*(of(room) for room in rooms))
    return {room.name: of_room for room, of_room in zip(rooms, found, strict=True)}


def _print(room: str, found: Sequence[Finding], language: str) -> None:
    console.print(f"[bold]{room}[/]")
    for finding in found:
        word = f"[{COLOURS[finding.level]}]{WORDS[language][finding.level]}[/]"
        text, todo = (
            (finding.zh, finding.todo_zh) if language == "zh" else (finding.en, finding.todo_en)
        )
        console.print(f"  {word}  {finding.device}: ", end="")
        console.print(text, markup=False)
        if todo:
            console.print(f"         {todo}", markup=False)

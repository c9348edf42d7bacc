"""Taking a scene without a service, or showing what a take of it would do."""

import asyncio
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from avctl.errors import ConfigError, TakeError
from avctl.playbook import Arguments
from avctl.room import Room
from avctl.scenes.plan import Planned, Prospect
from avctl.scenes.scene import Scene
from avctl.scenes.take import Step, Take, Verdict
from service.cli.addresses import AddressFile, SitePath
from service.cli.reach import opened_room, until_greeted

GREETING = 5.0  # seconds that the devices of a scene get to answer before it is taken

COLOURS = {
    "confirmed": "green",
    "skipped": "green",
    "sent": "yellow",
    "superseded": "yellow",
    "right": "green",
    "drive": "yellow",
    "unknown": "yellow",
}

console = Console(highlight=False, soft_wrap=True)


def take(
    site: SitePath,
    room: Annotated[str, typer.Argument()],
    scene: Annotated[str, typer.Argument()],
    choose: Annotated[
        list[str] | None, typer.Option(help="PARAMETER=CHOICE of the scene", show_default=False)
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Yes, take a scene that asks for it")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only ask, and show what a take would do")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run or plan as JSON")] = False,
    addresses: AddressFile = None,
) -> None:
    """Take a scene without a service running, and tell how every step ended."""
    opened = opened_room(site, room, addresses)
    arguments = _arguments(choose or [])
    made = _made(opened, scene, arguments)
    if made.confirm and not (confirm or plan):
        raise ConfigError(f"{scene} must be confirmed: give --confirm")
    work = (
        _plan(opened, made, arguments, as_json) if plan else _take(opened, made, arguments, as_json)
    )
    raise typer.Exit(0 if asyncio.run(work) else 1)


def _arguments(chosen: list[str]) -> dict[str, str]:
    arguments = {}
    for pair in chosen:
        parameter, equals, choice = pair.partition("=")
        if not equals:
            raise ConfigError(f"--choose {pair}: write PARAMETER=CHOICE")
        arguments[parameter] = choice
    return arguments


def _made(room: Room, scene: str, arguments: Arguments) -> Scene:
    if scene not in room.scenes:
        raise ConfigError(f"no scene {scene!r} in {room.name}; there are {', '.join(room.scenes)}")
    try:
        return room.playbook.make(scene, arguments)
    except TakeError as error:
        raise ConfigError(str(error)) from error


async def _take(room: Room, scene: Scene, arguments: Arguments, as_json: bool) -> bool:
    """Whether it was confirmed."""
    watched: list[Take] = []

    def tell(room: Room, change: Any) -> None:
        if change.take in watched and change.step and change.step.verdict and not as_json:
            console.print(_line(change.step))

    async with room:
        await until_greeted(room, scene.devices, GREETING)
        room.subscribe(tell)
        try:
            running = room.take(scene.name, "command line", arguments, confirmed=True)
        except TakeError as error:
            print(error, file=sys.stderr)
            return False
        watched.append(running)
        await running.ended.wait()
    if as_json:
        from service.views import run_view  # what the API says takes long to import

        print(run_view(room, running).model_dump_json(indent=2))
    else:
        assert running.duration is not None
        console.print(f"[bold]{running.verdict}[/] in {running.duration * 1000:.0f} ms")
    return running.verdict is Verdict.CONFIRMED


async def _plan(room: Room, scene: Scene, arguments: Arguments, as_json: bool) -> bool:
    """Whether everything that the scene wants can be reached."""
    async with room:
        await until_greeted(room, scene.devices, GREETING)
        planned = await room.plan(scene.name, arguments)
    if as_json:
        from service.views import plan_view  # what the API says takes long to import

        print(plan_view(room, scene, planned).model_dump_json(indent=2))
    else:
        console.print(_table(planned))
    return all(step.prospect is not Prospect.UNREACHABLE for step in planned)


def _line(step: Step) -> str:
    colour = COLOURS.get(str(step.verdict), "red")
    when = f"{step.ended * 1000:6.0f} ms" if step.ended is not None else ""
    why = f"  {_literal(step.why)}" if step.why else ""
    want = step.want
    return f"{when}  [{colour}]{step.verdict:<10}[/] {want.target} {want.word} {_literal(want.said)}{why}"


def _table(planned: tuple[Planned, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("", "target", "wanted", "now", "after", "will be", "takes"):
        table.add_column(title, overflow="fold")
    for number, step in enumerate(planned, 1):
        want = step.want
        colour = COLOURS.get(step.prospect.value, "red")
        takes = "" if step.expected is None else f"{step.expected:.1f} s"
        table.add_row(
            str(number),
            f"{want.target} {want.word}",
            _literal(want.said),
            "" if step.now is None else _literal(step.now),
            ", ".join(want.order.waits_for),
            f"[{colour}]{step.prospect}[/]",
            takes,
        )
    return table


def _literal(value: object) -> str:
    """As it is, whatever brackets it has."""
    return str(value).replace("[", r"\[")

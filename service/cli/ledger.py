"""The ledger as a workbook, out of the journal and back into it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from avctl.clock import Clock
from avctl.errors import ConfigError
from avctl.site import Site, open_site
from service.cli.addresses import SitePath

if TYPE_CHECKING:
    from service.operations.ledger.differences import Differences

DATA = Path("avctl-data")

DataFolder = Annotated[Path, typer.Option(help="Folder of the journal")]

ledger = typer.Typer(no_args_is_help=True, help="Write the ledger as a workbook, or take one back.")


@ledger.callback()
def where(context: typer.Context, site: SitePath) -> None:
    context.obj = site


@ledger.command()
def export(
    context: typer.Context,
    output: Annotated[Path, typer.Option("-o", "--output", help="File for the workbook (xlsx)")],
    language: Annotated[Literal["zh", "en"], typer.Option()] = "zh",
    data: DataFolder = DATA,
) -> None:
    """Write what the journal knows of all equipment, also while a service runs."""
    site = open_site(context.obj, Clock())
    output.write_bytes(asyncio.run(_export(site, data, language)))
    print(f"written into {output}")


@ledger.command("import")
def import_(
    context: typer.Context,
    sheet: Annotated[Path, typer.Argument(metavar="FILE", help="A workbook (xlsx)")],
    take: Annotated[bool, typer.Option("--take", help="Take what is shown")] = False,
    by: Annotated[str, typer.Option(help="Who says so, for the journal")] = "command line",
    data: DataFolder = DATA,
) -> None:
    """Show what a workbook says other than the ledger; take it with --take, while no service runs."""
    try:
        read = sheet.read_bytes()
    except OSError as error:
        raise ConfigError(f"{sheet}:1:1: {error.strerror}") from error
    asyncio.run(_import(open_site(context.obj, Clock()), data, read, by if take else None))


async def _export(site: Site, data: Path, language: Literal["zh", "en"]) -> bytes:
    from service.journal import JournalError, open_reader
    from service.operations.ledger import Window, read_book
    from service.operations.ledger.sheet import write_ledger

    clock = Clock()
    try:
        async with open_reader(data) as journal:
            book = await read_book(journal, Window())
    except JournalError as error:
        raise ConfigError(str(error)) from error
    cards, now = book.in_order(), clock.wall()
    figures = {card.item: card.usage.figures(now) for card in cards}
    zone = ZoneInfo(site.file.timezone if site.file else "UTC")
    return write_ledger(cards, figures, language, now.astimezone(zone))


async def _import(site: Site, data: Path, sheet: bytes, by: str | None) -> None:
    from service.journal import JournalError, open_journal
    from service.operations.ledger import Ledger, LedgerError
    from service.operations.ledger.differences import compare
    from service.operations.ledger.sheet import read_sheet

    clock = Clock()
    try:
        async with open_journal(data, clock) as journal:
            made = Ledger(site, journal, clock)
            await made.open()
            found = compare(read_sheet(sheet), made.book, list(site.rooms))
            _show(found)
            if by is not None:
                await made.note_facts(found.facts(), by, "command line")
                await made.add([each.as_thing() for each in found.additions], by, "command line")
            made.close()
    except JournalError as error:
        raise ConfigError(f"{data}: {error}; where a service runs, import at its panel") from error
    except LedgerError as error:
        raise ConfigError(str(error)) from error


def _show(found: "Differences") -> None:
    for change in found.changes:
        print(
            f"row {change.row}  {change.item}  {change.key}: {change.before!r} -> {change.after!r}"
        )
    for addition in found.additions:
        print(f"row {addition.row}  new: {addition.room or '-'} {addition.name}")
    for row, problem in found.problems:
        print(f"row {row}  not taken: {problem['en']}")
    if not (found.changes or found.additions):
        print("no differences")

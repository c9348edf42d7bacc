"""The commands that copy a data folder and put a copy back."""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from avctl.clock import Clock
from service.settings import Settings

if TYPE_CHECKING:
    from service.store.entries import Verified

Data = Annotated[Path | None, typer.Option(help="Folder of the journal")]


def copy(
    to: Annotated[Path, typer.Argument(metavar="TO", help="A folder that is not there yet")],
    data: Data = None,
) -> None:
    """Copy journal and records, in use or not, and prove the copy whole."""
    from service.store import copies

    told = _done(copies.copy(data or Settings().data, to))
    # Elsewhere than in the copy, it is proof against a chain made anew.
    print(f"{to}: {told.entries} entries, the last is {told.seq} {told.hash}")


def restore(
    made: Annotated[Path, typer.Argument(metavar="FROM", help="A folder that `copy` made")],
    data: Data = None,
) -> None:
    """Put a copy back, with no service at work. What is there is set aside."""
    from service.store import copies

    folder = data or Settings().data
    told = _done(copies.put_back(made, folder, Clock().wall()))
    print(f"{folder}: {told.entries} entries, the last is {told.seq} {told.hash}")


def _done(work: "Coroutine[Any, Any, Verified]") -> "Verified":
    from service.store.copies import CopyError

    try:
        return asyncio.run(work)
    except CopyError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error

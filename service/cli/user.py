"""The commands for people, on the machine itself: when nobody can log in any more, or before anybody could."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avctl.clock import Clock
from avctl.errors import ConfigError
from service.settings import Settings

# Web and database take longer to import than all else, and most commands need neither.
if TYPE_CHECKING:
    from service.people.register import Register
    from service.people.roles import Grants
    from service.people.roll import Known, Roll

user = typer.Typer(no_args_is_help=True, help="Who may log in, on the machine of the service.")

Data = Annotated[Path | None, typer.Option(help="The service's folder; else AVCTL_DATA")]
Who = Annotated[str, typer.Argument(metavar="NAME")]
Roles = Annotated[
    list[str],
    typer.Option(
        "--role", metavar="ROLE[@ROOM]", help="In the whole site, or in a room; several times"
    ),
]
DRAWN = 12  # bytes of a password that is drawn


@user.command("list")
def show(data: Data = None) -> None:
    """Show everybody, with their roles."""
    asyncio.run(_show(data))


@user.command()
def add(name: Who, role: Roles, title: str = "", data: Data = None) -> None:
    """Add somebody. The password is drawn and told once; it is changed at the first login."""
    asyncio.run(_add(data, name, role, title))


@user.command()
def password(name: Who, data: Data = None) -> None:
    """Draw a new password for somebody, told once; their logins end."""
    asyncio.run(_password(data, name))


@user.command()
def roles(name: Who, role: Roles, data: Data = None) -> None:
    """Give somebody these roles in place of those they had, and let them in again if they were shut out."""
    asyncio.run(_change(data, name, role, active=True))


@user.command()
def disable(name: Who, data: Data = None) -> None:
    """Let somebody in no more."""
    asyncio.run(_change(data, name, None, active=False))


@contextlib.asynccontextmanager
async def _register(data: Path | None) -> AsyncIterator[tuple["Roll", "Register"]]:
    """Beside a service that runs, too: it takes over what is changed here, and writes it down."""
    from service.journal import FILE, Journal, JournalError
    from service.people.passwords import Passwords
    from service.people.register import Register
    from service.people.roll import Roll
    from service.problems import ApiError
    from service.store.records import RecordsError, open_records

    folder = data or Settings().data
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder: give the service's with --data")
    clock = Clock()
    journal = Journal(clock, folder / FILE)
    try:
        await journal.open()
    except JournalError:
        journal = Journal(clock)
    try:
        async with open_records(folder) as records:
            roll = Roll(records, clock)
            await roll.open()
            yield roll, Register(roll, Passwords(), journal, clock, lambda: None)
    except ApiError as error:
        raise ConfigError(error.detail) from error
    except RecordsError as error:
        raise ConfigError(str(error)) from error
    finally:
        await journal.close()


async def _show(data: Path | None) -> None:
    async with _register(data) as (roll, _):
        for person in sorted(roll.people.values(), key=lambda each: each.name):
            given = " ".join(f"{g.role}@{g.room}" if g.room else g.role for g in person.grants)
            shut = "" if person.active else "  (disabled)"
            print(f"{person.name:20} {person.title:20} {given or '-'}{shut}")


async def _add(data: Path | None, name: str, given: list[str], title: str) -> None:
    drawn = secrets.token_urlsafe(DRAWN)
    async with _register(data) as (_, register):
        made = await register.add(name, title, drawn, _grants(given), by="machine")
    print(f"{made.name} {drawn}")


async def _password(data: Path | None, name: str) -> None:
    drawn = secrets.token_urlsafe(DRAWN)
    async with _register(data) as (roll, register):
        person = _find(roll, name)
        await register.set_password(person, drawn, by="machine", own=False)
    print(f"{person.name} {drawn}")


async def _change(data: Path | None, name: str, given: list[str] | None, *, active: bool) -> None:
    async with _register(data) as (roll, register):
        person = _find(roll, name)
        grants = person.grants if given is None else _grants(given)
        await register.change(
            person, title=person.title, grants=grants, active=active, by="machine"
        )


def _find(roll: "Roll", name: str) -> "Known":
    from service.people.register import spelled

    if found := roll.find(spelled(name)):
        return found
    raise ConfigError(f"nobody is called {name}")


def _grants(given: list[str]) -> "Grants":
    from service.people.roles import GIVEN, Grant, Role

    made = []
    for text in given:
        role, _, room = text.partition("@")
        if role not in GIVEN:
            raise ConfigError(f"no role is called {role}; there are: {', '.join(GIVEN)}")
        made.append(Grant(Role(role), room))
    return tuple(made)

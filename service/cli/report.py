"""The command that writes reports."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Literal, cast, get_args

import typer

from avctl.clock import Clock
from avctl.errors import AvctlError, ConfigError
from avctl.site import Site, open_site
from service.cli.addresses import SitePath
from service.settings import Settings

Form = Literal["docx", "xlsx", "pdf", "json"]
SECONDS = 120.0  # that a running service may take


def report(
    site: SitePath,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="monthly, half-yearly, meeting-log, "
        "incident-register, warm-up-record, inspection-record, device-assessment")],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="2026-11, 2026H2, 2026-W48, "
        "2026-11-01..2026-11-15, or the number of a meeting or incident")],
    output: Annotated[Path, typer.Option("-o", "--output", help="File: .docx, .xlsx, .pdf, .json")],
    form: Annotated[Form | None, typer.Option("--format", help="As the file's name says")] = None,
    language: Annotated[Literal["zh", "en"], typer.Option()] = "zh",
    room: Annotated[str | None, typer.Option(help="Only of this room")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the journal")] = None,
    service: Annotated[str | None, typer.Option(help="Ask a running service: its address")] = None,
    token: Annotated[str | None, typer.Option(envvar="AVCTL_TOKEN", help="For it")] = None,
) -> None:  # fmt: skip
    """Write a report of what the journal says; it is marked as not reviewed."""
    chosen = form or _by_name(output)
    try:
        if service:
            made = _fetched(service, token, kind, period, room, chosen, language)
        else:
            opened = open_site(site, Clock())
            folder = data or Settings().data
            made = asyncio.run(_made(opened, folder, kind, period, room, chosen, language))
        output.write_bytes(made)
    except (AvctlError, OSError) as error:
        if isinstance(error, ConfigError):
            raise
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    print(f"written into {output}")


def _by_name(output: Path) -> Form:
    suffix = output.suffix.removeprefix(".").lower()
    for form in get_args(Form):
        if suffix == form:
            return cast(Form, form)
    raise ConfigError(f"{output}: name it .docx, .xlsx, .pdf or .json, or give --format")


async def _made(
    site: Site,
    folder: Path,
    kind: str,
    period: str,
    room: str | None,
    form: Form,
    language: Literal["zh", "en"],
) -> bytes:
    from service.journal import JournalError, open_reader
    from service.operations.reports.kinds import KINDS, Asked, PeriodError, make
    from service.operations.reports.names import Names
    from service.operations.reports.render import render
    from service.operations.reports.reports import cover_of, templates_of

    if kind not in KINDS:
        raise ConfigError(f"no kind of report is called {kind!r}; there are {', '.join(KINDS)}")
    if room is not None and room not in site.rooms:
        raise ConfigError(f"no room {room!r}; there are {', '.join(site.rooms)}")
    asked = Asked(kind, period, room)
    try:
        async with open_reader(folder) as journal:
            document = await make(journal, Names(site), asked, Clock().wall())
    except (PeriodError, JournalError) as error:
        raise ConfigError(str(error)) from error
    if form == "json":
        return document.model_dump_json(indent=2).encode()
    assert site.file
    cover = cover_of(site.file.reports)
    return render(document, cover, form, language, templates_of(site))


def _fetched(
    service: str,
    token: str | None,
    kind: str,
    period: str,
    room: str | None,
    form: str,
    language: str,
) -> bytes:
    import httpx

    asked = {"kind": kind, "period": period, **({"room": room} if room else {})}
    path = "preview" if form == "json" else "preview/file"
    if form != "json":
        asked |= {"format": form, "language": language}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{service.rstrip('/')}/api/v1/reports/{path}"
    try:
        answer = httpx.get(url, params=asked, headers=headers, timeout=SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        raise AvctlError(f"{service}: {error}") from error
    if answer.is_error:
        told = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        raise AvctlError(told.get("detail", f"{service}: {answer.status_code}"))
    return answer.content

"""The command that begins and ends meetings, and tells those there were."""

import os
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

import typer

from service.cli.addresses import SitePath
from service.cli.api import HERE, NOBODY, TOKEN, Api, By, NotDoneError, Url, refused


class What(StrEnum):
    BEGIN = "begin"
    END = "end"
    LIST = "list"


def meeting(
    site: SitePath,
    room: Annotated[str, typer.Argument()],
    what: Annotated[What, typer.Argument()],
    title: Annotated[str, typer.Option(help="What it is called, when it begins")] = "",
    why: Annotated[str, typer.Option(help="Why it ends")] = "",
    limit: Annotated[int, typer.Option(help="How many are listed", min=1, max=200)] = 20,
    by: By = NOBODY,
    url: Url = HERE,
) -> None:
    """Begin or end the meeting of a room, or list its meetings. The site's service must be running."""
    try:
        with Api(url, site, by, os.environ.get(TOKEN)) as api:
            of_room = f"/rooms/{quote(room, safe='')}/meeting"
            match what:
                case What.BEGIN:
                    _tell(api.post(of_room, {"title": title}))
                case What.END:
                    _end(api, of_room, why)
                case What.LIST:
                    for each in api.get("/meetings", room=room, limit=limit)["meetings"]:
                        _tell(each)
    except NotDoneError as error:
        raise refused(error) from error


def _end(api: Api, of_room: str, why: str) -> None:
    live = api.get(of_room)["meeting"]
    if live is None:
        raise NotDoneError("no meeting is on")
    log = api.post(f"/meetings/{live['meeting']}/end", {"why": why})
    _tell(log["meeting"])
    for name, figure in log["figures"].items():
        if figure["value"]:
            seqs = ", ".join(map(str, figure["seqs"]))
            print(f"  {name:<12} {figure['value']:g}  (journal {seqs})")


def _tell(each: dict[str, Any]) -> None:
    until = each["ended"] or "on"
    print(
        f"{each['meeting']:>6}  {each['began']}  {until}  {each['room']}  {each['title']}".rstrip()
    )

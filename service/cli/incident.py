"""The command that tells of incidents, opens them and closes them."""

import os
from enum import StrEnum
from typing import Annotated, Any

import typer

from avctl.errors import ConfigError
from service.cli.addresses import SitePath
from service.cli.api import HERE, NOBODY, TOKEN, Api, By, NotDoneError, Url, refused


class What(StrEnum):
    LIST = "list"
    OPEN = "open"
    CLOSE = "close"


def incident(
    site: SitePath,
    what: Annotated[What, typer.Argument()],
    about: Annotated[
        str | None,
        typer.Argument(help="What is to be seen, of one to open; the number, of one to close"),
    ] = None,
    room: Annotated[str | None, typer.Option()] = None,
    device: Annotated[str, typer.Option()] = "",
    severity: Annotated[str, typer.Option(help="info, warning or critical")] = "warning",
    done: Annotated[
        str, typer.Option(help="What was done, of one that is not on record as repaired yet")
    ] = "",
    reason: Annotated[str, typer.Option(help="Why the one who repaired it confirms it too")] = "",
    state: Annotated[str | None, typer.Option(help="List only these")] = None,
    by: By = NOBODY,
    url: Url = HERE,
) -> None:
    """List incidents, report one, or close one. The site's service must be running."""
    if what is not What.LIST and not about:
        raise ConfigError("say what is to be seen" if what is What.OPEN else "give its number")
    try:
        with Api(url, site, by, os.environ.get(TOKEN)) as api:
            match what:
                case What.LIST:
                    for each in api.get("/incidents", room=room, state=state)["incidents"]:
                        _tell(each)
                case What.OPEN:
                    said = {"room": room, "device": device, "signs": about, "severity": severity}
                    _tell(api.post("/incidents", said))
                case What.CLOSE:
                    _tell(_closed(api, str(about), done, reason))
    except NotDoneError as error:
        raise refused(error) from error


def _closed(api: Api, number: str, done: str, reason: str) -> dict[str, Any]:
    if not number.isdecimal():
        raise ConfigError(f"{number!r}: give the incident's number")
    if done:
        api.post(f"/incidents/{number}/repair", {"done": done})
    closed: dict[str, Any] = api.post(f"/incidents/{number}/close", {"reason": reason})
    return closed


def _tell(each: dict[str, Any]) -> None:
    place = "/".join(part for part in (each["room"], each["device"]) if part)
    print(
        f"{each['incident']:>6}  {each['reported']}  {each['state']:<9}  "
        f"{each['severity']:<8}  {place}  {each['signs']}"
    )

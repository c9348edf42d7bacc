"""Commands about a site: check it, serve it, describe its files."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from avctl.clock import Clock
from avctl.config import room_schema
from avctl.errors import ConfigError
from avctl.site import open_site, read_site
from service.cli.addresses import AddressFile, SitePath, read_addresses
from service.cli.running import serve_site
from service.settings import Settings, is_loopback


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
    access: Annotated[
        str | None,
        typer.Option(help="people: they log in; open: nobody does, on this machine only"),
    ] = None,
    addresses: AddressFile = None,
) -> None:
    """Keep a site's devices in touch, and serve panel and API."""
    given = {"host": host, "port": port, "data": data, "access": access}
    try:
        settings = Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]  # by key
    except ValidationError as error:
        raise ConfigError(
            "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors())
        ) from error
    settings = _with_access(settings)
    opened = open_site(site, Clock(), addresses=read_addresses(addresses))

    def ready(url: str) -> None:
        print(f"panel {url}/panel/", flush=True)

    asyncio.run(serve_site(opened, settings, ready))


def _with_access(settings: Settings) -> Settings:
    """People log in unless somebody said otherwise, which is for this machine only."""
    if "access" not in settings.model_fields_set:
        return settings.model_copy(update={"access": "people"})
    if settings.access == "open" and not is_loopback(settings.host):
        raise ConfigError(
            f"access open would let everybody on the network command the rooms at {settings.host}: "
            "let people log in (access people), or listen on 127.0.0.1"
        )
    return settings


def schema() -> None:
    """Print the JSON Schema of a room file, for editors."""
    print(json.dumps(room_schema(), ensure_ascii=False, indent=2))

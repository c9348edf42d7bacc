"""Where a site is, and URLs that go before its own: a bench's, or simulators'."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from avctl.errors import ConfigError

SitePath = Annotated[
    Path, typer.Argument(metavar="SITE", help="A site's folder, or one room's file")
]
AddressFile = Annotated[
    Path | None, typer.Option("--addresses", help="JSON of URLs that go before the site's own")
]

Addresses = Mapping[str, Mapping[str, str]]  # by room, then by device or ``NAME/picture``


def read_addresses(path: Path | None) -> Addresses:
    """From a JSON file. Raises ConfigError."""
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}:1:1: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}:1:1: not JSON: {error}") from error
    if not isinstance(found, dict) or not all(
        isinstance(room, dict) and all(isinstance(url, str) for url in room.values())
        for room in found.values()
    ):
        raise ConfigError(f'{path}:1:1: give {{"ROOM": {{"DEVICE": "URL"}}}}')
    return found

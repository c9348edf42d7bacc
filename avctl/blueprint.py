"""A room's file read and found sound, before any device is spoken to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from avctl.changeover import made_of
from avctl.config import (
    DestinationFile,
    Document,
    MicrophoneFile,
    OutletFile,
    RoomFile,
    SourceFile,
    read_document,
    settings_of,
    validate,
)
from avctl.device import DriverSettings
from avctl.names import Names
from avctl.playbook import Playbook
from avctl.registry import driver
from avctl.scenes.scene import Scene


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A room file that was read and found sound."""

    file: RoomFile
    settings: Mapping[str, DriverSettings]
    names: Names
    playbook: Playbook

    @property
    def scenes(self) -> Mapping[str, Scene]:
        return self.playbook.scenes


def read_room(path: Path) -> Blueprint:
    """Raises ConfigError for the first thing that is wrong."""
    document = read_document(path)
    file = validate(document, RoomFile, document.data)
    settings = {name: settings_of(document, name, part) for name, part in file.devices.items()}
    _check_places(document, file)
    try:
        names = Names(file, {name: driver(part.driver) for name, part in file.devices.items()})
    except ValueError as error:
        raise document.error((), str(error)) from error
    return Blueprint(file, settings, names, Playbook(document, file, names))


def _check_places(document: Document, file: RoomFile) -> None:
    parts: Mapping[
        str, Mapping[str, SourceFile | DestinationFile | MicrophoneFile | OutletFile]
    ] = {
        "sources": file.sources,
        "destinations": file.destinations,
        "microphones": file.microphones,
        "outlets": file.outlets,
    }
    for kind, things in parts.items():
        for name, thing in things.items():
            if thing.device not in file.devices:
                fitting = ", ".join(file.devices)
                text = f"no device is called {thing.device!r}; there are {fitting}"
                raise document.error((kind, name, "device"), text)
    fed = [(("outlets", name, "feeds"), outlet.feeds) for name, outlet in file.outlets.items()]
    ready = [(("ready", "devices"), file.ready.devices or ())] if file.ready else []
    for place, named in (*fed, *ready):
        for each in named:
            if each not in file.devices:
                fitting = ", ".join(file.devices)
                raise document.error(place, f"no device is called {each!r}; there are {fitting}")
    known = {*file.devices, *file.sources, *file.destinations, *file.microphones, *file.pairs}
    for name, pair in file.pairs.items():
        for side in (pair.main, pair.backup):
            if side not in known | file.pairs.keys():
                text = f"nothing is called {side!r}; there are {', '.join(sorted(known))}"
                raise document.error(("pairs", name), text)
        try:
            made_of(file, pair)
        except ValueError as error:
            raise document.error(("pairs", name), str(error)) from error
    for role, name in file.roles.items():
        if name not in known:
            text = f"nothing is called {name!r}; there are {', '.join(sorted(known))}"
            raise document.error(("roles", role), text)

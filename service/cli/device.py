"""Commands about single devices, drivers and serial ports."""

import asyncio
import inspect
import sys
import typing
from collections import defaultdict
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML
from serial.tools import list_ports

from avctl import registry
from avctl.clock import Clock
from avctl.config import DeviceFile, Document, settings_of
from avctl.device import Device, link
from avctl.errors import ConfigError, DeviceError
from avctl.transport import parse_address

console = Console(highlight=False)


def drivers() -> None:
    """List the drivers there are, and what their devices can be told."""
    for name in registry.names():
        driver = registry.driver(name)
        console.print(f"[bold]{name}[/]  {(inspect.getdoc(driver) or '').splitlines()[0]}")
        for verb, line in driver.verbs.items():
            console.print(f"    {verb:<12} {line}", markup=False)


def ports() -> None:
    """List the serial ports of this machine with all names they go by."""
    names: dict[str, list[str]] = defaultdict(list)
    for folder in ("/dev/serial/by-id", "/dev/serial/by-path", "/dev/avctl"):
        for path in sorted(Path(folder).glob("*")):
            names[str(path.resolve())].append(str(path))
    found = sorted(list_ports.comports(), key=lambda port: port.device)
    if not found:
        print("no serial ports")
    identities: dict[str, list[str]] = defaultdict(list)
    for port in found:
        print(f"{port.device}  {port.description}")
        for name in names[str(Path(port.device).resolve())]:
            print(f"    {name}")
        if port.hwid and port.hwid != "n/a":
            identities[port.hwid.split(" LOCATION")[0]].append(port.device)
    for identity, devices in identities.items():
        if len(devices) > 1:
            print(
                f"warning: {', '.join(devices)} cannot be told apart by id ({identity}): use by-path"
            )


def device(
    driver: Annotated[str, typer.Argument(help="See: avctl drivers")],
    url: Annotated[str, typer.Argument(help="serial:///dev/…?baud=9600, tcp://host:port, udp://…")],
    words: Annotated[list[str] | None, typer.Argument(metavar="[VERB ARGS…]")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE of the driver's settings; YAML")
    ] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the device")] = 10.0,
) -> None:
    """Talk to one device: tell who it is and how it stands, or carry out a verb and read back."""
    made = _made(driver, url, _settings(setting or []))
    call = _call(made, words[0], words[1:]) if words else None
    raise typer.Exit(asyncio.run(_converse(made, url, call, wait)))


def _settings(pairs: list[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ConfigError(f"--set {pair}: write KEY=VALUE")
        given[key] = YAML(typ="safe").load(StringIO(value))
    return given


def _made(driver: str, url: str, settings: Mapping[str, Any]) -> Device:
    data = {"devices": {driver: {"driver": driver, "url": url, "settings": dict(settings)}}}
    document = Document(Path("command line"), data)
    try:
        parse_address(url)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    if driver not in registry.names():
        raise ConfigError(f"no driver {driver!r}; there are {', '.join(registry.names())}")
    file = DeviceFile(driver=driver, url=url, settings=dict(settings))
    return registry.driver(driver)(driver, settings_of(document, driver, file), Clock())


def _call(made: Device, verb: str, words: list[str]) -> Any:
    """The verb with its arguments, ready to be called. Raises ConfigError."""
    if verb not in made.verbs:
        raise ConfigError(f"{made.driver} has no verb {verb!r}; it has {', '.join(made.verbs)}")
    method = getattr(made, f"verb_{verb}", None) or getattr(made, verb)
    signature = inspect.signature(method)
    kinds = typing.get_type_hints(method)
    try:
        bound = signature.bind(*words)
        for name, text in bound.arguments.items():
            bound.arguments[name] = _converted(kinds.get(name, str), text)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{verb} {made.verbs[verb]}: {error}") from error
    return lambda: method(*bound.args, **bound.kwargs)


def _converted(kind: Any, text: Any) -> Any:
    if isinstance(text, tuple):
        return tuple(_converted(kind, part) for part in text)
    options = [part for part in typing.get_args(kind) if part is not type(None)] or [kind]
    if bool in options:
        if text not in ("on", "off"):
            raise ValueError(f"{text!r}: give on or off")
        return text == "on"
    for option in (int, float):
        if option in options:
            try:
                return option(text)
            except ValueError:
                if str not in options and (option is float or float not in options):
                    raise
    return text


async def _converse(made: Device, url: str, call: Any, wait: float) -> int:
    line = link([made], parse_address(url), made.clock)
    running = asyncio.create_task(line.run())
    try:
        if not await _came_up(made, wait):
            print(f"{made.name}: not reachable: {made.reason}", file=sys.stderr)
            return 1
        if call is not None:
            if (answer := await call()) is not None:
                console.print(answer, markup=False)
            await made.read(tuple(made.state))
        _print_state(made)
        return 0
    except ValueError as error:
        raise ConfigError(f"{made.name}: {error}") from error
    except DeviceError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _came_up(made: Device, wait: float) -> bool:
    up = asyncio.Event()
    made.subscribe(lambda device, point: up.set() if device.up else None)
    try:
        await asyncio.wait_for(up.wait(), wait)
    except TimeoutError:
        return False
    return True


def _print_state(made: Device) -> None:
    for key, value in made.identity.items():
        print(f"{key}: {value}")
    table = Table(box=None, pad_edge=False)
    for title in ("point", "value", "age"):
        table.add_column(title)
    now = made.clock.now()
    for point, reading in sorted(made.state.items(), key=lambda item: item[0].key):
        unit = f" {point.unit}" if point.unit else ""
        table.add_row(point.key, f"{reading.value}{unit}", f"{now - reading.at:.1f} s")
    console.print(table)

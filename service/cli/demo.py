"""The demo: a site on simulators, which run as a process of their own."""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from avctl.clock import Clock
from avctl.errors import ConfigError
from avctl.site import open_site, read_site
from service.cli.running import serve_site
from service.settings import Settings


class Access(StrEnum):
    OPEN = "open"
    PEOPLE = "people"


EXAMPLE = Path(__file__).parents[2] / "examples" / "demo"
WALL_PASSWORD = "adminpw"  # as the wall controllers ship, and so their simulators


def demo(
    site: Annotated[Path, typer.Argument(help="A site's folder with a simulators.yaml")] = EXAMPLE,
    port: Annotated[int, typer.Option(help="Port of the panel; 0 for any")] = 8080,
    speed: Annotated[float, typer.Option(help="How fast the simulated devices live")] = 1.0,
    data: Annotated[
        Path | None, typer.Option(help="Folder for the journal; else it is lost")
    ] = None,
    access: Annotated[
        Access, typer.Option(help="open: nobody logs in; people: as a site is served")
    ] = Access.OPEN,
) -> None:
    """Run the demo site on simulators, with its panel."""
    os.environ.setdefault("AVCTL_HALL_WALL_PASSWORD", WALL_PASSWORD)
    asyncio.run(_demo(site, port, speed, data, access))


async def _demo(site: Path, port: int, speed: float, data: Path | None, access: Access) -> None:
    async with contextlib.AsyncExitStack() as stack:
        folder = data or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="avctl-demo-"))
        )
        ends = await stack.enter_async_context(simulators(site / "simulators.yaml", speed))
        control = ends.pop("control")
        opened = open_site(site, Clock(), addresses=_addresses(site, ends, control))

        def ready(url: str) -> None:
            print(f"panel      {url}/panel/")
            print(f"simulators {control}/  (kill a microphone, hang the matrix)")
            if access is Access.OPEN:
                print(
                    "access     open: whoever reaches this demo is operator and engineer",
                    flush=True,
                )

        await serve_site(opened, Settings(port=port, data=folder, access=access.value), ready)


def _addresses(site: Path, ends: dict[str, str], control: str) -> dict[str, dict[str, str]]:
    """The simulators' URLs by room and device, and the pictures of what they show."""
    addresses: dict[str, dict[str, str]] = {}
    for end, url in ends.items():
        room, _, device = end.partition("/")
        addresses.setdefault(room, {})[device] = url
    _, plans = read_site(site)
    for plan in plans:
        room = plan.file.room
        base = f"{control}/rooms/{room}"
        places = addresses.setdefault(room, {})
        for name, part in plan.file.devices.items():
            if part.driver == "visca":
                places[f"{name}/picture"] = f"{base}/cameras/{name}/snapshot.jpg"
            if part.driver == "coriomaster":
                places[f"{name}/picture"] = f"{base}/walls/{name}.jpg"
        if "far-end" in plan.file.destinations:
            places["far-end/picture"] = f"{base}/far-end.jpg"
    return addresses


@contextlib.asynccontextmanager
async def simulators(file: Path, speed: float) -> AsyncIterator[dict[str, str]]:
    """Run the simulators of a file as a process. Gives the URL of each end, by ROOM/DEVICE, and of ``control``."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hw_sim", "room", str(file),
        "--speed", str(speed), "--control", "127.0.0.1:0",
        stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        yield await _ends(process, file)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _ends(process: asyncio.subprocess.Process, file: Path) -> dict[str, str]:
    assert process.stdout is not None
    ends: dict[str, str] = {}
    while line := (await process.stdout.readline()).decode():
        ready, url, name = line.split()
        assert ready == "ready"
        ends[name] = url
        if name == "control":
            return ends
    raise ConfigError(f"{file}:1:1: the simulators did not start")

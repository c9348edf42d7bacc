"""Serial devices behind a terminal server: pyserial's own RFC 2217 server, in front of a simulator's line."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from avctl.capabilities.camera import Framing
from avctl.capabilities.router import Output, Tie
from avctl.drivers.extron_sis import ExtronSis
from avctl.drivers.visca import Visca
from avctl.errors import LinkDownError
from tests.processes import ROOT, Simulated, simulated
from tests.system.lag import Lag
from tests.system.lines import STALL, held, kept_up, losses, until

pytestmark = pytest.mark.serial


@contextlib.contextmanager
def terminal_server(device: str, port: int = 0) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "tests.system.terminal_server", device, str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready, at = process.stdout.readline().split()
            assert ready == "ready"
            yield process, int(at)
        finally:
            process.kill()


def path(simulator: Simulated) -> str:
    return urlsplit(simulator.url).path


async def test_a_switcher_behind_it_ties_and_is_read_back() -> None:
    with (
        simulated("extron_sis", "--model", "crosspoint-84", "--pty") as real,
        terminal_server(path(real)) as (_, port),
    ):
        async with kept_up("extron_sis", f"rfc2217://127.0.0.1:{port}?baud=9600") as device:
            assert isinstance(device, ExtronSis)
            await until(lambda: device.up)
            await device.tie(Tie(3, 2))
            assert device.state[Output(2)].value == 3
            assert real.truth()["ties"]["video"]["2"] == 3


async def test_a_camera_behind_it_moves_and_tells_where_it_looks() -> None:
    with (
        simulated("visca", "--model", "evi-d70", "--pty", "--speed", "5") as real,
        terminal_server(path(real)) as (_, port),
    ):
        url = f"rfc2217://127.0.0.1:{port}?baud=9600"
        async with kept_up("visca", url, model="evi-d70") as device:
            assert isinstance(device, Visca)
            await until(lambda: device.up)
            await device.aim(Framing(15.0, 3.0, 0.0))
            real.until(lambda truth: truth["pan"] > 14.9 and not truth["moving"])
            at = await device.position()
            assert at.pan == pytest.approx(15, abs=0.1)
            assert at.tilt == pytest.approx(3, abs=0.1)


async def test_its_loss_is_told_at_once_and_its_return_brings_the_device_back() -> None:
    with (
        simulated("extron_sis", "--model", "crosspoint-84", "--pty") as real,
        contextlib.ExitStack() as servers,
    ):
        first, port = servers.enter_context(terminal_server(path(real)))
        async with kept_up("extron_sis", f"rfc2217://127.0.0.1:{port}?baud=9600") as device:
            await until(lambda: device.up)
            lost = losses(device)
            async with Lag() as lag:
                first.kill()
                first.wait()
                await until(lambda: lost)
                assert "no answer" not in lost[0]
                with pytest.raises(LinkDownError):
                    await device.refresh()
                another = terminal_server(path(real), port)
                await asyncio.to_thread(servers.enter_context, another)
                await until(lambda: device.up)
            assert lag.worst < STALL
        await until(lambda: not [name for name in held()[2] if "2217" in name])

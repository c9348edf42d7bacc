"""Conference terminals under TLS and SSH, their simulators as processes of their own."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from avctl.capabilities.terminal import Call, CallState, MicrophonesMuted
from tests.processes import Simulated, simulated
from tests.system.lines import held, kept_up, until

pytestmark = pytest.mark.serial

KINDS = {
    "huawei_te": ("--model", "box300", "--tls"),
    "cisco_roomos": ("--model", "room_kit", "--ssh"),
}


@asynccontextmanager
async def terminal(driver: str, *more: str) -> AsyncIterator[tuple[Simulated, Any]]:
    """A terminal whose fingerprint is taken from the error of a first dial, in service."""
    options = ("--option", "password=secret", *more)
    with simulated(driver, *KINDS[driver], "127.0.0.1:0", *options) as real:
        async with kept_up(driver, f"{real.url}?verify={'00' * 32}", password="secret") as device:
            await until(lambda: "its fingerprint is" in device.reason)
        url = f"{real.url}?{device.reason.rsplit('?', 1)[1]}"
        async with kept_up(driver, url, password="secret") as device:
            await until(lambda: device.up)
            yield real, device


@pytest.mark.parametrize("driver", KINDS)
async def test_a_terminal_known_by_its_fingerprint_is_driven_and_read_back(driver):
    async with terminal(driver) as (real, device):
        await device.mute_microphones(True)
        await device.read([MicrophonesMuted()])
        assert device.state[MicrophonesMuted()].value is True
        real.until(lambda truth: truth["muted"])
        await device.dial("8001")
        await until(lambda: device.state[Call()].value is CallState.CONNECTED)
        await device.hang_up()
        await until(lambda: device.state[Call()].value is CallState.IDLE)
        assert device.link.figures.unknown == 0
        assert device.link.figures.losses == 0


@pytest.mark.parametrize("driver", KINDS)
async def test_a_terminal_that_hangs_is_noticed_and_comes_back(driver):
    async with terminal(driver) as (real, device):
        os.kill(real.process.pid, signal.SIGSTOP)
        await until(lambda: not device.up)
        os.kill(real.process.pid, signal.SIGCONT)
        await until(lambda: device.up)


@pytest.mark.parametrize("driver", KINDS)
async def test_a_half_open_line_is_noticed_and_dialled_again(driver):
    async with terminal(driver) as (real, device):
        real.set_fault("half_open")
        await until(lambda: not device.up)
        real.clear_fault("half_open")
        await until(lambda: device.up)


@pytest.mark.parametrize("driver", KINDS)
async def test_leaving_leaves_nothing_open_here_and_no_session_there(driver):
    with simulated(driver, *KINDS[driver], "127.0.0.1:0", "--option", "password=secret") as real:
        before = held()
        for _ in range(3):
            async with kept_up(driver, f"{real.url}?verify=no", password="secret") as device:
                await until(partial(getattr, device, "up"))
        await until(lambda: held() == before)
        real.until(lambda truth: truth["sessions"] == 0)

"""A driver's command against a bare asyncio client, on the same transport and with the same bytes."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import serial_asyncio_fast

from avctl.device import Device
from avctl.drivers.visca import Visca
from avctl.drivers.visca.inquiries import read_zoom
from avctl.transport import parse_address
from tests.bench.figure import Figure, ratio
from tests.bench.responder import ZOOM_ASKED, responder
from tests.system.lines import kept_up, until

TIMES = 4000
WARM = 200  # round trips before it counts
MODELS = {"tcp": "ptzoptics", "udp": "srg-300h", "pty": "evi-d70"}
NAMES = {"tcp": "TCP", "udp": "UDP", "pty": "a pseudo-terminal"}
HEADER = b"\x01\x10\x00\x05\x00\x00\x00\x01"


class Bare(asyncio.Protocol, asyncio.DatagramProtocol):
    """Writes a question and waits for bytes."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if not self._answer.done():
            self._answer.set_result(data)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.data_received(data)

    async def ask(self, question: bytes) -> bytes:
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        if hasattr(self._transport, "sendto"):
            self._transport.sendto(HEADER + question)
        else:
            self._transport.write(question)
        return await self._answer

    def close(self) -> None:
        self._transport.abort()


@contextlib.asynccontextmanager
async def bare(url: str) -> AsyncIterator[Bare]:
    loop, at = asyncio.get_running_loop(), parse_address(url)
    made: Any
    if at.scheme == "tcp":
        _, made = await loop.create_connection(Bare, at.host, at.port)
    elif at.scheme == "udp":
        _, made = await loop.create_datagram_endpoint(Bare, remote_addr=(at.host, at.port))
    else:
        _, made = await serial_asyncio_fast.create_serial_connection(loop, Bare, at.path)
    await asyncio.sleep(0)
    try:
        yield made
    finally:
        made.close()


@contextlib.asynccontextmanager
async def camera(url: str, model: str) -> AsyncIterator[Visca]:
    """A camera in service that is neither polled nor paced."""
    envelope = "header" if url.startswith("udp") else "auto"
    async with kept_up("visca", url, model=model, envelope=envelope) as device:
        assert isinstance(device, Visca)
        device.refresh_every = 3600.0
        await until(lambda: device.up)
        unpace(device)
        yield device


def unpace(device: Device) -> None:
    device.gap = 0.0  # what is measured is the library, not what a camera asks for


async def round_trips() -> list[Figure]:
    figures: list[Figure] = []
    for kind, model in MODELS.items():
        # Two lines: on a pseudo-terminal two clients would take each other's bytes.
        with responder(kind) as first, responder(kind) as second:
            async with camera(first, model) as ours, bare(second) as theirs:
                figures += await _compare(kind, ours, theirs)
    return figures


async def _compare(kind: str, ours: Visca, theirs: Bare) -> list[Figure]:
    took: tuple[list[float], list[float]] = [], []
    for number in range(WARM + TIMES):
        began = time.perf_counter()
        await ours.ask(read_zoom(1))
        between = time.perf_counter()
        await theirs.ask(ZOOM_ASKED)
        ended = time.perf_counter()
        if number >= WARM:
            took[0].append(between - began)
            took[1].append(ended - between)
    what = f"A driver's question over {NAMES[kind]} : a bare asyncio client's"
    return ratio(what, *took, 1.5)

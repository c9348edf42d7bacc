"""A VISCA camera that answers at once: what is left of a round trip is transport and client. A process of its own.

``python -m tests.bench.responder tcp|udp|pty`` prints ``ready URL``.
"""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tty
from collections.abc import Callable, Iterator
from typing import Any

from hw_sim.address import bound

ANSWERS = {
    bytes.fromhex(asked): bytes.fromhex(answer)
    for asked, answer in {
        "81090400FF": "905002FF",
        "81090002FF": "9050000105130100 02FF",
        "81090612FF": "90500000000000000000FF",
        "81090447FF": "905000000000FF",
        "81090438FF": "905002FF",
        "81090606FF": "905003FF",
        "81097E010AFF": "905003FF",
        "81090610FF": "90502000FF",
        "8109043FFF": "90507FFF",
        "81097E7E00FF": "905000000000000000000000000000FF",
        "883001FF": "883002FF",
        "88010001FF": "88010001FF",
    }.items()
}
DONE = bytes.fromhex("9041FF"), bytes.fromhex("9051FF")
ZOOM_ASKED = bytes.fromhex("81090447FF")


def replies(frame: bytes) -> tuple[bytes, ...]:
    if answer := ANSWERS.get(frame):
        return (answer,)
    return DONE if frame[1:2] == b"\x01" else (bytes.fromhex("906002FF"),)


class Stream(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.write: Callable[[bytes], object] = transport.write  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        for frame in data.split(b"\xff")[:-1]:
            self.write(b"".join(replies(frame + b"\xff")))


class Datagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.send: Callable[[bytes, Any], object] = transport.sendto  # type: ignore[attr-defined]

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if data[:2] == b"\x02\x00":
            self.send(b"\x02\x01" + data[2:], addr)
            return
        for reply in replies(data[8:]):
            self.send(b"\x01\x11" + len(reply).to_bytes(2) + data[4:8] + reply, addr)


async def serve(kind: str) -> None:
    loop = asyncio.get_running_loop()
    if kind == "tcp":
        server = await loop.create_server(Stream, "127.0.0.1", 0, backlog=1024)
        url = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    elif kind == "udp":
        taken = bound("127.0.0.60:0", socket.SOCK_DGRAM)  # a client may have the number too
        end, _ = await loop.create_datagram_endpoint(Datagrams, sock=taken)
        url = f"udp://127.0.0.60:{end.get_extra_info('sockname')[1]}"
    else:
        url = f"serial://{_pseudo_terminal(loop)}?baud=115200"
    print("ready", url, flush=True)
    await loop.create_future()


def _pseudo_terminal(loop: asyncio.AbstractEventLoop) -> str:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    line = Stream()
    line.write = lambda data: os.write(ours, data)
    loop.add_reader(ours, lambda: line.data_received(os.read(ours, 1024)))
    return os.ttyname(theirs)


@contextlib.contextmanager
def responder(kind: str) -> Iterator[str]:
    """Its URL."""
    command = [sys.executable, "-m", "tests.bench.responder", kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[1]
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))

"""A UDP port of a simulated device: each peer address a conversation, until it has been silent for long."""

import asyncio
import socket
from contextlib import suppress
from functools import partial

from hw_sim import address
from hw_sim.line import Line
from hw_sim.simulator import Simulator

FORGOTTEN = 600.0  # simulated seconds after the last datagram from a peer
PEERS = 1024  # remembered at once; the longest silent goes first

Address = tuple[str, int] | tuple[str, int, int, int]


class UdpEnd(asyncio.DatagramProtocol):
    """A bound port. Answers go to where the datagram came from, or there to the device's ``reply_port``."""

    kind = "udp"
    _transport: asyncio.DatagramTransport

    def __init__(self, simulator: Simulator, where: str) -> None:
        self.simulator = simulator
        self._where = where
        self._lines: dict[Address, Line] = {}  # the longest silent first
        self._sweep: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Bind. Raises OSError when the address cannot be had."""
        loop = asyncio.get_running_loop()
        self._lost: asyncio.Future[None] = loop.create_future()
        self._socket = address.bound(self._where, socket.SOCK_DGRAM)
        self.url = f"udp://{address.write(self._socket.getsockname())}"
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=self._socket)

    async def close(self) -> None:
        for peer in tuple(self._lines):
            self._forget(peer)
        if self._sweep is not None:
            self._sweep.cancel()
        self._transport.abort()
        await self._lost

    def datagram_received(self, data: bytes, addr: Address) -> None:
        line = self._lines.pop(addr, None) or self._meet(addr)
        line.heard_at = self.simulator.clock.now()
        self._lines[addr] = line
        line.receive(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost.set_result(None)

    def _meet(self, peer: Address) -> Line:
        if len(self._lines) >= PEERS:
            self._forget(next(iter(self._lines)))
        line = Line(
            self.simulator,
            "udp",
            send=partial(self._send, peer),
            close=partial(self._lines.pop, peer, None),
            peer=address.write(peer),
            end=self.url,
        )
        line.opened()
        if self._sweep is None:
            self._sweep = self.simulator.clock.later(FORGOTTEN, self._forget_silent)
        return line

    def _forget(self, peer: Address) -> None:
        line = self._lines.pop(peer, None)
        if line is not None:
            line.closed()

    def _forget_silent(self) -> None:
        self._sweep = None
        now = self.simulator.clock.now()
        for peer in tuple(self._lines):
            left = self._lines[peer].heard_at + FORGOTTEN - now
            if left > 0:
                self._sweep = self.simulator.clock.later(left, self._forget_silent)
                return
            self._forget(peer)

    def _send(self, peer: Address, data: bytes) -> None:
        reply_port = getattr(self.simulator, "reply_port", None)
        to = peer if reply_port is None else (peer[0], int(reply_port), *peer[2:])
        with suppress(OSError):  # too long, no room, nobody there: UDP does not say
            self._socket.sendto(data, to)

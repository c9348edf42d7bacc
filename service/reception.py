"""Who gets a connection: a few at a time, so many for each address, and none of them before those who are served.

asyncio would take everybody who waits in one turn of its loop, and somebody who only dials keeps it at that.
"""

import asyncio
import contextlib
import logging
import socket
import struct
from collections import Counter
from collections.abc import Callable, Collection
from typing import Protocol

from avctl.clock import Clock
from service.settings import Settings

log = logging.getLogger("avctl.server")

HANDFUL = 16  # connections that are taken in one turn
PAUSE = 0.01  # seconds for everybody else between two turns
RETRY = 1.0  # seconds, where the process may not open any more files
TOLD = 60.0  # seconds between two lines in the log about who was sent away
AT_ONCE = struct.pack("ii", 1, 0)  # closed without a farewell: nothing of it stays behind


class Connection(Protocol):
    """As uvicorn's protocols have it."""

    client: tuple[str, int] | None
    transport: asyncio.Transport


class Reception:
    """Takes connections from ``listening`` until it is cancelled, and gives each a protocol of ``make``.

    ``connections``: those there are. ``is_idle``: whether one has not asked for anything yet; where all places are
    taken, one such makes room for an address that has fewer than its own.
    """

    def __init__(
        self,
        listening: socket.socket,
        make: Callable[[], asyncio.Protocol],
        connections: Collection[Connection],
        is_idle: Callable[[Connection], bool],
        limits: Settings,
        clock: Clock,
    ) -> None:
        self._listening, self._make = listening, make
        self._connections, self._is_idle = connections, is_idle
        self._limits, self._clock = limits, clock
        self._refused: Counter[str] = Counter()
        self._told = -TOLD

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        self._listening.setblocking(False)
        while True:
            try:
                arrived = [await loop.sock_accept(self._listening)]
                arrived += self._waiting(HANDFUL - 1)
            except ConnectionAbortedError:
                continue  # it is gone again
            except OSError as error:
                log.warning("cannot take a connection: %s", error.strerror)
                await self._clock.sleep(RETRY)
                continue
            await self._seat(arrived)
            await self._clock.sleep(PAUSE)

    def _waiting(self, most: int) -> list[tuple[socket.socket, tuple[str, int]]]:
        arrived = []
        with contextlib.suppress(BlockingIOError, ConnectionAbortedError):
            for _ in range(most):
                arrived.append(self._listening.accept())
        return arrived

    async def _seat(self, arrived: list[tuple[socket.socket, tuple[str, int]]]) -> None:
        loop = asyncio.get_running_loop()
        there = Counter(_address(each) for each in self._connections)
        idle = [each for each in self._connections if self._is_idle(each)]
        idle.sort(key=lambda each: there[_address(each)])
        for sock, (address, *_) in arrived:
            if there[address] >= self._limits.connections_per_address or not (
                there.total() < self._limits.connections or self._make_room(there, idle, address)
            ):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                sock.close()
                self._note(address)
                continue
            there[address] += 1
            sock.setblocking(False)
            with contextlib.suppress(OSError):  # it is gone again
                await loop.connect_accepted_socket(self._make, sock)

    def _make_room(self, there: Counter[str], idle: list[Connection], address: str) -> bool:
        if not idle or there[_address(idle[-1])] <= there[address] + 1:
            return False
        greediest = idle.pop()
        there[_address(greediest)] -= 1
        greediest.transport.abort()
        self._note(_address(greediest))
        return True

    def _note(self, address: str) -> None:
        """Not one by one: who dials without end would have the log, and the time that it takes."""
        self._refused[address] += 1
        if self._clock.now() - self._told < TOLD:
            return
        most, times = self._refused.most_common(1)[0]
        log.warning(
            "%d connections sent away, of %d addresses; of %s alone %d",
            self._refused.total(), len(self._refused), most, times,
        )  # fmt: skip
        self._refused.clear()
        self._told = self._clock.now()


def _address(connection: Connection) -> str:
    return connection.client[0] if connection.client else ""

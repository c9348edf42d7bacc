"""A web application beside the simulated devices, in their loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from hw_sim import address

FAREWELL = 1  # seconds that open requests get to end in


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs the loop."""
        yield


@asynccontextmanager
async def served(app: FastAPI, where: str) -> AsyncIterator[str]:
    """Serve ``app`` at HOST:PORT, port 0 for any that is free; gives its URL. Raises OSError, ValueError."""
    listening = address.bound(where, socket.SOCK_STREAM)
    listening.listen()
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=FAREWELL)
    server = _Server(config)
    url = f"http://{address.write(listening.getsockname())}"
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield url
    finally:
        server.should_exit = True
        await running
        listening.close()

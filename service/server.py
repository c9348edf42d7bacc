"""The HTTP server inside avctl's own loop, with the patience that uvicorn lacks.

Requests that do not arrive, answers that are not read, and addresses that open too many connections are
cut off, so that none of them can keep a panel from its room.
"""

import asyncio
import contextlib
import logging
import signal
import socket
import threading
from collections.abc import Callable, Collection, Iterator
from typing import cast

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from avctl.errors import ConfigError
from service.parts import Parts
from service.reception import Connection, Reception

log = logging.getLogger("avctl.server")

HEAD = 3.0  # seconds from the first byte of a request, or the connection, to the end of its head
REST = 8.0  # seconds more for its body; the guard answers earlier
UNREAD = 8.0  # seconds that an answer may wait for the other side to read
HEAD_BYTES = 16 * 1024
MESSAGE_BYTES = 16 * 1024  # of a panel's WebSocket message; panels only ping
STOP = 2.0  # seconds that requests under way get when the service stops
BACKLOG = 256


class _Patience:
    """A deadline for what the other side has to do next."""

    def __init__(self, cut: Callable[[], object]) -> None:
        self._cut = cut
        self._what: str | None = None
        self._timer: asyncio.TimerHandle | None = None

    def expect(self, what: str | None, seconds: float = 0.0) -> None:
        """From now on ``what``, within ``seconds``; the same as before goes on from before."""
        if what == self._what:
            return
        self._what = what
        if self._timer:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, self._cut) if what else None


class Http(H11Protocol):
    """uvicorn's protocol with deadlines for the request's arrival and the answer's reading."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # whatever waits here was not read there
        self._arrival, self._reading = _Patience(transport.abort), _Patience(transport.abort)
        self._arrival.expect("head", HEAD)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch(heard=True)

    def on_response_complete(self) -> None:
        if self.conn.trailing_data[0].strip():
            self.transport.close()  # it asks on without reading: browsers and proxies do not
        super().on_response_complete()
        self._watch(heard=False)

    @property
    def is_idle(self) -> bool:
        """Whether it has not asked for anything yet."""
        return self.cycle is None

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrival.expect(None)
        self._reading.expect(None)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        self._reading.expect("reading", UNREAD)
        super().pause_writing()

    def resume_writing(self) -> None:
        self._reading.expect(None)
        super().resume_writing()

    def _watch(self, *, heard: bool) -> None:
        theirs = self.conn.their_state
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._arrival.expect(None)
        elif theirs is h11.SEND_BODY:
            self._arrival.expect("body", REST)
        elif theirs is h11.IDLE and (heard or self.conn.trailing_data[0]):
            self._arrival.expect("head", HEAD)
        else:
            self._arrival.expect(None)  # uvicorn itself closes a connection that is not used again


class WebSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which cuts off a panel that does not read."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._reading = _Patience(self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._reading.expect(None)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        self._reading.expect("reading", UNREAD)
        super().pause_writing()

    def resume_writing(self) -> None:
        self._reading.expect(None)
        super().resume_writing()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        if not self.writable.is_set():
            self.transport.abort()  # a close would wait for it to read


def _is_idle(connection: object) -> bool:
    return isinstance(connection, Http) and connection.is_idle


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, parts: Parts, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._parts, self._ready = parts, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup([])  # whom to take is the reception's business
        if not (self.started and sockets):
            return
        connections = cast(Collection[Connection], self.server_state.connections)
        reception = Reception(
            sockets[0], self._protocol, connections, _is_idle,
            self._parts.settings, self._parts.clock,
        )  # fmt: skip
        self._receiving = asyncio.create_task(reception.run())
        self._ready()

    def _protocol(self) -> asyncio.Protocol:
        return Http(self.config, self.server_state, self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._receiving.cancel()
        self._parts.hub.close()  # event streams would not end by themselves
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn's own sends the signal again when it is through, before others could tidy up.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop, signals = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)
        for number in signals:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)


async def serve(app: FastAPI, host: str, port: int, ready: Callable[[str], object]) -> None:
    """Serve until SIGINT, SIGTERM or cancellation. ``ready`` gets the base URL once it listens.

    Raises ConfigError when it cannot listen there.
    """
    parts: Parts = app.state.parts
    listening = _listen(host, port)
    url = _url(listening)

    config = uvicorn.Config(
        app,
        http=Http,
        ws=WebSocket,
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,  # one network, many panels: bytes are cheaper than time
        h11_max_incomplete_event_size=HEAD_BYTES,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # anybody on this machine could give another's address
        timeout_graceful_shutdown=int(STOP),
    )
    server = _Server(config, parts, lambda: ready(url))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigError(f"cannot listen on {host} port {port}: {error.strerror}") from error


def _url(listening: socket.socket) -> str:
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

"""An SSH port of a simulated device: each shell a conversation of its own."""

import asyncio
import socket
from contextlib import suppress
from typing import Protocol, runtime_checkable

import asyncssh

from hw_sim import address
from hw_sim.line import LIMIT, Line
from hw_sim.simulator import Simulator
from hw_sim.tcp import RST, TcpEnd


@runtime_checkable
class Guarded(Protocol):
    """A device that asks for user and password. Others let everybody in."""

    def admits(self, user: str, password: str) -> bool: ...


class SshEnd(TcpEnd):
    """As `TcpEnd`, with line faults inside of SSH: while a line is half-open, SSH itself still answers keepalives."""

    scheme = "ssh"

    def __init__(self, simulator: Simulator, where: str) -> None:
        super().__init__(simulator, where)
        self.logins: set[Login] = set()

    @property
    def host_key(self) -> str:
        """The public half, as in a known_hosts file: ``ssh-ed25519 AAAA…``."""
        return self._key.export_public_key().decode().strip()

    async def open(self) -> None:
        self._key = asyncssh.generate_private_key("ssh-ed25519")
        await super().open()

    async def close(self) -> None:
        await super().close()
        leaving = [login.lost for login in self.logins]
        for login in tuple(self.logins):
            login.connection.abort()
        await asyncio.gather(*leaving)

    async def _meet(self, accepted: socket.socket) -> None:
        with suppress(OSError, asyncssh.Error):  # who is not let in never was there
            await asyncssh.run_server(
                accepted,
                server_factory=lambda: Login(self),
                server_host_keys=[self._key],
                encoding=None,
                line_editor=False,
                allow_scp=False,
            )


class Login(asyncssh.SSHServer):
    """One client's connection."""

    connection: asyncssh.SSHServerConnection

    def __init__(self, end: SshEnd) -> None:
        self.end = end
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connection = conn
        self.end.logins.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.end.logins.discard(self)
        self.lost.set_result(None)

    def begin_auth(self, username: str) -> bool:
        return isinstance(self.end.simulator, Guarded)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        device = self.end.simulator
        return isinstance(device, Guarded) and device.admits(username, password)

    def session_requested(self) -> "Shell":
        return Shell(self)


class Shell(asyncssh.SSHServerSession[bytes]):
    """One shell. The device knows no commands without one, and no files."""

    line: Line
    _channel: asyncssh.SSHServerChannel[bytes]

    def __init__(self, login: Login) -> None:
        self._login = login

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def shell_requested(self) -> bool:
        return True

    def session_started(self) -> None:
        end, connection = self._login.end, self._login.connection
        self.line = Line(
            end.simulator,
            "tcp",
            send=self._send,
            close=connection.close,
            reset=self._reset,
            peer=address.write(connection.get_extra_info("peername") or ("gone", 0)),
            end=end.url,
        )
        self.line.opened()

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        self.line.receive(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if hasattr(self, "line"):
            self.line.closed()

    def _send(self, data: bytes) -> None:
        if self._channel.get_write_buffer_size() > LIMIT:  # a client that does not read
            self.line.overruns += len(data)
        elif not self._channel.is_closing():
            self._channel.write(data)

    def _reset(self) -> None:
        connection = self._login.connection
        with suppress(OSError):  # it may have gone
            connection.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
        connection.abort()

"""A shell at the other end of an SSH connection, as a stream of bytes."""

import hashlib
import logging
from typing import Any

import asyncssh

from avctl.transport.address import Address
from avctl.transport.stream import MOST_UNSENT, Receiver, Resync, Stream
from avctl.transport.trust import WRONG_PASSWORD, Login, distrusted, parse_verify

# It tells each step of each dial; what matters of them is in the errors.
asyncssh.set_log_level(logging.WARNING)


async def open_shell(address: Address, login: Login, receiver: Receiver) -> Stream:
    """Raises OSError, Distrust among them."""
    verify = parse_verify(address.option("verify", "yes"))
    door = _Door(verify)
    try:
        connection = await asyncssh.connect(
            address.host,
            address.port,
            username=login.user,
            password=login.password,
            client_factory=lambda: door,
            # Nothing of whoever runs this process: no keys, no agent, no configuration of theirs.
            config=None,
            client_keys=None,
            agent_path=None,
            known_hosts=() if verify == "yes" else ([], [], []),
            preferred_auth=("password", "keyboard-interactive"),
            connect_timeout=None,
        )
    except asyncssh.HostKeyNotVerifiable as error:
        place = f"the host key of {address.host}:{address.port}"
        why = "it is in no known_hosts file" if verify == "yes" else "it is another one"
        raise distrusted(place, why, door.met) from error
    except asyncssh.PermissionDenied as error:
        raise OSError(f"{WRONG_PASSWORD} {login.user}") from error
    except asyncssh.Error as error:
        raise OSError(f"SSH: {error.reason}") from error
    shell = _Shell(connection, receiver)
    try:
        await connection.create_session(lambda: shell, encoding=None, term_type=None)
    except asyncssh.Error as error:
        connection.abort()
        raise OSError(f"SSH: it opens no shell: {error.reason}") from error
    except BaseException:
        connection.abort()
        raise
    return shell


class _Door(asyncssh.SSHClient):
    """Looks who is there before the password is said."""

    def __init__(self, verify: str) -> None:
        self._verify = verify
        self.met = ""  # fingerprint

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        self.met = hashlib.sha256(key.public_data).hexdigest()
        return self._verify in ("no", self.met)


class _Shell(asyncssh.SSHClientSession[bytes]):
    resync = Resync.CLOSE

    def __init__(self, connection: asyncssh.SSHClientConnection, receiver: Receiver) -> None:
        self._connection, self._receiver = connection, receiver
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self._channel = chan

    def data_received(self, data: bytes, datatype: Any) -> None:
        self._receiver.received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._channel = None
        # A shell that ends leaves its connection open.
        self._connection.abort()
        self._receiver.lost(str(exc) if exc else "closed by the other end")

    def write(self, data: bytes) -> None:
        if self._channel is None or self._channel.is_closing():
            raise OSError("the connection is closed")
        if self._channel.get_write_buffer_size() > MOST_UNSENT:
            raise OSError("the other end takes no bytes")
        self._channel.write(data)

    def pause(self) -> None:
        if self._channel:
            self._channel.pause_reading()

    def resume(self) -> None:
        if self._channel:
            self._channel.resume_reading()

    def close(self) -> None:
        self._connection.abort()

"""HOST:PORT, as written on the command line and in URLs."""

import socket


def parse(text: str) -> tuple[str, int]:
    """``"127.0.0.1:0"`` or ``"[::1]:5000"``, taken apart. Raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def write(address: tuple[object, ...]) -> str:
    """The address of a socket as HOST:PORT."""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"


def bound(text: str, kind: socket.SocketKind) -> socket.socket:
    """A non-blocking socket bound to HOST:PORT. Raises OSError, ValueError."""
    host, port = parse(text)
    family, _, _, _, address = socket.getaddrinfo(host, port, type=kind)[0]
    try:
        if kind == socket.SOCK_DGRAM:
            with socket.socket(family, kind) as free:
                free.bind(address)
                address = free.getsockname()
        return _shared(family, kind, address)
    except OSError as error:
        raise type(error)(error.errno, f"{error.strerror}: {text}") from error


def _shared(family: int, kind: socket.SocketKind, address: tuple[object, ...]) -> socket.socket:
    """Bound such that a controller on this machine may have the same UDP port on its other addresses."""
    made = socket.socket(family, kind)
    try:
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except OSError:
        made.close()
        raise
    return made

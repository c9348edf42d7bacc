"""Where a device is: a URL taken apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from avctl.transport.trust import Login, parse_verify


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart. Two devices of one line have equal addresses."""

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    options: tuple[tuple[str, str], ...] = field(default=())
    # Never part of a URL: whoever links a device puts it here.
    login: Login | None = field(default=None, compare=False, repr=False)

    SCHEMES: ClassVar[Mapping[str, set[str]]] = {
        "serial": {"baud", "parity", "stopbits", "bits", "flow"},
        "rfc2217": {"baud", "parity", "stopbits", "bits", "flow"},
        "tcp": set(),
        "tls": {"verify", "ciphers"},
        "ssh": {"verify"},
        "udp": {"bind"},
        "memory": set(),
    }

    def __str__(self) -> str:
        query = "&".join(f"{key}={value}" for key, value in self.options)
        place = self.path or f"{self.host}:{self.port}"
        return f"{self.scheme}://{place}" + (f"?{query}" if query else "")

    def option(self, name: str, default: str) -> str:
        return dict(self.options).get(name, default)

    @property
    def longest_pause(self) -> float:
        """Seconds between two dials at most: a port that reappears is cheap to ask for, a host is not."""
        return 0.25 if self.scheme == "serial" else 5.0


def parse_address(url: str) -> Address:
    """Raises ValueError that says what would fit."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("a login is not written into an address, but into settings")
    known = Address.SCHEMES.get(parts.scheme)
    if known is None:
        raise ValueError(f"{url!r}: the scheme is one of {', '.join(Address.SCHEMES)}")
    # A fingerprint may have a + of its own.
    query = parts.query.replace("+", "%2B")
    options = tuple(parse_qsl(query, keep_blank_values=True))
    if unknown := {key for key, _ in options} - known:
        raise ValueError(f"{url!r}: no option {', '.join(sorted(unknown))} for {parts.scheme}")
    for key, value in options:
        if key in ("baud", "bind", "bits") and not value.isdigit():
            raise ValueError(f"{url!r}: {key} is a whole number")
        if key == "ciphers" and value != "old":
            raise ValueError(f"{url!r}: ciphers is old, or not there")
        if key == "verify":
            parse_verify(value)
    if parts.scheme in ("serial", "memory"):
        path = parts.netloc + parts.path
        if not path:
            raise ValueError(f"{url!r}: write serial:///dev/ttyUSB0?baud=9600")
        return Address(parts.scheme, path=path, options=options)
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{url!r}: {error}") from None
    if not parts.hostname or not port:
        raise ValueError(f"{url!r}: write {parts.scheme}://host:port")
    return Address(parts.scheme, parts.hostname, port, options=options)


def serial_settings(address: Address) -> dict[str, Any]:
    """Keyword arguments as pyserial names them."""
    flow = address.option("flow", "none")
    return {
        "baudrate": int(address.option("baud", "9600")),
        "bytesize": int(address.option("bits", "8")),
        "parity": address.option("parity", "N"),
        "stopbits": float(address.option("stopbits", "1")),
        "rtscts": flow == "rtscts",
        "xonxoff": flow == "xonxoff",
    }

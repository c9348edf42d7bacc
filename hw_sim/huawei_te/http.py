"""HTTP/1.1 as far as a terminal's web server goes: requests out of bytes cut anywhere, replies into bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

HEAD = 16_384  # bytes of request line and headers
BODY = 65_536
END = b"\r\n\r\n"


class MalformedError(Exception):
    """What came is no request; the connection cannot go on."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    keeps: bool  # the connection


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def wire(self, *, keeps: bool) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"Content-Length: {len(self.body)}"]
        lines += [f"Connection: {'keep-alive' if keeps else 'close'}"]
        return "\r\n".join(lines).encode("latin-1") + END + self.body


class Requests:
    """Reads the requests of one connection."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._head: Request | None = None  # whose body has not come yet
        self._wanted = 0  # bytes of it

    def feed(self, data: bytes) -> Iterator[Request]:
        """Take bytes and give the requests that they complete. Raises MalformedError."""
        self._held += data
        while (request := self._next()) is not None:
            yield request

    def _next(self) -> Request | None:
        if self._head is None and not self._read_head():
            return None
        if len(self._held) < self._wanted or self._head is None:
            return None
        head, self._head = self._head, None
        body = bytes(self._held[: self._wanted])
        del self._held[: self._wanted]
        return Request(head.method, head.target, head.headers, body, head.keeps)

    def _read_head(self) -> bool:
        while self._held.startswith(b"\r\n"):  # between two requests
            del self._held[:2]
        end = self._held.find(END)
        if end == -1 and len(self._held) <= HEAD:
            return False
        if end == -1 or end > HEAD:
            raise MalformedError(431)
        head = bytes(self._held[:end]).decode("latin-1")
        del self._held[: end + len(END)]
        self._head = _parsed(head)
        self._wanted = _length(self._head.headers)
        return True


def _parsed(head: str) -> Request:
    first, *lines = head.split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not all(parts) or parts[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise MalformedError(400)
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise MalformedError(400)
        headers[name.lower()] = value.strip()
    wish = headers.get("connection", "").lower()
    keeps = wish != "close" if parts[2] == "HTTP/1.1" else wish == "keep-alive"
    return Request(parts[0], parts[1], headers, b"", keeps)


def _length(headers: Mapping[str, str]) -> int:
    """Of the body. Chunks are not among what the terminals are known to take."""
    if "transfer-encoding" in headers:
        raise MalformedError(501)
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise MalformedError(400)
    if int(text) > BODY:
        raise MalformedError(413)
    return int(text)

"""HTTP as the terminal speaks it: one request after the other on a connection that stays.

HTTP answers come in the order of the requests, so each is known by what it answers, and carries that one's tag.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

import h11

from avctl import wire
from avctl.drivers.huawei_te.said import Failed, NoReplyError, said
from avctl.drivers.huawei_te.session import LOG_OUT, Session
from avctl.errors import LinkDownError
from avctl.wire import Command, Message, Tagged, Unknown

LONGEST_BODY = 256 * 1024  # bytes
OK = 200
SHOWN = 256  # bytes of what is not understood


@dataclass(frozen=True, slots=True)
class Ending(Message):
    """The terminal ends the connection after this answer."""


@dataclass(frozen=True, slots=True)
class Broken(Message):
    """What came is no HTTP: where the next answer would begin cannot be said."""


class Decoder(wire.Decoder):
    def __init__(self, device: str, session: Session) -> None:
        self._device, self._session = device, session
        self._http = h11.Connection(h11.CLIENT)
        self._tag = 0
        self._action = ""  # the one under way
        self._status = OK
        self._cookie = ""
        self._body = bytearray()
        self._is_lost = False

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        """Raises LinkDownError where this connection takes no more requests."""
        if self._is_lost or self._http.our_state is not h11.IDLE:
            raise LinkDownError(self._device, "the connection is ending")
        self._tag += 1
        self._action = command.wire.partition(b" ")[0].decode()
        return _sent(self._http, self._session, command.wire), self._tag

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        if self._is_lost:
            yield Unknown(data[:SHOWN])
            return
        try:
            self._http.receive_data(data)
            yield from self._events()
        except h11.ProtocolError:
            self._is_lost = True
            yield Unknown(data[:SHOWN])
            yield Broken()

    def _events(self) -> Iterator[Message | Tagged]:
        while True:
            match self._http.next_event():
                case h11.Response() as response:
                    self._body.clear()
                    self._status = response.status_code
                    self._cookie = _session_cookie(response)
                case h11.Data(data=data):
                    self._body += data
                    if len(self._body) > LONGEST_BODY:
                        raise h11.RemoteProtocolError("its body has no end")
                case h11.EndOfMessage():
                    yield self._answer()
                    if self._http.their_state is h11.MUST_CLOSE:
                        yield Ending()
                        return
                    self._http.start_next_cycle()
                case h11.NEED_DATA | h11.PAUSED | h11.ConnectionClosed():
                    return

    def _answer(self) -> Message | Tagged:
        body = bytes(self._body)
        self._body.clear()
        try:
            return Tagged(self._tag, said(self._action, body, self._cookie))
        except NoReplyError:
            # Whose session is over may be shown a page to log in at.
            if self._status != OK:
                return Tagged(self._tag, Failed(self._action, self._status, 0))
            return Unknown(body[:SHOWN])


def farewell(session: Session) -> bytes:
    """A request to end the session, to which no answer is waited for."""
    return _sent(h11.Connection(h11.CLIENT), session, LOG_OUT.encode())


def _sent(http: h11.Connection, session: Session, wire: bytes) -> bytes:
    request, body = session.request(wire)
    events: list[Any] = [request, h11.Data(data=body), h11.EndOfMessage()]
    return b"".join(http.send(event) or b"" for event in events)


def _session_cookie(response: h11.Response) -> str:
    for name, value in response.headers:
        if name == b"set-cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get("SessionID")
            except CookieError:
                continue
            if found and found.value.isascii() and found.value.isprintable():
                return found.value
    return ""

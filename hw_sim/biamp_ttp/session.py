"""One session of the Tesira Text Protocol: its lines, its verbosity, its subscriptions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hw_sim.biamp_ttp.blocks import Index
from hw_sim.biamp_ttp.commands import answer
from hw_sim.biamp_ttp.telnet import Telnet
from hw_sim.biamp_ttp.text import Complaint, write
from hw_sim.simulator import Conversation, Port

if TYPE_CHECKING:
    from hw_sim.biamp_ttp.device import Tesira

BANNER = b"Welcome to the Tesira Text Protocol Server...\r\n"
LINE_FEED = 0x0A
LONGEST = 4096  # bytes of a line; what is longer is thrown away
MOST = 1000  # subscriptions of a session

Place = tuple[str, str, Index]  # tag, attribute, indexes


class Cancellable(Protocol):
    def cancel(self) -> None: ...


@dataclass(slots=True)
class Subscription:
    place: Place
    token: str
    interval: float  # seconds between publications, at the least
    said: object = None
    at: float = 0.0  # when it was said
    timer: Cancellable | None = None

    def cancel(self) -> None:
        if self.timer:
            self.timer.cancel()
        self.timer = None


class Session(Conversation):
    def __init__(self, device: "Tesira", port: Port) -> None:
        self.device, self.port = device, port
        self._telnet = Telnet() if port.kind == "tcp" else None
        self._greeted = self._telnet is None
        self._line = bytearray()
        self._together: bytearray | None = None
        self._subscriptions: dict[tuple[Place, str], Subscription] = {}
        self.verbose = True

    def opened(self) -> None:
        if not self.device.admits(self):
            self.port.close()
        elif self._telnet:
            self.port.send(self._telnet.offers())

    def closed(self) -> None:
        self.forget()
        self.device.sessions.discard(self)

    def restart(self) -> None:
        """Lose everything that the device knew of this session; over the network, the session."""
        self.forget()
        self.verbose = True
        self._line.clear()
        self.port.close()

    def forget(self) -> None:
        """Drop all subscriptions."""
        for subscription in self._subscriptions.values():
            subscription.cancel()
        self._subscriptions.clear()

    def receive(self, data: bytes) -> None:
        if self.device.starting() or self not in self.device.sessions:
            self.restart()
            return
        self._together = bytearray()
        for byte in data:
            if self._telnet is None or self._telnet.is_text(byte):
                self._take(byte)
            else:
                self._negotiate(self._telnet)
        together, self._together = self._together, None
        if together:
            self.port.send(bytes(together))

    def _negotiate(self, telnet: Telnet) -> None:
        if telnet.says:
            self._send(bytes(telnet.says))
            telnet.says.clear()
        if telnet.settled and not self._greeted:
            self._greeted = True
            self._send(BANNER)
            self._read_lines()

    def _take(self, byte: int) -> None:
        echoes = self._telnet.echoes if self._telnet else self.device.serial_echo
        if self._greeted and echoes:
            self._send(bytes((byte,)))
        self._line.append(byte)
        if byte == LINE_FEED and self._greeted:
            self._read_lines()
        elif len(self._line) > LONGEST:
            self._line.clear()

    def _read_lines(self) -> None:
        *lines, self._line = self._line.split(b"\n")
        for line in lines:
            text = line.decode(errors="replace").strip("\r\0 ")
            if text:
                self._say(answer(self.device, self, text))

    def _send(self, data: bytes) -> None:
        """Put ``data`` on the wire; what is said while listening goes out together."""
        if self._together is None:
            self.port.send(data)
        else:
            self._together += data

    def _say(self, reply: str) -> None:
        blanks = " " * self.device.trailing_blanks if reply == "+OK" else ""
        self._send(f"{reply}{blanks}\r\n".encode())

    # Subscriptions: the value at once, then each change, but not more often than asked for.

    def subscribe(self, place: Place, token: str, interval: float) -> None:
        """Publish the value now, and its changes from now on; once more to renew.

        Raises Complaint when the session holds too many.
        """
        self.unsubscribe(place, token)
        if len(self._subscriptions) >= MOST:
            raise Complaint("too many subscriptions")  # no document gives a limit
        subscription = Subscription(place, token, interval)
        self._subscriptions[place, token] = subscription
        self._publish(subscription)

    def unsubscribe(self, place: Place, token: str) -> None:
        if subscription := self._subscriptions.pop((place, token), None):
            subscription.cancel()

    def changed(self) -> None:
        """Something may have a new value: publish, now or when it is time."""
        for subscription in list(self._subscriptions.values()):
            if subscription.timer is None:
                self._catch_up(subscription)

    def _catch_up(self, subscription: Subscription) -> None:
        if self.device.is_live(subscription.place):
            return
        if self.device.read(*subscription.place) == subscription.said:
            return
        now = self.device.clock.now()
        lag = self.device.publish_lag
        wait = max(subscription.at + subscription.interval - now, lag)
        if wait > 0:
            self._publish_in(wait, subscription)
        else:
            self._publish(subscription)

    def _publish_in(self, wait: float, subscription: Subscription) -> None:
        subscription.timer = self.device.clock.later(wait, lambda: self._due(subscription))

    def _due(self, subscription: Subscription) -> None:
        subscription.timer = None
        self._publish(subscription)

    def _publish(self, subscription: Subscription) -> None:
        value = self.device.read(*subscription.place)
        if value != subscription.said:
            subscription.said = value
            subscription.at = self.device.clock.now()
            token = write(subscription.token)
            self._send(f'! "publishToken":{token} "value":{write(value)}\r\n'.encode())
        if self.device.is_live(subscription.place):
            self._publish_in(self.device.meter_pause(subscription.interval), subscription)

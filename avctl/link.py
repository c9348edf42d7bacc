"""The conversation with one device, or with all devices of one line: dial, greet, ask, hear, lose, dial again."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast

from avctl.clock import Clock
from avctl.errors import (
    BusyError,
    DeviceError,
    LinkDownError,
    NoAnswerError,
    ProtocolError,
    RefusedError,
)
from avctl.transport import Address, Dial, Resync, Stream, dial
from avctl.turn import Rank, Turn
from avctl.wire import Command, Decoder, Message, Refusal, Tagged, Unknown

A = TypeVar("A")

Ask = Callable[[Command[Any]], Awaitable[Any]]

DIAL_TIMEOUT = 5.0  # seconds
SLICE = 4096  # bytes decoded before others get the loop
MOST_HELD = 64 * 1024  # bytes received and not yet decoded; then the line is paused
QUIET = 0.15  # seconds without a byte after which a serial line is taken to be silent
LONGEST_DRAIN = 1.0  # seconds; a device that publishes meters never falls silent
SHORTEST_PAUSE = 0.1  # seconds before dialling again
BUGS = 5  # failures of the driver itself, within
BUGS_WITHIN = 60.0  # seconds, after which it is left alone for as long
STEADY = 5.0  # seconds a link must last for the pauses to start afresh
HUSH = 0.03  # seconds after the last word of a conversation before a poll speaks
LONGEST_YIELD = 1.0  # seconds that a poll lets others go first


class Party(Protocol):
    """Who the link speaks for: a `Device`, or a `Bus` of several."""

    name: str
    refresh_every: float  # seconds
    gap: float  # seconds between two sends
    overlap: bool  # whether an urgent command may go while another waits for its answer
    resync: Resync | None  # None: as the transport does
    resends: tuple[int, float]  # how often the same bytes are sent again, after how many seconds
    patience: int  # unanswered commands in a row after which the line is given up
    greet_timeout: float  # seconds

    def new_decoder(self, scheme: str) -> Decoder: ...

    async def greet(self, ask: Ask) -> None: ...

    async def refresh(self) -> None: ...

    def farewell(self) -> bytes: ...

    def hear(self, message: Message) -> None: ...

    def link_changed(self, up: bool, reason: str) -> None: ...


@dataclass(eq=False, slots=True)
class _Flight:
    """A command that was sent and is not answered yet."""

    command: Command[Any]
    wire: bytes
    tag: int | None
    answer: asyncio.Future[Any]
    took_turn: bool
    resends: int
    rests_until: float  # when the next may be sent, for all that this one did
    polls: bool
    abandoned: bool = False  # nobody waits for the answer any more
    timer: asyncio.TimerHandle | None = None


def _lateness(flight: _Flight) -> tuple[bool, bool]:
    may_be_late = not flight.command.holds or flight.command.presumed is not None
    return may_be_late, flight.answer.done()


def _nobodys() -> asyncio.Future[Any]:
    """In the place of an answer whose caller was cancelled: the exchange goes on to its own end."""
    answer = asyncio.get_running_loop().create_future()
    # Without this its error would be logged as never retrieved.
    answer.add_done_callback(lambda answer: answer.cancelled() or answer.exception())
    return answer


@dataclass(slots=True)
class Figures:
    """What the link counts."""

    connects: int = 0
    losses: int = 0
    sent: int = 0
    unknown: int = 0
    unanswered: int = 0
    last_heard: float | None = field(default=None)  # monotonic seconds


class Link:
    """One line. `run` keeps it up; `ask` uses it."""

    def __init__(self, address: Address, party: Party, clock: Clock, dialler: Dial = dial) -> None:
        self.address = address
        self.figures = Figures()
        self.up = False
        self.reason = "not dialled yet"  # why it is down
        self.tap: Callable[[str, bytes], None] | None = (
            None  # sees every byte: ">" sent, "<" received
        )
        self._party, self._clock, self._dial = party, clock, dialler
        self._log = logging.getLogger(f"avctl.link.{party.name}")
        self._turn = Turn(spare=1 if party.overlap else 0)
        self._flights: list[_Flight] = []
        self._stream: Stream | None = None
        self._decoder: Decoder | None = None
        self._lost: asyncio.Future[str] | None = None
        self._held = bytearray()
        self._drained = asyncio.Event()
        self._drained.set()
        self._draining: asyncio.TimerHandle | None = None
        self._drained_by = 0.0
        self._next_send = 0.0
        self._poller: asyncio.Task[Any] | None = None  # who polls at this moment
        self._spoken = float("-inf")  # when somebody other than a poll last had to do with the line
        self._silences = 0
        self._no_dial_before = 0.0
        self._bugs: deque[float] = deque(maxlen=BUGS)
        self._ends_itself = False

    async def run(self) -> None:
        """Keep the line up for ever. Cancel it to hang up."""
        pause = SHORTEST_PAUSE
        while True:
            began = self._clock.now()
            try:
                reason = await self._live()
            except (OSError, DeviceError) as error:
                reason = str(error) or type(error).__name__
            except Exception as error:
                reason = self._broke(error)
            self._went_down(reason)
            if self._ends_itself or self._clock.now() - began > STEADY:
                pause = SHORTEST_PAUSE
            wait = pause * self._clock.rng.uniform(0.75, 1.25)
            await self._clock.sleep(max(wait, self._no_dial_before - self._clock.now()))
            pause = min(pause * 2, self.address.longest_pause)

    async def ask(self, command: Command[A]) -> A:
        """Send ``command`` and give its answer.

        Raises LinkDownError, NoAnswerError, RefusedError or BusyError. Nothing waits for an absent device. A caller
        that is cancelled after sending leaves the exchange to end by itself; nothing more is sent for it.
        """
        if not self.up:
            raise LinkDownError(self._party.name, f"no link ({self.reason}) for {command.wire!r}")
        return await self._exchange(command)

    def drop(self, reason: str) -> None:
        """Give the connection up and dial again."""
        if self._lost and not self._lost.done():
            self._lost.set_result(reason)

    @property
    def _is_lost(self) -> bool:
        return self.up and self._lost is not None and self._lost.done()

    def hold_off(self, seconds: float) -> None:
        """Do not dial again for so long: the device has no room for another connection."""
        self._no_dial_before = self._clock.now() + seconds

    def expect_end(self) -> None:
        """The device ends this connection by itself after its answer: no loss, and dialled again at once."""
        self._ends_itself = True

    def _broke(self, error: Exception) -> str:
        """The driver itself failed: costs its own device only, and after a few times in a row its service."""
        now = self._clock.now()
        self._bugs.append(now)
        reason = str(ProtocolError(self._party.name, f"{type(error).__name__}: {error}"))
        self._log.error("the driver failed: %s", reason, exc_info=error)
        if len(self._bugs) == BUGS and now - self._bugs[0] < BUGS_WITHIN:
            self._bugs.clear()
            self.hold_off(BUGS_WITHIN)
            self._log.error(
                "out of service for %.0f s: the driver failed %d times", BUGS_WITHIN, BUGS
            )
            return f"out of service: {reason}"
        return reason

    # The life of one connection.

    async def _live(self) -> str:
        self._lost = asyncio.get_running_loop().create_future()
        # Nothing is heard any more: who waits for an answer is told at once. Greeting is ended by itself.
        self._lost.add_done_callback(lambda _: self._fail_all() if self.up else None)
        self._held.clear()
        self._silences = 0
        was_expected, self._ends_itself = self._ends_itself, False
        self._decoder = self._party.new_decoder(self.address.scheme)
        receiver = _Receiver(self, self._lost)
        try:
            async with asyncio.timeout(DIAL_TIMEOUT):
                self._stream = await self._dial(self.address, receiver)
            self.figures.connects += 1
            await self._greet()
            self._came_up(logging.DEBUG if was_expected else logging.WARNING)
            return await self._refresh_until_lost()
        finally:
            stream, self._stream = self._stream, None
            receiver.link = None
            if stream:
                self._take_leave(stream)
                stream.close()
            self._fail_all()

    def _take_leave(self, stream: Stream) -> None:
        is_over = self._lost is not None and self._lost.done()
        if is_over or not (farewell := self._party.farewell()):
            return
        if self.tap:
            self.tap(">", farewell)
        with contextlib.suppress(OSError):
            stream.write(farewell)

    async def _greet(self) -> None:
        assert self._lost is not None
        greeting = asyncio.create_task(self._greeted())
        try:
            async with asyncio.timeout(self._party.greet_timeout):
                ends: list[asyncio.Future[Any]] = [greeting, self._lost]
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not greeting.done():
                greeting.cancel()
                await asyncio.gather(greeting, return_exceptions=True)
        if greeting.cancelled():
            raise LinkDownError(self._party.name, self._lost.result())
        greeting.result()

    async def _greeted(self) -> None:
        await self._party.greet(self._exchange)

    async def _refresh_until_lost(self) -> str:
        assert self._lost is not None
        while True:
            await asyncio.wait({self._lost}, timeout=self._party.refresh_every)
            if self._lost.done():
                return self._lost.result()
            try:
                await self._poll()
            except (NoAnswerError, LinkDownError):
                continue  # the exchange itself has dealt with the line
            except DeviceError as error:
                self._log.info("refresh: %s", error)

    async def _poll(self) -> None:
        self._poller = asyncio.current_task()
        try:
            await self._party.refresh()
        finally:
            self._poller = None

    def _came_up(self, level: int) -> None:
        self.up, self.reason = True, ""
        self._log.log(level, "up: %s", self.address)
        self._party.link_changed(True, "")

    def _went_down(self, reason: str) -> None:
        if self._ends_itself:
            self._log.debug("ended as expected: %s", reason)
        elif self.up or self.reason == "not dialled yet":
            self._log.warning("down: %s: %s", self.address, reason)
            self.figures.losses += self.up
        self.up, self.reason = False, reason
        self._party.link_changed(False, reason)

    # One exchange.

    async def _exchange(self, command: Command[A]) -> A:
        try:
            await self._take_turn(command.urgent)
        except OverflowError:
            raise BusyError(self._party.name, f"too many commands wait: {command.wire!r}") from None
        try:
            await self._until_sendable(command.urgent)
            flight = self._send(command)
        except BaseException:
            self._turn.give()
            raise
        if not command.holds:
            self._give_turn(flight)
        try:
            # Not shielded: that costs every exchange a turn of the loop.
            return cast(A, await flight.answer)
        except asyncio.CancelledError:
            flight.answer, flight.abandoned = _nobodys(), True
            raise

    async def _take_turn(self, urgent: bool) -> None:
        if not self._is_poll():
            self._spoken = self._clock.now()
            await self._turn.take(Rank.URGENT if urgent else Rank.USUAL)
        elif self._turn.is_free and self._hush() <= 0:
            await self._turn.take(Rank.IDLE)
        else:
            try:
                async with asyncio.timeout(LONGEST_YIELD):
                    await self._take_turn_when_quiet()
            except TimeoutError:
                await self._turn.take()

    async def _take_turn_when_quiet(self) -> None:
        """Not between a question of somebody else and what follows from its answer."""
        await self._turn.take(Rank.IDLE)
        while (hush := self._hush()) > 0:
            self._turn.give()
            await self._clock.sleep(hush)
            await self._turn.take(Rank.IDLE)

    def _is_poll(self) -> bool:
        return self._poller is not None and asyncio.current_task() is self._poller

    def _hush(self) -> float:
        return self._spoken + HUSH - self._clock.now()

    async def _until_sendable(self, urgent: bool) -> None:
        if not (urgent or self._drained.is_set()):
            await self._drained.wait()
        wait = self._next_send - self._clock.now()
        if wait > 0:
            await self._clock.sleep(wait)

    def _send(self, command: Command[Any]) -> _Flight:
        if self._stream is None or self._decoder is None or self._is_lost:
            raise LinkDownError(self._party.name, f"no link ({self.reason}) for {command.wire!r}")
        if not command.still():
            raise RefusedError(self._party.name, f"overtaken, not sent: {command.wire!r}")
        wire, tag = self._decoder.frame(command)
        loop = asyncio.get_running_loop()
        self._write(wire)
        times, after = self._party.resends if tag is not None else (0, 0.0)
        flight = _Flight(
            command, wire, tag, loop.create_future(), True, times, self._next_send, self._is_poll()
        )
        self._flights.append(flight)
        flight.timer = loop.call_later(after if times else command.timeout, self._overdue, flight)
        if command.presumed is not None:
            loop.call_later(command.presumed, self._presume, flight)
        return flight

    def _presume(self, flight: _Flight) -> None:
        """Take silence for a yes. The flight stays, so that a late answer is not taken for another's."""
        self._give_turn(flight)
        if not flight.answer.done():
            flight.answer.set_result(None)

    def _write(self, wire: bytes) -> None:
        assert self._stream is not None
        try:
            self._stream.write(wire)
        except OSError as error:
            self.drop(str(error))
            raise LinkDownError(self._party.name, f"{error}: {wire!r}") from error
        self.figures.sent += 1
        self._next_send = self._clock.now() + self._party.gap
        if self.tap:
            self.tap(">", wire)
        self._log.debug(">> %r", wire)

    def _overdue(self, flight: _Flight) -> None:
        times, after = self._party.resends
        presumed = flight.answer.done() and not flight.answer.cancelled()
        if presumed or (flight.resends and not flight.command.still()):
            text = f"overtaken before an answer to {flight.command.wire!r}"
            self._settle(flight, error=NoAnswerError(self._party.name, text))
            return
        if flight.resends > 0:
            flight.resends -= 1
            wait = after if flight.resends else max(after, flight.command.timeout - times * after)
            flight.timer = self._clock.later(wait, lambda: self._overdue(flight))
            if not flight.abandoned:
                with contextlib.suppress(LinkDownError):
                    self._write(flight.wire)
            return
        self.figures.unanswered += 1
        self._silences += 1
        self._settle(
            flight, error=NoAnswerError(self._party.name, f"no answer to {flight.command.wire!r}")
        )
        self._resync()

    def _resync(self) -> None:
        """A late answer would be taken for the next command's: make sure that it cannot."""
        resync = self._party.resync or (self._stream.resync if self._stream else Resync.NONE)
        if resync is Resync.CLOSE or self._silences >= self._party.patience:
            self.drop("no answer")
        elif resync is Resync.DRAIN:
            self._drained.clear()
            self._drained_by = self._clock.now() + LONGEST_DRAIN
            self._rest()

    def _rest(self) -> None:
        if self._draining:
            self._draining.cancel()
        left = self._drained_by - self._clock.now()
        self._draining = self._clock.later(max(0.0, min(QUIET, left)), self._rested)

    def _rested(self) -> None:
        self._draining = None
        self._drained.set()

    def _settle(self, flight: _Flight, answer: Any = None, error: Exception | None = None) -> None:
        if flight in self._flights:
            self._flights.remove(flight)
        if flight.timer:
            flight.timer.cancel()
        self._give_turn(flight)
        if not flight.polls:
            self._spoken = self._clock.now()
        if flight.answer.done():
            return
        if error:
            flight.answer.set_exception(error)
        else:
            self._rest_no_longer(flight)
            flight.answer.set_result(answer)

    def _rest_no_longer(self, flight: _Flight) -> None:
        if flight.command.asks and self._next_send == flight.rests_until:
            self._next_send = self._clock.now()

    def _give_turn(self, flight: _Flight) -> None:
        if flight.took_turn:
            flight.took_turn = False
            self._turn.give()

    def _fail_all(self) -> None:
        for flight in list(self._flights):
            text = f"the link went down before an answer to {flight.command.wire!r}"
            self._settle(flight, error=NoAnswerError(self._party.name, text))
        if self._draining:
            self._draining.cancel()
        self._rested()

    # Hearing.

    def received(self, data: bytes) -> None:
        self.figures.last_heard = self._clock.now()
        if self.tap:
            self.tap("<", data)
        if self._draining:
            self._rest()
        if not self._held and len(data) <= SLICE:
            self._decode(data)
            return
        waiting = bool(self._held)
        self._held += data
        if len(self._held) > MOST_HELD and self._stream:
            self._stream.pause()
        if not waiting:
            asyncio.get_running_loop().call_soon(self._digest)

    def _digest(self) -> None:
        """Decode a slice of what is held, and leave the rest for the loop's next turn."""
        data = bytes(self._held[:SLICE])
        del self._held[:SLICE]
        if data:
            self._decode(data)
        if self._held:
            asyncio.get_running_loop().call_soon(self._digest)
        elif self._stream:
            self._stream.resume()

    def _decode(self, data: bytes) -> None:
        if self._decoder is None:
            return
        self._log.debug("<< %r", data)
        try:
            for message in self._decoder.feed(data):
                self._hear(message)
            if reply := self._decoder.reply():
                self._write(reply)
        except LinkDownError:
            return
        except Exception as error:
            self.drop(self._broke(error))

    def _hear(self, said: Message | Tagged) -> None:
        tag, message = (said.tag, said.message) if isinstance(said, Tagged) else (None, said)
        if isinstance(message, Unknown):
            self.figures.unknown += 1
        flight = self._flight_answered_by(tag, message)
        if flight is None:
            self._party.hear(message)
            return
        self._silences = 0
        if isinstance(message, Refusal) and not flight.command.is_answered_by(message):
            self._party.hear(message)
            self._settle(flight, error=self._refused(flight.command, message))
            return
        meaning = flight.command.means(message)
        self._party.hear(meaning)
        self._settle(flight, answer=meaning)

    def _flight_answered_by(self, tag: int | None, message: Message) -> _Flight | None:
        # Those sure to be answered first: a stop is acknowledged before the move that ignores it.
        flights = self._flights
        for flight in sorted(flights, key=_lateness) if len(flights) > 1 else flights:
            if tag is not None and flight.tag is not None and tag != flight.tag:
                continue
            if flight.command.is_answered_by(message):
                return flight
            if isinstance(message, Refusal) and message.refuses(flight.command):
                return flight
        return None

    def _refused(self, command: Command[Any], message: Refusal) -> DeviceError:
        text = f"{command.wire!r} was answered {message}"
        if message.wait is not None:
            return BusyError(self._party.name, text, message.wait)
        return RefusedError(self._party.name, text)


class _Receiver:
    """The link's ear on one connection; deaf once that connection is over."""

    def __init__(self, link: Link, lost: asyncio.Future[str]) -> None:
        self.link: Link | None = link
        self._lost = lost

    def received(self, data: bytes) -> None:
        if self.link and not self._lost.done():
            self.link.received(data)

    def lost(self, reason: str) -> None:
        if not self._lost.done():
            self._lost.set_result(reason)

"""One way to people: what waits for it, how often it may speak, and what becomes of what it says."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from avctl.clock import Clock
from avctl.config import EmailFile, WebhookFile
from service.alerts.messages import Message, Notice, TemplateRefusedError, Writer
from service.alerts.senders import Send, UndeliveredError, UnwantedError

log = logging.getLogger("avctl.alerts")

WAITING = 500  # notices; the oldest give way
TOGETHER = 20  # notices in one message
TRIES = 6
PAUSES = (2.0, 8.0, 30.0, 120.0, 300.0)  # seconds before the second try, the third …
LONGEST = 90.0  # seconds of one try, whatever it is busy with
MINUTE = 60.0

Outcome = Callable[["Channel", Sequence[Notice], int, str], object]  # tries, why not; empty: taken


class Channel:
    """`run` sends what `put` gives; what waits meanwhile goes together."""

    def __init__(
        self,
        name: str,
        file: WebhookFile | EmailFile,
        writer: Writer,
        send: Send,
        clock: Clock,
        outcome: Outcome,
    ) -> None:
        self.name, self.file = name, file
        self.dropped = 0
        self.sent = 0  # messages
        self.last: datetime | None = None  # when something was taken
        self.trouble = ""  # why the last one was not
        self._writer, self._send, self._clock, self._outcome = writer, send, clock, outcome
        self._waiting: deque[Notice] = deque()
        self._woken = asyncio.Event()
        self._spoken: deque[float] = deque(maxlen=file.per_minute)  # when it was tried

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def put(self, notice: Notice) -> None:
        if len(self._waiting) >= WAITING:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(notice)
        self._woken.set()

    async def run(self) -> None:
        while True:
            while not self._waiting:
                self._woken.clear()
                await self._woken.wait()
            await self._until_allowed()
            count = min(TOGETHER, len(self._waiting))
            await self._deliver([self._waiting.popleft() for _ in range(count)])

    async def _deliver(self, notices: Sequence[Notice]) -> None:
        why = tries = None
        try:
            message = self._writer.write(notices)
            tries, why = await self._try(message)
        except TemplateRefusedError as error:
            tries, why = 0, str(error)
        except Exception as error:  # of a sender: it must not end the channel
            log.exception("channel %s", self.name)
            tries, why = 0, type(error).__name__
        self.trouble = why
        if not why:
            self.sent, self.last = self.sent + 1, self._clock.wall()
        self._outcome(self, notices, tries, why)

    async def _try(self, message: Message) -> tuple[int, str]:
        """How often it was tried, and why it was not taken."""
        why = ""
        for tried in range(1, TRIES + 1):
            await self._until_allowed()
            self._spoken.append(self._clock.now())
            try:
                async with asyncio.timeout(LONGEST):
                    await self._send(message)
                return tried, ""
            except TimeoutError:
                why = f"not through within {LONGEST:g} s"
            except UnwantedError as error:
                return tried, str(error)
            except UndeliveredError as error:
                why = str(error)
            self.trouble = why
            log.info("channel %s, try %d: %s", self.name, tried, why)
            if tried < TRIES:
                await self._clock.sleep(PAUSES[tried - 1] * self._clock.rng.uniform(0.8, 1.2))
        return TRIES, why

    async def _until_allowed(self) -> None:
        if len(self._spoken) == self._spoken.maxlen:
            wait = self._spoken[0] + MINUTE - self._clock.now()
            if wait > 0:
                await self._clock.sleep(wait)

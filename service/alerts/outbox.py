"""Who is told of alarms: the channels of the site's file, what each was sent, and whether it was taken."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from avctl.clock import Clock
from avctl.config import AlertsFile, Document, WebhookFile, read_document, secret_of
from avctl.site import Site
from service.alerts.alarms import TOLD, Alarm, Alarms, Event, is_as_grave
from service.alerts.channel import Channel
from service.alerts.messages import Notice, TemplateRefusedError, What, Writer, notice_of
from service.alerts.senders import Send, by_email, over_http
from service.journal import Journal

OLDEST = timedelta(hours=24)  # of an alarm that is told after a restart
CHANNEL = "channel"  # the alarm that a channel itself is in trouble; on that one it is not told


class Outbox:
    """Use it as an async context manager, after the alarms are open. Raises ConfigError for a file that cannot be."""

    def __init__(
        self,
        site: Site,
        alarms: Alarms,
        journal: Journal,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """``transport``: how webhooks are reached, if not over the network."""
        self._site, self._alarms, self._journal, self._clock = site, alarms, journal, clock
        self._zone = ZoneInfo(site.file.timezone if site.file else "UTC")
        self._titles = {name: room.file.title.model_dump() for name, room in site.rooms.items()}
        self._transport = transport
        self.channels = {channel.name: channel for channel in self._made()}
        self._tasks: list[asyncio.Task[None]] = []

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        """Made for the first channel that needs it: reading whom it trusts takes longer than the rest of a start."""
        return httpx.AsyncClient(transport=self._transport, follow_redirects=False)

    async def __aenter__(self) -> "Outbox":
        self._alarms.listeners.append(self._told)
        self._tell_what_was_not()
        self._tasks = [asyncio.create_task(each.run()) for each in self.channels.values()]
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._alarms.listeners.remove(self._told)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if "_client" in vars(self):
            await self._client.aclose()

    def test(self, name: str, by: str) -> None:
        """Send a channel something to see whether it comes through. Raises KeyError."""
        channel, now = self.channels[name], self._clock.wall()
        text = {"zh": f"{by} 发送的测试消息", "en": f"a test by {by}"}
        channel.put(_test(text, now.astimezone(self._zone)))
        self._journal.note(TOLD, {"event": "test", "channel": name}, by=by)

    # Telling.

    def _told(self, alarm: Alarm, event: Event, seq: int) -> None:
        if event != "acknowledged":
            for channel in self.channels.values():
                self._tell(channel, alarm, event)

    def _tell(self, channel: Channel, alarm: Alarm, what: What) -> None:
        file = channel.file
        if (
            is_as_grave(alarm.severity, file.at_least)
            and (file.rooms == "all" or alarm.room in (None, *file.rooms))
            and (what != "cleared" or file.cleared)
            and alarm.key != f"{CHANNEL}/{channel.name}"
        ):
            channel.put(notice_of(alarm, what, self._titles, self._clock.wall(), self._zone))

    def _tell_what_was_not(self) -> None:
        """What the end of the service kept from being told."""
        now = self._clock.wall()
        for alarm in reversed(self._alarms.active()):
            if now - datetime.fromisoformat(alarm.raised) > OLDEST:
                continue
            for channel in self.channels.values():
                if channel.name not in alarm.told:
                    self._tell(channel, alarm, "raised")
        for alarm in self._alarms.active():
            kind, _, name = alarm.key.partition("/")
            if kind == CHANNEL and name not in self.channels:
                self._alarms.clear(alarm.key, "there is no such channel any more")

    def _outcome(self, channel: Channel, notices: Sequence[Notice], tries: int, why: str) -> None:
        key = f"{CHANNEL}/{channel.name}"
        numbers = sorted({each.number for each in notices if each.number})
        data = {
            "event": "failed" if why else "sent", "channel": channel.name, "alarms": numbers,
            "tries": tries, "why": why,
        }  # fmt: skip
        self._journal.note(TOLD, data, by="service")
        if why:
            text = {
                "zh": f"告警通道 {channel.name} 发送失败",
                "en": f"alerts over {channel.name} do not arrive",
            }
            self._alarms.raise_one(key, None, text)
        else:
            self._alarms.clear(key)

    # From the site's file.

    def _made(self) -> list[Channel]:
        file = self._site.file
        if file is None or self._site.path is None or not file.alerts.channels:
            return []
        path = self._site.path
        document = read_document(path / "site.yaml" if path.is_dir() else path)
        return [self._channel(document, file.alerts, name) for name in file.alerts.channels]

    def _channel(self, document: Document, alerts: AlertsFile, name: str) -> Channel:
        file, place = alerts.channels[name], ("alerts", "channels", name)

        def secret(key: str, reference: Mapping[Any, str] | None) -> str | None:
            return None if reference is None else secret_of(document, (*place, key), reference)

        try:
            writer = Writer(file, self._site.title)
            writer.write([_test({"zh": "", "en": ""}, self._clock.wall())])
        except TemplateRefusedError as error:
            raise document.error((*place, "template"), str(error)) from error
        send: Send
        if isinstance(file, WebhookFile):
            url = secret_of(document, (*place, "url"), file.url)
            send = over_http(file, url, secret("secret", file.secret), self._client, self._clock)
        else:
            send = by_email(file, secret("password", file.password), self._clock)
        return Channel(name, file, writer, send, self._clock, self._outcome)


def _test(text: Mapping[str, str], at: datetime) -> Notice:
    return Notice("test", 0, "test", "info", None, {}, "", text, "", at)

"""Alarms over real sockets: to a webhook and a mail server on loopback."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import TypeVar

import httpx
import pytest

from avctl.clock import Clock
from avctl.config import EmailFile, WebhookFile
from service.alerts.messages import Notice, Writer
from service.alerts.senders import UndeliveredError, UnwantedError, by_email, over_http

SITE = {"zh": "会议中心", "en": "Conference centre"}
TEXT = {"zh": "矩阵无响应", "en": "the matrix does not answer"}
NOTICE = Notice(
    "raised", 7, "device/19/matrix", "critical", "19", SITE, "matrix", TEXT, "",
    datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
)  # fmt: skip


class Receiver:
    """What one connection after the other brings to a port of its own."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.port = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError


class HttpReceiver(Receiver):
    def __init__(self, answer: bytes) -> None:
        super().__init__()
        self._answer = answer

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        self.got.append(await reader.readexactly(length))
        writer.write(self._answer)


class MailReceiver(Receiver):
    def __init__(self, to_recipient: bytes = b"250 ok") -> None:
        super().__init__()
        self._to_recipient = to_recipient

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            match line[:4].upper():
                case b"DATA":
                    writer.write(b"354 go on\r\n")
                    self.got.append(await reader.readuntil(b"\r\n.\r\n"))
                    writer.write(b"250 taken\r\n")
                case b"RCPT":
                    writer.write(self._to_recipient + b"\r\n")
                case b"QUIT":
                    writer.write(b"221 bye\r\n")
                    return
                case _:
                    writer.write(b"250 ok\r\n")


R = TypeVar("R", bound=Receiver)


@contextlib.asynccontextmanager
async def listening(receiver: R) -> AsyncIterator[R]:
    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await receiver.talk(reader, writer)
        writer.close()

    async with await asyncio.start_server(met, "127.0.0.1", 0) as server:
        receiver.port = server.sockets[0].getsockname()[1]
        yield receiver


def mail_file(port: int) -> EmailFile:
    return EmailFile(
        kind="email", host="127.0.0.1", port=port, tls="none",
        sender="avctl@example.org", to=("duty@example.org", "chief@example.org"),
    )  # fmt: skip


async def test_a_webhook_gets_the_alarm_as_json() -> None:
    file = WebhookFile(kind="webhook", url={"env": "X"})
    said = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with listening(HttpReceiver(said)) as receiver, httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{receiver.port}/hook"
        await over_http(file, url, None, client, Clock())(Writer(file, SITE).write([NOTICE]))
    assert json.loads(receiver.got[0])["alarms"][0]["text"] == TEXT


async def test_a_redirect_is_not_followed() -> None:
    file = WebhookFile(kind="webhook", url={"env": "X"})
    said = b"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    async with listening(HttpReceiver(said)) as receiver, httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{receiver.port}/hook"
        with pytest.raises(UnwantedError, match="307"):
            await over_http(file, url, None, client, Clock())(Writer(file, SITE).write([NOTICE]))


async def test_an_e_mail_says_the_alarm_in_its_subject_and_text() -> None:
    async with listening(MailReceiver()) as receiver:
        file = mail_file(receiver.port)
        await by_email(file, None, Clock())(Writer(file, SITE).write([NOTICE]))
    mail = message_from_bytes(receiver.got[0].removesuffix(b".\r\n"), policy=policy.default)
    assert mail["Subject"] == "[严重] 会议中心 矩阵无响应"
    assert mail["To"] == "duty@example.org, chief@example.org"
    body = mail.get_body()
    assert body
    assert body.get_content().strip() == "[严重] 会议中心 矩阵无响应 (11-02 09:30:00 #7)"


async def test_who_is_refused_by_the_mail_server_is_not_tried_again() -> None:
    async with listening(MailReceiver(b"550 no such user")) as receiver:
        file = mail_file(receiver.port)
        with pytest.raises(UnwantedError):
            await by_email(file, None, Clock())(Writer(file, SITE).write([NOTICE]))


async def test_a_mail_server_that_is_away_may_be_tried_again() -> None:
    async with listening(MailReceiver()) as receiver:
        file = mail_file(receiver.port)
    with pytest.raises(UndeliveredError) as caught:
        await by_email(file, None, Clock())(Writer(file, SITE).write([NOTICE]))
    assert not isinstance(caught.value, UnwantedError)

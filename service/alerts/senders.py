"""How a message leaves: over HTTP, or by e-mail."""

import asyncio
import json
import smtplib
import ssl
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import httpx

from avctl.clock import Clock
from avctl.config import EmailFile, WebhookFile
from avctl.errors import AvctlError
from service.alerts.messages import Message, signature, signed

Send = Callable[[Message], Awaitable[None]]

SECONDS = 10.0  # for one attempt over HTTP, and for each step of an e-mail's
ANSWER_BYTES = 16 * 1024
AGAIN = (408, 425, 429)  # HTTP statuses below 500 after which trying again may help
# What WeCom and DingTalk answer when they are busy, or get too much; other codes refuse for good.
BUSY = (-1, 45009, 45033, 130101, 130102, 410100)


class UndeliveredError(AvctlError):
    """It was not taken; it may be, later."""


class UnwantedError(UndeliveredError):
    """It was refused: saying it again does not help."""


def over_http(
    file: WebhookFile, url: str, secret: str | None, client: httpx.AsyncClient, clock: Clock
) -> Send:
    async def send(message: Message) -> None:
        """Raises UndeliveredError."""
        address, headers = url, {"Content-Type": "application/json; charset=utf-8"}
        if secret and file.kind == "dingtalk":
            address = signed(url, secret, clock.wall())
        elif secret:
            stamp = str(round(clock.wall().timestamp()))
            headers["X-Avctl-Timestamp"] = stamp
            headers["X-Avctl-Signature"] = signature(message.body, secret, stamp)
        try:
            status, answer = await _post(client, address, message.body, headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Its own words may hold the address, and with it the key.
            raise UndeliveredError(type(error).__name__) from error
        _check(file, status, answer)

    return send


def by_email(file: EmailFile, password: str | None, clock: Clock) -> Send:
    async def send(message: Message) -> None:
        """Raises UndeliveredError."""
        mail = EmailMessage()
        mail["Subject"], mail["From"] = message.subject[:200], file.sender
        mail["To"] = ", ".join(file.to)
        mail["Date"] = format_datetime(clock.wall())
        mail["Message-ID"] = make_msgid(domain=file.sender.rpartition("@")[2] or "localhost")
        mail.set_content(message.text)
        try:
            await asyncio.to_thread(_mail, file, password, mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
            raise UnwantedError(str(error)) from error
        except smtplib.SMTPAuthenticationError as error:
            raise UnwantedError("the mail server refuses the login") from error
        except (smtplib.SMTPException, OSError) as error:
            raise UndeliveredError(f"{type(error).__name__}: {error}") from error

    return send


async def _post(
    client: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str]
) -> tuple[int, bytes]:
    request = client.stream("POST", url, content=body, headers=headers, timeout=SECONDS)
    async with request as response:
        answer = b""
        async for part in response.aiter_bytes():
            answer += part
            if len(answer) > ANSWER_BYTES:
                break
        return response.status_code, answer[:ANSWER_BYTES]


def _check(file: WebhookFile, status: int, answer: bytes) -> None:
    if not 200 <= status < 300:
        text = f"HTTP status {status}"
        raise (UndeliveredError if status >= 500 or status in AGAIN else UnwantedError)(text)
    if file.kind == "webhook":
        return
    try:
        said = json.loads(answer)
        code, why = said["errcode"], str(said.get("errmsg", ""))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UndeliveredError("an answer without errcode") from error
    if code != 0:
        raise (UndeliveredError if code in BUSY else UnwantedError)(f"errcode {code}: {why[:200]}")


def _mail(file: EmailFile, password: str | None, mail: EmailMessage) -> None:
    trusted = ssl.create_default_context()
    if file.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            file.host, file.port, timeout=SECONDS, context=trusted
        )
    else:
        server = smtplib.SMTP(file.host, file.port, timeout=SECONDS)
    with server:
        if file.tls == "starttls":
            server.starttls(context=trusted)
        if file.user and password:
            server.login(file.user, password)
        server.send_message(mail)

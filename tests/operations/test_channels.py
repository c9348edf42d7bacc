"""Alarms on their way to people: bodies as the robots' documents say, tries, limits, and takes that wait for none of it."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, unquote

import httpx
import pytest
from ruamel.yaml import YAML

from avctl.clock import Clock
from avctl.config import AlertsFile, Severity, SiteFile, WebhookFile, read_document, validate
from avctl.errors import ConfigError
from avctl.site import Site
from service.alerts import Alarms, Outbox
from service.alerts.messages import (
    MARKDOWN_BYTES,
    TEXT_BYTES,
    Notice,
    TemplateRefusedError,
    Writer,
    signed,
)
from service.journal import Entry, Journal
from tests.processes import ROOT
from tests.rooms import DEMO
from tests.served import API
from tests.service.house import House, house

pytestmark = pytest.mark.virtual

SITE = {"zh": "会议中心", "en": "Conference centre"}
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
URL = "http://robot.test/send?key=k"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")
    monkeypatch.setenv("ROBOT_URL", URL)
    monkeypatch.setenv("ROBOT_SECRET", "SECabc")


class Receiver(httpx.AsyncBaseTransport):
    """The far end of webhooks: keeps what it gets, answers as it is told."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.got: list[httpx.Request] = []
        self.at: list[float] = []
        self._answers = list(answers)
        self._clock = Clock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.got.append(request)
        self.at.append(self._clock.now())
        answer = self._answers.pop(0) if self._answers else ok()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.got]


def ok() -> httpx.Response:
    return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"})


def channel(kind: str, **more: object) -> dict[str, Any]:
    return {"channels": {"robot": {"kind": kind, "url": {"env": "ROBOT_URL"}, **more}}}


def file(kind: str, **more: object) -> WebhookFile:
    return WebhookFile.model_validate({"kind": kind, "url": {"env": "X"}, **more})


def notice(number: int = 7, en: str = "the matrix does not answer", **more: Any) -> Notice:
    text = {"zh": "矩阵无响应", "en": en}
    room = {"zh": "19 会议室", "en": "Room 19"}
    said: dict[str, Any] = {
        "what": "raised", "severity": "critical", "device": "matrix", **more,
    }  # fmt: skip
    return Notice(
        number=number, key="device/19/matrix", room="19", room_title=room, text=text,
        since="2026-11-02T09:29:30Z", at=AT, **said,
    )  # fmt: skip


@dataclass(eq=False)
class Office:
    """Alarms and their channels, without rooms that may have some of their own."""

    alarms: Alarms
    outbox: Outbox
    entries: list[Entry]
    journal: Journal

    async def until(self, holds: Callable[[], object], seconds: float = 30.0) -> None:
        noted = asyncio.Event()
        leave = self.journal.subscribe(lambda _: noted.set())
        async with asyncio.timeout(seconds):
            while not holds():
                noted.clear()
                await noted.wait()
        leave()


@contextlib.asynccontextmanager
async def office(
    webhooks: httpx.AsyncBaseTransport, alerts: dict[str, Any]
) -> AsyncIterator[Office]:
    clock = Clock(rng=Random(0))
    rules, site = AlertsFile.model_validate(alerts), Site("demo", SITE, {})
    site.path, demo = DEMO, read_site(DEMO)
    site.file = demo.model_copy(update={"alerts": rules})
    journal = Journal(clock)
    entries: list[Entry] = []
    journal.subscribe(entries.append)
    alarms = Alarms(journal, rules)
    outbox = Outbox(site, alarms, journal, clock, transport=webhooks)
    await alarms.open()
    async with outbox:
        yield Office(alarms, outbox, entries, journal)


@cache
def read_site(path: Path) -> SiteFile:
    document = read_document(path / "site.yaml")
    return validate(document, SiteFile, document.data)


def trouble(here: Office, name: str = "job/x", en: str = "missed") -> None:
    here.alarms.raise_one(name, "19", {"zh": "错过", "en": en}, lasts=False)


def told(here: Office | House, event: str) -> list[dict[str, Any]]:
    return [e.data for e in here.entries if e.kind == "alert" and e.data["event"] == event]


# What they say.


@pytest.mark.parametrize(
    ("kind", "form", "expected"),
    [
        (
            "wecom", "markdown",
            {"msgtype": "markdown", "markdown": {"content":
                '> <font color="warning">严重</font> 19 会议室 矩阵无响应\n> 11-02 09:30:00 #7'}},
        ),
        (
            "wecom", "text",
            {"msgtype": "text",
             "text": {"content": "[严重] 19 会议室 矩阵无响应 (11-02 09:30:00 #7)"}},
        ),
        (
            "dingtalk", "markdown",
            {"msgtype": "markdown", "markdown": {
                "title": "(严重) 19 会议室 矩阵无响应",
                "text": "#### (严重) 19 会议室 矩阵无响应\n\n"
                        "- **严重** 19 会议室 矩阵无响应 (11-02 09:30:00 #7)"}},
        ),
        (
            "dingtalk", "text",
            {"msgtype": "text",
             "text": {"content": "[严重] 19 会议室 矩阵无响应 (11-02 09:30:00 #7)"}},
        ),
    ],
)  # fmt: skip
def test_robots_get_the_bodies_of_their_documents(kind: str, form: str, expected: dict[str, Any]):
    message = Writer(file(kind, format=form), SITE).write([notice()])
    assert json.loads(message.body) == expected


@pytest.mark.parametrize(("form", "most"), [("text", TEXT_BYTES), ("markdown", MARKDOWN_BYTES)])
def test_no_message_to_wecom_is_longer_than_it_takes(form: str, most: int):
    many = [notice(number, "x" * 400) for number in range(20)]
    said = json.loads(Writer(file("wecom", format=form, language="en"), SITE).write(many).body)
    content = said[form]["content"]
    assert len(content.encode()) <= most
    assert content.splitlines()[-1].startswith("and ")


def test_what_a_device_calls_itself_is_no_markup():
    bad = notice(en="</font> <@all> **x** [a](http://b)\n# y")
    said = Writer(file("wecom", language="en"), SITE).write([bad]).body.decode()
    assert "<@" not in said
    assert "](" not in said
    assert json.loads(said)["markdown"]["content"].count("\n") == 1


def test_dingtalk_is_signed_as_its_document_says():
    address = signed("http://ding.test/send?access_token=t", "SECabc", AT)
    query = parse_qs(address.partition("?")[2])
    stamp = query["timestamp"][0]
    assert stamp == str(int(AT.timestamp() * 1000))
    made = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert unquote(address.rpartition("sign=")[2]) == base64.b64encode(made).decode()


def test_a_template_makes_the_whole_body_of_a_webhook():
    template = '{"text": {{ alarm.line | tojson }}, "count": {{ alarms | length }}}'
    said = Writer(file("webhook", template=template), SITE).write([notice(), notice(8)])
    assert json.loads(said.body) == {"text": "19 会议室 矩阵无响应", "count": 2}


@pytest.mark.parametrize(
    "template", ["{{", "not json", "{{ alarm.nothing }}", "{{ alarms.__class__.__mro__ }}"]
)
def test_a_template_that_is_none_is_refused(template: str):
    with pytest.raises(TemplateRefusedError):
        Writer(file("webhook", template=template), SITE).write([notice()])


def test_the_example_of_the_document_is_taken():
    text = (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    rules = AlertsFile.model_validate(YAML(typ="safe").load(example)["alerts"])
    assert [each.kind for each in rules.channels.values()] == [
        "wecom", "dingtalk", "email", "webhook",
    ]  # fmt: skip


# Whether it arrives.


async def test_an_alarm_and_its_end_reach_a_robot_and_the_journal_says_so():
    robot = Receiver()
    async with office(robot, channel("wecom")) as here:
        here.alarms.raise_one("latch/19/x", "19", {"zh": "已锁定", "en": "latched"})
        await here.until(lambda: told(here, "sent"))
        here.alarms.clear("latch/19/x")
        await here.until(lambda: len(told(here, "sent")) == 2)
        first, second = (each["markdown"]["content"] for each in robot.bodies())
        assert ("警告" in first, "已恢复" in second) == (True, True)
        assert str(robot.got[0].url) == URL
        (alarm,) = here.alarms.by_identity.values()
        assert alarm.told == {"robot"}


async def test_our_own_webhook_is_told_everything_and_signed():
    hook = Receiver(httpx.Response(204))
    rules = channel("webhook", secret={"env": "ROBOT_SECRET"})
    async with office(hook, rules) as here:
        trouble(here)
        await here.until(lambda: told(here, "sent"))
        (body,) = hook.bodies()
        (said,) = body["alarms"]
        assert (said["event"], said["key"], said["text"]["en"]) == ("raised", "job/x", "missed")
        headers, content = hook.got[0].headers, hook.got[0].content
        signing = headers["X-Avctl-Timestamp"].encode() + b"." + content
        made = hmac.new(b"SECabc", signing, hashlib.sha256).hexdigest()
        assert headers["X-Avctl-Signature"] == f"sha256={made}"


async def test_what_is_not_taken_is_tried_again_later_and_later():
    answers: list[httpx.Response | Exception] = [
        httpx.ConnectError("no"),
        httpx.Response(502),
        httpx.Response(200, text="odd"),
    ]
    robot = Receiver(*answers, httpx.Response(200, json={"errcode": 45009, "errmsg": "limit"}))
    async with office(robot, channel("wecom")) as here:
        trouble(here)
        await here.until(lambda: told(here, "sent"), 300)
        assert told(here, "sent")[0]["tries"] == 5
        pauses = [b - a for a, b in zip(robot.at, robot.at[1:], strict=False)]
        assert pauses == sorted(pauses)


async def test_a_refusal_is_not_repeated_and_is_an_alarm_on_the_panel():
    robot = Receiver(httpx.Response(200, json={"errcode": 93000, "errmsg": "invalid webhook"}))
    async with office(robot, channel("wecom")) as here:
        trouble(here)
        await here.until(lambda: told(here, "failed"))
        assert len(robot.got) == 1
        assert "93000" in told(here, "failed")[0]["why"]
        assert here.alarms.of("channel/robot")
        assert "invalid webhook" in here.outbox.channels["robot"].trouble
        here.outbox.test("robot", "Li")
        await here.until(lambda: told(here, "sent"))
        assert here.alarms.of("channel/robot") is None


async def test_a_channel_is_tried_over_the_api_and_tells_how_it_is():
    robot = Receiver()
    async with house(up=False, webhooks=robot, alerts=channel("wecom")) as here:
        url = f"{API}/alarms/channels"
        assert (await here.client.post(f"{url}/x/test")).status_code == 404
        by = {"X-Panel": "Li"}
        assert (await here.client.post(f"{url}/robot/test", headers=by)).status_code == 202
        await here.until(lambda: told(here, "sent"))
        (state,) = (await here.client.get(url)).json()["channels"]
        assert (state["channel"], state["sent"], state["trouble"]) == ("robot", 1, "")
        assert "Li" in robot.bodies()[0]["markdown"]["content"]
        assert "robot.test" not in json.dumps(state)


async def test_the_address_of_a_robot_is_in_no_journal_and_no_trouble():
    robot = Receiver(*[httpx.ConnectError(f"cannot reach {URL}")] * 6)
    async with office(robot, channel("dingtalk")) as here:
        trouble(here)
        await here.until(lambda: told(here, "failed"), 900)
        said = json.dumps([e.data for e in here.entries if e.kind == "alert"])
        assert "robot.test" not in said + here.outbox.channels["robot"].trouble


async def test_a_robot_is_sent_no_more_in_a_minute_than_it_may_be_and_nothing_is_lost():
    robot = Receiver()
    async with office(robot, channel("webhook", per_minute=2)) as here:
        for number in range(60):
            trouble(here, f"job/{number}")
            await asyncio.sleep(1)
        await here.until(lambda: here.outbox.channels["robot"].waiting == 0, 300)
        await here.until(lambda: sum(len(each["alarms"]) for each in told(here, "sent")) == 60)
        assert all(robot.at[n + 2] - robot.at[n] >= 60 for n in range(len(robot.at) - 2))


async def test_a_storm_is_bounded_and_the_newest_is_kept():
    robot = Receiver(*[httpx.Response(503)] * 6)
    async with office(robot, channel("webhook")) as here:
        for number in range(600):
            trouble(here, f"job/{number}")
        robot_channel = here.outbox.channels["robot"]
        assert (robot_channel.waiting, robot_channel.dropped) == (500, 100)


async def test_only_what_is_grave_enough_and_of_its_rooms_is_told():
    robot = Receiver()
    rules = channel("webhook", at_least="critical", rooms=["17"], cleared=False)
    async with office(robot, rules) as here:
        alarms = here.alarms
        text = {"zh": "一", "en": "one"}
        said: tuple[tuple[str, str, Severity], ...] = (
            ("a", "17", "warning"), ("b", "19", "critical"), ("c", "17", "critical"),
        )  # fmt: skip
        for key, room, severity in said:
            alarms.raise_one(key, room, text, severity)
            alarms.clear(key)
        await here.until(lambda: told(here, "sent"))
        assert [each["key"] for body in robot.bodies() for each in body["alarms"]] == ["c"]


async def test_a_take_is_as_quick_while_no_webhook_answers():
    async def took(webhooks: httpx.AsyncBaseTransport, alerts: dict[str, Any] | None) -> float:
        async with house(webhooks=webhooks, alerts=alerts) as here:
            for number in range(20):
                text = {"zh": "错过", "en": "missed"}
                here.parts.alarms.raise_one(f"job/{number}", "19", text, lasts=False)
            url = f"{API}/rooms/19/scenes/show-laptop/take"
            run = (await here.client.post(url, params={"wait": 10})).json()
            assert run["verdict"] == "confirmed"
            return float(run["duration"])

    class Hanging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await Clock().sleep(3600)
            return ok()

    without = await took(Receiver(), None)
    assert await took(Hanging(), channel("wecom")) == pytest.approx(without, abs=0.05)


async def test_a_hung_receiver_is_given_up_and_tried_again():
    class Hanging(Receiver):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if not self.got:
                self.got.append(request)
                await self._clock.sleep(3600)
            return await super().handle_async_request(request)

    robot = Hanging()
    async with office(robot, channel("wecom")) as here:
        trouble(here)
        await here.until(lambda: told(here, "sent"), 300)
        assert told(here, "sent")[0]["tries"] == 2


@pytest.mark.parametrize(
    "robot",
    [
        {"kind": "wecom", "url": {"env": "NO_SUCH_VARIABLE"}},
        {"kind": "webhook", "url": {"env": "ROBOT_URL"}, "template": "no json"},
    ],
)
async def test_a_channel_that_cannot_be_keeps_the_service_from_starting(robot: dict[str, Any]):
    with pytest.raises(ConfigError, match="robot"):
        async with office(Receiver(), {"channels": {"robot": robot}}):
            pass

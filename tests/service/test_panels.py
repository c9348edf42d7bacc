"""What panels are told: everything first, then what changed, at a pace they can follow."""

import asyncio
import contextlib
import json
from collections import Counter

import pytest

from service.hub import WAITING, Client
from service.people.caller import EVERYBODY
from service.people.credentials import Credentials
from service.views import destination_view, device_view, microphone_view, run_view
from service.views.models import View
from tests.served import API
from tests.service.house import house

pytestmark = pytest.mark.virtual

TAKE = f"{API}/rooms/19/scenes/speaker-close-up/take"


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


class Panel:
    """A panel that keeps what it was told."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.told: list[dict] = []
        self.parts: dict[tuple[str, str, str], dict] = {}

    async def listen(self) -> None:
        while (text := await self.client.next()) is not None:
            self.hear(json.loads(text))

    def hear(self, message: dict) -> None:
        self.told.append(message)
        if message["type"] == "hello":
            for room in message["rooms"]:
                for kind in ("device", "destination", "microphone", "run"):
                    for part in room[f"{kind}s"]:
                        self.parts[kind, room["room"], part[kind]] = part
        elif message["type"] in ("device", "destination", "microphone", "run"):
            kind = message["type"]
            self.parts[kind, message["room"], message[kind][kind]] = message[kind]

    def count(self) -> Counter:
        return Counter(message["type"] for message in self.told)


@contextlib.asynccontextmanager
async def joined(here):
    panel = Panel(here.parts.hub.join())
    listening = asyncio.create_task(panel.listen())
    try:
        yield panel
    finally:
        panel.client.close()
        await listening
        here.parts.hub.leave(panel.client)


def ageless(part):
    """A part of a room without what passes by itself."""
    if isinstance(part, dict):
        passing = ("age", "since", "elapsed")
        return {key: ageless(value) for key, value in part.items() if key not in passing}
    if isinstance(part, list):
        return [ageless(each) for each in part]
    return part


def as_it_stands(here):
    parts: dict[tuple[str, str, str], View] = {}
    for room in here.site.rooms.values():
        for name in room.devices:
            parts["device", room.name, name] = device_view(room, name)
        for name in room.file.destinations:
            parts["destination", room.name, name] = destination_view(room, name)
        for name in room.file.microphones:
            parts["microphone", room.name, name] = microphone_view(room, name)
        for take in room.takes:
            parts["run", room.name, take.identity] = run_view(room, take)
    return {key: view.model_dump(mode="json") for key, view in parts.items()}


async def test_everything_comes_first():
    async with house() as here, joined(here) as panel:
        await asyncio.sleep(0)
        hello = panel.told[0]
        assert hello["type"] == "hello"
        assert ageless(hello["site"]) == ageless((await here.client.get(f"{API}/site")).json())
        assert ageless(hello["rooms"]) == ageless(
            (await here.client.get(f"{API}/rooms")).json()["rooms"]
        )


async def test_everything_and_what_followed_is_how_it_stands():
    async with house(only=None, up=False) as here, contextlib.AsyncExitStack() as stack:
        panels = []
        for step in range(12):
            panels.append(await stack.enter_async_context(joined(here)))
            await asyncio.sleep(0.7)
            room = here.site.rooms[list(here.site.rooms)[step % 3]]
            scene = list(room.scenes)[step % len(room.scenes)]
            await here.client.post(f"{API}/rooms/{room.name}/scenes/{scene}/take")
            if step == 8:
                here.simulator("mixer").faults.set("cut", True)
        takes = [take for room in here.site.rooms.values() for take in room.takes]
        await here.until(lambda: all(take.verdict for take in takes), 600)
        await asyncio.sleep(12)
        # Meters never stand still; what is due is told within a tenth of a second.
        for panel in panels:
            for key, part in as_it_stands(here).items():
                assert drifting(panel.parts[key]) == drifting(part), key


def drifting(part):
    part = ageless(part)
    part.pop("meter", None)
    if "points" in part:
        part["points"] = [point for point in part["points"] if point["word"] != "meter"]
    return part


async def test_a_tap_is_told_at_once_and_its_verdict_too():
    async with house() as here, joined(here) as panel:
        await here.client.post(TAKE, params={"wait": 10})
        await asyncio.sleep(0.06)
        runs = [message["run"] for message in panel.told if message["type"] == "run"]
        assert runs[0]["verdict"] is None
        assert runs[0]["elapsed"] < 0.05
        assert runs[-1]["verdict"] == "confirmed"
        assert "tap" in [m["entry"]["kind"] for m in panel.told if m["type"] == "journal"]


async def test_a_device_is_told_ten_times_a_second_at_most():
    async with house() as here, joined(here) as panel:
        device = here.room.devices["mixer"]
        point = next(point for point in device.state if point.word == "fader")
        before = panel.count()
        for step in range(400):
            device.report(point, float(step))
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.2)
        of_mixer = [
            m for m in panel.told if m["type"] == "device" and m["device"]["device"] == "mixer"
        ]
        assert 15 <= len(of_mixer) <= 24
        assert panel.count()["device"] > before["device"]


async def test_a_beat_comes_every_second():
    async with house() as here, joined(here) as panel:
        before = panel.count()["beat"]
        await asyncio.sleep(10.5)
        assert 10 <= panel.count()["beat"] - before <= 11


async def test_ages_are_told_again_though_nothing_changed():
    async with house() as here, joined(here) as panel:
        await asyncio.sleep(20)
        told = [m["device"] for m in panel.told if m["type"] == "device"]
        matrix = [device for device in told if device["device"] == "matrix"]
        assert len(matrix) >= 3
        assert min(point["age"] for point in matrix[-1]["points"]) < 3


async def test_a_panel_that_does_not_read_is_dropped_and_the_others_are_not():
    async with house() as here, joined(here) as panel:
        sleeper = here.parts.hub.join()
        for number in range(WAITING + 10):
            here.journal.note("test", {"number": number})
            await asyncio.sleep(0)
        assert sleeper.dropped
        assert await sleeper.next() is None
        assert not panel.client.dropped
        assert panel.count()["journal"] >= WAITING + 10


async def test_a_burst_of_a_whole_site_drops_nobody_who_reads():
    async with house(only=None) as here, joined(here) as panel:
        hub = here.parts.hub
        for _ in range(3):
            for key in hub._parts():
                hub._touch(key)
            for number in range(200):
                hub._due["device", "19", f"none-{number}"] = 0.0
            await asyncio.sleep(1)
        assert not panel.client.dropped


async def test_events_are_streamed_to_those_who_have_no_sockets():
    async with house(up=False) as here:
        from service.routes.events import _events

        stream = _events(here.parts, Credentials(), EVERYBODY)
        first = await anext(stream)
        assert first.startswith("event: hello\ndata: {")
        assert first.endswith("}\n\n")
        beat = await anext(stream)
        while not beat.startswith("event: beat\n"):
            beat = await anext(stream)
        here.parts.hub.close()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        assert not here.parts.hub.clients

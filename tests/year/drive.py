"""The year as it happens: shift by shift, by the hands of its people and by what breaks."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import httpx

from tests.year.plan import Cut, Meeting, Shift
from tests.year.world import World

OPERATOR = {"X-Panel": "year"}
NEAR = timedelta(seconds=20)  # before the service goes, nobody taps


@dataclass(eq=False)
class Truth:
    """What happened, as those who did it saw it."""

    taps: Counter[tuple[str, str]] = field(default_factory=Counter)  # room, scene
    looks: Counter[tuple[str, str]] = field(default_factory=Counter)  # room, result
    refused: list[str] = field(default_factory=list)

    def refuse(self, answer: httpx.Response) -> None:
        if answer.is_error:
            self.refused.append(f"{answer.request.url.path}: {answer.text}")


async def live_through(world: World) -> Truth:
    truth = Truth()
    for shift in world.plan.shifts:
        await world.until(shift.begins)
        doing = asyncio.create_task(_do(world, shift))
        ends = [moment for moment in (shift.restart, shift.ends) if moment]
        for end in ends:
            async with world.service() as (client, _):
                hands = [
                    asyncio.create_task(_hold(world, client, meeting, truth, end))
                    for meeting in shift.meetings
                ]
                if shift.inspected:
                    hands.append(asyncio.create_task(_inspect(world, client, shift, truth)))
                await world.until(end)
                await asyncio.gather(*hands)
        await doing
    await world.until(world.plan.ends)
    return truth


async def _do(world: World, shift: Shift) -> None:
    """What breaks, and the clock that somebody sets."""
    cuts = [(meeting.room, meeting.cut) for meeting in shift.meetings if meeting.cut]
    await asyncio.gather(*(_cut(world, room, cut) for room, cut in cuts))
    if shift.clock_is_set:
        await world.until(shift.clock_is_set)
        world.ahead = timedelta(hours=2)
        await asyncio.sleep(60)
        world.ahead = timedelta(0)


async def _cut(world: World, room: str, cut: Cut) -> None:
    simulator = world.real[room].devices[cut.device]
    await world.until(cut.begins)
    simulator.faults.set("cut")
    await world.until(cut.ends)
    simulator.faults.clear("cut")


async def _hold(
    world: World, client: httpx.AsyncClient, meeting: Meeting, truth: Truth, end: datetime
) -> None:
    """The operator's part of a meeting, as far as this run of the service goes."""
    begun = None
    if meeting.source == "tap" and meeting.begins >= world.true_time():
        await world.until(meeting.begins)
        answer = await client.post(
            f"/rooms/{meeting.room}/meeting", json={"title": meeting.title}, headers=OPERATOR
        )
        truth.refuse(answer)
    for tap in meeting.taps:
        if world.true_time() <= tap.at < end - NEAR:
            await world.until(tap.at)
            path = f"/rooms/{meeting.room}/scenes/{tap.scene}/take"
            answer = await client.post(path, headers=OPERATOR)
            truth.refuse(answer)
            truth.taps[meeting.room, tap.scene] += answer.is_success
    if world.true_time() <= meeting.ends < end:
        await world.until(meeting.ends - NEAR)
        await _close_microphones(client, meeting.room, truth)
    if meeting.source == "tap" and world.true_time() <= meeting.ends < end:
        await world.until(meeting.ends)
        live = (await client.get(f"/rooms/{meeting.room}/meeting")).json()["meeting"]
        if live is None:
            truth.refused.append(f"{meeting.room} at {meeting.ends}: no meeting to be ended")
            return
        begun = live["meeting"]
        truth.refuse(await client.post(f"/meetings/{begun}/end", headers=OPERATOR))


async def _close_microphones(client: httpx.AsyncClient, room: str, truth: Truth) -> None:
    """A room with an open microphone is in use: nothing would be warmed up there."""
    microphones = (await client.get(f"/rooms/{room}")).json()["microphones"]
    for each in microphones:
        body = {"target": each["microphone"], "word": "muted", "value": True}
        truth.refuse(await client.post(f"/rooms/{room}/set", json=body, headers=OPERATOR))


async def _inspect(world: World, client: httpx.AsyncClient, shift: Shift, truth: Truth) -> None:
    """A person walks through the rooms with a tablet, and finds dust now and then."""
    assert shift.inspected
    await world.until(shift.inspected)
    rng = Random(f"{world.seed}/{shift.begins}")
    page = (await client.get("/inspections", params={"limit": 10})).json()
    for brief in page["inspections"]:
        if brief["state"] != "open":
            continue
        inspection = (await client.get(f"/inspections/{brief['inspection']}")).json()
        for look in inspection["looks"]:
            result = "watch" if rng.random() < 0.05 else "good"
            answer = await client.post(
                f"/inspections/{brief['inspection']}/looks/{look['look']}",
                json={"result": result, "remark": "积灰" if result == "watch" else ""},
                headers=OPERATOR,
            )
            truth.refuse(answer)
            truth.looks[brief["room"], result] += answer.is_success

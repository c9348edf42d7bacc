"""The year as it happens: shift by shift, by the hands of its people and by what breaks."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import httpx

from tests.served import Served
from tests.year.plan import Cut, Meeting, Shift
from tests.year.world import World

OPERATOR = "year"
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
            async with world.service() as here:
                hands = [
                    asyncio.create_task(_hold(world, here, meeting, truth, end))
                    for meeting in shift.meetings
                ]
                if shift.inspected:
                    hands.append(asyncio.create_task(_inspect(world, here, shift, truth)))
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


async def _hold(world: World, here: Served, meeting: Meeting, truth: Truth, end: datetime) -> None:
    """The operator's part of a meeting, as far as this run of the service goes."""
    await asyncio.gather(
        _begin_and_end(world, here, meeting, truth, end), _tap(world, here, meeting, truth, end)
    )


async def _tap(world: World, here: Served, meeting: Meeting, truth: Truth, end: datetime) -> None:
    for tap in meeting.taps:
        if world.true_time() <= tap.at < end - NEAR:
            await world.until(tap.at)
            path = f"/rooms/{meeting.room}/scenes/{tap.scene}/take?confirm=true"
            answer = await here.post(path, by=OPERATOR)
            truth.refuse(answer)
            truth.taps[meeting.room, tap.scene] += answer.is_success


async def _begin_and_end(
    world: World, here: Served, meeting: Meeting, truth: Truth, end: datetime
) -> None:
    if meeting.source == "tap" and meeting.begins >= world.true_time():
        await world.until(meeting.begins)
        body = {"title": meeting.title}
        truth.refuse(await here.post(f"/rooms/{meeting.room}/meeting", body, OPERATOR))
    if world.true_time() <= meeting.ends < end:
        await world.until(meeting.ends - NEAR)
        await _close_microphones(here, meeting.room, truth)
    if meeting.source == "tap" and world.true_time() <= meeting.ends < end:
        await world.until(meeting.ends)
        live = (await here.get(f"/rooms/{meeting.room}/meeting"))["meeting"]
        if live is None:
            truth.refused.append(f"{meeting.room} at {meeting.ends}: no meeting to be ended")
            return
        truth.refuse(await here.post(f"/meetings/{live['meeting']}/end", by=OPERATOR))


async def _close_microphones(here: Served, room: str, truth: Truth) -> None:
    """A room with an open microphone is in use: nothing would be warmed up there."""
    microphones = (await here.get(f"/rooms/{room}"))["microphones"]
    for each in microphones:
        body = {"target": each["microphone"], "word": "muted", "value": True}
        truth.refuse(await here.post(f"/rooms/{room}/set", body, OPERATOR))


async def _inspect(world: World, here: Served, shift: Shift, truth: Truth) -> None:
    """A person walks through the rooms with a tablet, and finds dust now and then."""
    assert shift.inspected
    await world.until(shift.inspected)
    rng = Random(f"{world.seed}/{shift.begins}")
    page = await here.get("/inspections?limit=10")
    for brief in page["inspections"]:
        if brief["state"] != "open":
            continue
        inspection = await here.get(f"/inspections/{brief['inspection']}")
        for look in inspection["looks"]:
            result = "watch" if rng.random() < 0.05 else "good"
            url = f"/inspections/{brief['inspection']}/looks/{look['look']}"
            said = {"result": result, "remark": "积灰" if result == "watch" else ""}
            answer = await here.post(url, said, OPERATOR)
            truth.refuse(answer)
            truth.looks[brief["room"], result] += answer.is_success

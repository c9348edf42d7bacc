"""What the records of the year say, against what happened. Nothing here asks the service how it counts."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time

from service.jobs import Outcome
from service.operations.reports.facts.devices import Devices
from service.operations.reports.facts.fact import Frame
from service.operations.reports.facts.gather import gather
from service.operations.reports.facts.incidents import IncidentFacts
from service.operations.reports.facts.meetings import MeetingFacts
from service.operations.reports.facts.takes import Takes
from service.operations.reports.facts.upkeep import InspectionFacts, WarmUpFacts
from service.operations.reports.names import Names
from service.operations.reports.period import Period
from service.parts import Parts
from service.views.models import Title
from tests.year.drive import Truth
from tests.year.plan import ROOMS, ZONE, Cut, Plan, inspection_days, warm_up_days
from tests.year.world import LAMP_POLL, POLL, World

NOTICED = 2 * POLL + 35  # seconds in which a line's going and coming is noticed at the latest
SWITCHED = 2 * LAMP_POLL + 5  # seconds in which a lamp's going on or off is noticed
LOOKED = 61.0  # seconds between two looks at the calendar, and one
ROUSED = 2.0  # seconds in which a device is greeted, at each start of the service
FEEDS_A_LAMP = {"17": "beamer", "annex-6": "beamer"}


async def disagreements(world: World, truth: Truth, parts: Parts) -> list[str]:
    found = [f"refused: {each}" for each in truth.refused]
    found += [f"jobs: {each}" async for each in _jobs(world, parts)]
    frame = Frame(
        Period("year", world.plan.begins, world.plan.ends, Title(zh="", en="")),
        Names(parts.site),
        world.wall(),
    )
    takes, meetings = Takes(frame), MeetingFacts(frame, parts.journal)
    devices, warm_ups = Devices(frame), WarmUpFacts(frame)
    inspections, incidents = InspectionFacts(frame), IncidentFacts(frame, parts.journal)
    await gather(parts.journal, frame, (takes, meetings, devices, warm_ups, inspections, incidents))
    devices.end()
    found += [f"meetings: {each}" for each in _meetings(world, meetings)]
    found += [f"takes: {each}" for each in _takes(world.plan, truth, takes)]
    found += [f"devices: {each}" for each in _devices(world, devices)]
    found += [f"warm-ups: {each}" for each in _warm_ups(world, warm_ups, devices)]
    found += [f"inspections: {each}" for each in _inspections(world, truth, inspections)]
    return found


async def _jobs(world: World, parts: Parts) -> AsyncIterator[str]:
    plan = world.plan
    due = Counter(
        (f"{job}/{room}", _at(day, when))
        for job, days, when in (
            ("warm-up", warm_up_days(plan.year, plan.months), time(7, 0)),
            ("inspection", inspection_days(plan.year, plan.months), time(8, 30)),
        )
        for day in days
        for room in ROOMS
    )
    runs = await parts.jobs.runs.between(plan.begins, plan.ends)
    ran = Counter((run.job, run.due) for run in runs)
    for key in due | ran:
        if due[key] != ran[key]:
            yield f"{key} is due {due[key]} times and ran {ran[key]} times"
    for run in runs:
        if run.outcome is not Outcome.DONE:
            yield f"{run.job} of {run.due} is {run.outcome}: {run.why}"


def _meetings(world: World, facts: MeetingFacts) -> Iterator[str]:
    held = facts.held()
    if len(held) != len(world.plan.meetings):
        yield f"{len(world.plan.meetings)} were held, {len(held)} are on record"
    for planned in world.plan.meetings:
        found = [
            each for each in held
            if each.meeting.room == planned.room and each.meeting.title == planned.title
            and _near(each.meeting.began, planned.begins) and _near(each.meeting.ended, planned.ends)
        ]  # fmt: skip
        if len(found) != 1:
            yield f"{planned.room} at {planned.begins}: {len(found)} on record"


def _takes(plan: Plan, truth: Truth, facts: Takes) -> Iterator[str]:
    by_scene: Counter[str] = Counter()
    for (_, scene), count in truth.taps.items():
        by_scene[scene] += count
    for scene in ("get-ready", "shut-down"):
        by_scene[scene] += len(plan.months) * len(ROOMS)  # by the warm-ups
    for scene, count in by_scene.items():
        told = facts.by_scene[scene].all.count if scene in facts.by_scene else 0
        if told != count:
            yield f"{scene} was tapped {count} times, {told} verdicts are on record"


def _devices(world: World, facts: Devices) -> Iterator[str]:
    cuts: dict[tuple[str, str], list[Cut]] = {}
    for meeting in world.plan.meetings:
        if meeting.cut:
            cuts.setdefault((meeting.room, meeting.cut.device), []).append(meeting.cut)
    for place, used in facts.by_place.items():
        there = cuts.get(place, [])
        if used.faults.count != len(there):
            yield f"{place} was cut off {len(there)} times, {used.faults.count} are on record"
        away = sum((cut.ends - cut.begins).total_seconds() for cut in there)
        if abs(used.away - away) > NOTICED * len(there) + ROUSED * world.starts:
            yield f"{place} was away for {away} s, {used.away} s are on record"


def _warm_ups(world: World, facts: WarmUpFacts, devices: Devices) -> Iterator[str]:
    count = Counter(each.proof.room for each in facts.ended)
    for room in ROOMS:
        if count[room] != len(world.plan.months):
            yield f"{room} has {count[room]} proofs for {len(world.plan.months)} months"
    for each in facts.ended:
        for device in each.proof.devices:
            if device.good is False:
                yield f"{each.proof.room} {device.device}: {device.words}"
    for room, name in FEEDS_A_LAMP.items():
        burnt = world.real[room].devices[name].power.burnt  # type: ignore[attr-defined]  # of projectors
        on = devices.by_place[room, name].figures.on or 0.0
        if abs(burnt - on) > 2 * SWITCHED * len(world.plan.months) + ROUSED:
            yield f"the lamp of {room} burnt for {burnt:.0f} s, {on:.0f} s are on record"


def _inspections(world: World, truth: Truth, facts: InspectionFacts) -> Iterator[str]:
    mondays = len(inspection_days(world.plan.year, world.plan.months))
    count = Counter(each.room for each in facts.by_identity.values())
    looks: Counter[tuple[str, str]] = Counter()
    for each in facts.by_identity.values():
        if not each.ended:
            yield f"{each.room} at {each.began} was not closed"
        looks.update((each.room, item.result) for item in each.items.values() if not item.device)
        bad = [
            f"{i.name} {i.result} {i.remark}" for i in each.items.values() if i.result == "fault"
        ]
        yield from (f"{each.room} at {each.began}: {text}" for text in bad)
    for room in ROOMS:
        if count[room] != mondays:
            yield f"{room} has {count[room]} of {mondays}"
    for key in looks | truth.looks:
        if looks[key] != truth.looks[key]:
            yield f"{key}: {truth.looks[key]} seen, {looks[key]} on record"


def _near(said: str, moment: datetime) -> bool:
    return bool(said) and abs((datetime.fromisoformat(said) - moment).total_seconds()) <= LOOKED


def _at(day: date, when: time) -> datetime:
    return datetime.combine(day, when, ZONE).astimezone(UTC)

"""The schedule at work, over virtual years: every due time once, whatever happens to process and clock."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from avctl.clock import Clock
from avctl.config import JobFile
from avctl.errors import AvctlError
from service.jobs import Doer, GoneError, Job, Jobs, Outcome, PutOffError, Work, dues
from service.jobs.calendar import Calendar
from service.jobs.runs import Runs
from service.journal import Journal
from service.store.records import Records, open_records

START = datetime(2026, 1, 1, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = 86400.0
HOUR = timedelta(hours=1)


def job(
    name: str = "monthly",
    cron: str = "0 7 * * MON#1",
    rooms: tuple[str, ...] = ("19",),
    **more: object,
) -> Job:
    return Job(name, JobFile(do="work", cron=cron, **more), rooms, SHANGHAI, Calendar())  # type: ignore[arg-type]  # by key


class World:
    """A wall clock that may be set, and a process that may come and go."""

    def __init__(self, jobs: list[Job], records: Records, seed: int = 0) -> None:
        self.jobs, self.records = jobs, records
        self.ahead = timedelta(0)
        self.clock = Clock(self.wall, Random(seed))
        self.journal = Journal(self.clock)
        self.done: Counter[tuple[str, str | None, datetime]] = Counter()
        self.began: list[datetime] = []
        self.alarms: list[str] = []
        self.alarmed_at: list[datetime] = []
        self.hinders: Callable[[Work], str] = lambda work: ""
        self.takes = 0.0  # seconds
        self.goes_on: dict[str, Doer] = {}

    def wall(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time()) + self.ahead

    async def do(self, work: Work) -> str:
        if why := self.hinders(work):
            raise PutOffError(why)
        work.progress(0.0, "begun")
        self.began.append(self.wall())
        await self.clock.sleep(self.takes)
        self.done[work.job.name, work.room, work.due] += 1
        return ""

    def alarm(self, key: str, room: str | None, zh: str, en: str) -> None:
        self.alarms.append(en)
        self.alarmed_at.append(self.wall())

    def process(self, look: float = 1800.0) -> Jobs:
        return Jobs(
            self.jobs, self.records, self.journal, self.clock, {"work": self.do},
            goes_on=self.goes_on, alarm=self.alarm, look=look,
        )  # fmt: skip

    async def killed(self, jobs: Jobs) -> None:
        """End a process as kill -9 would: nothing is said at the end."""
        for task in jobs._tasks:
            task.remove_done_callback(jobs._tasks.discard)
        jobs.runs.end = jobs.runs.leave = None  # type: ignore[method-assign,assignment]
        await asyncio.gather(*(_cancelled(task) for task in set(jobs._tasks)))

    async def outcomes(self) -> Counter[tuple[str, datetime]]:
        runs = await self.process().runs.between(START, START + timedelta(days=40_000))
        return Counter((run.job, run.due) for run in runs)


@pytest.mark.virtual
@pytest.mark.parametrize(("catch_up", "years"), [("run", 10), ("skip", 3), ("ask", 3)])
async def test_r30_years_of_warm_ups_and_inspections_come_due_exactly_once(
    catch_up: str, years: int, tmp_path: Path
) -> None:
    rng = Random(catch_up)
    jobs = [
        job("warm-up", "0 7 * * MON#1", catch_up=catch_up, window="6 h"),
        job("inspection", "0 8 * * MON", catch_up=catch_up, window="6 h"),
    ]
    async with open_records(tmp_path) as records:
        world = World(jobs, records)
        ends = years * 365.2 * DAY
        while (left := ends - world.clock.now()) > 1:
            up = min(left, rng.expovariate(1 / (8 * DAY)))
            async with world.process(look=30 * DAY):
                await world.clock.sleep(up)
            await world.clock.sleep(
                min(max(0.0, ends - world.clock.now()), rng.expovariate(1 / (2 * DAY)))
            )
        async with world.process(look=30 * DAY):
            await world.clock.sleep(60)
        expected = {
            (f"{made.name}/19", due): 1 for made in jobs for due in dues(made, START, world.wall())
        }
        seen = await world.outcomes()
        assert dict(seen) == expected
        assert len(expected) > 63 * years
        assert set(world.done.values()) == {1}
        runs = {
            (run.job, run.due): run
            for run in await world.process().runs.between(START, world.wall())
        }
        done = {(f"{name}/{room}", due) for name, room, due in world.done}
        for key, run in runs.items():
            assert (key in done) == (run.outcome is Outcome.DONE)
            late = run.claimed - run.due
            if late <= timedelta(seconds=60):
                assert run.outcome is Outcome.DONE
            elif late > timedelta(hours=6):
                assert run.outcome is Outcome.MISSED
            else:
                policy = {"run": Outcome.DONE, "skip": Outcome.SKIPPED, "ask": Outcome.ASKED}
                assert run.outcome in (policy[catch_up], Outcome.SKIPPED)
        missed = [run for run in runs.values() if run.outcome is Outcome.MISSED]
        assert len(missed) > years
        assert 0 < len(world.alarms) <= len(missed)


JUMPS = {
    "a second": timedelta(seconds=1),
    "a second back": timedelta(seconds=-1),
    "two hours": timedelta(hours=2),
    "two hours back": timedelta(hours=-2),
    "a day": timedelta(days=1),
    "to 1970": datetime(1970, 1, 5, tzinfo=UTC) - START,
    "to a leap day": datetime(2028, 2, 29, 1, tzinfo=UTC) - START,
}


@pytest.mark.virtual
@pytest.mark.parametrize("jump", JUMPS)
async def test_r31_a_clock_that_is_set_makes_no_job_run_twice(jump: str, tmp_path: Path) -> None:
    async with open_records(tmp_path) as records:
        far = abs(JUMPS[jump]) > timedelta(days=30)
        hourly = job("hourly", "0 */6 * * *" if far else "0 * * * *", window="30 min")
        world = World([hourly], records)
        async with world.process(look=300):
            await world.clock.sleep(3 * 3600 + 1)
            world.ahead = JUMPS[jump]
            await world.clock.sleep(5 * 3600)
            world.ahead = timedelta(0)
            await world.clock.sleep(5 * 3600)
        assert set(world.done.values()) == {1}
        assert max((await world.outcomes()).values()) == 1
        outcomes = await world.outcomes()
        true = list(dues(hourly, START, START + timedelta(hours=13)))
        assert [outcomes["hourly/19", due] for due in true] == [1] * len(true)
        assert all(world.done["hourly", "19", due] for due in true if due.hour <= 3)
        seqs = [entry.seq for entry in await world.journal.page(limit=10_000)]
        assert seqs == sorted(seqs)


@pytest.mark.virtual
async def test_what_cannot_begin_is_put_off_and_begins_when_it_can(tmp_path: Path) -> None:
    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *", window="3 h")], records)
        live_until = datetime(2026, 1, 2, 0, 40, tzinfo=UTC)
        world.hinders = lambda work: "a meeting is on" if world.wall() < live_until else ""
        async with world.process():
            await world.clock.sleep(DAY + 1200)  # 2 January, 08:20 in Shanghai
            assert list(world.process().running) == []
            assert not [key for key in world.done if key[2].day == 1 and key[2].hour == 23]
            await world.clock.sleep(3600)
        assert world.done[("monthly", "19", datetime(2026, 1, 1, 23, tzinfo=UTC))] == 1
        events = [entry.data["event"] for entry in await world.journal.latest(("job",), 100)]
        assert events.count("put-off") == 1
        assert world.alarms == []


@pytest.mark.virtual
@pytest.mark.parametrize("seed", range(100))
async def test_r32_nothing_begins_in_a_meeting_and_every_miss_is_told(
    seed: int, tmp_path: Path
) -> None:
    rng = Random(seed)
    meetings = []
    at = START
    while at < START + timedelta(days=4):
        at += timedelta(minutes=rng.randint(30, 900))
        end = at + timedelta(minutes=rng.randint(10, 400))
        meetings.append((at, end))
        at = end

    def live(moment: datetime) -> bool:
        return any(begin <= moment < end for begin, end in meetings)

    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *", window="2 h")], records, seed)
        world.hinders = lambda work: "a meeting is on" if live(world.wall()) else ""
        async with world.process():
            await world.clock.sleep(3 * DAY)
        assert not any(live(moment) for moment in world.began)
        runs = await world.process().runs.between(START, world.wall())
        assert len(runs) == 3
        missed = [run for run in runs if run.outcome is Outcome.MISSED]
        stopped = [run for run in runs if run.outcome is Outcome.INTERRUPTED]
        assert len(world.alarms) == len(missed) + len(stopped)
        for run, alarmed in zip(missed, world.alarmed_at, strict=not stopped):
            assert alarmed - run.due <= timedelta(hours=2, seconds=60)
            assert all(live(run.due + timedelta(seconds=30 * n)) for n in range(240))


@pytest.mark.virtual
async def test_a_job_that_was_missed_and_asked_about_runs_when_a_person_says_so(
    tmp_path: Path,
) -> None:
    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *", window="12 h", catch_up="ask")], records)
        async with world.process():
            await world.clock.sleep(60)
        await world.clock.sleep(DAY)
        async with world.process() as jobs:
            await world.clock.sleep(60)
            (asked,) = await jobs.runs.asked()
            assert world.done == {}
            assert await jobs.answer(asked.id, True, "operator")
            assert not await jobs.answer(asked.id, True, "operator")
            await world.clock.sleep(1)
        assert list(world.done.values()) == [1]


@pytest.mark.virtual
async def test_a_run_whose_process_is_gone_is_closed_as_interrupted_and_told(
    tmp_path: Path,
) -> None:
    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *")], records)
        world.takes = 1e6
        first = world.process()
        await first.__aenter__()
        await world.clock.sleep(DAY)
        await world.killed(first)
        async with world.process(look=20) as second:
            await world.clock.sleep(60)
            assert [run.outcome for run in await second.runs.between(START, world.wall())] == [None]
            await world.clock.sleep(120)
            assert [run.outcome for run in await second.runs.between(START, world.wall())] == [
                Outcome.INTERRUPTED
            ]
        assert world.alarms == ["monthly was interrupted: its service is gone"]


SEVEN = datetime(2026, 1, 1, 23, tzinfo=UTC)  # of 2 January in Shanghai
QUARTER = 900.0  # seconds


@pytest.mark.virtual
@pytest.mark.parametrize("end", ["stopped", "killed"])
async def test_what_is_put_off_waits_on_in_the_next_process_and_runs_once(
    end: str, tmp_path: Path
) -> None:
    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *", window="3 h")], records)
        world.hinders = lambda work: "a meeting is on" if world.wall() < SEVEN + HOUR else ""
        first = world.process(look=20)
        await first.__aenter__()
        await _until(world, SEVEN + HOUR / 4)
        await (first.__aexit__() if end == "stopped" else world.killed(first))
        async with world.process(look=20) as second, world.process(look=20) as third:
            await world.clock.sleep(QUARTER)
            waiting = [each.put_off for jobs in (second, third) for each in jobs.running.values()]
            assert waiting == ["a meeting is on"]
            await _until(world, SEVEN + 2 * HOUR)
        assert world.done == {("monthly", "19", SEVEN): 1}
        assert world.began[0] - SEVEN - HOUR <= timedelta(seconds=30)
        assert world.alarms == []


@pytest.mark.virtual
@pytest.mark.parametrize("left", [True, False])
async def test_of_two_processes_that_would_take_a_run_over_one_has_it(
    left: bool, tmp_path: Path
) -> None:
    async with open_records(tmp_path) as records:
        first, second, third = (Runs(records, name) for name in ("first", "second", "third"))
        number = await first.claim("monthly/19", SEVEN, SEVEN)
        assert number is not None
        assert await first.put_off(number, "a meeting is on")
        if left:
            assert await first.leave(number, "a meeting is on")
        (seen,) = await second.open_elsewhere()
        assert [await heir.take_over(seen) for heir in (second, third)] == [True, False]
        assert not await first.put_off(number, "")
        assert await second.put_off(number, "")


@pytest.mark.virtual
async def test_what_was_put_off_is_missed_when_its_window_ends_with_nobody_there(
    tmp_path: Path,
) -> None:
    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *", window="1 h")], records)
        world.hinders = lambda work: "a meeting is on" if world.wall() < SEVEN + HOUR / 2 else ""
        async with world.process():
            await _until(world, SEVEN + HOUR / 4)
        await _until(world, SEVEN + 2 * HOUR)
        async with world.process():
            await world.clock.sleep(60)
        assert world.began == []
        assert world.alarms == [
            "monthly was missed: put off until its window was over: a meeting is on"
        ]


@pytest.mark.virtual
async def test_a_process_that_was_thought_dead_leaves_what_it_put_off_to_its_heir(
    tmp_path: Path,
) -> None:
    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *", window="3 h")], records)
        world.hinders = lambda work: "a meeting is on" if world.wall() < SEVEN + HOUR else ""
        async with world.process(look=6 * 3600) as silent:  # it beats too rarely
            await _until(world, SEVEN + HOUR / 4)
            async with world.process(look=20):
                await _until(world, SEVEN + 2 * HOUR)
            assert silent.running == {}
        assert world.done == {("monthly", "19", SEVEN): 1}


@pytest.mark.virtual
@pytest.mark.parametrize(("ends", "outcome"), [(3600, Outcome.DONE), (0, Outcome.INTERRUPTED)])
async def test_work_that_outlives_its_service_is_followed_to_its_end(
    ends: float, outcome: Outcome, tmp_path: Path
) -> None:
    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *")], records)
        world.takes = 3600

        async def go_on(work: Work) -> str:
            if not ends:
                raise GoneError("it went on nowhere")
            work.progress(0.5, "going on")
            await _until(world, work.claimed + timedelta(seconds=ends))
            return "held"

        world.goes_on = {"work": go_on}
        async with world.process():
            await _until(world, SEVEN + HOUR / 4)
        async with world.process() as jobs:
            await _until(world, SEVEN + 2 * HOUR)
            (run,) = await jobs.runs.between(START, SEVEN + HOUR)
        assert run.outcome is outcome
        assert len(world.began) == 1  # it was not done anew
        assert len(world.alarms) == (outcome is Outcome.INTERRUPTED)
        events = [entry.data["event"] for entry in await world.journal.latest(("job",), 100)]
        assert events.count("ended") == 1


async def _until(world: World, moment: datetime) -> None:
    await world.clock.sleep((moment - world.wall()).total_seconds())


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.virtual
async def test_a_job_that_fails_is_told_and_its_successor_runs(tmp_path: Path) -> None:
    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *")], records)

        async def fail(work: Work) -> str:
            if work.due.day == 1:
                raise AvctlError("the recorder is full")
            return await World.do(world, work)

        world.do = fail  # type: ignore[method-assign]
        async with world.process():
            await world.clock.sleep(2 * DAY)
        assert world.alarms == ["monthly failed: the recorder is full"]
        assert [key[2].day for key in world.done] == [2]


@pytest.mark.virtual
async def test_a_due_time_that_was_left_out_does_not_run(tmp_path: Path) -> None:
    async with open_records(tmp_path) as records:
        world = World([job(cron="0 7 * * *")], records)
        async with world.process() as jobs:
            await jobs.skip("monthly", datetime(2026, 1, 1, 23, tzinfo=UTC), "operator")
            await world.clock.sleep(2 * DAY)
        assert [key[2].day for key in world.done] == [2]

"""The figures of reports, against what truly happened; and from each figure back to the journal."""

import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from avctl.clock import Clock
from avctl.site import open_site
from service.journal import Journal, open_journal
from service.operations.reports.evidence import Distribution, Evidence
from service.operations.reports.kinds import Asked, make
from service.operations.reports.names import Names
from service.operations.reports.period import PeriodError, last_period, read_period
from service.operations.reports.trace import trace
from service.views.document import Document, DocumentFigure, KindName
from tests.operations.month import SHANGHAI, HandClock, Life, Truth
from tests.rooms import DEMO

ROOMS = ("19", "17", "annex-6")
NOVEMBER = datetime(2026, 11, 1, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


@pytest.fixture
def names() -> Names:
    return Names(open_site(DEMO, Clock()))


@asynccontextmanager
async def lived(
    folder: Path, days: int = 30, takes: int = 4, first: datetime = NOVEMBER
) -> AsyncIterator[tuple[Journal, HandClock, Truth]]:
    clock = HandClock(first)
    async with open_journal(folder, clock) as journal:
        truth = await Life(clock, journal).month(ROOMS, first, days, takes)
        yield journal, clock, truth


def figures(document: Document) -> dict[str, DocumentFigure]:
    return {
        each.figure: each
        for section in document.sections
        for each in section.figures
    }  # fmt: skip


def value(document: Document, name: str) -> Any:
    return figures(document)[name].value


def column(document: Document, table: str, name: str) -> dict[str, Any]:
    found = document.table(table)
    place = found.place(name)
    return {row.row: row.cells[place].value for row in found.rows}


async def test_the_monthly_report_says_what_truly_happened(tmp_path: Path, names: Names) -> None:
    async with lived(tmp_path) as (journal, clock, truth):
        document = await make(journal, names, Asked("monthly", "2026-11"), clock.wall())
    told = {name: each.value for name, each in figures(document).items()}
    assert told["takes"] == truth.takes.total() == 360
    assert {name: told[f"takes-{name}"] for name in truth.takes} == truth.takes
    assert told["takes-median"] == sorted(truth.seconds)[(len(truth.seconds) - 1) // 2]
    counted = truth.takes.total() - truth.takes["superseded"]
    assert told["takes-rate"] == pytest.approx(truth.takes["confirmed"] / counted, abs=1e-6)
    assert told["meetings"] == truth.meetings.total() == 90
    assert told["meeting-hours"] == pytest.approx(truth.meeting_seconds / 3600, abs=1e-6)
    assert (told["incidents"], told["incidents-repaired"]) == (truth.incidents, truth.repaired)
    assert told["mean-repair"] == 1.0
    assert (told["warm-ups"], told["warm-ups-good"], told["rooms-without"]) == (3, 3, 0)
    assert (told["changeovers"], told["drills"], told["alarms"]) == (3, 3, 3)
    assert told["outside"] == truth.outside
    assert told["faults"] == truth.faults.total()
    assert column(document, "rooms", "takes") == dict(truth.by_room)
    assert column(document, "rooms", "meetings") == dict(truth.meetings)
    by_scene = column(document, "takes-by-scene", "takes")
    assert sum(by_scene.values()) == truth.takes.total()
    assert by_scene["restore-panorama"] == truth.by_scene["restore-panorama"]
    assert sum(column(document, "takes-by-day", "takes").values()) == truth.takes.total()
    assert sum(column(document, "register", "received").values()) == truth.incidents


async def test_a_room_that_has_left_the_site_is_told_of_still(tmp_path: Path, names: Names) -> None:
    names.rooms = ["19"]
    async with lived(tmp_path, days=1, takes=1) as (journal, clock, truth):
        document = await make(journal, names, Asked("monthly", "2026-11"), clock.wall())
    assert column(document, "rooms", "takes") == dict(truth.by_room) == dict.fromkeys(ROOMS, 1)


async def test_devices_are_told_with_the_time_they_were_away_and_their_faults(
    tmp_path: Path, names: Names
) -> None:
    async with lived(tmp_path, takes=0) as (journal, clock, truth):
        document = await make(journal, names, Asked("device-assessment", "2026-11"), clock.wall())
    away, faults = column(document, "devices", "away"), column(document, "devices", "faults")
    for place in faults:
        room, device = place.split("/")
        assert away[place] * 60 == pytest.approx(truth.away[room, device], abs=1e-3)
        assert faults[place] == truth.faults[room, device]  # a blink is none
    grades = column(document, "devices", "grade")
    assert grades["19/podium-mic"].en == "watch"
    assert grades["19/matrix"].en == "good"
    assert column(document, "identities", "serial")["17/mixer"] == "17-mixer"


async def test_what_stood_before_the_period_counts_in_it_and_what_came_later_does_not(
    tmp_path: Path, names: Names
) -> None:
    clock = HandClock(datetime(2026, 10, 31, 23, 0, tzinfo=SHANGHAI))
    async with open_journal(tmp_path, clock) as journal:
        life = Life(clock, journal)
        device = {"device": "matrix", "up": True, "identity": {}}
        life.note("device", device, "19", "service")
        opened = life.note("incident-log", {"event": "opened", "signs": "dark"}, "19")
        begun = life.note("meeting", {"event": "begun", "title": "", "source": "tap"}, "19")
        clock.wait(2 * 3600)  # an hour of it in November
        life.note("meeting", {"event": "ended", "meeting": begun}, "19")
        clock.at = datetime(2026, 11, 30, 12, 0, tzinfo=SHANGHAI)
        life.note("device", {"device": "matrix", "up": False, "reason": "x"}, "19", "service")
        later = life.note("meeting", {"event": "begun", "title": "", "source": "tap"}, "19")
        clock.at = datetime(2026, 12, 1, 12, 0, tzinfo=SHANGHAI)
        life.note("meeting", {"event": "ended", "meeting": later}, "19")
        life.note("incident-log", {"event": "repaired", "incident": opened, "done": "x"}, "19")
        await life.stored()
        document = await make(journal, names, Asked("monthly", "2026-11"), clock.wall())
    told = {name: each.value for name, each in figures(document).items()}
    assert (told["meetings"], told["meeting-hours"]) == (1, 12.0)
    assert (told["incidents"], told["incidents-repaired"], told["incidents-open"]) == (0, 0, 1)
    assert column(document, "carried", "incident") == {str(opened): opened}
    hours = 30 * 24
    assert told["availability"] == pytest.approx((hours - 12) / hours, abs=1e-6)


async def test_time_without_a_service_counts_neither_as_there_nor_as_away(
    tmp_path: Path, names: Names
) -> None:
    clock = HandClock(NOVEMBER)
    async with open_journal(tmp_path, clock) as journal:
        life = Life(clock, journal)
        life.note("device", {"device": "matrix", "up": True}, "19", "service")
        clock.wait(3600)
        life.note("outside", {"device": "matrix"}, "19")  # the last that it said
        await life.stored()
    clock.wait(36_000)
    async with open_journal(tmp_path, clock) as journal:  # it was killed, and is there again
        life = Life(clock, journal)
        life.note("device", {"device": "matrix", "up": False, "reason": "x"}, "19", "service")
        clock.wait(3600)
        life.note("device", {"device": "matrix", "up": True}, "19", "service")
        await life.stored()
        document = await make(journal, names, Asked("device-assessment", "2026-11"), clock.wall())
    assert column(document, "devices", "seen") == {"19/matrix": 2.0}
    assert column(document, "devices", "availability") == {"19/matrix": 0.5}


@pytest.mark.parametrize("kind", get_args(KindName))
async def test_every_figure_leads_to_entries_and_counts_are_as_many_as_their_entries(
    kind: KindName, tmp_path: Path, names: Names
) -> None:
    async with lived(tmp_path, takes=2) as (journal, clock, _):
        document = await make(journal, names, Asked(kind, "2026-11"), clock.wall())
        for section in document.sections:
            for each in section.figures:
                if each.value:
                    assert each.evidence.count, each.figure
                if each.evidence.is_whole:
                    assert len(set(each.evidence.seqs)) == each.evidence.count
        if kind == "monthly":
            for name in ("takes", "takes-failed", "outside", "meetings", "alarms"):
                found = figures(document)[name]
                seqs = await trace(journal, names, document, clock.wall(), figure=name)
                assert len(seqs) == found.evidence.count == found.value
            seqs = await trace(
                journal, names, document, clock.wall(), cell=("takes-by-scene", "", "takes")
            )
            scenes = set()
            for seq in seqs:
                (entry,) = await journal.page(seq - 1, 1)
                assert (entry.seq, entry.kind) == (seq, "verdict")
                scenes.add(entry.data["scene"])
            assert scenes == {"show-laptop"}  # no scene of the demo's rooms


async def test_the_same_entries_make_the_same_report_whatever_came_after(
    tmp_path: Path, names: Names
) -> None:
    async with lived(tmp_path, takes=2) as (journal, clock, _):
        at, asked = clock.wall(), Asked("monthly", "2026-11")
        once = await make(journal, names, asked, at)
        clock.at = datetime(2026, 11, 15, tzinfo=SHANGHAI)  # somebody has set the clock back
        life = Life(clock, journal)
        await life.month(ROOMS, clock.at, 1, 3)
        again = await make(journal, names, asked, at, through=once.through)
        assert again == once
        anew = await make(journal, names, asked, at)
        assert value(anew, "takes") == value(once, "takes") + 9


async def test_memory_does_not_grow_with_the_journal(
    tmp_path: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has twice the takes, and as many rooms, scenes, days, meetings and incidents."""
    monkeypatch.setattr("service.journal.STRIDE", 100)  # so that even these are many strides
    peaks = []
    for place, takes in enumerate((6, 12)):
        async with lived(tmp_path / str(place), days=10, takes=takes) as (journal, clock, truth):
            asked = Asked("monthly", "2026-11")
            await make(journal, names, asked, clock.wall())  # what is kept for good
            tracemalloc.start()
            document = await make(journal, names, asked, clock.wall())
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert figures(document)["takes"].value == truth.takes.total() == 30 * takes
    assert peaks[1] < 1.2 * peaks[0]


async def test_a_meetings_log_is_made_of_its_number(tmp_path: Path, names: Names) -> None:
    async with lived(tmp_path, days=1, takes=5) as (journal, clock, _):
        page = await journal.latest({"meeting"}, 3, "17")
        begun = next(entry.seq for entry in page if entry.data["event"] == "begun")
        document = await make(journal, names, Asked("meeting-log", str(begun)), clock.wall())
        with pytest.raises(PeriodError, match="no meeting 999999"):
            await make(journal, names, Asked("meeting-log", "999999"), clock.wall())
    assert document.room == "17"
    assert document.room_title == names.room("17")
    assert figures(document)["takes"].value == 5
    kinds = [each.en for each in column(document, "timeline", "what").values()]
    assert (kinds[0], kinds[-1]) == ("meeting begins", "meeting ends")
    for row in document.table("timeline").rows:
        evidence = row.cells[0].evidence
        assert evidence
        assert evidence.seqs == [row.cells[0].value]


async def test_an_incidents_paper_and_a_warm_ups_are_made_of_their_names(
    tmp_path: Path, names: Names
) -> None:
    async with lived(tmp_path, days=8, takes=0) as (journal, clock, _):
        first = (await journal.latest({"incident-log"}, 100, "19"))[0]
        one = await make(journal, names, Asked("incident-register", str(first.seq)), clock.wall())
        ended = (await journal.latest({"warm-up"}, 1, "19"))[0]
        asked = Asked("warm-up-record", ended.data["run"])
        warm_up = await make(journal, names, asked, clock.wall())
    events = column(one, "history", "event")
    assert [each.en for each in events.values()] == [
        "reported", "responded", "repaired", "confirmed",
    ]  # fmt: skip
    assert figures(warm_up)["warm-ups"].value == 1
    assert len(warm_up.sections[0].pictures) == 1
    assert len(warm_up.table("warm-up-devices").rows) == 3


async def test_inspections_are_told_by_what_was_read_and_what_a_person_saw(
    tmp_path: Path, names: Names
) -> None:
    clock = HandClock(NOVEMBER)
    async with open_journal(tmp_path, clock) as journal:
        life = Life(clock, journal)

        def note(event: str, **more: Any) -> None:
            life.note("inspection", {"event": event, "inspection": "i-1", **more}, "19")

        title = {"zh": "整洁", "en": "tidy"}
        looks = [{"look": "tidy", "title": title, "photo": False},
                 {"look": "cables", "title": title, "photo": True}]  # fmt: skip
        note("begun", devices=["matrix"], looks=looks)
        text = {"zh": "灯泡 3000 小时", "en": "lamp 3000 h"}
        note("checked", device="matrix", checks=[
            {"device": "matrix", "about": "link", "result": "good", "text": text},
            {"device": "matrix", "about": "hours/lamp", "result": "watch", "text": text},
        ])  # fmt: skip
        note("read")
        note("answered", look="tidy", result="fault", remark="杂乱")
        note("photo", look="tidy", photo="0" * 64)
        clock.at = datetime(2026, 12, 2, tzinfo=SHANGHAI)
        note("answered", look="cables", result="good", remark="")  # late, and still of November
        note("closed", result="fault")
        await life.stored()
        document = await make(journal, names, Asked("inspection-record", "2026-11"), clock.wall())
        none = await make(journal, names, Asked("inspection-record", "2026-12"), clock.wall())
    told = {name: each.value for name, each in figures(document).items()}
    assert (told["items-good"], told["items-watch"], told["items-fault"]) == (2, 1, 1)
    assert figures(none)["inspections"].value == 0
    assert column(document, "inspection-items", "remark")["i-1/tidy"].zh == "杂乱"
    items = column(document, "inspection-items", "item")
    assert (items["i-1/matrix:link"].zh, items["i-1/matrix:link"].en) == ("连接", "connection")
    assert items["i-1/matrix:hours/lamp"].zh == "使用时间：灯泡"


async def test_what_inspections_find_again_and_again_is_one_row_of_the_month(
    tmp_path: Path, names: Names
) -> None:
    clock = HandClock(NOVEMBER)
    async with open_journal(tmp_path, clock) as journal:
        life = Life(clock, journal)
        for day, found in enumerate(("watch", "watch", "fault"), 2):
            clock.at = datetime(2026, 11, day, tzinfo=SHANGHAI)
            told = {"inspection": f"i-{day}"}
            check = {
                "device": "matrix",
                "about": "link",
                "result": found,
                "text": {"zh": "断", "en": "cut"},
            }
            life.note("inspection", {"event": "begun", "looks": [], **told}, "19")
            life.note("inspection", {"event": "checked", "checks": [check], **told}, "19")
        await life.stored()
        document = await make(journal, names, Asked("monthly", "2026-11"), clock.wall())
    times = column(document, "inspection-items", "times")
    assert times == {"i-3/matrix:link": 2, "i-4/matrix:link": 1}
    result = column(document, "inspection-items", "result")
    assert result["i-3/matrix:link"].zh == "关注"


async def test_what_nobody_did_is_said_in_words(tmp_path: Path, names: Names) -> None:
    clock = HandClock(NOVEMBER)
    async with open_journal(tmp_path, clock) as journal:
        life = Life(clock, journal)
        begun = {"event": "begun", "inspection": "i-1", "looks": []}
        life.note("inspection", begun, "19", by="schedule")
        await life.stored()
        document = await make(journal, names, Asked("monthly", "2026-11"), clock.wall())
    assert column(document, "inspections", "by")["i-1"].zh == "日程"


@pytest.mark.parametrize(
    ("text", "days", "zh"),
    [
        ("2026", 365, "2026年"),
        ("2026H2", 184, "2026年下半年"),
        ("2026Q1", 90, "2026年第一季度"),
        ("2026-02", 28, "2026年2月"),
        ("2026-W53", 7, "2026年第53周"),
        ("2026-11-25", 1, "2026年11月25日"),
        ("2026-11-01..2026-11-15", 15, "2026年11月1日至2026年11月15日"),
    ],
)
def test_periods_are_days_of_the_sites_own_zone(text: str, days: int, zh: str) -> None:
    period = read_period(text, SHANGHAI)
    assert len(period.days(SHANGHAI)) == days
    assert period.title.zh == zh
    assert period.since.astimezone(SHANGHAI).hour == 0


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026H3", "2026-W54", "x", "2026-11-15..2026-11-01"]
)
def test_what_is_no_period_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(PeriodError, match="2026-11"):
        read_period(text, SHANGHAI)


def test_the_schedules_reports_are_about_the_last_whole_period() -> None:
    at = datetime(2026, 12, 1, 7, 0, tzinfo=SHANGHAI)
    assert last_period("monthly", at, SHANGHAI) == "2026-11"
    assert last_period("half-yearly", at, SHANGHAI) == "2026H1"
    assert last_period("inspection-record", at, SHANGHAI) == "2026-W48"


def test_quantiles_are_values_that_were_counted() -> None:
    found = Distribution()
    assert found.quantile(0.5) is None
    for milliseconds in range(1, 101):
        found.add(milliseconds / 1000)
    assert (found.quantile(0.5), found.quantile(0.95), found.longest) == (0.05, 0.095, 0.1)


def test_what_is_kept_of_a_figure_does_not_grow_with_its_entries() -> None:
    def kept(entries: int) -> int:
        tracemalloc.start()
        evidence, seconds = Evidence(), Distribution()
        for seq in range(entries):
            evidence.add(1_000_000 + seq)
            seconds.add(seq % 2000 / 1000)
        assert evidence.view().count == seconds.count == entries
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return size

    kept(10)
    assert kept(20_000) < 1.2 * kept(4000)

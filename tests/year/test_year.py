"""A month of the year; the whole of it by ``python -m tests.year``."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.year.plan import make
from tests.year.run import YEAR, live
from tests.year.world import ENVIRONMENT

MARCH = (3,)  # with a restart in the middle of its warm-ups


@pytest.mark.virtual
@pytest.mark.timeout(600)
async def test_what_is_on_record_of_a_month_is_what_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    outcome = await live(tmp_path, 1, MARCH)
    assert outcome.disagreements == []
    assert sum(outcome.truth.taps.values()) > 80
    assert outcome.world.starts > 20


def test_a_year_has_its_meetings_cuts_restarts_and_a_clock_that_is_set() -> None:
    plan = make(1, YEAR, range(1, 13))
    assert len(plan.meetings) == 400
    assert sum(meeting.cut is not None for meeting in plan.meetings) > 20
    assert sum(shift.restart is not None for shift in plan.shifts) > 20
    assert any(shift.clock_is_set for shift in plan.shifts)
    ends = [shift.ends for shift in plan.shifts]
    begins = [shift.begins for shift in plan.shifts]
    assert all(b - e > timedelta(0) for e, b in zip(ends, begins[1:], strict=False))

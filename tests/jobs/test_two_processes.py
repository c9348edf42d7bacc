"""Two processes with one schedule. The full count: ``python -m tests.jobs.two_processes``."""

from pathlib import Path

from service.jobs import Outcome
from tests.jobs.two_processes import live


def test_r33_of_two_processes_one_does_each_due_time_whoever_is_killed(tmp_path: Path) -> None:
    lived = live(tmp_path, dues=60, kills=6, seed=1)
    assert lived.flaws() == []
    assert lived.kills == 6
    assert sum(run.outcome is Outcome.DONE for run in lived.runs) > 50

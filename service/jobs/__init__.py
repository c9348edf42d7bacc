"""The schedule: what happens by the clock, exactly once, across restarts and processes."""

from service.jobs.dues import Job, dues
from service.jobs.jobs import Doer, GoneError, Jobs, PutOffError, Running, Work
from service.jobs.runs import Outcome, Run
from service.jobs.schedule import read_jobs

__all__ = [
    "Doer",
    "GoneError",
    "Job",
    "Jobs",
    "Outcome",
    "PutOffError",
    "Run",
    "Running",
    "Work",
    "dues",
    "read_jobs",
]

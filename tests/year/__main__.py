"""The whole year: ``python -m tests.year``. Prints what it cost and every disagreement; ends with 1 if there is one."""

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from pathlib import Path

from avctl.testing import VirtualLoop
from tests import virtual_database
from tests.year.run import Outcome, live
from tests.year.world import ENVIRONMENT


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.year")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--months", type=int, default=12, help="How many, from January on")
    given = options.parse_args()
    os.environ.update(ENVIRONMENT)
    logging.disable(logging.CRITICAL)
    virtual_database.install()
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        outcome = runner.run(live(Path(folder), given.seed, range(1, given.months + 1)))
    print(told(outcome))
    print(f"{time.perf_counter() - began:.0f} s, {time.process_time():.0f} s of a processor")
    return 1 if outcome.disagreements else 0


def told(outcome: Outcome) -> str:
    plan = outcome.world.plan
    shifts = sum((shift.ends - shift.begins).total_seconds() for shift in plan.shifts)
    head = (
        f"{len(plan.months)} months of {plan.year}: {len(plan.meetings)} meetings,"
        f" {sum(outcome.truth.taps.values())} taps,"
        f" {sum(meeting.cut is not None for meeting in plan.meetings)} lines cut,"
        f" {outcome.world.starts} starts of the service, {shifts / 3600:.0f} h of service"
    )
    lines = [
        head,
        *outcome.disagreements,
        f"{len(outcome.disagreements)} disagreements",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

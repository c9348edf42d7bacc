"""Run seeds: ``python -m tests.campaign --seeds 10000 --jobs 2``; one of them: ``--seed 13 --timeline``."""

import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from tests.campaign.campaign import judged, outcomes
from tests.campaign.mutants import MUTANTS, mutated
from tests.campaign.report import Figures, report
from tests.campaign.timeline import timeline


def replay(seed: int, mutant: str | None = None) -> str:
    """The command that runs ``seed`` again, exactly."""
    fault = f" --mutant {mutant!r}" if mutant else ""
    return f"python -m tests.campaign --seed {seed} --timeline{fault}"


def one(wanted: Namespace) -> int:
    with mutated(wanted.mutant):
        outcome, record = judged(wanted.seed)
    if wanted.timeline:
        print(timeline(record, outcome.violations))
    else:
        print("\n".join(outcome.violations) or "no violation")
    print(f"record {outcome.digest}")
    return 1 if outcome.violations else 0


def many(wanted: Namespace) -> int:
    figures, began = Figures(), time.monotonic()
    with mutated(wanted.mutant):
        for outcome in outcomes(range(wanted.first, wanted.first + wanted.seeds), wanted.jobs):
            figures.add(outcome)
            if outcome.violations:
                print(f"seed {outcome.seed} fails; {replay(outcome.seed, wanted.mutant)}")
                print("".join(f"  {text}\n" for text in outcome.violations), end="", flush=True)
                if wanted.stop:
                    break
            if wanted.minutes and time.monotonic() - began > 60 * wanted.minutes:
                break
    figures.wall = time.monotonic() - began
    print(figures.summary())
    if wanted.report:
        wanted.report.write_text(report(figures, wanted.command), encoding="utf-8")
    return 1 if figures.violations else 0


def main(argv: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--seeds", type=int, default=500, help="how many")
    parser.add_argument("--first", type=int, default=0, help="from which on")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--minutes", type=float, help="end after so many, whatever is left")
    parser.add_argument("--seed", type=int, help="this one only")
    parser.add_argument("--timeline", action="store_true", help="print what happened, with --seed")
    parser.add_argument("--stop", action="store_true", help="at the first violation")
    parser.add_argument("--mutant", choices=MUTANTS, help="with a deliberate fault in the engine")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--command", default="", help="that the report says it was made with")
    wanted = parser.parse_args(argv)
    return one(wanted) if wanted.seed is not None else many(wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The campaign's figures, summed and written down."""

from collections import Counter
from dataclasses import dataclass, field

from hw_sim.faults import FAULTS
from tests.campaign.campaign import Outcome
from tests.campaign.events import Moment
from tests.campaign.world import Flavour

VERDICTS = ("confirmed", "skipped", "failed", "unknown", "superseded")


@dataclass
class Figures:
    seeds: int = 0
    takes: int = 0
    refused: int = 0
    presses: int = 0
    spoilt: int = 0
    seconds: float = 0.0
    wall: float = 0.0
    slowest_recovery: float = 0.0
    hands: int = 0
    told: int = 0
    about: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.seeds += 1
        self.takes += outcome.takes
        self.refused += outcome.refused
        self.presses += outcome.presses
        self.spoilt += outcome.spoilt
        self.seconds += outcome.seconds
        self.slowest_recovery = max(self.slowest_recovery, outcome.recovery)
        self.hands += outcome.hands
        self.told += outcome.told
        self.about.update(outcome.about)
        self.pairs.update(outcome.pairs)
        self.steps.update(outcome.steps)
        self.faults.update(outcome.faults)
        self.violations += [f"seed {outcome.seed}: {text}" for text in outcome.violations]

    def summary(self) -> str:
        return (
            f"{self.seeds} seeds, {self.takes} takes, {sum(self.faults.values())} faults, "
            f"{self.seconds / 3600:.1f} virtual hours in {self.wall:.0f} s, "
            f"{len(self.violations)} violations"
        )


def report(figures: Figures, command: str) -> str:
    """A page of Markdown."""
    verdicts = "\n".join(f"| {name} | {figures.steps[name]} |" for name in VERDICTS)
    return PAGE.format(
        command=command,
        seeds=figures.seeds,
        takes=figures.takes,
        refused=figures.refused,
        steps=sum(figures.steps.values()),
        faults=sum(figures.faults.values()),
        presses=figures.presses,
        hours=figures.seconds / 3600,
        wall=figures.wall / 60,
        recovery=figures.slowest_recovery,
        violations=len(figures.violations),
        spoilt=figures.spoilt,
        hands=figures.hands,
        told=figures.told,
        by_hand=figures.pairs["by hand"],
        by_itself=figures.pairs["by itself"],
        emergencies=figures.pairs["emergencies"],
        heard=figures.pairs["heard"],
        about="\n".join(f"| {name} | {figures.about[name]} |" for name in Flavour),
        verdicts=verdicts,
        table=_table(figures.faults),
        failing=_failing(figures.violations),
    )


def _failing(violations: list[str]) -> str:
    if not violations:
        return ""
    return "\nViolations:\n\n" + "\n".join(f"- {text}" for text in violations) + "\n"


def _table(faults: Counter[str]) -> str:
    moments = list(Moment)
    lines = [
        f"| Fault | {' | '.join(moments)} | all |",
        f"| --- |{' ---: |' * (len(moments) + 1)}",
    ]
    for name in (*FAULTS, "reboot"):
        counts = [faults[f"{name}, {moment}"] for moment in moments]
        cells = " | ".join(str(count) for count in (*counts, sum(counts)))
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines)


PAGE = """\
# The fault campaign

Rooms of the demo site, and a hall with cameras on one line, wireless receivers and pairs of everything, run in one
process: the real drivers, links and engine, the real simulators, lines in memory, a virtual clock. Each seed makes its
own room, scenes, taps, hands, changeovers, faults and presses at the devices themselves, each at its time or moment,
and is judged by what the simulated room really is. `tests/campaign/judge.py` and `judge_pairs.py` say what is judged
and what is excused.

Made by:

```sh
{command}
```

| | |
| --- | ---: |
| seeds | {seeds} |
| takes | {takes} |
| taps refused by the room's own rules | {refused} |
| steps | {steps} |
| faults | {faults} |
| presses at the devices themselves | {presses} |
| cameras driven by hand and let go: told to stop, panel lost, or silent | {hands} |
| changeovers by hand | {by_hand} |
| changeovers by the room itself | {by_itself} |
| emergencies | {emergencies} |
| of these, left a living microphone and were listened to at the far end | {heard} |
| words told of how a room stands | {told} |
| virtual hours | {hours:.1f} |
| wall time, minutes | {wall:.1f} |
| slowest recovery after the faults, seconds | {recovery:.1f} |
| false readings made of spoilt bytes (excused) | {spoilt} |
| **violations** | **{violations}** |

Worlds:

| about | seeds |
| --- | ---: |
{about}

Verdicts of steps:

| verdict | steps |
| --- | ---: |
{verdicts}

Faults by kind and moment:

{table}
{failing}
A failing seed prints the command that replays it; `python -m tests.campaign --seed N --timeline` shows what happened.
"""

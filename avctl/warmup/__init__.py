"""Warm-ups: a room brought up in order, held, looked at, and shut down again, with a verdict for every device."""

from avctl.warmup.judge import Evidence, Judgement, judge
from avctl.warmup.record import Record, Sample
from avctl.warmup.run import WarmUp
from avctl.warmup.signs import signs_of_use
from avctl.warmup.switching import Asked
from avctl.warmup.words import PHASES, Finding, Phase, Text

__all__ = [
    "PHASES",
    "Asked",
    "Evidence",
    "Finding",
    "Judgement",
    "Phase",
    "Record",
    "Sample",
    "Text",
    "WarmUp",
    "judge",
    "signs_of_use",
]

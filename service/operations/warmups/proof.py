"""From a warm-up to what the API tells of it, and what the journal keeps as its proof."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from avctl.warmup import PHASES, Phase, Record, WarmUp
from service.views.models import Title
from service.views.values import iso, named, plain
from service.views.warmup import (
    SpanView,
    WarmUpDeviceView,
    WarmUpEventView,
    WarmUpView,
)


def view_of(made: WarmUp, picture: str | None = None) -> WarmUpView:
    room = made.room
    ended = made.began + timedelta(seconds=made.ended) if made.ended is not None else None
    return WarmUpView(
        run=made.identity,
        room=room.name,
        title=Title(zh=room.file.title.zh, en=room.file.title.en),
        by=made.asked.by,
        began=iso(made.began),
        ended=iso(ended) if ended else None,
        state=_state(made),
        phase=made.phase.value,
        doing=Title(**PHASES[made.phase]),
        progress=round(made.progress, 4),
        elapsed=round(made.elapsed, 1),
        hold=made.asked.hold,
        held=round(made.held, 1),
        held_from=_rounded(made.held_from),
        held_until=_rounded(made.held_until),
        stay_on=made.asked.stay_on,
        incomplete=Title(**made.incomplete) if made.incomplete else None,
        left_on=Title(**made.left_on) if made.left_on else None,
        devices=[_device(made, record) for record in made.records.values()],
        events=[WarmUpEventView(at=round(at, 1), text=Title(**what)) for at, what in made.events],
        picture=picture,
    )


def _state(made: WarmUp) -> Literal["running", "good", "bad", "incomplete"]:
    if made.phase is not Phase.ENDED:
        return "running"
    if made.incomplete:
        return "incomplete"
    return "good" if made.is_good else "bad"


def _device(made: WarmUp, record: Record) -> WarmUpDeviceView:
    judged = made.judgements.get(record.name)
    return WarmUpDeviceView(
        device=record.name,
        title=named(made.room, record.name),
        state=record.state,
        ready=_rounded(record.ready),
        finding=judged.finding.value if judged else None,
        words=Title(**judged.finding.words) if judged else None,
        good=judged.finding.is_good if judged else None,
        remarks=[Title(**remark) for remark in judged.remarks] if judged else [],
        minutes_on=round(made.minutes_on(record.name), 1),
        retried=record.retried,
        samples=len(record.samples),
        missed=sum(bool(sample.missed) for sample in record.samples),
        identity=dict(record.identity),
        readings=plain(_last(record)),
        spans=list(_spans(made, record)),
    )


def _last(record: Record) -> dict[str, object]:
    told: dict[str, object] = {}
    for sample in record.samples:
        told |= sample.readings
    return told


def _spans(made: WarmUp, record: Record) -> Iterator[SpanView]:
    for since, until, state in record.spans(made.elapsed):
        yield SpanView(since=round(since, 1), until=round(until, 1), state=state)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)

"""The invariants of main and backup, each a function from a record to what breaks it."""

from collections.abc import Iterator

from avctl.capabilities.mixer import LONGEST, CrossFade
from avctl.pair import Side
from avctl.pairs import EMERGENCY
from avctl.scenes.take import Verdict
from tests.campaign.pairs import AUTOMATIC
from tests.campaign.record import Air, Record, StepSeen, TakeSeen

HEARD = 12.2  # dB under the level before at which a voice is missed
FULL = 6.1  # dB under it within which two are an echo
MISSED = 0.06  # seconds
BESIDE = 0.15  # seconds beside the ramp: the answers before and after it
UNREAD = 2.5  # seconds in which what was sent to the mixer may not be read back yet
AT_ONCE = 1.5  # seconds in which an emergency is confirmed on a device that is well


def never_silent(record: Record) -> Iterator[str]:
    """While a changeover leaves a living microphone, one side is at level at every moment.

    What anybody else sends to the mixer meanwhile, or does at it, may silence both; so may spoilt bytes. What was
    sent right before, and could not be read back, leaves it open at which level the microphone was.
    """
    for take, _, heard, level in living_changeovers(record):
        gap = _longest(heard, _end(take), [_loudest(air) < level - HEARD for air in heard])
        if gap > MISSED:
            yield f"tap {take.tap}: {take.take.scene.name}: {gap:.3f} s without a side at level"


def never_doubled(record: Record) -> Iterator[str]:
    """Both sides are at level for no longer than the ramp; without a fault, that is no longer than the longest.

    Excused as in `never_silent`.
    """
    for take, pair, heard, level in living_changeovers(record):
        both = _longest(heard, _end(take), [_quietest(air) >= level - FULL for air in heard])
        well = not record.ails(record.mixers[pair], take.began - LONGEST, _end(take))
        limit = LONGEST if well else _ramp(take)
        if both > limit + BESIDE:
            text = f"both at level for {both:.3f} s, and the ramp is {limit:.3f}"
            yield f"tap {take.tap}: {take.take.scene.name}: {text}"


def switches_rightly(record: Record) -> Iterator[str]:
    """A pair changes over by itself only once its main was seen well, has something, and its backup has nothing;
    and once only until somebody resets it. What the room does by itself supersedes neither that nor an emergency.
    """
    yield from record.switched
    for seen in record.takes:
        if seen.take.by != AUTOMATIC and seen.take.scene.name != EMERGENCY:
            continue
        for step in seen.steps:
            if step.verdict is Verdict.SUPERSEDED and (by := _untapped(record, step)):
                yield f"{step}: superseded by {by}, which nobody has tapped"


def _untapped(record: Record, step: StepSeen) -> str:
    """What the room has begun by itself and beaten a step with, or nothing."""
    beaten_by = step.step.why.removeprefix("by ")
    began = [
        take
        for take in record.takes
        if take.take.scene.name == beaten_by and abs(take.tapped - step.at) < 0.001
    ]
    own = [take for take in began if take.take.by == AUTOMATIC or take.tap in record.followers]
    return beaten_by if own and len(own) == len(began) else ""


def emergency_reaches(record: Record) -> Iterator[str]:
    """Whatever else hangs, an emergency is confirmed at once on the devices that are well.

    Excused: devices that somebody else changes meanwhile.
    """
    for seen in record.takes:
        if seen.take.scene.name != EMERGENCY or seen.take.verdict is Verdict.SUPERSEDED:
            continue
        for step in seen.steps:
            ailed = record.ails(step.device, seen.began - 10.0, step.at)
            if (
                ailed
                or step.disturbed
                or step.corrupted
                or not record.was_up(step.device, seen.began)
            ):
                continue
            if step.verdict is Verdict.SUPERSEDED:
                continue  # by a tap: see `switches_rightly`
            if step.step.is_good and step.at - seen.began <= AT_ONCE:
                continue
            yield f"{step}: {step.verdict} after {step.at - seen.began:.2f} s in an emergency: {step.step.why}"


def living_changeovers(record: Record) -> Iterator[tuple[TakeSeen, str, list[Air], float]]:
    """Changeovers that leave a living microphone at level and have the mixer for themselves.

    Gives each with its pair, what was heard meanwhile, and the level before.
    """
    for take, pair, to in _changeovers(record):
        heard = _living(record, take, pair, to)
        if heard and (level := _old(heard[0], to)) is not None:
            yield take, pair, heard, level


def _changeovers(record: Record) -> Iterator[tuple[TakeSeen, str, Side]]:
    """Those of microphones, whoever began them."""
    for seen in record.takes:
        for pair in record.air:
            for side in Side:
                named = seen.take.scene.name == f"{pair} to {side}"
                fades = side is Side.BACKUP and seen.take.scene.name == EMERGENCY
                if named or (fades and any(step.step.want.target == pair for step in seen.steps)):
                    yield seen, pair, side


def _living(record: Record, take: TakeSeen, pair: str, to: Side) -> list[Air]:
    """What was heard of a changeover from a living side at level; empty where somebody else has a part in it."""
    if take.ended is None or any(step.corrupted for step in take.steps):
        return []
    until = _end(take)
    own = {take.tap, *record.followers}
    mixer = record.mixers[pair]
    if any(
        cause.device == mixer and cause.tap not in own and take.began - UNREAD <= cause.at <= until
        for cause in record.causes
    ):
        return []
    airs = record.air[pair]
    before = [air for air in airs if air.at <= take.began][-1:]
    heard = before + [air for air in airs if take.began < air.at <= until]
    if not before or _old(before[0], to) is None or not all(_old_lives(air, to) for air in heard):
        return []
    new = before[0].backup if to is Side.BACKUP else before[0].main
    return [] if new is not None else heard


def _end(take: TakeSeen) -> float:
    """Of it, and of what has undone it."""
    then = take.take.then
    ended = take.ended or 0.0
    if then is None or then.duration is None:
        return ended
    return ended + then.waited + then.duration


def _ramp(take: TakeSeen) -> float:
    fades = [step for step in take.steps if isinstance(step.point, CrossFade)]
    if fades and fades[0].first_sent is not None and fades[0].step.is_good:
        return fades[0].at - fades[0].first_sent
    return _end(take) - take.began


def _old(air: Air, to: Side) -> float | None:
    return air.main if to is Side.BACKUP else air.backup


def _old_lives(air: Air, to: Side) -> bool:
    return air.main_lives if to is Side.BACKUP else air.backup_lives


def _loudest(air: Air) -> float:
    return max(_number(air.main), _number(air.backup))


def _quietest(air: Air) -> float:
    return min(_number(air.main), _number(air.backup))


def _number(level: float | None) -> float:
    return float("-inf") if level is None else level


def _longest(heard: list[Air], until: float, met: list[bool]) -> float:
    """The longest time for which it was ``met`` without a break."""
    ends = [*(air.at for air in heard[1:]), until]
    longest = lasted = 0.0
    for air, end, is_met in zip(heard, ends, met, strict=True):
        lasted = lasted + end - air.at if is_met else 0.0
        longest = max(longest, lasted)
    return longest

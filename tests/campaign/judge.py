"""The invariants, each a function from a record to what breaks it. What a judge excuses, its docstring says, and why."""

from collections.abc import Callable, Iterator
from itertools import zip_longest

from avctl.scenes.back import not_returnable
from avctl.scenes.scene import Kind
from avctl.scenes.take import Verdict
from service.store.chain import BrokenChainError, Tail, walk
from tests.campaign.judge_pairs import (
    emergency_reaches,
    never_doubled,
    never_silent,
    switches_rightly,
)
from tests.campaign.record import Record, StepSeen, TakeSeen
from tests.campaign.truth import is_same, sets

LATE = 0.05  # seconds after its deadline
UNSEEN = 1.1  # seconds that an effect may be there before it is read
SLOWER = 0.01  # seconds
INSTANT = 1e-6  # seconds

Judge = Callable[[Record], Iterator[str]]


def confirmed_is_there(record: Record) -> Iterator[str]:
    """A step is *confirmed* or *skipped* only if its effect is really there when the verdict comes.

    Where somebody else (a hand at the device, a loss of power, a newer tap) changed the device between the
    sending and the verdict, it is enough that the effect was there at a moment since the sending: an answer under
    way cannot know. Excused: steps during which bytes were spoilt on the line (garbled, flood). None of these
    protocols has a check sum, so a spoilt byte can make any answer out of any other.
    """
    for seen in record.steps:
        if seen.verdict not in (Verdict.CONFIRMED, Verdict.SKIPPED) or seen.corrupted:
            continue
        if seen.step.want.kind is Kind.ACT:
            continue
        overtaken = seen.disturbed_after or (seen.sent is None and seen.disturbed)
        if not (seen.true_then or (overtaken and seen.held)):
            yield f"{seen}: {seen.verdict}, and not so"


def failed_is_not_made(record: Record) -> Iterator[str]:
    """No step is *failed* or *skipped* whose effect this take has made, without being told.

    An effect that was there before, or may be another's, is not this take's; nor is one for which nothing was written. An effect that came within
    `UNSEEN` of the verdict could not be read any more: then the last reading, which the verdict tells, was true.
    Excused: steps during which bytes were spoilt on the line.
    """
    for seen in record.steps:
        if seen.verdict is not Verdict.FAILED or seen.step.want.kind is not Kind.SET:
            continue
        if not any(
            sent.device == seen.device and {*sets(seen.point)} & {*sent.points}
            for sent in record.sent
            if seen.began <= sent.at <= seen.at
        ):
            continue
        if seen.corrupted or seen.disturbed or seen.true_before or seen.since is None:
            continue
        if seen.at - seen.since > UNSEEN:
            yield f"{seen}: failed ({seen.step.why}), and so for {seen.at - seen.since:.2f} s"


def ends_by_its_deadline(record: Record) -> Iterator[str]:
    """Every take has a verdict for each step by its deadline, ``hold`` included, and names what is not known.

    A take that waits for another begins when that one has ended.
    """
    for seen in record.takes:
        take = seen.take
        if take.verdict is None or take.duration is None:
            yield f"tap {seen.tap}: {take.scene.name} has no verdict"
            continue
        if take.duration > take.scene.deadline + take.scene.hold + LATE:
            allowed = take.scene.deadline + take.scene.hold
            yield f"tap {seen.tap}: {take.duration:.3f} s, by its deadline {allowed}"
        for each in seen.steps:
            if each.verdicts > 1 and not take.scene.hold:
                yield f"{each}: {each.verdicts} verdicts"
        for step in take.steps:
            if step.verdict is None:
                yield f"tap {seen.tap}: {step.want.target} {step.want.word} has no verdict"
            elif step.verdict is Verdict.UNKNOWN and step.want.target not in take.culprits:
                yield f"tap {seen.tap}: {step.want.target} is unknown, and not listed"


def returned_is_as_before(record: Record) -> Iterator[str]:
    """After a return, what its take has changed is as before, except what is listed.

    Listed are the targets that could not be read before, and those whose step of the return is not good. What
    somebody else changed since the take began, or a newer take wants, is theirs; so is what changed at a device that
    was not there when the take began, since it was last heard. What was still moving when the take was tapped (a
    camera under way for an older one) has no "before" to go back to.
    """
    for back in record.takes:
        if not back.returns or back.follows is None or back.ended is None:
            continue
        first = back.follows
        listed = {*not_returnable(first.take), *back.take.culprits}
        for seen, after in zip(first.steps, back.after, strict=True):
            if seen.sent is None or seen.step.want.kind is not Kind.SET:
                continue
            if seen.verdict is Verdict.SUPERSEDED or seen.moved:
                continue
            if seen.step.want.target in listed or _touched(record, first, back, seen):
                continue
            if not is_same(seen.point, seen.before, after):
                yield f"{seen}: returned, and neither as before nor listed: {after}"


def _touched(record: Record, first: TakeSeen, back: TakeSeen, seen: StepSeen) -> bool:
    assert back.ended is not None
    corrupted = any(step.corrupted for step in (*first.steps, *back.steps))
    wanted = any(
        other.tap > first.tap
        and other.take.scene.beats(seen.step.want)
        and other.began <= back.ended
        for other in record.takes
    )
    since = record.last_heard(seen.device, first.began)
    return (
        corrupted
        or wanted
        or any(
            cause.device == seen.device and since <= cause.at <= back.ended
            for cause in record.causes
            if cause.tap != first.tap
        )
    )


def newest_wins(record: Record) -> Iterator[str]:
    """What changes a device is sent only while its step wants it, and what a newest step confirmed stays.

    Bytes of nobody are a replay; bytes of a step that has its verdict are of a take superseded, or ended.
    """
    for sent in record.sent:
        if sent.tap is None:
            yield f"{sent.device}: sent by nobody, {sent.at:.3f} s: {sent.wire!r}"
        elif not sent.wanted:
            yield f"{sent.device}: sent for tap {sent.tap}, which wants it no more: {sent.wire!r}"
    yield from record.undone
    yield from record.beaten


def comes_back(record: Record) -> Iterator[str]:
    """After the faults every device is back, and what is shown of it is true, within one back-off period.

    That is: what was being tried when the fault ended may fail by its own limit (of greeting), then comes one
    pause, one start of the device, and 10 s to greet and read it again.
    """
    yield from record.unmet


def cameras_stop(record: Record) -> Iterator[str]:
    """A camera that a hand has let go stands, on a line that is well within 5 s, unless something newer has it."""
    yield from record.restless


def told_is_so(record: Record) -> Iterator[str]:
    """What is told of how the room stands is so. Only what did not change while it was read can be judged."""
    for told in record.told:
        if not told.so:
            yield f"{told.target} {told.word} is told as {told.said}, and is not"


def nothing_is_left(record: Record) -> Iterator[str]:
    """No task, stream, byte or timer remains of the room; nothing was raised that nobody expected."""
    yield from record.left
    yield from record.complaints


def journal_tells_all(record: Record) -> Iterator[str]:
    """The chain holds; each take has its tap, each step its verdict, and they stand in order."""
    try:
        walk(record.journal, Tail())
    except BrokenChainError as error:
        yield str(error)
    for seen in record.takes:
        run = seen.take.identity
        kinds = [entry for entry in record.journal if entry.data.get("run") == run]
        told = [entry.kind for entry in kinds]
        steps = {entry.data["step"] for entry in kinds if entry.kind == "step"}
        if told.count("tap") < 1 or told.count("verdict") < 1:
            yield f"tap {seen.tap}: the journal has {told}"
        elif len(steps) != len(seen.take.steps):
            yield f"tap {seen.tap}: the journal tells {len(steps)} of {len(seen.take.steps)} steps"


JUDGES: tuple[Judge, ...] = (
    confirmed_is_there,
    failed_is_not_made,
    ends_by_its_deadline,
    returned_is_as_before,
    newest_wins,
    comes_back,
    cameras_stop,
    told_is_so,
    never_silent,
    never_doubled,
    switches_rightly,
    emergency_reaches,
    nothing_is_left,
    journal_tells_all,
)


def violations(record: Record) -> list[str]:
    return [f"{judge.__name__}: {text}" for judge in JUDGES for text in judge(record)]


def slowed(record: Record, well: Record) -> list[str]:
    """Devices that are well are not slowed by more than 10 ms by those that are not.

    ``well``: the same world without its faults. Compared are the steps of the devices without faults. Excused is what
    follows where a tap came at the very moment at which a device was to be sent something: which of them was first
    is nobody's doing.
    """
    found = []
    compared = {device: _tie(record, well, device) for device in record.world.devices}
    for one, other in zip(record.takes, well.takes, strict=False):
        if one.take.scene.name != other.take.scene.name:
            break
        for seen, twin in zip(one.steps, other.steps, strict=True):
            if seen.device in record.world.faulty or seen.at >= compared[seen.device]:
                continue
            if seen.verdict is not twin.verdict or seen.at - twin.at > SLOWER:
                found.append(
                    f"slowed: {seen}: {seen.verdict} at {seen.at:.3f} s,"
                    f" {twin.verdict} at {twin.at:.3f} s beside healthy neighbours"
                )
    return found


def _tie(record: Record, well: Record, device: str) -> float:
    """The moment at which a tap and a sending have raced, and differently in the two; for ever where there is none."""
    asked = _asked_at_once(record, well, device)
    ways = ([sent for sent in each.sent if sent.device == device] for each in (record, well))
    for one, other in zip_longest(*ways):
        if one and other and one.wire == other.wire and abs(one.at - other.at) <= SLOWER:
            continue
        first = min(sent.at for sent in (one, other) if sent)
        if any(abs(take.tapped - first) < INSTANT for take in (*record.takes, *well.takes)):
            return min(first, asked)
        return asked
    return asked


def _asked_at_once(record: Record, well: Record, device: str) -> float:
    """The moment at which a poll and a look were due, and went differently in the two; for ever where there is none."""
    ways = (
        [(at, what) for at, kind, who, what in each.lines if kind == ">" and who == device]
        for each in (record, well)
    )
    for (at, what), (other_at, other) in zip(*ways, strict=False):
        if what != other or at != other_at:
            return at if at == other_at else float("inf")
    return float("inf")

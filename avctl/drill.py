"""Rehearsing changeovers: every pair to its backup and back, with times and a record to keep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from avctl.capabilities.mixer import Mute
from avctl.errors import TakeError
from avctl.pair import Side
from avctl.room import Room
from avctl.scenes.take import Take

PAUSE = 1.0  # seconds on the backup, for those who listen


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One pair's way to its backup and back to where it was."""

    pair: str
    there: Take
    back: Take

    @property
    def is_good(self) -> bool:
        return all(
            take.verdict is not None and take.verdict.is_good for take in (self.there, self.back)
        )


def signs_of_a_meeting(room: Room) -> list[str]:
    """Microphones that are open: somebody may be heard."""
    return [
        name
        for name, part in room.file.microphones.items()
        if (reading := room.devices[part.device].state.get(Mute(part.channel)))
        and reading.value is False
    ]


async def drill(
    room: Room, names: Sequence[str] = (), *, by: str, during_meeting: bool = False
) -> list[Rehearsal]:
    """Rehearse the named pairs, or all, one after the other. Raises TakeError, also where a meeting may be on."""
    if not during_meeting and (open_now := signs_of_a_meeting(room)):
        raise TakeError(f"no drill while {', '.join(open_now)} is open: a meeting may be on")
    chosen = [room.pairs.find(name) for name in names] or list(room.pairs.by_name.values())
    if not chosen:
        raise TakeError(f"{room.name} has no pairs")
    return [await _rehearse(room, pair.name, by) for pair in chosen]


async def _rehearse(room: Room, name: str, by: str) -> Rehearsal:
    home = room.pairs.find(name).watch.active
    there = await _gone_to(room, name, home.other, by)
    await room.clock.sleep(PAUSE)
    return Rehearsal(name, there, await _gone_to(room, name, home, by))


async def _gone_to(room: Room, name: str, side: Side, by: str) -> Take:
    take = room.pairs.change_over(name, side, f"{by} (drill)")
    await take.ended.wait()
    return take


def record(room: Room, rehearsals: Sequence[Rehearsal]) -> str:
    """A Markdown table of what was rehearsed, step by step."""
    return "\n".join(_lines(room, rehearsals)) + "\n"


def _lines(room: Room, rehearsals: Sequence[Rehearsal]) -> Iterator[str]:
    yield f"# {room.file.title.zh} 主备切换演练 · {room.file.title.en}: changeover drill"
    yield ""
    yield "| 时间 time | 主备 pair | 步骤 step | 结果 verdict | ms | 说明 remarks |"
    yield "|---|---|---|---|---|---|"
    for rehearsal in rehearsals:
        for take in (rehearsal.there, rehearsal.back):
            total = f"{(take.duration or 0) * 1000:.0f}"
            when = take.tapped.isoformat(timespec="seconds")
            scene = _both(take.scene.title)
            pair = _titled(room, rehearsal.pair)
            yield f"| {when} | {pair} | **{scene}** | **{take.verdict}** | {total} | |"
            for step in take.steps:
                took = f"{step.ended * 1000:.0f}" if step.ended is not None else ""
                what = f"{_titled(room, step.want.target)}: {step.want.word}"
                yield f"| | | {what} | {step.verdict} | {took} | {step.why} |"


def _titled(room: Room, name: str) -> str:
    """What the panel calls it; its name, where it has no title."""
    file = room.file
    for part in (file.pairs, file.microphones, file.destinations, file.devices):
        if (of := part.get(name)) and of.title:
            return _both(of.title.model_dump())
    return name


def _both(title: Mapping[str, str]) -> str:
    return f"{title['zh']} {title['en']}"

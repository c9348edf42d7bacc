"""A record as a person can read it: what was tapped, sent, said, broken and pressed, and the verdicts."""

from collections.abc import Iterator
from typing import Any

from tests.campaign.record import Record
from tests.campaign.site import the_room
from tests.campaign.truth import changes

MARKS = {
    "tap": "TAP",
    "take": "take begins",
    "sent": "drive",
    "verdict": "verdict",
    "ended": "TAKE ENDS",
    "refused": "refused",
    "break": "FAULT",
    "fault": "faults on",
    "press": "PRESS",
    "link": "link",
    "told": "told",
    "pair": "PAIR",
}
LONGEST = 60  # characters of bytes


def timeline(record: Record, violations: list[str]) -> str:
    world = record.world
    head = [
        f"seed {world.seed}: room {world.room} with {', '.join(world.devices)}",
        *(f"  {name}: {scene}" for name, scene in world.scenes.items()),
        *(f"  {device}: {options}" for device, options in world.options.items()),
        "",
    ]
    tail = ["", *(violations or ["no violation"])]
    return "\n".join([*head, *_lines(record), *tail])


def _lines(record: Record) -> Iterator[str]:
    drivers = _drivers(record)
    talk: dict[str, list[int]] = {}  # questions and answers by device since the last line
    for at, kind, who, what in record.lines:
        if kind in "<>":
            points = changes(drivers[who], what) if kind == ">" else ()
            if not points:
                talk.setdefault(who, [0, 0])[kind == "<"] += 1
                continue
            yield from _talk(at, talk)
            keys = ", ".join(point.key for point in points)
            yield f"{at:9.3f}  {'to device':12} {who}: {what!r:.{LONGEST}} ({keys})"
            continue
        yield from _talk(at, talk)
        yield f"{at:9.3f}  {MARKS[kind]:12} {who}{': ' if str(what) else ''}{what}"


def _talk(at: float, talk: dict[str, list[int]]) -> Iterator[str]:
    if talk:
        told = (f"{who} {asked} asked, {said} heard" for who, (asked, said) in talk.items())
        yield f"{'':9}  {'...':12} {'; '.join(told)}"
        talk.clear()


def _drivers(record: Record) -> dict[str, Any]:
    plan, _ = the_room(record.world.room)
    return {name: plan.file.devices[name].driver for name in record.world.devices}

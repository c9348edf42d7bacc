"""What the journal remembers for the rooms, handed back to them at start."""

import logging
from collections.abc import Mapping
from typing import Any

from avctl.room import Room
from avctl.site import Site
from service.journal import Journal, JournalError

log = logging.getLogger("avctl.memory")

STEPS = 2000  # the newest, of all rooms
LESSONS = 500


async def remind(site: Site, journal: Journal) -> None:
    """Tell the rooms how long steps took, and the devices what they had learnt. A journal that fails tells nothing."""
    try:
        steps = await journal.latest(("step",), STEPS)
        lessons = await journal.latest(("learnt",), LESSONS)
    except JournalError as error:
        log.warning("nothing is remembered: %s", error)
        return
    for entry in steps:
        if room := site.rooms.get(entry.room or ""):
            _note_step(room, entry.data)
    for entry in lessons:
        room = site.rooms.get(entry.room or "")
        if room and (device := room.devices.get(str(entry.data.get("device")))):
            try:
                device.remember(entry.data.get("known") or {})
            except (ValueError, TypeError, KeyError) as error:
                log.warning("%s: entry %d cannot be remembered: %s", device.name, entry.seq, error)


def _note_step(room: Room, data: Mapping[str, Any]) -> None:
    sent, confirmed = data.get("sent"), data.get("confirmed")
    if data.get("verdict") != "confirmed" or data.get("kind") != "set":
        return
    if isinstance(sent, int | float) and isinstance(confirmed, int | float):
        room.learnt.note(str(data.get("device")), str(data.get("word")), confirmed - sent)

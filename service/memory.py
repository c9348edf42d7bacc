"""What the journal remembers for the rooms, handed back to them at start."""

import logging
from collections.abc import Mapping
from typing import Any

from avctl.pair import Arm, Side
from avctl.room import Room
from avctl.site import Site
from service.journal import Entry, Journal, JournalError

log = logging.getLogger("avctl.memory")

STEPS = 2000  # the newest, of all rooms
LESSONS = 500
STANDINGS = 2000  # of pairs; each tells all that is kept of one


async def remind(site: Site, journal: Journal) -> None:
    """Tell the rooms how long steps took and how their pairs stood, and the devices what they had learnt.

    A journal that fails tells nothing.
    """
    try:
        steps = await journal.latest(("step",), STEPS)
        lessons = await journal.latest(("learnt",), LESSONS)
        standings = await journal.latest(("pair",), STANDINGS)
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
    for name, entry in {(entry.room, entry.data.get("pair")): entry for entry in standings}.items():
        if (room := site.rooms.get(name[0] or "")) and name[1] in room.pairs.by_name:
            _restore_pair(room, str(name[1]), entry)


def _restore_pair(room: Room, name: str, entry: Entry) -> None:
    stood, now = entry.data.get("stands") or {}, room.pairs.find(name).file.arm
    try:
        arm = Arm(stood["arm"]) if stood["file"] == now else Arm(now)
        active = Side(stood["active"])
        room.pairs.restore(name, arm, latched=stood["latched"] is True, active=active)
    except (ValueError, TypeError, KeyError) as error:
        log.info("%s: entry %d tells nothing of before: %r", name, entry.seq, error)


def _note_step(room: Room, data: Mapping[str, Any]) -> None:
    sent, confirmed = data.get("sent"), data.get("confirmed")
    if data.get("verdict") != "confirmed" or data.get("kind") != "set":
        return
    if isinstance(sent, int | float) and isinstance(confirmed, int | float):
        room.learnt.note(str(data.get("device")), str(data.get("word")), confirmed - sent)

"""What requests that change nothing are told."""

from typing import TYPE_CHECKING

from hw_sim.hyperdeck.media import MOUNTED
from hw_sim.hyperdeck.timecode import written
from hw_sim.hyperdeck.values import Parameters, slot_of
from hw_sim.hyperdeck.wire import Complaint, long, short

if TYPE_CHECKING:
    from hw_sim.hyperdeck.device import HyperDeck
    from hw_sim.hyperdeck.session import Session


def ping(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    return short(200)


def device_info(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    told: dict[str, object] = {
        "protocol version": deck.kind.protocol,
        "model": deck.kind.title,
        "unique id": deck.knobs.unique_id,
    }
    if deck.kind.counts_slots:
        told["slot count"] = len(deck.slots)
    return long(204, told)


def uptime(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    return long(215, {"uptime": int(deck.uptime)})


def slot_info(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    return long(202, deck.slot_fields(slot_of(deck, given)))


def clips_count(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    slot = deck.transport.line.slot
    return long(214, {"clip count": len(slot.readable) if slot else 0})


def clips_get(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    slot = deck.transport.line.slot
    if slot is None or not slot.readable:
        raise Complaint(107)
    lines = [f"clip count: {len(slot.clips)}"]
    for number, clip in enumerate(slot.clips, 1):
        begins = written(slot.start_of(number - 1), clip.video, drop=deck.knobs.drop)
        lasts = written(clip.seconds, clip.video, drop=deck.knobs.drop)
        lines.append(f"{number}: {clip.name} {begins} {lasts}")
    return long(205, lines)


def disk_list(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    slot = slot_of(deck, given)
    if slot.status != MOUNTED:
        raise Complaint(105)
    lines = [f"slot id: {slot.number}"]
    for number, clip in enumerate(slot.clips, 1):
        lasts = written(clip.seconds, clip.video, drop=deck.knobs.drop)
        lines.append(f"{number}: {clip.name} {clip.codec} {clip.video} {lasts}")
    return long(206, lines)


def transport_info(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    return long(208, deck.transport.fields())

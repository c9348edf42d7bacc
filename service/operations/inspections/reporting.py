"""Faults that an inspection found become incidents."""

from service.operations.incidents import Incidents, Report

# What alarms call the same signs: an alarm that was first has the incident.
OF_ALARMS = {
    "link": "device/{room}/{device}",
    "fault": "fault/{room}/{device}/{part}",
    "slot": "medium/{room}/{device}/{part}",
    "registered": "registration/{room}/{device}/{part}",
}


async def report(
    incidents: Incidents, room: str, device: str, item: str, signs: str, seq: int
) -> int:
    """The incident of a fault that an inspection found: the one that is not repaired yet, or a new one."""
    key, by = f"inspection/{room}/{item}", "inspection"
    for known in (incidents.of_alarm(name) for name in (key, _alarm(room, device, item))):
        if known:
            await incidents.link(known, by, [seq])
            return known.identity
    said = Report(
        room, device, signs=signs, severity="warning", source="inspection", alarm=key, seqs=[seq]
    )
    return (await incidents.open_one(said, by)).identity


def _alarm(room: str, device: str, item: str) -> str:
    kind, _, part = item.partition(":")[2].partition("/")
    return OF_ALARMS.get(kind, "").format(room=room, device=device, part=part) or item

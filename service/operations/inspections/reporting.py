"""Faults that an inspection found become incidents."""

from service.operations.incidents import Incidents, Report


async def report(
    incidents: Incidents, room: str, device: str, item: str, signs: str, seq: int
) -> int:
    """The incident of a fault that an inspection found: the one that is not repaired yet, or a new one."""
    key, by = f"inspection/{room}/{item}", "inspection"
    if known := incidents.of_alarm(key):
        await incidents.link(known, by, [seq])
        return known.identity
    said = Report(
        room, device, signs=signs, severity="warning", source="inspection", alarm=key, seqs=[seq]
    )
    return (await incidents.open_one(said, by)).identity


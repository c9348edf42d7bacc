"""The lines of a simulated room, where cameras may share one."""

from avctl.transport import parse_address
from hw_sim.room.site import Rooms
from hw_sim.simulator import Simulator
from hw_sim.visca import Chain
from tests.campaign.site import CHAIN
from tests.rooms import End, Lines

SHARED = "serial:///cameras?baud=9600"


def lines_of(rooms: Rooms, room: str) -> tuple[Lines, dict[str, Simulator]]:
    """The lines of a room, and what the faults of each device's line are at: itself, or the line that it shares."""
    lines, devices = Lines(rooms), rooms[room].devices
    at = dict(devices)
    chained = [name for name in CHAIN if name in devices]
    if not chained:
        return lines, at
    chain = Chain(cameras=[devices[name] for name in chained], clock=rooms.clock)  # type: ignore[misc]  # cameras
    end, address = End(chain, "serial", 9600), parse_address(SHARED)
    for name in chained:
        del lines.ends[parse_address(lines.addresses[room][name])]
        lines.addresses[room][name] = SHARED
        at[name] = chain
    lines.ends[address] = end
    return lines, at

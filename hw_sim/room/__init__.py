"""Rooms of simulators: what is plugged into what, and what that amounts to for those who look and listen."""

from hw_sim.room.file import RoomFileError, RoomPlan, SitePlan, read
from hw_sim.room.room import Heard, Room, View, WallWindow
from hw_sim.room.site import Rooms, main

__all__ = [
    "Heard",
    "Room",
    "RoomFileError",
    "RoomPlan",
    "Rooms",
    "SitePlan",
    "View",
    "WallWindow",
    "main",
    "read",
]

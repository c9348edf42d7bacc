"""Setting a room up: it is arranged by hand, read back, and written into its file in the users' own words."""

from avctl.commission.adopt import adopt
from avctl.commission.preset import StoredPreset, framing_of, number_for, store_preset
from avctl.commission.roomfile import ReadOnlyError, room_file, write_preset, write_scene
from avctl.commission.stands import Standing, Untold, Words, as_it_stands, chosen, in_order

__all__ = [
    "ReadOnlyError",
    "Standing",
    "StoredPreset",
    "Untold",
    "Words",
    "adopt",
    "as_it_stands",
    "chosen",
    "framing_of",
    "in_order",
    "number_for",
    "room_file",
    "store_preset",
    "write_preset",
    "write_scene",
]

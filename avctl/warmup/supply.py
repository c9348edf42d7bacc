"""The outlets between a device and the mains: whether they are on, and if not, why."""

from collections.abc import Sequence

from avctl.capabilities.outlets import Load, Outlet
from avctl.room import Room
from avctl.scenes.step import Step
from avctl.scenes.take import Take
from avctl.warmup.words import Text, text


class Supply:
    """By what the outlets say now, and what became of the orders in ``takes``."""

    def __init__(self, room: Room, takes: Sequence[Take]) -> None:
        self._room, self._takes = room, takes

    def before(self, device: str) -> list[str]:
        """The outlets that a device has its mains through, the next one first."""
        found: dict[str, None] = {}
        waiting = [device]
        while waiting:
            for outlet in self._room.mains.feeding(waiting.pop()):
                if outlet not in found:
                    found[outlet] = None
                    waiting.append(self._room.file.outlets[outlet].device)
        return list(found)

    def off_before(self, device: str) -> list[Text]:
        """What is known of outlets that keep a device in the dark."""
        return [said for outlet in self.before(device) for said in self._why_off(outlet)]

    def failed_at(self, switch: str) -> list[Text]:
        """The outlets of a device that were to be switched on, and are not."""
        outlets = [name for name, part in self._room.file.outlets.items() if part.device == switch]
        return [
            said for outlet in outlets if self._ordered(outlet) for said in self._why_off(outlet)
        ]

    def failed(self) -> list[str]:
        """The outlets whose last order to come on did not end well."""
        return [name for name in self._room.file.outlets if self._why(name)]

    def load_before(self, device: str) -> str:
        """What the strip tells of the outlet that a device hangs on; empty where it tells nothing."""
        for outlet in self._room.mains.feeding(device):
            part = self._room.file.outlets[outlet]
            if reading := self._room.devices[part.device].state.get(Load(part.number)):
                return str(reading.value)
        return ""

    def is_off(self, outlet: str) -> bool:
        """Whether it says so."""
        part = self._room.file.outlets[outlet]
        switch = self._room.devices[part.device]
        reading = switch.state.get(Outlet(part.number))
        return switch.up and reading is not None and not reading.value

    def _why_off(self, outlet: str) -> list[Text]:
        part = self._room.file.outlets[outlet]
        switch, point = self._room.devices[part.device], Outlet(part.number)
        if not switch.up:
            who = part.device
            return [text(f"插座 {outlet}:{who} 无应答", f"outlet {outlet}: {who} does not answer")]
        why, reading = self._why(outlet), switch.state.get(point)
        says_off = reading is not None and not reading.value
        if not (says_off if switch.can_tell(point) else why):
            return []
        said = f": {why}" if why else ""
        return [text(f"插座 {outlet} 未接通{said}", f"outlet {outlet} is off{said}")]

    def _why(self, outlet: str) -> str:
        """What kept an outlet from being switched on; empty where nothing did."""
        last = self._ordered(outlet)
        return last.why or "not switched" if last and not last.is_good else ""

    def _ordered(self, outlet: str) -> Step | None:
        """The last order to an outlet to come on."""
        steps = [step for take in self._takes for step in take.steps if step.want.target == outlet]
        return next((step for step in reversed(steps) if step.want.value), None)

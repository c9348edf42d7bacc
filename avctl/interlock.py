"""What may not be sent when: no lamp loses its mains while it may be hot."""

import asyncio
import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import Power, PowerState
from avctl.config import OutletFile, RoomFile
from avctl.device import Device
from avctl.errors import DeviceError
from avctl.scenes.scene import Want
from avctl.scenes.step import Step, Verdict

FRESH = 5.0  # seconds that a reading may be old to be trusted with a lamp
LOOK = 3.0  # seconds that a look at a lamp may cost
LAG = 20.0  # seconds after an order has ended in which it may still take effect


@dataclass(slots=True)
class _Ordered:
    """An order to an outlet or a lamp that was sent, and may not have taken effect yet."""

    step: Step
    ended: float | None = None  # monotonic seconds


class Interlock:
    """Cuts a lamp's mains only after the device itself has said, a moment ago, that it is in standby, and while no
    order to come on is on its way. Lets no lamp be told to come on while its mains are being cut.
    """

    def __init__(self, file: RoomFile, devices: Mapping[str, Device]) -> None:
        self._file, self._devices = file, devices
        self._ordered: dict[int, _Ordered] = {}  # by step

    def fed_by(self, outlet: OutletFile) -> list[str]:
        """The devices that lose their mains with an outlet: on it, or on what hangs on it and is on."""
        return list(self._fed_by(outlet, set()))

    def _fed_by(self, outlet: OutletFile, seen: set[str]) -> Iterator[str]:
        for name in outlet.feeds:
            if name not in seen:
                seen.add(name)
                yield name
                for other in self._file.outlets.values():
                    if other.device == name and not self._is_off(other):
                        yield from self._fed_by(other, seen)

    def _is_off(self, outlet: OutletFile) -> bool:
        """Whether an outlet has said a moment ago that it is off."""
        switch = self._devices[outlet.device]
        reading = switch.state.get(Outlet(outlet.number))
        if not switch.up or reading is None or reading.value:
            return False
        return switch.clock.now() - reading.at <= FRESH

    async def look(self, wants: Collection[Want]) -> None:
        """Ask the lamps that ``wants`` would cut off how they stand. What cannot be asked stays as it was last told."""
        lamps = {name for want in wants if _cuts(want) for name in self._lamps_on(want)}
        await asyncio.gather(*(self._ask(self._devices[name]) for name in lamps))

    async def _ask(self, device: Device) -> None:
        with contextlib.suppress(DeviceError, TimeoutError):
            async with asyncio.timeout(LOOK):
                await device.read([PowerState()])

    def forbids(self, want: Want) -> str:
        """Why ``want`` may not be sent now; empty where it may. Asked right before it would be."""
        if _cuts(want):
            reasons = (self._hot(self._devices[name]) for name in self._lamps_on(want))
            return next((reason for reason in reasons if reason), "")
        if _lights(want) and self._devices[want.device].cools and self._is_being_cut(want.device):
            return f"the mains of {want.device} are being cut"
        return ""

    def see(self, step: Step) -> None:
        """Take note of an order to an outlet or a lamp that was sent, and of its end."""
        if step.sent is None or not (_cuts(step.want) or isinstance(step.want.point, PowerState)):
            return
        now = self._devices[step.want.device].clock.now()
        for key, order in list(self._ordered.items()):
            if order.ended is not None and now - order.ended > LAG:
                del self._ordered[key]
        self._ordered[id(step)] = _Ordered(step, None if step.verdict is None else now)
        if step.verdict is Verdict.CONFIRMED:
            del self._ordered[id(step)]  # it has taken effect

    def passes(self, want: Want) -> bool:
        """Whether another order may still change the power of what is wanted: being right now is not staying so."""
        return isinstance(want.point, PowerState) and any(
            order.want.device == want.device and order.want.value is not want.value
            for order in self._under_way()
            if isinstance(order.want.point, PowerState)
        )

    def _lamps_on(self, want: Want) -> set[str]:
        return {
            name
            for outlet in self._file.outlets.values()
            if (outlet.device, outlet.number) == (want.device, _number(want))
            for name in self.fed_by(outlet)
            if self._devices[name].cools
        }

    def _hot(self, device: Device) -> str:
        reading = device.state.get(PowerState())
        if not device.up or reading is None:
            return f"{device.name} cannot be asked whether its lamp is cold"
        if reading.value is not Power.OFF:
            return f"{device.name} is {reading.value}: its lamp may be hot"
        if device.clock.now() - reading.at > FRESH:
            return f"{device.name} has not said lately that its lamp is cold"
        lit = (order.want.device for order in self._under_way() if _lights(order.want))
        if device.name in lit:
            return f"{device.name} was told to come on a moment ago"
        return ""

    def _is_being_cut(self, device: str) -> bool:
        return any(
            _cuts(order.want) and device in self._lamps_on(order.want)
            for order in self._under_way()
        )

    def _under_way(self) -> Iterator[Step]:
        """Orders that were sent and may still take effect."""
        for order in self._ordered.values():
            now = self._devices[order.step.want.device].clock.now()
            if order.ended is None or now - order.ended <= LAG:
                yield order.step


def _cuts(want: Want) -> bool:
    return isinstance(want.point, Outlet) and not want.value


def _lights(want: Want) -> bool:
    return isinstance(want.point, PowerState) and want.value is not Power.OFF


def _number(want: Want) -> int:
    assert isinstance(want.point, Outlet)
    return want.point.number

"""What the device reports and lets set: every parameter with its place and its words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hw_sim.shure.channel import Channel
from hw_sim.shure.parameters import Parameter, of_channel, of_device
from hw_sim.shure.wire import Complaint, Order, report

if TYPE_CHECKING:
    from hw_sim.shure.device import ShureReceiver

Place = tuple[int | None, str]  # channel and parameter


class Reports:
    """Channel 0 is every channel. Raises Complaint for what the device does not have."""

    def __init__(self, device: "ShureReceiver") -> None:
        self._device = device
        self._of_device, self._of_channel = of_device(device.kind), of_channel(device.kind)

    def state(self) -> dict[Place, str]:
        """Every parameter's value."""
        state: dict[Place, str] = {
            (None, name): each.read(self._device) for name, each in self._of_device.items()
        }
        for at in self._device.channels.values():
            state |= {(at.number, name): each.read(at) for name, each in self._all_of(at).items()}
        return state

    def of(self, channel: int | None, name: str) -> list[Place]:
        """The places that a command means."""
        if channel is None:
            if name not in self._of_device:
                raise Complaint
            return [(None, name)]
        places: list[Place] = [
            (at.number, name) for at in self._meant(channel) if name in self._all_of(at)
        ]
        if not places:
            raise Complaint
        return places

    def everything(self, channel: int | None) -> list[Place]:
        """What GET ALL means: the device, then one channel or every channel."""
        places: list[Place] = [(None, name) for name in self._of_device]
        for at in self._meant(channel or 0):
            places += [(at.number, name) for name in self._all_of(at)]
        return places

    def line(self, place: Place, value: str | None = None) -> bytes:
        """The REP of a place; ``value`` is said instead of the present one."""
        channel, name = place
        value = self._read(place) if value is None else value
        if channel is None:
            return report(name, value)
        if self._device.faults.strikes("wrong_address"):
            channel = channel % self._device.kind.channels + 1
        return report(f"{channel:0{self._device.kind.digits}d}", name, value)

    def check(self, order: Order) -> list[Place]:
        """The places that an order would set."""
        places = self.of(order.channel, order.name)
        known: Mapping[str, Parameter[Channel] | Parameter[ShureReceiver]]
        known = self._of_device if order.channel is None else self._of_channel
        if known[order.name].write is None or not order.value:
            raise Complaint
        return places

    def write(self, place: Place, value: str) -> None:
        channel, name = place
        if channel is None:
            write = self._of_device[name].write
            assert write is not None
            write(self._device, value)
        else:
            write_at = self._of_channel[name].write
            assert write_at is not None
            write_at(self._device.channels[channel], value)

    def _read(self, place: Place) -> str:
        channel, name = place
        if channel is None:
            return self._of_device[name].read(self._device)
        return self._of_channel[name].read(self._device.channels[channel])

    def _meant(self, channel: int) -> list[Channel]:
        channels = self._device.channels
        if channel and channel not in channels:
            raise Complaint
        return [channels[channel]] if channel else list(channels.values())

    def _all_of(self, at: Channel) -> dict[str, Parameter[Channel]]:
        return {name: each for name, each in self._of_channel.items() if each.has(at)}

"""The mains of a room: getting it ready, and shutting it down."""

from collections.abc import Iterator, Mapping, Sequence

from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import Power, PowerState
from avctl.config import OutletFile, ReadyFile, RoomFile
from avctl.device import Device
from avctl.names import Names
from avctl.scenes.scene import Mode, Order, Scene, Want

GET_READY, SHUT_DOWN = "get-ready", "shut-down"

STAGES = (
    "source",
    "processor",
    "display",
    "amplifier",
)  # on in this order, off the other way round
# What does not say by then that it has switched must not keep the outlets after it waiting.
SWITCHED_WITHIN = 15.0  # seconds
MARGIN = 10.0  # seconds beyond what the parts may take
LONGEST = 3600.0  # seconds


class Mains:
    """What hangs on which outlet, and the scenes made of it."""

    def __init__(self, file: RoomFile, names: Names, devices: Mapping[str, Device]) -> None:
        self._file, self._names, self._devices = file, names, devices

    @property
    def ready(self) -> ReadyFile | None:
        return self._file.ready

    def feeding(self, device: str) -> list[str]:
        """The outlets that a device has its mains from."""
        return [name for name, outlet in self._file.outlets.items() if device in outlet.feeds]

    def behind(self, feeder: str, number: int) -> list[str]:
        """The devices that have their mains from an outlet, through outlets of their own or others'."""
        outlets = self._file.outlets.values()
        found: list[str] = []
        waiting = [n for o in outlets if (o.device, o.number) == (feeder, number) for n in o.feeds]
        while waiting:
            name = waiting.pop(0)
            if name not in found:
                found.append(name)
                waiting += [n for o in outlets if o.device == name for n in o.feeds]
        return found

    def is_cut(self, device: str) -> bool:
        """Whether an outlet that a device hangs on is off, or without mains itself, as far as what switches it tells."""
        return self._is_cut(device, frozenset())

    def _is_cut(self, device: str, passed: frozenset[str]) -> bool:
        passed |= {device}
        for name in self.feeding(device):
            outlet = self._file.outlets[name]
            reading = self._devices[outlet.device].state.get(Outlet(outlet.number))
            if reading is not None and reading.value is False:
                return True
            if outlet.device not in passed and self._is_cut(outlet.device, passed):
                return True
        return False

    def switched(self) -> list[str]:
        """The devices that are switched on and off by command when the room is made ready."""
        chosen = self._file.ready.devices if self._file.ready else None
        names = self._devices if chosen is None else chosen
        return [name for name in names if self._names.plain(name, PowerState.word)]

    # The scenes.

    def get_ready(self) -> Scene:
        """Outlets one after the other, then every device as soon as it answers."""
        said = self._file.ready or ReadyFile()
        wants = (*self._outlets_on(said), *self._devices_on(said))
        spent = sum(outlet.delay for outlet in self._file.outlets.values())
        return _scene(
            GET_READY, "准备会议室", "Get the room ready", wants, said.boot + said.warm + spent, 800
        )

    def shut_down(self) -> Scene:
        """Amplifiers off the mains, devices to standby, then the other outlets in reverse."""
        said = self._file.ready or ReadyFile()
        wants = (*self._devices_off(said.cool), *self._outlets_off())
        spent = sum(outlet.delay for outlet in self._file.outlets.values())
        return _scene(SHUT_DOWN, "关闭会议室", "Shut the room down", wants, said.cool + spent, 810)

    def _outlets_on(self, said: ReadyFile) -> Iterator[Want]:
        before: tuple[str, ...] = ()
        for name, outlet in self._staged():
            patience = said.boot if self.feeding(outlet.device) else 0.0
            order = Order(
                after=tuple(self.feeding(outlet.device)),
                behind=before,
                delay=outlet.delay if before else 0.0,
                patience=patience,
                within=SWITCHED_WITHIN,
            )
            yield _switch(name, outlet, True, order)
            before = (name,)

    def _devices_on(self, said: ReadyFile) -> Iterator[Want]:
        for name in self.switched():
            yield _power(name, Power.ON, Order(tuple(self.feeding(name)), patience=said.boot))

    def _devices_off(self, cool: float) -> Iterator[Want]:
        amplifiers = tuple(n for n, outlet in self._staged() if outlet.stage == "amplifier")
        for name in self.switched():
            yield _power(name, Power.OFF, Order(behind=amplifiers, within=cool))

    def _outlets_off(self) -> Iterator[Want]:
        before: tuple[str, ...] = ()
        switched = self.switched()
        for name, outlet in reversed(self._staged()):
            order = Order(
                after=tuple(each for each in outlet.feeds if each in switched),
                # What switches other outlets keeps its own mains until they are through.
                behind=(*before, *self._switched_by(outlet)),
                delay=outlet.delay if before else 0.0,
                within=SWITCHED_WITHIN,
            )
            yield _switch(name, outlet, False, order)
            before = (name,)

    def _switched_by(self, outlet: OutletFile) -> Iterator[str]:
        return (n for n, other in self._file.outlets.items() if other.device in outlet.feeds)

    def _staged(self) -> Sequence[tuple[str, OutletFile]]:
        """In the order of their stages, but what switches an outlet has its own mains first."""
        ordered = sorted(self._file.outlets.items(), key=lambda item: STAGES.index(item[1].stage))
        placed: dict[str, OutletFile] = {}
        for name, _ in ordered:
            self._place(name, placed, set())
        return tuple(placed.items())

    def _place(self, name: str, placed: dict[str, OutletFile], above: set[str]) -> None:
        outlet = self._file.outlets[name]
        for before in self.feeding(outlet.device):
            if before not in above:
                self._place(before, placed, above | {name})
        placed.setdefault(name, outlet)


def _switch(name: str, outlet: OutletFile, on: bool, order: Order) -> Want:
    said = "on" if on else "off"
    return Want(name, "power", said, outlet.device, Outlet(outlet.number), on, order)


def _power(name: str, wanted: Power, order: Order) -> Want:
    return Want(name, PowerState.word, wanted.value, name, PowerState(), wanted, order)


def _scene(
    name: str, zh: str, en: str, wants: tuple[Want, ...], seconds: float, order: int
) -> Scene:
    return Scene(
        name,
        {"zh": zh, "en": en},
        min(seconds + MARGIN, LONGEST),
        wants,
        mode=Mode.WAIT,
        confirm=name == SHUT_DOWN,
        colour="power",
        order=order,
    )

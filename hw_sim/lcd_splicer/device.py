"""The wall as a device: its frames, its boards' manners."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from hw_sim import mains
from hw_sim.lcd_splicer.panels import Group, Panel, Panels, Shown
from hw_sim.lcd_splicer.wire import ALL, Frame, Frames
from hw_sim.mains import MainsPowered
from hw_sim.settings import Settings
from hw_sim.simulator import Conversation, Port

SILENCE = 0.1  # seconds after which the rest of a frame is not waited for; repeats come no faster
SOURCES = {
    "3458": {0: "HDMI1", 1: "HDMI2", 2: "OPS", 3: "DVI", 4: "DP", 6: "VGA"},
    "v59": {0: "VGA", 1: "HDMI", 2: "DVI", 3: "Video1", 4: "Video2", 5: "Video3", 6: "Video4",
            7: "SVideo", 8: "YPbPr"},
}  # fmt: skip
ENDS = {"v59": 0x00, "3458": 0x10}  # the last byte of a splice
SPLICED = 0x08  # in the byte of a group's number and source


class LcdSplicer(MainsPowered):
    """A wall of panels; the models are their boards. Every panel hears every frame, and none ever answers.

    So the faults busy, buffer_full, refuses and wrong_address, for which there would have to be an answer, are
    without effect; ignores: frames change nothing. `truth` tells ``crowded_starts``: panels that were switched on
    too soon after another. Places, sources, splices and scenes survive a loss of mains; the panels are off after it.
    """

    driver: ClassVar[str] = "lcd_splicer"
    models: ClassVar[tuple[str, ...]] = ("3458", "v59")
    boots_in: ClassVar[float] = 3.0
    options: ClassVar[Mapping[str, str]] = {
        "columns": "of the wall, 1 to 15 (default 3)",
        "rows": "of the wall, 1 to 15 (default 3)",
        "serials": "six digits for each panel in the order of the units (default 000001 and so on)",
        "on": "all panels are on at the start",
        "start_seconds": "from the order to a panel's picture (default 4)",
        "apart": "seconds between two starts below which they count as crowded (default 0.15)",
        "misses": "the probability that a panel misses a frame, which is why makers repeat them (default 0)",
        **mains.OPTIONS,
    }

    def set_up(self) -> None:
        super().set_up()
        settings = Settings(self.settings)
        columns, rows = settings.whole("columns", 3, 1, 15), settings.whole("rows", 3, 1, 15)
        serials = settings.several("serials") or tuple(
            f"{unit:06}" for unit in range(1, columns * rows + 1)
        )
        if len(serials) != columns * rows or any(len(each) != 6 for each in serials):
            raise ValueError(f"serials are {columns * rows} of six digits, not {serials}")
        self.panels = Panels(
            self.clock,
            columns,
            rows,
            serials,
            settings.number("start_seconds", 4),
            settings.number("apart", 0.15),
        )
        self._misses = settings.number("misses", 0)
        self.shows_numbers = self.shows_addresses = False
        if settings.flag("on"):
            for panel in self.panels.each:
                panel.state = "on"

    def meet(self, port: Port) -> Conversation:
        return Session(self)

    # What is heard.

    def hear(self, frame: Frame | None) -> None:
        """Do what a frame says; None is the short one that switches all on."""
        if self.faults.strikes("ignores"):
            return
        if frame is None:
            if self.model == "v59":
                self._power_all(True)
            return
        command = COMMANDS.get((frame.command, len(frame.data)))
        if command is not None:
            command(self, frame)
        elif frame.command == 0x01 and frame.panel == ALL:
            self._splice(frame.data)

    def meant(self, panel: int) -> list[Panel]:
        """The panels that a frame is for, without those that miss it."""
        units = self.panels.each if panel == ALL else self.panels.at(panel)
        return [each for each in units if not self._is_missed()]

    def _is_missed(self) -> bool:
        return bool(self._misses) and self.rng.random() < self._misses

    def power(self, panel: int, on: bool) -> None:
        for each in self.meant(panel):
            self.panels.power(each, on)

    def _power_all(self, on: bool) -> None:
        self.power(ALL, on)

    def light(self, panel: int, on: bool) -> None:
        for each in self.meant(panel):
            each.is_lit = on

    def select(self, panel: int, source: int) -> None:
        """Another input of its own; a code that the board has not changes nothing."""
        for each in self.meant(panel) if source in SOURCES[self.model] else ():
            each.source = source

    def _splice(self, data: bytes) -> None:
        """A whole new splice: how many groups, three bytes for each, and the board's own end."""
        count = data[0] if data else 0
        if len(data) != 2 + 3 * count or data[-1] != ENDS[self.model]:
            return
        groups = [_group(data[at : at + 3]) for at in range(1, 1 + 3 * count, 3)]
        units = self.panels.columns * self.panels.rows
        if all(group is not None and max(group.first, group.last) <= units for group in groups):
            self.panels.groups = [group for group in groups if group is not None]

    # Mains and people.

    def lose_power(self) -> None:
        self.panels.cut()
        self.shows_numbers = self.shows_addresses = False

    def press_power(self, unit: int, on: bool) -> None:
        """Use the remote control at one panel."""
        for panel in self._known(unit) if self.is_running else ():
            self.panels.power(panel, on)

    def press_source(self, unit: int, source: int) -> None:
        """Choose another input with the remote control at one panel."""
        if source not in SOURCES[self.model]:
            raise ValueError(f"no input {source}, only {', '.join(map(str, SOURCES[self.model]))}")
        for panel in self._known(unit) if self.is_running else ():
            panel.source = source

    def _known(self, unit: int) -> list[Panel]:
        panels = self.panels.at(unit)
        if not panels:
            raise ValueError(f"no panel is unit {unit}")
        return panels

    # What it shows.

    def windows(self) -> list[Shown]:
        """The pictures on the wall; inputs are called as the board calls them."""
        return self.panels.shown(SOURCES[self.model]) if self.is_running else []

    def truth(self) -> dict[str, object]:
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "columns": self.panels.columns,
            "rows": self.panels.rows,
            "panels": {
                panel.serial: {
                    "unit": panel.unit,
                    "power": panel.state,
                    "backlight": panel.is_lit,
                    "source": SOURCES[self.model].get(panel.source, str(panel.source)),
                }
                for panel in self.panels.each
            },
            "groups": [
                {
                    "number": group.number,
                    "first": group.first,
                    "last": group.last,
                    "source": SOURCES[self.model].get(group.source, str(group.source)),
                }
                for group in self.panels.groups
            ],
            "scenes": sorted(self.panels.scenes),
            "numbers": self.shows_numbers,
            "addresses": self.shows_addresses,
            "crowded_starts": self.panels.crowded,
        }


def _group(three: bytes) -> Group | None:
    first, last, told = three
    if not (first & 0x80 and last & 0x80 and told & SPLICED):
        return None
    units = first & 0x7F, last & 0x7F
    return Group(told >> 4, *units, told & 0x07) if all(units) else None


def _for_all(do: Callable[[LcdSplicer, Frame], object]) -> Callable[[LcdSplicer, Frame], None]:
    """A command that only stands in frames to all."""

    def done(wall: LcdSplicer, frame: Frame) -> None:
        if frame.panel == ALL:
            do(wall, frame)

    return done


def _show(what: str, on: bool) -> Callable[[LcdSplicer, Frame], None]:
    return _for_all(lambda wall, _: setattr(wall, what, on))


def _position(wall: LcdSplicer, frame: Frame) -> None:
    serial, (unit, columns, rows) = frame.data[:3].hex(), frame.data[3:]
    if 1 <= unit <= columns * rows:
        wall.panels.teach(serial, unit, columns, rows)


# By command and number of its data bytes.
COMMANDS: Mapping[tuple[int, int], Callable[[LcdSplicer, Frame], object]] = {
    (0xAD, 0): lambda wall, frame: wall.power(frame.panel, True),
    (0xAE, 0): lambda wall, frame: wall.power(frame.panel, False),
    (0x71, 0): _for_all(lambda wall, frame: wall.power(frame.panel, False)),
    (0x73, 0): lambda wall, frame: wall.light(frame.panel, True),
    (0x72, 0): lambda wall, frame: wall.light(frame.panel, False),
    (0x23, 0): _show("shows_numbers", True),
    (0x24, 0): _show("shows_numbers", False),
    (0x21, 0): _show("shows_addresses", True),
    (0x22, 0): _show("shows_addresses", False),
    (0x50, 1): lambda wall, frame: wall.select(frame.panel, frame.data[0]),
    (0xCC, 1): _for_all(lambda wall, frame: wall.panels.store(frame.data[0])),
    (0xCD, 1): _for_all(lambda wall, frame: wall.panels.recall(frame.data[0])),
    (0x13, 6): _for_all(_position),
}


class Session(Conversation):
    """The line of the chain."""

    def __init__(self, wall: LcdSplicer) -> None:
        self._wall = wall
        self._frames = Frames()
        self._heard_at = 0.0

    def receive(self, data: bytes) -> None:
        now = self._wall.clock.now()
        if now - self._heard_at > SILENCE:
            self._frames.forget()
        self._heard_at = now
        for frame in self._frames.feed(data):
            self._wall.hear(frame)

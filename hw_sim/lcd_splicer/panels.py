"""The panels of a wall, each with its board, and how they are spliced."""

from asyncio import TimerHandle
from copy import deepcopy
from dataclasses import dataclass, field

from hw_sim.clock import Clock

OFF, STARTING, ON = "off", "starting", "on"


@dataclass(slots=True)
class Panel:
    serial: str
    unit: int  # its place in the wall, row by row from 1
    state: str = OFF
    is_lit: bool = True  # its backlight, while it is on
    source: int = 0  # code of its own input
    timer: TimerHandle | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Panels that show one picture together: the rectangle between two units."""

    number: int
    first: int
    last: int
    source: int


@dataclass(slots=True)
class Scene:
    """What the boards store."""

    sources: dict[str, int]  # serial of a panel → code of its input
    groups: list[Group]


@dataclass(slots=True)
class Shown:
    """A picture on the wall; place and size as fractions of it, the origin at the top left."""

    number: int
    x: float
    y: float
    width: float
    height: float
    source: str
    zorder: int = 1


@dataclass(slots=True)
class Panels:
    clock: Clock
    columns: int
    rows: int
    serials: tuple[str, ...]
    start_seconds: float  # from the order to the picture
    apart: float  # seconds between two starts that the mains takes easily
    groups: list[Group] = field(default_factory=list)
    scenes: dict[int, Scene] = field(default_factory=dict)
    crowded: int = 0  # starts that came too soon after another
    each: list[Panel] = field(init=False)
    _started_at: float | None = None

    def __post_init__(self) -> None:
        self.each = [Panel(serial, unit) for unit, serial in enumerate(self.serials, 1)]

    def at(self, unit: int) -> list[Panel]:
        """The panels that have been taught to be this unit: after a mistake none, or several."""
        return [panel for panel in self.each if panel.unit == unit]

    def power(self, panel: Panel, on: bool) -> None:
        """Nothing happens to a panel that is so already; that makes repeating harmless."""
        if on and panel.state == OFF:
            now = self.clock.now()
            if self._started_at is not None and now - self._started_at < self.apart:
                self.crowded += 1
            self._started_at = now
            panel.state = STARTING
            panel.timer = self.clock.later(self.start_seconds, lambda: self._started(panel))
        elif not on:
            self._stop(panel)

    def cut(self) -> None:
        """Without mains every panel is off."""
        for panel in self.each:
            self._stop(panel)

    def teach(self, serial: str, unit: int, columns: int, rows: int) -> None:
        """The panel with this serial number learns its place, and all of them the size of the wall."""
        for panel in self.each:
            if panel.serial == serial:
                panel.unit = unit
                self.columns, self.rows = columns, rows

    def store(self, number: int) -> None:
        sources = {panel.serial: panel.source for panel in self.each}
        self.scenes[number] = Scene(sources, list(self.groups))

    def recall(self, number: int) -> None:
        """Nothing happens when there is nothing stored."""
        scene = deepcopy(self.scenes.get(number))
        if scene is not None:
            self.groups = scene.groups
            for panel in self.each:
                panel.source = scene.sources[panel.serial]

    def group_of(self, unit: int) -> Group | None:
        return next((group for group in self.groups if unit in self._units(group)), None)

    def shown(self, names: dict[int, str]) -> list[Shown]:
        """The pictures to be seen: one a group, and one a panel in none. ``names`` says what the codes are called."""
        windows = []
        for group in self.groups:
            if any(self._is_seen(unit) for unit in self._units(group)):
                windows.append(self._window(group.first, group.last, group.source, names))
        for panel in self.each:
            if self.group_of(panel.unit) is None and self._is_seen(panel.unit):
                windows.append(self._window(panel.unit, panel.unit, panel.source, names))
        return [window for window in windows if window is not None]

    def _is_seen(self, unit: int) -> bool:
        return any(panel.state == ON and panel.is_lit for panel in self.at(unit))

    def _units(self, group: Group) -> list[int]:
        left, top, right, bottom = self._corners(group.first, group.last)
        return [
            row * self.columns + column + 1
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]

    def _corners(self, first: int, last: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom, counted from 0."""
        (top, left), (bottom, right) = (
            divmod(unit - 1, max(1, self.columns)) for unit in (first, last)
        )
        return min(left, right), min(top, bottom), max(left, right), max(top, bottom)

    def _window(self, first: int, last: int, source: int, names: dict[int, str]) -> Shown | None:
        left, top, right, bottom = self._corners(first, last)
        if not (self.columns and top >= 0 and bottom < self.rows):
            return None
        return Shown(
            first,
            left / self.columns,
            top / self.rows,
            (right - left + 1) / self.columns,
            (bottom - top + 1) / self.rows,
            names.get(source, f"Input{source}"),
        )

    def _started(self, panel: Panel) -> None:
        panel.state = ON

    def _stop(self, panel: Panel) -> None:
        if panel.timer is not None:
            panel.timer.cancel()
            panel.timer = None
        panel.state = OFF

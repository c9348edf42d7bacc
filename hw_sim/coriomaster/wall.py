"""The wall behind a CORIOmaster: its windows, its presets, and the time between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import NamedTuple, Protocol, Self, cast

from hw_sim.clock import Clock

HIDDEN = 0  # the layer behind the background
NOTHING = "NULL"  # the input of a window that shows none


class Window(NamedTuple):
    """A window as it is seen: a place in fractions of the canvas from its top left, and what plays in it."""

    number: int
    x: float
    y: float
    width: float
    height: float
    zorder: int
    source: str  # "Slot3.In1", or nothing


@dataclass(frozen=True, slots=True)
class Pane:
    """What the device keeps of a window."""

    input: str = NOTHING
    canvas: str = "Canvas1"
    alias: str = NOTHING
    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0
    zorder: int = 1
    ftb: int = 0  # CALICO: how far it is faded to black, to 256

    @classmethod
    def given(cls, settings: object) -> Self:
        return cls(**known(settings))  # type: ignore[arg-type]  # from a file, untyped


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    canvas: str = "Canvas1"
    time: int = 0  # as listed; its unit is not documented
    settle: float | None = None  # seconds until the wall shows it, or the controller's own
    windows: Mapping[int, Mapping[str, object]] = field(default_factory=dict)

    @classmethod
    def given(cls, settings: object) -> Self:
        """Raises ValueError where a window is given what no window has."""
        preset = cls(**dict(cast("Mapping[str, object]", settings)))  # type: ignore[arg-type]
        changes = {int(number): known(change) for number, change in preset.windows.items()}
        return replace(preset, windows=changes)


def known(settings: object) -> dict[str, object]:
    """The settings of a window. Raises ValueError for one that no window has."""
    given = dict(cast("Mapping[str, object]", settings))
    if unknown := set(given) - {each.name for each in fields(Pane)}:
        raise ValueError(f"no window has {', '.join(sorted(unknown))}")
    return given


class Cancellable(Protocol):
    def cancel(self) -> None: ...


class Wall:
    """What is shown, and what is about to be.

    A preset is shown as a whole once it has settled. Until then ``reads`` decides what the registers of the windows
    say: with "mixed" one window after the other takes its new values, otherwise all keep the old.
    """

    def __init__(self, clock: Clock, panes: Mapping[int, Pane], reads: str) -> None:
        self._clock, self._reads = clock, reads
        self._shown = dict(panes)
        self._coming: dict[int, dict[str, object]] = {}
        self._since = self._until = 0.0
        self._timer: Cancellable | None = None

    def __contains__(self, number: int) -> bool:
        return number in self._shown

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._shown))

    @property
    def settling(self) -> bool:
        return self._timer is not None

    @property
    def left(self) -> float:
        """Seconds until all is settled."""
        return max(0.0, self._until - self._clock.now()) if self.settling else 0.0

    def shown(self, number: int) -> Pane:
        return self._shown[number]

    def read(self, number: int) -> Pane:
        """The window as the device tells it."""
        pane = self._shown[number]
        if self._reads == "mixed" and number in self._coming and self._has_turned(number):
            return replace(pane, **self._coming[number])  # type: ignore[arg-type]  # see `known`
        return pane

    def _has_turned(self, number: int) -> bool:
        turn = (sorted(self._coming).index(number) + 1) / len(self._coming)
        return self._clock.now() >= self._since + turn * (self._until - self._since)

    def take(self, changes: Mapping[int, Mapping[str, object]], seconds: float) -> None:
        """Begin to show a preset. What an earlier one still had to do is done with it."""
        for number, change in changes.items():
            if number in self._shown:
                self._coming.setdefault(number, {}).update(change)
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._since = self._clock.now() if seconds else 0.0
        self._until = self._since + seconds
        if seconds:
            self._timer = self._clock.later(seconds, self._settle)
        else:
            self._settle()

    def _settle(self) -> None:
        self._timer = None
        for number, change in self._coming.items():
            self._shown[number] = replace(self._shown[number], **change)  # type: ignore[arg-type]
        self._coming.clear()

    def put(self, number: int, name: str, value: object) -> None:
        """Change one property of a window at once, whatever a preset on its way says."""
        self._shown[number] = replace(self._shown[number], **{name: value})  # type: ignore[arg-type]
        self._coming.get(number, {}).pop(name, None)

    def stop(self) -> None:
        """Forget what is on its way."""
        if self._timer:
            self._timer.cancel()
        self._timer = None
        self._coming.clear()

    def windows(self) -> list[Window]:
        """The windows before the background, the hindmost first."""
        seen = [
            Window(
                number,
                pane.x,
                pane.y,
                pane.width,
                pane.height,
                pane.zorder,
                "" if pane.input == NOTHING else pane.input,
            )
            for number, pane in self._shown.items()
            if pane.zorder > HIDDEN
        ]
        return sorted(seen, key=lambda window: (window.zorder, window.number))

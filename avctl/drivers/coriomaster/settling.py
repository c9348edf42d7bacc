"""When a wall has settled on a layout: judged from what the controller said, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Look = Mapping[int, tuple[tuple[str, str], ...]]  # what is seen of each window, by number
Sources = Mapping[int, str]

APART = 0.1  # seconds between two readings for the second to prove anything
OUTDATED = 20.0  # seconds after which a layout is let to look otherwise than learnt


def seen(properties: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """What of a window's properties can be seen on the wall: source, canvas, geometry, stacking."""
    return tuple(
        (name, value)
        for name, value in properties
        if name in ("input", "zorder") or name.startswith("can")
    )


def sources(look: Look) -> dict[int, str]:
    """The sources of the windows that are there, have one and do not lie behind the background."""
    found = {}
    for window, properties in look.items():
        said = dict(properties)
        source = said.get("input", "NULL")
        if source.upper() != "NULL" and source and said.get("zorder") != "0":
            found[window] = source.casefold()
    return found


def traits(look: Look) -> dict[tuple[int, str], str]:
    """A look taken to pieces, which windows there are included."""
    pieces = {
        (window, name): value for window, properties in look.items() for name, value in properties
    }
    return {(0, "windows"): str(sorted(look)), **pieces}


@dataclass(slots=True)
class _Round:
    """One reading of all windows, from their list on."""

    began: float
    missing: set[int]
    look: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)


class Settling:
    """The judge of one wall. Times are monotonic seconds.

    A round is one reading of the window list and of every window in it. The wall has settled on layout n when

    - the controller says that n was last taken, and
    - two rounds, at least 0.1 s apart, both after n was taken, are the same in all that can be seen, and
    - where the room file says what n shows, they show that, and
    - where an earlier recall has taught how n looks, they look so, or have stood otherwise for 20 s after a recall,
      or for ``settle_time`` where the room file says what n shows (what differs then is forgotten: a layout may
      leave some windows as they were), and
    - no window was changed since, where nothing says how n looks, and
    - where neither tells n from what stood before it was taken, ``settle_time`` seconds have passed since. Told apart
      is a layout that has changed each of its windows: windows may turn one after the other.

    From the moment that a layout is asked for until the wall has settled on it, or can be taken to have gone by it
    where a window was put anew since, the wall is *landing*: what windows are told to be may be how they stood
    before, and not stay.
    """

    def __init__(self, given: Mapping[int, Sources], settle_time: float) -> None:
        self._given = {
            layout: {window: name.casefold() for window, name in shown.items() if name}
            for layout, shown in given.items()
        }
        self._settle_time = settle_time
        self._learnt: dict[int, dict[tuple[int, str], str]] = {}
        self._assumed: set[int] = set()  # learnt from a wall that we did not see taking it
        self.layout: int | None = None  # the one that the wall has settled on
        self.contradiction = ""  # what two readings last said against the room file
        self.is_landing = False  # over a lost connection, too: the wall goes on
        self._asked: int | None = None  # the layout asked for, and not known to be taken
        self._was_landing = False  # when it was asked for
        self.start(0.0)

    def start(self, now: float) -> None:
        """On a new connection: nothing is known but how layouts look."""
        self._taken: int | None = None
        self._was_taken = False  # seen, or asked for by us
        self._edited = False
        self._put: set[int] = set()  # windows put anew since the layout was taken
        self._seen: Look | None = None  # in the last round, whether it still counts or not
        self._before: tuple[int | None, Look | None] = (None, None)
        self._forget(now)

    def _forget(self, now: float) -> None:
        self._since = now  # when the layout was taken, or first seen
        self.doubt()

    @property
    def shown(self) -> Mapping[int, str | None]:
        """The windows of the last round, and their sources as the controller writes them."""
        return {window: dict(told).get("input") for window, told in (self._seen or {}).items()}

    @property
    def missing(self) -> tuple[int, ...]:
        """The windows that the round under way still wants; empty while there is none."""
        return tuple(sorted(self._round.missing)) if self._round else ()

    def is_under_way(self, now: float) -> bool:
        """Whether more readings may soon tell more."""
        return self.layout is None and (self._look is None or now - self._since < OUTDATED + 5.0)

    def doubt(self) -> None:
        """What was read no longer counts."""
        self.layout = None
        self._look: Look | None = None
        self._look_at = 0.0
        self._round: _Round | None = None

    def edit(self, windows: Iterable[int] = ()) -> None:
        """Somebody changes ``windows``: the wall no longer shows a layout as it was stored."""
        self._edited = True
        self._put.update(windows)
        self._seen = None  # as it was before tells nothing from what follows
        self.doubt()

    def ask(self, number: int, now: float) -> None:
        """A layout is about to be asked for: from now on it may be taken, whatever is answered."""
        if self.is_landing:
            self._seen = None  # nobody knows what the one before it has changed by now
        self._was_landing, self._asked, self.is_landing = self.is_landing, number, True
        self._forget(now)

    def spare(self) -> None:
        """What was asked for last is sure not to be taken."""
        self._asked, self.is_landing = None, self._was_landing

    def recall(self, number: int, now: float) -> None:
        """A layout was taken: by us, or as seen."""
        if self.is_landing and number != self._asked:
            self._seen = None
        self._before = (self._taken, self._seen)
        self._was_taken, self._edited = True, False
        self._asked, self.is_landing = None, True
        self._put.clear()
        if number in self._assumed:
            self._assumed.discard(number)
            del self._learnt[number]
        self._taken = number
        self._forget(now)

    def hear_taken(self, number: int | None, now: float) -> None:
        """The controller says which layout was last taken."""
        if number == self._taken:
            return
        if number is not None and self._taken is not None:
            self.recall(number, now)
            return
        self._taken = number
        self._forget(now)

    def begin_round(self, windows: tuple[int, ...], now: float) -> bool:
        """Take the window list. Gives whether that is the round already."""
        self._round = _Round(now, set(windows))
        return self._end_round(now)

    def hear_window(self, window: int, properties: tuple[tuple[str, str], ...], now: float) -> bool:
        """Take a window's properties. Gives whether a round is complete, and ``layout`` judged anew."""
        look = seen(properties)
        if self._round and (window in self._round.missing or window in self._round.look):
            self._round.missing.discard(window)
            self._round.look[window] = look
            return self._end_round(now)
        if self._look is not None and self._look.get(window) != look:
            self._differ()
        return False

    def hear_source(self, window: int, source: str | None) -> None:
        """Take the source of one window, read alone."""
        if self._look is None or source is None:
            return
        known = dict(self._look.get(window, ())).get("input", "")
        if (known if known.upper() != "NULL" else "") != source:
            self._differ()

    def _differ(self) -> None:
        if self.layout is not None:
            self.edit()
        else:
            self.doubt()

    def _end_round(self, now: float) -> bool:
        ended = self._round
        if ended is None or ended.missing:
            return False
        self._round, self._seen = None, ended.look
        if self._look is None or ended.look != self._look:
            if self.layout is not None:
                self._edited = True
            self.layout, self._look, self._look_at = None, ended.look, now
        elif ended.began - self._look_at >= APART:
            self.layout = self._taken if self._has_settled(self._taken, ended.look, now) else None
            self._learn(ended.look)
            if self.layout is not None or self._has_gone_by(ended.look, now):
                self._asked, self.is_landing = None, False
        return True

    def _has_gone_by(self, look: Look, now: float) -> bool:
        """Whether the layout taken last, asked for or not, will change no window any more."""
        elapsed, number = now - self._since, self._taken
        if elapsed >= OUTDATED:
            return True
        if elapsed < self._settle_time or self._asked not in (None, number):
            return False
        if number in self._given:
            shown, given = sources(look), self._given[number]
            windows = (shown.keys() | given.keys()) - self._put
            return all(shown.get(window) == given.get(window) for window in windows)
        if number in self._learnt:
            now_seen = traits(look)
            return all(
                now_seen.get((window, name)) == value
                for (window, name), value in self._learnt[number].items()
                if window not in self._put
            )
        return True

    def _has_settled(self, number: int | None, look: Look, now: float) -> bool:
        if number is None:
            return False
        if number in self._given and sources(look) != self._given[number]:
            self.contradiction = f"layout {number} shows {sources(look)}, not {self._given[number]}"
            return False
        elapsed = now - self._since
        if self._edited and number not in self._learnt and number not in self._given:
            return False
        if number in self._learnt and not self._looks_as_learnt(number, look):
            patience = self._settle_time if number in self._given else OUTDATED
            return self._was_taken and not self._edited and elapsed >= patience
        return elapsed >= self._settle_time or self._is_told_apart(number, look)

    def _is_told_apart(self, number: int, look: Look) -> bool:
        """Whether the look can only be that of the layout, and not still the one before it."""
        layout, before = self._before
        if before is None or self._edited:
            return False  # an edit may have put right what the layout has not reached yet
        if number in self._learnt:
            return layout == number or not self._looks_as_learnt(number, before)
        if number not in self._given or sources(before) == sources(look):
            return False
        return all(before.get(window) != look.get(window) for window in self._given[number])

    def _learn(self, look: Look) -> None:
        if self.layout is None or self._edited:
            return
        if self.layout not in self._learnt and not self._was_taken:
            self._assumed.add(self.layout)
        now = traits(look)
        before = self._learnt.get(self.layout, now)
        self._learnt[self.layout] = {
            trait: value for trait, value in before.items() if now.get(trait) == value
        }

    def _looks_as_learnt(self, number: int, look: Look) -> bool:
        return self._learnt[number].items() <= traits(look).items()

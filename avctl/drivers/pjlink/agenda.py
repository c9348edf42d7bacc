"""What is to be asked of a PJLink device: once on a connection, with every look, and now and then."""

from collections import Counter, deque
from typing import cast

from avctl.clock import Clock
from avctl.drivers.pjlink import commands
from avctl.drivers.pjlink.told import EITHER_CLASS, IDENTITY, SECOND_CLASS
from avctl.drivers.pjlink.wire import Said
from avctl.wire import Command

SILENCES = 2  # to one question of class 2, after which it is left out
LEFT_OUT = 600.0  # seconds

CLASS = "CLSS"
# What changes under an operator's hand; health; what never changes.
LIVE = ("INPT", "AVMT", "FREZ")
HEALTH = ("ERST", "LAMP", "FILT", "IRES")
STANDING = (*IDENTITY, "INST")


class Agenda:
    """Questions by their bodies: POWR."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._silences: Counter[str] = Counter()  # to questions of class 2
        self._left_out: dict[str, float] = {}  # until when
        self._uncertain_until = 0.0
        self.start()

    def start(self) -> None:
        """Begin to learn what the device is and how it stands."""
        self.number = 1  # the class it says it is of
        self._lacks: set[str] = set()
        self._todo = [CLASS, "POWR", *LIVE, *HEALTH, *STANDING]
        self._untold: list[str] = []  # not told in standby
        self._round: deque[str] = deque()

    def due(self) -> tuple[str, ...]:
        """What is still to be asked, in that order. Its class comes first, and decides what else is asked."""
        if CLASS not in self._todo:
            self._todo = [body for body in self._todo if self.is_asked(body)]
        return tuple(self._todo)

    def next(self) -> str:
        """What of health is due."""
        if not self._round:
            self._round.extend(filter(self.is_asked, HEALTH))
        return self._round.popleft() if self._round else "POWR"

    def add(self, *bodies: str) -> None:
        """To be asked once more, on the next connections perhaps."""
        self._todo.extend(body for body in bodies if body not in self._todo)

    def hurry(self, body: str) -> None:
        self._round.appendleft(body)

    def ask_untold(self) -> None:
        """It is on: what it did not tell in standby is due again."""
        self._todo.extend(self._untold)
        self._untold.clear()

    def question(self, body: str) -> Command[Said | None]:
        question = commands.read(body, self.number_for(body))
        if self._clock.now() < self._uncertain_until:
            return commands.may_stay_silent(question)
        return cast(Command[Said | None], question)

    def number_for(self, body: str) -> int:
        """The class that ``body`` is asked as."""
        may_be_second = body in EITHER_CLASS and self.number > 1 and not self._is_left_out(body)
        return 2 if body in SECOND_CLASS or may_be_second else 1

    def is_asked(self, body: str) -> bool:
        if body in self._lacks:
            return False
        return body not in SECOND_CLASS or (self.number > 1 and not self._is_left_out(body))

    # What came of it.

    def told(self, body: str) -> None:
        self._silences.pop(body, None)
        self._done(body)

    def lacks(self, body: str) -> None:
        self._lacks.add(body)

    def refused(self, body: str, not_now: bool) -> None:
        if not_now and body in self._todo:
            self._untold.append(body)
        self._done(body)

    def silent(self, body: str) -> None:
        """Some say that they are of class 2, and are silent to what they do not know of it."""
        if self.number_for(body) == 1:
            return
        self._silences[body] += 1
        if self._silences[body] >= SILENCES:
            del self._silences[body]
            self._left_out[body] = self._clock.now() + LEFT_OUT

    def be_patient(self, seconds: float) -> None:
        """For so long answers may fail, or take their time."""
        self._uncertain_until = max(self._uncertain_until, self._clock.now() + seconds)

    def _is_left_out(self, body: str) -> bool:
        return self._left_out.get(body, 0.0) > self._clock.now()

    def _done(self, body: str) -> None:
        if body in self._todo:
            self._todo.remove(body)

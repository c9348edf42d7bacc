"""What successive positions tell: whether the camera moves, and which preset it shows. No I/O.

A camera does not say at which preset it is. Its position does, once the preset's framing is known: from the room
file, or learnt. A framing is learnt only where the camera was seen to go there for that recall; a guess here would
turn into a false "done" later.
"""

from dataclasses import dataclass

from avctl.capabilities.camera import Framing

AT_REST = 0.2  # seconds without a change of position
FOR_SURE = 0.5  # the same, where no Completion vouches for it
NOT_GOING = 2.0  # seconds at rest after which a recall will not move the camera any more
LONGEST_RECALL = 20.0  # seconds; what moves later was moved by somebody else


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in the camera's own numbers."""

    pan: int
    tilt: int
    zoom: int

    def is_near(self, other: "Spot", slack: int) -> bool:
        near_head = abs(self.pan - other.pan) <= slack and abs(self.tilt - other.tilt) <= slack
        return near_head and abs(self.zoom - other.zoom) <= 1


@dataclass(slots=True)
class Quest:
    """A recall whose preset's framing is not known yet."""

    preset: int
    at: float
    before: Spot | None  # where the camera rested; None where it moved already
    last: int | None  # the preset it said it had recalled last
    moved: bool = False
    over: bool = False  # it will not be learnt


class Gaze:
    """Takes positions by `note`; times are monotonic seconds."""

    def __init__(self, framings: dict[int, Framing], slack: int = 1) -> None:
        self.framings = framings
        self.slack = slack  # camera units that are no movement
        self.framing: Framing | None = None  # where it looked last
        self.last_recalled: int | None = None  # as the camera says
        self.busy = False  # as the camera says of the position that comes next
        self.target: int | None = None  # the preset recalled last
        self.aimed: Framing | None = None
        self.completed = False  # since the last move began
        self._sent = False  # whether the last move was to a known end
        self._quest: Quest | None = None
        self._anchor: Spot | None = None
        self._spot: Spot | None = None
        self._since = self._at = 0.0
        self._moved = False

    def lose(self) -> None:
        """The link went down: what follows has no connection with what was."""
        self._anchor = self._spot = self.framing = self._quest = None

    # What is set going.

    def recall(self, preset: int, at: float) -> None:
        self._begin()
        self.target = preset
        if preset not in self.framings:
            before = self._spot if self.moving is False else None
            self._quest = Quest(preset, at, before, self.last_recalled)

    def aim(self, framing: Framing) -> None:
        self._begin()
        self.aimed = framing

    def go(self) -> None:
        """Driven, stopped, or sent where no preset tells."""
        self._begin()
        self._sent = False

    def _begin(self) -> None:
        self._quest, self.aimed, self.completed, self._sent = None, None, False, True

    def complete(self) -> None:
        """The camera says that a move is over. A drive is over at once, and says nothing."""
        self.completed = self._sent

    def abandon(self) -> None:
        """The camera says that it did not carry the recall out."""
        if self._quest:
            self._quest.over = True

    @property
    def seeks(self) -> bool:
        """Whether a framing is being learnt."""
        return self._quest is not None and not self._quest.over

    # What is seen.

    def note(self, spot: Spot, framing: Framing, at: float) -> None:
        moves = self._anchor is not None and not spot.is_near(self._anchor, self.slack)
        if self._anchor is None or moves:
            self._anchor, self._since = spot, at
        self._moved = moves or self.busy
        if self.busy:
            self._since, self.busy = at, False
        self._spot, self._at, self.framing = spot, at, framing
        self._learn()

    @property
    def moving(self) -> bool | None:
        """None while two positions far enough apart in time are missing."""
        if self._moved:
            return True
        if self._anchor is None or self._at - self._since < AT_REST:
            return None
        return False

    @property
    def rested(self) -> float:
        """Seconds without a change of position."""
        return 0.0 if self._moved or self._anchor is None else self._at - self._since

    @property
    def arrived(self) -> bool:
        return self.moving is False or (self.completed and not self._moved)

    @property
    def may_be_through(self) -> bool:
        """It says that the move is over, and was elsewhere when it was asked before: the next position tells."""
        return self.completed and self._moved

    def _learn(self) -> None:
        quest = self._quest
        if quest is None or quest.over or self.framing is None or self._spot is None:
            return
        if quest.before and not self._spot.is_near(quest.before, self.slack):
            quest.moved = True
        rested = self._at - max(self._since, quest.at)
        if self._moved or rested < (AT_REST if self.completed else FOR_SURE):
            return
        told = self.last_recalled == quest.preset != quest.last
        if self._at - quest.at > LONGEST_RECALL:
            quest.over = True
        elif quest.moved or told:
            self.framings[quest.preset] = self.framing
            self._quest = None
        elif rested > NOT_GOING:
            quest.over = True

    # What it means.

    def shown(self) -> int | None:
        """The preset whose framing the camera shows, if any.

        Raises LookupError while that cannot be told.
        """
        if self._moved:
            if self._quest and self._quest.over:
                self._quest = None
            return None
        if self.framing is None or self._quest:
            raise LookupError
        here = [number for number, known in self.framings.items() if known.is_near(self.framing)]
        if self.target in here and self.arrived:
            return self.target
        if self.moving is None:
            raise LookupError
        return min(here, default=None)

    def is_under_way_to(self, framing: Framing) -> bool:
        """Whether it passes a place that it was sent to: being near is not being there."""
        near = self.aimed is not None and framing.is_near(self.aimed)
        return near and not self.arrived

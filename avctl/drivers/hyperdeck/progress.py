"""Whether a recording really runs: by its time code, and not by what the deck calls its state."""

STALLED = 1.0  # seconds with one time code, after which nothing is recorded


class Progress:
    """True once the time code was seen to move while the state was record. None: not seen yet, or no more."""

    def __init__(self) -> None:
        self.runs: bool | None = None
        self._at: tuple[str, float] | None = None  # the time code, and when it was first told

    def forget(self) -> None:
        self.runs, self._at = None, None

    def hear(self, is_recording: bool, timecode: str | None, now: float) -> bool | None:
        """Gives what is known then. ``timecode`` is None where it was not told."""
        if not is_recording:
            self.runs, self._at = False, None
            return self.runs
        if self.runs is False:
            self.runs = None
        if timecode is None:
            return self.runs
        if self._at is None:
            self._at = timecode, now
        elif self._at[0] != timecode:
            self.runs, self._at = True, (timecode, now)
        elif now - self._at[1] > STALLED:
            self.runs = None
        return self.runs

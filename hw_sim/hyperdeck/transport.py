"""The transport: preview, stopped, play, shuttle and record.

preview, stopped --record--> (roll_seconds) --> record --stop--> as before the recording
record --medium full--> record on the next slot, else as before the recording
record --medium pulled--> stopped
preview, stopped --play--> play --end of the timeline, stop--> stopped
"""

from asyncio import TimerHandle
from collections.abc import Callable
from typing import Protocol

from hw_sim.clock import Clock
from hw_sim.hyperdeck.knobs import Knobs
from hw_sim.hyperdeck.media import ERROR, MOUNTED, Clip, Recording, Slot
from hw_sim.hyperdeck.timecode import RATES, written
from hw_sim.hyperdeck.timeline import Timeline
from hw_sim.hyperdeck.wire import Complaint

PREVIEW, STOPPED, PLAY, SHUTTLE, RECORD = "preview", "stopped", "play", "shuttle", "record"


class Deck(Protocol):
    """What the transport has to know of the deck around it."""

    codec: str
    video: str

    @property
    def age(self) -> float: ...  # seconds since the simulation began
    def source(self) -> str | None: ...
    def tell_transport(self) -> None: ...
    def tell_slot(self, slot: Slot) -> None: ...


class Transport:
    """Changes are told to the deck as they happen, a recording one frame after it began."""

    def __init__(self, clock: Clock, knobs: Knobs, slots: dict[int, Slot], deck: Deck) -> None:
        self.status = self._rests = knobs.starts_in
        self.line = Timeline(clock, slots, knobs.slot)
        self.loop = False
        self.recording: Recording | None = None
        self.cut_recordings = 0
        self._clock, self._knobs, self._slots, self._deck = clock, knobs, slots, deck
        self._timers: dict[str, TimerHandle] = {}

    # What it tells.

    @property
    def elapsed(self) -> float:
        """Seconds of the recording."""
        return 0.0 if self.recording is None else self._clock.now() - self.recording.began

    @property
    def is_moving(self) -> bool:
        """Whether it plays or records, or is about to."""
        return self.recording is not None or self.status in (PLAY, SHUTTLE) or self._rolls

    def left(self, slot: Slot) -> float:
        """Seconds that can still be recorded on a slot."""
        here = self.recording is not None and self.recording.slot is slot
        return max(0.0, slot.left - (self.elapsed if here else 0.0))

    def fields(self) -> dict[str, object]:
        """What transport info tells."""
        state = self.state()
        video, loop = state.pop("video format"), state.pop("loop")
        return state | {
            "display timecode": self._written(self._displayed()),
            "timecode": self._written(self._place()),
            "clip id": self._clip(),
            "video format": video,
            "loop": loop,
        }

    def state(self) -> dict[str, object]:
        """Of that, what does not run."""
        return {
            "status": self.status,
            "speed": self.line.speed,
            "slot id": self.line.selected,
            "video format": self._deck.video,
            "loop": self.loop,
        }

    def _place(self) -> float:
        if self.status == PREVIEW:
            return 0.0
        return self.line.position if self.recording is None else self.elapsed

    def _displayed(self) -> float:
        if self.recording is None:
            return self._place()
        return self._knobs.time_of_day + self._deck.age

    def _clip(self) -> int | None:
        if self.recording is not None:
            return len(self.recording.slot.clips) + 1
        return None if self.status == PREVIEW else self.line.clip

    def _written(self, seconds: float) -> str:
        return written(seconds, self._deck.video, drop=self._knobs.drop)

    # Recording.

    def record(self, prefix: str) -> None:
        """Begin to record, a while from now. Raises Complaint."""
        if self.is_moving:
            raise Complaint(150)
        slot = self.line.slot
        if slot is None or slot.status not in (MOUNTED, ERROR):
            raise Complaint(105)
        if slot.status == ERROR:
            raise Complaint(106)
        if slot.left <= 0:
            raise Complaint(104)
        if self._deck.source() is None:
            raise Complaint(110)
        self._rests = self.status
        if self._knobs.async_first:
            self._begin(slot, prefix)
        else:
            self._after("roll", self._knobs.roll_seconds, lambda: self._begin(slot, prefix))

    def spill(self, number: int | None) -> None:
        """Go on recording on another slot. Raises Complaint."""
        recording = self.recording
        if recording is None:
            raise Complaint(150)
        if number is not None and number not in self._slots:
            raise Complaint(109)
        chosen = self._next_to(recording.slot) if number is None else self._slots[number]
        if chosen is None or chosen is recording.slot or not chosen.takes:
            raise Complaint(105)
        self._end()
        self._go_on(recording, chosen)

    def source_changed(self) -> None:
        """Something else comes in now: it is on the clip from here on."""
        if self.recording is not None:
            self.recording.clip.sources.append((self.elapsed, self._deck.source()))

    @property
    def _rolls(self) -> bool:
        return "roll" in self._timers

    def _begin(self, slot: Slot, prefix: str) -> None:
        clip = Clip(slot.new_name(prefix), 0.0, self._deck.video, self._deck.codec)
        clip.sources.append((0.0, self._deck.source()))
        self.recording = Recording(slot, clip, prefix, self._clock.now())
        self.line.selected, self.status = slot.number, RECORD
        self._after("full", slot.left, self._full)
        self._after("count", self._knobs.slot_seconds, self._count)
        if self._knobs.async_first:
            self._deck.tell_transport()
        else:
            self._after("tell", 1 / RATES[self._deck.video], self._deck.tell_transport)

    def _count(self) -> None:
        if self.recording is not None:
            self._after("count", self._knobs.slot_seconds, self._count)
            self._deck.tell_slot(self.recording.slot)

    def _full(self) -> None:
        recording = self.recording
        if recording is None:
            return
        self._end()
        recording.slot.left = 0.0
        follows = self._next_to(recording.slot)
        if follows is None:
            self.status = self._rests
            self._deck.tell_slot(recording.slot)
            self._deck.tell_transport()
        else:
            self._go_on(recording, follows)

    def _go_on(self, recording: Recording, slot: Slot) -> None:
        self._begin(slot, recording.prefix)
        for each in (recording.slot, slot):
            self._deck.tell_slot(each)

    def _next_to(self, slot: Slot) -> Slot | None:
        return next(
            (each for each in self._slots.values() if each is not slot and each.takes), None
        )

    def _end(self) -> None:
        """Finish the clip. What follows is the caller's."""
        recording = self.recording
        assert recording is not None
        recording.clip.seconds = self.elapsed
        recording.slot.left = self.left(recording.slot)
        recording.slot.clips.append(recording.clip)
        self.line.stand(recording.slot.recorded)
        self._drop_recording()

    def _drop_recording(self) -> None:
        self.recording = None
        self._forget("full", "count", "tell")

    # Playing.

    def play(self, speed: int, *, loop: bool, single_clip: bool, status: str = PLAY) -> None:
        """Play the timeline at so many percent. Raises Complaint."""
        self._must_not_record()
        slot = self.line.slot
        if slot is None or slot.status != MOUNTED:
            raise Complaint(105)
        if not slot.clips:
            raise Complaint(107)
        self.status, self.loop, self.line.single_clip = status, loop, single_clip
        self._after("end", self.line.run(speed), self._arrive)
        self._deck.tell_transport()

    def goto(self, clip: int) -> None:
        """Stand at the beginning of a clip. Raises Complaint."""
        self._must_not_record()
        slot = self.line.slot
        if slot is None or not 1 <= clip <= len(slot.clips):
            raise Complaint(109)
        self._halt(STOPPED, slot.start_of(clip - 1))

    def _arrive(self) -> None:
        first, last = self.line.bounds()
        speed, end = self.line.speed, self.line.end()
        if self.loop and last > first:
            self.line.stand(first if speed > 0 else last)
            self._after("end", self.line.run(speed), self._arrive)
        else:
            self._halt(STOPPED, end)

    # Both.

    def stop(self) -> None:
        """End whatever is going on."""
        recording = self.recording
        if recording is not None:
            self._end()
            self._deck.tell_slot(recording.slot)
            self._halt(self._rests)
        elif self.status in (PLAY, SHUTTLE):
            self._halt(STOPPED)
        else:
            self._forget("roll")

    def preview(self, on: bool) -> None:
        """Show the input, or not. Off ends a recording."""
        if self.recording is not None:
            if not on:
                self._rests = STOPPED
                self.stop()
        elif self.status != (PREVIEW if on else STOPPED):
            self._halt(PREVIEW if on else STOPPED)

    def select(self, number: int) -> None:
        """Turn to another slot. Raises Complaint."""
        self._must_not_record()
        if number not in self._slots:
            raise Complaint(109)
        status = STOPPED if self.status in (PLAY, SHUTTLE) else self.status
        self.line.selected = number
        self._halt(status, 0.0)

    def lose_medium(self, slot: Slot) -> None:
        """Somebody pulled the medium, or it broke. What was being recorded on it is lost."""
        if self.recording is not None and self.recording.slot is slot:
            self.cut_recordings += 1
            self._drop_recording()
            self._halt(STOPPED, 0.0)
        elif slot is self.line.slot and self.recording is None:
            self._halt(STOPPED if self.is_moving else self.status, 0.0)

    def lose_power(self) -> None:
        """What was being recorded is lost, and its room on the medium with it."""
        if self.recording is not None:
            self.recording.slot.left = self.left(self.recording.slot)
            self.cut_recordings += 1
            self._drop_recording()
        self._forget(*tuple(self._timers))
        self.status = self._rests = self._knobs.starts_in
        self.loop = self.line.single_clip = False
        self.line.stand(0.0)

    def _must_not_record(self) -> None:
        if self.recording is not None or self._rolls:
            raise Complaint(150)

    def _halt(self, status: str, at: float | None = None) -> None:
        """Come to rest, here or there, and say so."""
        self._forget("end", "roll")
        self.line.stand(at)
        self.status = status
        self._deck.tell_transport()

    def _after(self, name: str, seconds: float, call: Callable[[], None]) -> None:
        self._forget(name)

        def due() -> None:
            self._timers.pop(name, None)
            call()

        self._timers[name] = self._clock.later(seconds, due)

    def _forget(self, *names: str) -> None:
        for name in names:
            if timer := self._timers.pop(name, None):
                timer.cancel()

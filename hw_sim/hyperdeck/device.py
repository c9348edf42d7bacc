"""The deck itself: its slots, its inputs, its clients, its front panel."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from hw_sim.hyperdeck.commands import DEFAULT_NAME
from hw_sim.hyperdeck.knobs import AUDIO, MODELS, OPTIONS, Knobs
from hw_sim.hyperdeck.media import EMPTY, ERROR, MOUNTED, MOUNTING, Slot
from hw_sim.hyperdeck.session import Session
from hw_sim.hyperdeck.transport import Transport
from hw_sim.hyperdeck.wire import Complaint, long
from hw_sim.mains import MainsPowered
from hw_sim.simulator import Port

HAIR = 1e-6  # seconds, against rounding


class HyperDeck(MainsPowered):
    """Media, configuration and the REM key survive a loss of power; a recording under way is lost and counted.

    Device faults: busy sends new clients away with 120 and answers 108 to the others; refuses answers 150 to every
    change; ignores answers 200 and changes nothing. The protocol has no word for a full buffer and no address:
    those are without effect. The 5xx of timecode and timeline (513, 514) are left out.
    """

    driver: ClassVar[str] = "hyperdeck"
    models: ClassVar[tuple[str, ...]] = tuple(MODELS)
    options: ClassVar[Mapping[str, str]] = OPTIONS

    def set_up(self) -> None:
        super().set_up()
        self.kind = MODELS[self.model]
        self.knobs: Knobs = Knobs(self.settings)
        self.slots: dict[int, Slot] = self.knobs.slots()
        self.sessions: list[Session] = []
        self.video, self.codec = self.knobs.video, self.knobs.codec
        self.input, self.audio = self.knobs.inputs[0], AUDIO[0]
        self.sources: dict[str, str | None] = {
            each: each if each in self.knobs.signals else None for each in self.knobs.inputs
        }
        self.remote = self.knobs.remote
        self.blinks = False
        self.token: str | None = None  # of a formatting that was prepared
        self.transport: Transport = Transport(self.clock, self.knobs, self.slots, self)
        self._mounts: dict[int, int] = {}  # slot: how often a medium was mounted there
        self._began_at: float | None = None  # when somebody first looked
        self._started_at = 0.0
        self._told: dict[str, Mapping[str, object]] = {}
        self._note_all()

    def meet(self, port: Port) -> Session:
        self._begin()
        return Session(self, port)

    def _begin(self) -> None:
        if self._began_at is None:
            self._began_at = self._started_at = self.clock.now()

    def is_taken(self) -> bool:
        return len(self.sessions) >= self.knobs.clients

    @property
    def age(self) -> float:
        self._begin()
        return self.clock.now() - (self._began_at or 0.0)

    @property
    def uptime(self) -> float:
        return self.clock.now() - self._started_at

    # What it tells.

    @property
    def configuration(self) -> dict[str, object]:
        return {"audio input": self.audio, "video input": self.input, "file format": self.codec}

    def remote_fields(self, session: Session) -> dict[str, object]:
        return {"enabled": self.remote, "override": session.override}

    def slot_fields(self, slot: Slot) -> dict[str, object]:
        told: dict[str, object] = {"slot id": slot.number, "status": slot.status}
        if slot.status == EMPTY:
            return told
        mounted = slot.status == MOUNTED
        return told | {
            "volume name": slot.volume if mounted else "",
            "recording time": int(self.transport.left(slot) + HAIR) if mounted else 0,
            "video format": self.video,
        }

    def tell_transport(self) -> None:
        news = self._news("transport", self.transport.state())
        self._tell("transport", long(508, news if self.knobs.partial else self.transport.fields()))

    def tell_slot(self, slot: Slot) -> None:
        told = self.slot_fields(slot)
        news = {"slot id": slot.number, **self._news(f"slot {slot.number}", told)}
        self._tell("slot", long(502, news if self.knobs.partial else told))

    def _news(self, what: str, told: Mapping[str, object]) -> dict[str, object]:
        """What of ``told`` was not told before."""
        before = self._told.get(what, {})
        self._told[what] = told
        return {key: value for key, value in told.items() if before.get(key) != value}

    def _note_all(self) -> None:
        """Take everything as told."""
        self._news("transport", self.transport.state())
        for slot in self.slots.values():
            self._news(f"slot {slot.number}", self.slot_fields(slot))

    def _tell(self, kind: str, text: str) -> None:
        for session in list(self.sessions):
            session.notice(kind, text)

    # What changes.

    def source(self) -> str | None:
        """What comes in at the input in use."""
        return self.sources[self.input]

    def set_video(self, video: str) -> None:
        if video != self.video:
            self.video = video
            self.tell_transport()

    def turn_remote(self, on: bool) -> None:
        """Let clients change things, or not."""
        if on != self.remote:
            self.remote = on
            for session in list(self.sessions):
                session.notice("remote", long(510, self.remote_fields(session)))

    def configure(self, *, codec: str, video: str, audio: str) -> bool:
        """Change inputs and file format. Returns whether that needs a restart."""
        before, restarts = self.configuration, codec != self.codec and self.knobs.reboot_on_codec
        self.codec, self.input, self.audio = codec, video, audio
        if self.configuration != before:
            self.transport.source_changed()
            self._tell("configuration", long(511, self.configuration))
        return restarts

    def format(self, slot: Slot) -> None:
        """Wipe a medium, which is away meanwhile."""
        self.token = None
        slot.wipe()
        self._mount(slot, self.knobs.format_seconds)

    def _mount(self, slot: Slot, seconds: float) -> None:
        turn = self._mounts[slot.number] = self._mounts.get(slot.number, 0) + 1
        slot.status = MOUNTING
        self.transport.lose_medium(slot)
        self.tell_slot(slot)
        self.clock.later(seconds, partial(self._mounted, slot, turn))

    def _mounted(self, slot: Slot, turn: int) -> None:
        if slot.status == MOUNTING and self._mounts[slot.number] == turn:
            slot.status = MOUNTED
            self.tell_slot(slot)

    # Power.

    def lose_power(self) -> None:
        self.transport.lose_power()
        self.token, self.blinks = None, False
        for slot in self.slots.values():
            if slot.status == MOUNTING:
                slot.status = MOUNTED
        self._note_all()

    def come_up(self) -> None:
        self._begin()
        self._started_at = self.clock.now()

    # What it is plugged into.

    @property
    def sockets(self) -> tuple[str, ...]:
        return self.knobs.inputs

    def feed(self, socket: str, source: str | None) -> None:
        """Let the picture of ``source`` arrive at an input; None is no signal."""
        if socket not in self.sources:
            raise ValueError(f"no input {socket}, only {' '.join(self.sources)}")
        news = self.sources[socket] != source
        self.sources[socket] = source
        if news and socket == self.input:
            self.transport.source_changed()

    def truth(self) -> dict[str, object]:
        recording = self.transport.recording
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "status": self.transport.status,
            "slot": self.transport.line.selected,
            "recording": recording
            and recording.clip.truth() | {"slot": recording.slot.number, "seconds": self.transport.elapsed},
            "slots": {
                str(slot.number): {
                    "status": slot.status,
                    "seconds_left": self.transport.left(slot),
                    "clips": [clip.truth() for clip in slot.clips],
                }
                for slot in self.slots.values()
            },
            "input": self.input,
            "source": self.source(),
            "codec": self.codec,
            "remote": self.remote,
            "identifies": self.blinks,
            "cut_recordings": self.transport.cut_recordings,
            "clients": len(self.sessions),
        }  # fmt: skip

    # What people do.

    def press_record(self) -> None:
        """Press REC at the front; where it cannot record, nothing happens."""
        self._at_the_panel(lambda: self.transport.record(DEFAULT_NAME))

    def press_stop(self) -> None:
        self._at_the_panel(self.transport.stop)

    def press_play(self) -> None:
        self._at_the_panel(partial(self.transport.play, 100, loop=False, single_clip=False))

    def press_remote(self, on: bool) -> None:
        """Press the REM key: off, clients may not change anything."""
        if not isinstance(on, bool):
            raise ValueError(f"on is true or false, not {on!r}")
        if self.is_running:
            self.turn_remote(on)

    def press_input(self, input: str) -> None:
        """Choose the video input at the front."""
        if input not in self.knobs.inputs:
            raise ValueError(f"no input {input}, only {' '.join(self.knobs.inputs)}")
        if self.is_running:
            self.configure(codec=self.codec, video=input, audio=self.audio)

    def press_signal(self, input: str, present: bool) -> None:
        """Plug a signal into an input, or pull it out."""
        self.feed(input, input if present else None)

    def press_eject(self, slot: int) -> None:
        """Pull the medium out of a slot."""
        at = self._slot(slot)
        at.pull()
        self._medium_gone(at)

    def press_insert(self, slot: int, seconds: float = 7200, volume: str = "MEDIA") -> None:
        """Put an empty medium into a slot, on which so much can be recorded."""
        at = self._slot(slot)
        if float(seconds) < 0:
            raise ValueError(f"nothing is recorded in {seconds} seconds")
        at.pull()
        at.volume, at.left, at.capacity = str(volume), float(seconds), float(seconds)
        if self.is_running:
            self._mount(at, self.knobs.mount_seconds)
        else:
            at.status = MOUNTED

    def press_media_error(self, slot: int) -> None:
        """Let the medium in a slot go bad."""
        at = self._slot(slot)
        at.status = ERROR
        self._medium_gone(at)

    def _medium_gone(self, slot: Slot) -> None:
        self.tell_slot(slot)
        self.transport.lose_medium(slot)

    def _at_the_panel(self, do: Callable[[], object]) -> None:
        try:
            if self.is_running:
                do()
        except Complaint:
            return

    def _slot(self, number: int) -> Slot:
        if number not in self.slots:
            raise ValueError(f"no slot {number}, only {', '.join(map(str, self.slots))}")
        return self.slots[number]

"""The matrix as a whole: its options, its clients, its front panel and its power."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from hw_sim.extron_sis.knobs import OPTIONS, Knobs
from hw_sim.extron_sis.matrix import AUDIO, VIDEO, Matrix
from hw_sim.extron_sis.models import MODELS, PANEL_QIK
from hw_sim.extron_sis.routing import PLANES, mute_line, tie_line
from hw_sim.extron_sis.session import Session
from hw_sim.extron_sis.truth import truth_of
from hw_sim.simulator import Port, Simulator

DELIVERED = datetime(2012, 1, 2, 10, 11, 12)  # what the device's calendar says at time 0
PANEL_PLANES = {"all": "!", VIDEO: "%", AUDIO: "$"}


class ExtronMatrix(Simulator):
    """Ties, presets, mutes, names, levels and locks survive a loss of power; logins and verbose modes do not.

    Device faults: busy and buffer_full answer E22; refuses answers E14 to every change; ignores answers as ever, Qik
    too, and changes nothing. wrong_address has no meaning here. A user who is not administrator may read, tie, use
    presets and mute; the rest is E24 for him (not in the documents read).
    Ties on the RGB and video planes are one layer here.
    """

    driver: ClassVar[str] = "extron_sis"
    models: ClassVar[tuple[str, ...]] = tuple(MODELS)
    options: ClassVar[Mapping[str, str]] = OPTIONS

    def set_up(self) -> None:
        super().set_up()
        kind = MODELS[self.model]
        self.knobs = Knobs(kind, self.settings)
        self.matrix = Matrix(kind, self.knobs.inputs, self.knobs.outputs)
        self.sessions: list[Session] = []
        self.idle_seconds = self.knobs.idle_seconds  # for new clients
        self.clears = 0  # how often it was sent 0*!, which darkens the room
        self._booting = False
        self._watched = False  # the rebooting fault was noticed

    def converse(self, port: Port) -> Session:
        return Session(self, port)

    def is_full(self) -> bool:
        return sum(session.lan for session in self.sessions) >= self.knobs.max_clients

    def date_line(self) -> bytes:
        now = DELIVERED + timedelta(seconds=self.clock.now())
        return now.strftime("%a, %d %b %Y %H:%M:%S\r\n").encode()

    def announce(self, line: str, but: Session | None = None) -> None:
        """Tell everybody of a change who wants to know, except who made it."""
        for session in list(self.sessions):
            if session is not but:
                session.notice(line)

    # Power.

    def is_down(self) -> bool:
        if self.faults.on("rebooting") and not self._watched:
            self._watched = True
            self._hang_up()
            self._watch()
        return self._booting or self._watched

    def _watch(self) -> None:
        if self.faults.on("rebooting"):
            self.clock.later(1.0, self._watch)
        else:
            self._watched = False
            self._start()

    def reboot(self) -> None:
        self._hang_up()
        if not self._booting:
            self._booting = True
            self.clock.later(self.knobs.boot_seconds, self._booted)

    def _booted(self) -> None:
        self._booting = False
        self._start()

    def _hang_up(self) -> None:
        for session in list(self.sessions):
            session.hang_up()

    def _start(self) -> None:
        if self.is_down():
            return
        for session in self.sessions:
            session.restart()
            session.port.send(self.knobs.banner)

    # The front panel.

    def press_tie(self, input: int, output: int, layer: str = "all") -> None:
        if layer not in PANEL_PLANES:
            raise ValueError(f"no layer {layer!r}, only {', '.join(PANEL_PLANES)}")
        plane = PANEL_PLANES[layer]
        if self._panel_works():
            self.matrix.tie([(input, output, PLANES[plane])])
            full = tie_line(self.matrix.model, input, output, plane)
            self.announce("Qik" if self.knobs.panel_notice == PANEL_QIK else full)

    def press_mute(self, output: int, on: bool = True) -> None:
        """Mute the picture of an output, or bring it back."""
        if self._panel_works():
            self.matrix.mute_video(output, int(on))
            mark = self.knobs.mute_mark
            self.announce(mute_line(self.matrix.model, mark, "V", output, int(on)))

    def press_recall(self, preset: int) -> None:
        """Recall a preset; one that was never saved does nothing."""
        self.matrix.preset(preset)
        if not self._panel_works() or preset not in self.matrix.presets:
            return
        self.matrix.recall(preset)
        if self.knobs.recall_notice != "qik":
            self.announce(f"Rpr{self.matrix.model.number(preset)}")
        if self.knobs.recall_notice != "rpr":
            self.announce("Qik")

    def press_lock(self) -> None:
        """Lock the panel, or unlock it."""
        if not self.is_down():
            self.matrix.set_lock(0 if self.matrix.lock else 1)
            self.announce(f"Exe{self.matrix.lock}")

    def _panel_works(self) -> bool:
        # Lock 2 leaves the everyday buttons free.
        return not self.is_down() and self.matrix.lock != 1

    # What it is plugged into.

    @property
    def signals(self) -> dict[int, bool]:
        return self.matrix.signals

    def plug(self, input: int, present: bool) -> None:
        """Let a signal appear at an input, or go."""
        self.matrix.signals[self.matrix.input(input)] = present

    def plug_output(self, output: int, present: bool) -> None:
        self.matrix.sinks[self.matrix.output(output)] = present

    def encrypt(self, input: int, on: bool) -> None:
        """Let the source at an input want HDCP, or not."""
        (self.matrix.encrypted.add if on else self.matrix.encrypted.discard)(
            self.matrix.input(input)
        )

    def shows(self, output: int) -> int:
        """The input whose picture leaves this output; 0 is none."""
        return self.matrix.shows(output)

    def sounds(self, output: int) -> int:
        """The input whose sound leaves this output; 0 is none."""
        return self.matrix.sounds(output)

    def truth(self) -> dict[str, object]:
        return truth_of(self.matrix) | {
            "up": not self._booting and not self._watched,
            "clients": len(self.sessions),
            "clears": self.clears,
        }

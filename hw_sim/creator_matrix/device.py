"""The switcher itself: its crosspoints, its front, whoever is connected."""

from asyncio import TimerHandle
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from hw_sim import mains
from hw_sim.creator_matrix import commands, sis
from hw_sim.creator_matrix.dialects import DIALECTS
from hw_sim.creator_matrix.matrix import AUDIO, INFRARED, VIDEO, Matrix
from hw_sim.creator_matrix.wire import CREATOR, EXTRON, Commands
from hw_sim.mains import MainsPowered
from hw_sim.settings import Settings
from hw_sim.simulator import Conversation, Port

DEMO_STEP, RESET_SECONDS = 2.0, 10.0


class CreatorMatrix(MainsPowered):
    """A matrix switcher; the models are the dialects of the makers. As shipped, output 1 shows input 1 and so on.

    Ties, presets and settings survive a loss of mains. A tie to an output that is off switches it on.

    Device faults: the protocol has no word for busy, nor for a refusal: such commands get what a wrong one gets,
    silence or ``error_text``. ignores answers as if it were done. wrong_address: ties are told of the next output. A
    full buffer is without effect.
    """

    driver: ClassVar[str] = "creator_matrix"
    models: ClassVar[tuple[str, ...]] = tuple(DIALECTS)
    boots_in: ClassVar[float] = 5.0
    options: ClassVar[Mapping[str, str]] = {
        "inputs": "how many, 1 to 128 (default 8 or 16, as the model)",
        "outputs": "how many, 1 to 128 (likewise)",
        "type": "what /*Type; answers",
        "version": "what /^Version; answers (default V1.0.0)",
        "error_text": "the line that a wrong command gets (default: none at all)",
        "two_digits": "numbers of one digit are not understood",
        "echo": "everything received comes back first, as from some terminal servers",
        "min_gap": "seconds that must pass between two commands, else the second is lost (default 0)",
        "foreign_line": "a line that comes before each reply (default none)",
        "panel_silent": "ties made at the front are not told",
        "deaf_in_standby": "after PWOFF only PWON is heard",
        "names_output": "every reply to a tie names this output",
        "no_infrared": "there is no infrared layer: Status1. of a blackbird gives one line",
        **mains.OPTIONS,
    }

    def set_up(self) -> None:
        super().set_up()
        settings = Settings(self.settings)
        self.dialect = DIALECTS[self.model]
        size = self.dialect.size
        self._size = settings.whole("inputs", size, 1, 128), settings.whole("outputs", size, 1, 128)
        self.matrix = Matrix(*self._size)
        self.title: str = settings.text("type", self.dialect.title)
        self.version: str = settings.text("version", "V1.0.0")
        self.error_text = settings.text("error_text")
        self.two_digits = settings.flag("two_digits")
        self.echoes = settings.flag("echo")
        self.min_gap = settings.number("min_gap", 0)
        self.foreign_line = settings.text("foreign_line")
        self._panel_silent = settings.flag("panel_silent")
        self._deaf_in_standby = settings.flag("deaf_in_standby")
        self._names_output = settings.whole("names_output", 0, 0, 128)
        self.has_infrared = self.dialect.has_infrared and not settings.flag("no_infrared")
        self.is_on, self.is_locked, self.messages, self.bell = True, False, True, True
        self.speaks_sis = False
        self.signals: dict[int, bool] = dict.fromkeys(range(1, self.matrix.inputs + 1), True)
        self.notes: list[str] = []  # EDID, HDCP and the like, as they were ordered
        self.factory_resets = 0
        self._deaf_until = 0.0
        self._demo: TimerHandle | None = None
        self._sessions: list[Session] = []

    def meet(self, port: Port) -> Conversation:
        return Session(self, port)

    # What is said.

    def reply(self, command: str) -> str:
        """All that answers a command with its end."""
        if self.clock.now() < self._deaf_until:
            return ""
        if self._deaf_in_standby and not self.is_on and command.upper() not in ("PWON.", "PWOFF."):
            return ""
        if self.speaks_sis:
            line = sis.answer(self, command)
            return line + "\r\n" if line else ""
        lines = commands.answer(self, command)
        if self.foreign_line and lines:
            lines = [self.foreign_line, *lines]
        return self._written(lines)

    def _written(self, lines: Sequence[str]) -> str:
        """Lines as they go out: between several there is a whole line end, whatever the last has."""
        return "\r\n".join(lines) + self.dialect.end if lines else ""

    def tie_lines(self, layer: str, source: int, outputs: Iterable[int]) -> list[str]:
        wrong = self.faults.strikes("wrong_address")
        return [
            line
            for output in outputs
            for line in self.dialect.tie(layer, source, self._told(output, wrong))
        ]

    def _told(self, output: int, wrong: bool) -> int:
        if wrong:
            return output % self.matrix.outputs + 1
        return self._names_output or output

    # What changes.

    def tie(self, layers: tuple[str, ...], source: int, outputs: list[int]) -> None:
        self.end_demo()
        self.matrix.remember()
        with_infrared = self.has_infrared and VIDEO in layers
        self.matrix.tie((*layers, INFRARED) if with_infrared else layers, source, outputs)

    def each_output(self, sign: str, outputs: Iterable[int]) -> None:
        """``#`` ties straight through, ``$`` switches off, ``@`` on again."""
        self.end_demo()
        self.matrix.remember()
        for output in outputs:
            if sign != "#":
                self.matrix.close(output, sign == "$")
            elif output <= self.matrix.inputs:
                self.matrix.tie((VIDEO, AUDIO), output, [output])

    def recall(self, preset: int) -> None:
        self.end_demo()
        self.matrix.remember()
        self.matrix.recall(preset)

    def set_power(self, on: bool) -> None:
        self.is_on = on

    def note(self, text: str) -> None:
        self.notes = [*self.notes[-99:], text]

    def factory_reset(self) -> None:
        self.end_demo()
        self.factory_resets += 1
        self.matrix = Matrix(*self._size)
        self.is_on, self.is_locked, self.messages, self.bell = True, False, True, True
        self._deaf_until = self.clock.now() + RESET_SECONDS

    def begin_demo(self) -> None:
        self.end_demo()
        self._demo = self.clock.later(DEMO_STEP, self._step_demo)

    def end_demo(self) -> None:
        if self._demo is not None:
            self._demo.cancel()
            self._demo = None

    def _step_demo(self) -> None:
        self.matrix.rotate()
        self._demo = self.clock.later(DEMO_STEP, self._step_demo)

    def lose_power(self) -> None:
        self.end_demo()
        self.speaks_sis = False
        self._deaf_until = 0.0

    # The front.

    def press_tie(self, input: int, output: int, layer: str = "B") -> None:
        """Tie an input, 0 for none, to an output; layer V, A or B for both. Nothing happens while it is locked."""
        if layer not in ("V", "A", "B"):
            raise ValueError(f"no layer {layer!r}, only V, A and B")
        if not (0 <= input <= self.matrix.inputs and 1 <= output <= self.matrix.outputs):
            raise ValueError(f"no tie of {input} to {output}")
        if not self.is_locked and self.is_running:
            name, layers = commands.LETTERS[layer]
            self.tie(layers, input, [output])
            self._tell(self.dialect.tie(name, input, output))

    def press_output(self, output: int, on: bool) -> None:
        """Switch an output off, or on again."""
        if not 1 <= output <= self.matrix.outputs:
            raise ValueError(f"no output {output}, only 1 to {self.matrix.outputs}")
        if not self.is_locked and self.is_running:
            self.each_output("@" if on else "$", [output])
            text = "{o} Open." if on else self.dialect.closed
            self._tell([text.format(o=f"{output:02}")])

    def press_preset(self, number: int) -> None:
        """Recall a preset."""
        if number not in self.dialect.presets:
            raise ValueError(f"no preset {number}")
        if not self.is_locked and self.is_running:
            self.recall(number)
            self._tell([f"Recall From F{number}"])

    def press_lock(self, on: bool) -> None:
        """Lock the front, or unlock it."""
        self.is_locked = on

    def _tell(self, lines: Sequence[str]) -> None:
        if not self._panel_silent and not self.speaks_sis:
            for session in self._sessions:
                session.say(self._written(lines))

    def join(self, session: "Session") -> None:
        self._sessions.append(session)

    def leave(self, session: "Session") -> None:
        if session in self._sessions:
            self._sessions.remove(session)

    # What the room asks.

    def shows(self, output: int) -> int:
        """The input whose picture an output gives, or 0."""
        return self.matrix.source(VIDEO, output) if self.is_running and self.is_on else 0

    def sounds(self, output: int) -> int:
        """The input whose sound an output gives, or 0."""
        return self.matrix.source(AUDIO, output) if self.is_running and self.is_on else 0

    def plug(self, input: int, present: bool) -> None:
        """Let a signal arrive at an input, or not."""
        self.signals[input] = present

    def truth(self) -> dict[str, object]:
        outputs = range(1, self.matrix.outputs + 1)
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "on": self.is_on,
            "video": {str(each): self.matrix.source(VIDEO, each) for each in outputs},
            "audio": {str(each): self.matrix.source(AUDIO, each) for each in outputs},
            "closed": sorted(self.matrix.state.closed),
            "presets": sorted(self.matrix.presets),
            "forbidden": sorted(list(pair) for pair in self.matrix.forbidden),
            "signals": {str(number): there for number, there in self.signals.items()},
            "locked": self.is_locked,
            "messages": self.messages,
            "bell": self.bell,
            "speaks_sis": self.speaks_sis,
            "demo": self._demo is not None,
            "notes": list(self.notes),
            "factory_resets": self.factory_resets,
        }


class Session(Conversation):
    """Whoever is at the other end of a line."""

    def __init__(self, device: CreatorMatrix, port: Port) -> None:
        self._device, self._port = device, port
        self._commands = Commands()
        self._ended_at: float | None = None
        self._is_early = False  # the command under way came too soon after the last

    def opened(self) -> None:
        self._device.join(self)

    def closed(self) -> None:
        self._device.leave(self)

    def say(self, text: str) -> None:
        if text:
            self._port.send(text.encode("latin-1", "replace"))

    def receive(self, data: bytes) -> None:
        for byte in data:
            if self._device.echoes:
                self._port.send(bytes((byte,)))
            if self._commands.is_between:
                self._is_early = self._comes_early()
            command = self._commands.put(byte, EXTRON if self._device.speaks_sis else CREATOR)
            if command is not None:
                self._ended_at = self._device.clock.now()
                if not self._is_early:
                    self.say(self._device.reply(command))

    def _comes_early(self) -> bool:
        if self._ended_at is None:
            return False
        return self._device.clock.now() - self._ended_at < self._device.min_gap

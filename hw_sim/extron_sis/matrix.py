"""The crosspoints of a matrix and all that it remembers: state without a wire."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hw_sim.extron_sis.models import Model

VIDEO, AUDIO = "video", "audio"
LAYERS = (VIDEO, AUDIO)
ROOM_PRESETS = 10
GAIN = range(-18, 25)  # dB
VOLUME = range(65)

Ties = dict[tuple[str, int], int]  # (layer, output): input
Wanted = tuple[int, int, tuple[str, ...]]  # input, output, layers


class Refused(ValueError):
    """The device answers ``E`` and this code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"E{code:02d}")
        self.code = code


BAD_INPUT, UNKNOWN_COMMAND, BAD_PRESET, BAD_OUTPUT, BAD_VALUE = 1, 10, 11, 12, 13
NOT_NOW, TIMED_OUT, BAD_ROOM, BUSY, NOT_ALLOWED, TOO_MANY = 14, 17, 21, 22, 24, 26


@dataclass
class Matrix:
    """Ties and settings of one frame. Every method that takes a number checks it, and raises Refused."""

    model: Model
    inputs: int
    outputs: int
    ties: Ties = field(default_factory=dict)
    presets: dict[int, Ties] = field(default_factory=dict)
    room_presets: dict[tuple[int, int], Ties] = field(default_factory=dict)
    video_mutes: dict[int, int] = field(default_factory=dict)
    audio_mutes: dict[int, int] = field(default_factory=dict)
    names: dict[tuple[str, int, int], str] = field(default_factory=dict)  # letter, number, room
    gains: dict[int, int] = field(default_factory=dict)  # dB
    volumes: dict[int, int] = field(default_factory=dict)
    lock: int = 0
    unauthorized: set[int] = field(default_factory=set)  # inputs that refuse HDCP
    signals: dict[int, bool] = field(default_factory=dict)  # at the inputs
    sinks: dict[int, bool] = field(default_factory=dict)  # at the outputs
    encrypted: set[int] = field(default_factory=set)  # inputs whose source wants HDCP

    def __post_init__(self) -> None:
        self.signals = dict.fromkeys(range(1, self.inputs + 1), True)
        self.sinks = dict.fromkeys(range(1, self.outputs + 1), True)
        self.reset()

    def reset(self) -> None:
        """Forget every setting; what is plugged in stays."""
        outputs = range(1, self.outputs + 1)
        self.ties = {(layer, output): 0 for layer in LAYERS for output in outputs}
        self.presets, self.room_presets, self.names = {}, {}, {}
        self.gains = dict.fromkeys(range(1, self.inputs + 1), 0)
        self.volumes = dict.fromkeys(outputs, 64)
        self.lock, self.unauthorized = 0, set()
        self.unmute()

    def unmute(self) -> None:
        self.video_mutes = dict.fromkeys(range(1, self.outputs + 1), 0)
        self.audio_mutes = dict.fromkeys(range(1, self.outputs + 1), 0)

    # Numbers.

    def input(self, number: int) -> int:
        return _within(number, range(1, self.inputs + 1), BAD_INPUT)

    def output(self, number: int) -> int:
        return _within(number, range(1, self.outputs + 1), BAD_OUTPUT)

    def _source(self, number: int) -> int:
        return _within(number, range(self.inputs + 1), BAD_INPUT)

    def place(self, room: int, preset: int) -> tuple[int, int]:
        _within(room, range(1, self.model.rooms + 1), BAD_ROOM)
        return room, _within(preset, range(1, ROOM_PRESETS + 1), BAD_PRESET)

    def preset(self, number: int) -> int:
        return _within(number, range(1, self.model.presets + 1), BAD_PRESET)

    # Ties.

    def tie(self, wanted: Iterable[Wanted]) -> None:
        """Make all of ``wanted`` at once, or none."""
        self.ties |= self._checked(wanted)

    def tie_everywhere(self, source: int, layers: Iterable[str]) -> None:
        self._source(source)
        self.ties |= {(layer, at): source for layer in layers for at in range(1, self.outputs + 1)}

    def _checked(self, wanted: Iterable[Wanted]) -> Ties:
        return {
            (layer, self.output(output)): self._source(source)
            for source, output, layers in wanted
            for layer in layers
        }

    # Presets hold ties only.

    def save(self, preset: int) -> None:
        self.presets[self.preset(preset)] = dict(self.ties)

    def recall(self, preset: int) -> None:
        self.ties |= self.stored(preset)

    def stored(self, preset: int) -> Ties:
        """The ties of a saved preset; of preset 0, those of now."""
        if preset == 0:
            return self.ties
        if preset not in self.presets:
            raise Refused(BAD_PRESET)
        return self.presets[preset]

    def save_room(self, room: int, preset: int) -> None:
        self.room_presets[self.place(room, preset)] = dict(self.ties)

    def recall_room(self, room: int, preset: int) -> None:
        place = self.place(room, preset)
        if place not in self.room_presets:
            raise Refused(BAD_PRESET)
        self.ties |= self.room_presets[place]

    def write(self, preset: int, wanted: Iterable[Wanted]) -> None:
        """Put ties into a preset; outputs that are not named keep what the preset had, or are untied."""
        ties = self._checked(wanted)
        before = self.presets.get(self.preset(preset), dict.fromkeys(self.ties, 0))
        self.presets[preset] = before | ties

    def write_room(self, room: int, preset: int, wanted: Iterable[Wanted]) -> None:
        place = self.place(room, preset)
        self.room_presets[place] = self.room_presets.get(place, {}) | self._checked(wanted)

    # Mutes.

    def mute_video(self, output: int, value: int) -> None:
        _within(value, range(self.model.video_mute_top + 1), BAD_VALUE)
        self.video_mutes[self.output(output)] = value

    def mute_audio(self, output: int, value: int) -> None:
        _within(value, range(self._audio_top(self.output(output)) + 1), BAD_VALUE)
        self.audio_mutes[output] = value

    def mute_all_video(self, on: int) -> None:
        self.video_mutes = dict.fromkeys(self.video_mutes, _within(on, range(2), BAD_VALUE))

    def mute_all_audio(self, on: int) -> None:
        _within(on, range(2), BAD_VALUE)
        self.audio_mutes = {output: on and self._audio_top(output) for output in self.audio_mutes}

    def _audio_top(self, output: int) -> int:
        return 7 if output <= self.model.audio_bit_outputs else 1

    # Levels, panel, HDCP.

    def set_gain(self, source: int, decibels: int) -> None:
        self.gains[self.input(source)] = _within(decibels, GAIN, BAD_VALUE)

    def set_volume(self, output: int, value: int) -> None:
        self.volumes[self.output(output)] = _within(value, VOLUME, BAD_VALUE)

    def set_lock(self, mode: int) -> None:
        self.lock = _within(mode, range(3), BAD_VALUE)

    def authorize(self, source: int, on: int) -> None:
        self.input(source)
        _within(on, range(2), BAD_VALUE)
        (self.unauthorized.discard if on else self.unauthorized.add)(source)

    def hdcp_input(self, source: int) -> int:
        """0 without a source, 1 with HDCP, 2 without."""
        if not self.signals[self.input(source)]:
            return 0
        return 1 if source in self.encrypted - self.unauthorized else 2

    def hdcp_output(self, output: int) -> int:
        """0 without a sink, 2 when it could and need not, 3 encrypted."""
        if not self.sinks[self.output(output)]:
            return 0
        source = self.ties[VIDEO, output]
        return 3 if source and self.hdcp_input(source) == 1 else 2

    # What comes out.

    def shows(self, output: int) -> int:
        return 0 if self.video_mutes[output] else self.ties[VIDEO, output]

    def sounds(self, output: int) -> int:
        embedded_off = self.model.embedded and self.video_mutes[output]
        # Of the muted parts HDMI, bit 1, is the one that the room hears.
        return 0 if embedded_off or self.audio_mutes[output] & 1 else self.ties[AUDIO, output]


def _within(number: int, numbers: range, code: int) -> int:
    if number not in numbers:
        raise Refused(code)
    return number

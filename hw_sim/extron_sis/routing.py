"""Ties, presets and mutes: what the commands do and what they answer."""

import re

from hw_sim.extron_sis.grammar import Turn, command
from hw_sim.extron_sis.matrix import AUDIO, BAD_VALUE, LAYERS, VIDEO, Refused, Wanted
from hw_sim.extron_sis.models import Model

# RGB and composite video share the video layer here.
PLANES = {"!": LAYERS, "&": (VIDEO,), "%": (VIDEO,), "$": (AUDIO,)}
WORDS = {"!": "All", "&": "RGB", "%": "Vid", "$": "Aud"}
TIE = r"\d{1,3}\*\d{1,3}[!&%$]"
BULK = 16


def tie_line(model: Model, source: int, output: int, plane: str) -> str:
    return f"Out{model.number(output)} In{model.number(source)} {WORDS[plane]}"


def mute_line(model: Model, mark: str, letter: str, output: int, value: int) -> str:
    return f"{letter}mt{model.number(output)}{mark}{value}"


def _mute(turn: Turn, letter: str, output: int, value: int) -> str:
    return mute_line(turn.matrix.model, turn.mute_mark, letter, output, value)


@command(r"(\d{1,3})\*(\d{1,3})([!&%$])", changes=True)
def tie(turn: Turn, source: int, output: int, plane: str) -> str:
    turn.matrix.tie([(source, output, PLANES[plane])])
    return tie_line(turn.matrix.model, source, output, plane)


@command(r"(\d{1,3})\*([!&%$])", changes=True)
def tie_everywhere(turn: Turn, source: int, plane: str) -> str:
    turn.matrix.tie_everywhere(source, PLANES[plane])
    return f"In{turn.number(source)} {WORDS[plane]}"


def _wanted(ties: str) -> list[Wanted]:
    found = re.findall(r"(\d+)\*(\d+)([!&%$])", ties)
    return [(int(source), int(output), PLANES[plane]) for source, output, plane in found]


@command(rf"\x1b\+Q((?:{TIE})+)", changes=True)
def quick(turn: Turn, ties: str) -> str:
    turn.matrix.tie(_wanted(ties))
    return "Qik"


@command(r"(\d{1,3})([!&%$])")
def read_tie(turn: Turn, output: int, plane: str) -> str:
    turn.matrix.output(output)
    source = turn.matrix.ties[PLANES[plane][0], output]
    return (
        tie_line(turn.matrix.model, source, output, plane) if turn.tagged else turn.number(source)
    )


@command(r"\x1b(\d{1,3})\*(\d{1,3})\*(\d)VC")
def read_ties(turn: Turn, preset: int, start: int, kind: int) -> str:
    if kind not in (1, 2):
        raise Refused(BAD_VALUE)
    layer, word = (VIDEO, "Vid") if kind == 1 else (AUDIO, "Aud")
    turn.matrix.output(start)
    ties = turn.matrix.stored(preset)
    sources = (ties.get((layer, output)) for output in range(start, start + BULK))
    return " ".join("--" if at is None else turn.number(at) for at in sources) + f" {word}"


# Presets.


@command(r"(\d{1,3}),", changes=True)
def save(turn: Turn, preset: int) -> str:
    turn.matrix.save(preset)
    return f"Spr{turn.number(preset)}"


@command(r"(\d{1,3})\.", changes=True)
def recall(turn: Turn, preset: int) -> str:
    turn.matrix.recall(turn.matrix.preset(preset))
    return f"Rpr{turn.number(preset)}"


@command(r"(\d{1,3})\*(\d{1,3}),", changes=True)
def save_room(turn: Turn, room: int, preset: int) -> str:
    turn.matrix.save_room(room, preset)
    return f"Rmm{turn.number(room)} Spr{turn.number(preset)}"


@command(r"(\d{1,3})\*(\d{1,3})\.", changes=True)
def recall_room(turn: Turn, room: int, preset: int) -> str:
    turn.matrix.recall_room(room, preset)
    return f"Rmm{turn.number(room)} Rpr{turn.number(preset)}"


@command(rf"\x1b\+(\d{{1,3}})P((?:{TIE})+)", changes=True)
def write_preset(turn: Turn, preset: int, ties: str) -> str:
    turn.matrix.write(preset, _wanted(ties))
    return f"Spr{turn.number(preset)}"


@command(rf"\x1b\+(\d{{1,3}})\*(\d{{1,3}})P((?:{TIE})+)", changes=True)
def write_room_preset(turn: Turn, room: int, preset: int, ties: str) -> str:
    turn.matrix.write_room(room, preset, _wanted(ties))
    return f"Rmm{turn.number(room)} Spr{turn.number(preset)}"


# Mutes.


@command(r"(\d{1,3})\*(\d)B", changes=True)
def mute_video(turn: Turn, output: int, value: int) -> str:
    turn.matrix.mute_video(output, value)
    return _mute(turn, "V", output, value)


@command(r"(\d{1,3})\*(\d)Z", changes=True)
def mute_audio(turn: Turn, output: int, value: int) -> str:
    turn.matrix.mute_audio(output, value)
    return _mute(turn, "A", output, value)


@command(r"(\d)\*B", changes=True)
def mute_all_video(turn: Turn, on: int) -> str:
    turn.matrix.mute_all_video(on)
    return f"Vmt{on}"


@command(r"(\d)\*Z", changes=True)
def mute_all_audio(turn: Turn, on: int) -> str:
    turn.matrix.mute_all_audio(on)
    return f"Amt{on}"


@command(r"(\d{1,3})B")
def read_video_mute(turn: Turn, output: int) -> str:
    value = turn.matrix.video_mutes[turn.matrix.output(output)]
    return _mute(turn, "V", output, value) if turn.tagged else str(value)


@command(r"(\d{1,3})Z")
def read_audio_mute(turn: Turn, output: int) -> str:
    value = turn.matrix.audio_mutes[turn.matrix.output(output)]
    return _mute(turn, "A", output, value) if turn.tagged else str(value)


@command(r"\x1bVM")
def read_mutes(turn: Turn) -> str:
    video, audio = turn.matrix.video_mutes, turn.matrix.audio_mutes
    digits = (bool(video[at]) + 2 * bool(audio[at]) for at in video)
    return turn.read("".join(map(str, digits)), "Mut")

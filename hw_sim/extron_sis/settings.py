"""Names, levels, status, the session and resets: what the commands do and what they answer.

The tags of ``Q``, ``I``, ``N``, ``X`` and ``CV`` in verbose 2 and 3 are not in the documents read; they follow the
words that the documents print for the change.
"""

from hw_sim.extron_sis.grammar import Turn, command
from hw_sim.extron_sis.matrix import BAD_VALUE, UNKNOWN_COMMAND, Refused

UNNAMED = "[unassigned]"
IDLE_UNITS = range(1, 65001)  # of 10 s


# Names.


def _named(turn: Turn, letter: str, number: int) -> str:
    """``letter`` as the device writes it, when it has such a thing as ``number``."""
    check = {"i": turn.matrix.input, "o": turn.matrix.output, "g": turn.matrix.preset}
    check[letter.lower()](number)
    return letter.lower()


def _rename(turn: Turn, letter: str, number: int, room: int, name: str) -> str:
    name = name.strip()
    if len(name) > turn.matrix.model.name_limit or not name.isprintable():
        raise Refused(BAD_VALUE)
    turn.matrix.names[letter, number, room] = name
    return name or UNNAMED


def _name(turn: Turn, letter: str, number: int, room: int = 0) -> str:
    return turn.matrix.names.get((letter, number, room)) or UNNAMED


@command(r"\x1b(\d{1,3}),(?P<name>.*)N([IOG])", changes=True, administrator=True)
def rename(turn: Turn, number: int, name: str, letter: str) -> str:
    letter = _named(turn, letter, number)
    return f"Nm{letter}{turn.number(number)},{_rename(turn, letter, number, 0, name)}"


@command(r"\x1b(\d{1,3})N([IOG])")
def read_name(turn: Turn, number: int, letter: str) -> str:
    letter = _named(turn, letter, number)
    return turn.read(_name(turn, letter, number), f"Nm{letter}{turn.number(number)},")


@command(r"\x1b(\d{1,3})\*(\d{1,3}),(?P<name>.*)NP", changes=True, administrator=True)
def rename_room_preset(turn: Turn, room: int, preset: int, name: str) -> str:
    room, preset = turn.matrix.place(room, preset)
    return f"Nmp{turn.number(room)}*{preset},{_rename(turn, 'p', preset, room, name)}"


@command(r"\x1b(\d{1,3})\*(\d{1,3})NP")
def read_room_preset_name(turn: Turn, room: int, preset: int) -> str:
    room, preset = turn.matrix.place(room, preset)
    return turn.read(_name(turn, "p", preset, room), f"Nmp{turn.number(room)}*{preset},")


# What it is.


@command("I")
def size(turn: Turn) -> str:
    frame = f"{turn.matrix.inputs}X{turn.matrix.outputs}"
    return turn.read(" ".join(letter + frame for letter in turn.size_letters), "Inf00*")


@command("1I")
def model_name(turn: Turn) -> str:
    return turn.read(turn.matrix.model.name, "Inf01*")


@command("Q")
def firmware(turn: Turn) -> str:
    return turn.read(turn.firmware, "Ver01*")


@command(r"\*Q")
def full_firmware(turn: Turn) -> str:
    return turn.read(f"{turn.firmware}.0001", "Ver01*")


@command("N")
def part_number(turn: Turn) -> str:
    return turn.read(turn.matrix.model.part, "Pno")


@command(r"(\d)X", changes=True, administrator=True)
def lock(turn: Turn, mode: int) -> str:
    turn.matrix.set_lock(mode)
    return f"Exe{mode}"


@command("X")
def read_lock(turn: Turn) -> str:
    return turn.read(turn.matrix.lock, "Exe")


# Levels. A capital G raises and a small one lowers: the only letter whose case matters.


def gain_line(turn: Turn, source: int) -> str:
    return f"In{turn.number(source)} Aud{turn.matrix.gains[source]:+03d}"


def volume_line(turn: Turn, output: int) -> str:
    return f"Out{turn.number(output)} Vol{turn.matrix.volumes[output]:02d}"


@command(r"(\d{1,3})\*(\d{1,2})(G)", changes=True, administrator=True)
def set_gain(turn: Turn, source: int, decibels: int, letter: str) -> str:
    turn.matrix.set_gain(source, decibels if letter == "G" else -decibels)
    return gain_line(turn, source)


@command(r"(\d{1,3})([+-])G", changes=True, administrator=True)
def step_gain(turn: Turn, source: int, sign: str) -> str:
    turn.matrix.set_gain(source, turn.matrix.gains[turn.matrix.input(source)] + int(f"{sign}1"))
    return gain_line(turn, source)


@command(r"(\d{1,3})G")
def read_gain(turn: Turn, source: int) -> str:
    gain = turn.matrix.gains[turn.matrix.input(source)]
    return gain_line(turn, source) if turn.tagged else f"{gain:+03d}"


@command(r"(\d{1,3})\*(\d{1,2})V", changes=True, administrator=True)
def set_volume(turn: Turn, output: int, value: int) -> str:
    turn.matrix.set_volume(output, value)
    return volume_line(turn, output)


@command(r"(\d{1,3})([+-])V", changes=True, administrator=True)
def step_volume(turn: Turn, output: int, sign: str) -> str:
    volume = turn.matrix.volumes[turn.matrix.output(output)]
    turn.matrix.set_volume(output, volume + int(f"{sign}1"))
    return volume_line(turn, output)


@command(r"(\d{1,3})V")
def read_volume(turn: Turn, output: int) -> str:
    volume = turn.matrix.volumes[turn.matrix.output(output)]
    return volume_line(turn, output) if turn.tagged else f"{volume:02d}"


# Signals.


@command(r"(\x1b?)(\d{1,3})LS")
def signals(turn: Turn, escape: str, source: int) -> str:
    if turn.matrix.model.signal_command == ("plain" if escape else "escape"):
        raise Refused(UNKNOWN_COMMAND)
    if source:
        return turn.read(int(turn.matrix.signals[turn.matrix.input(source)]), "Sig ")
    inputs = [str(int(present)) for present in turn.matrix.signals.values()]
    if turn.matrix.model.signal_form == "digits":
        return turn.read("".join(inputs), turn.matrix.model.signal_tag)
    outputs = " ".join(str(int(present)) for present in turn.matrix.sinks.values())
    return turn.read(f"{' '.join(inputs)}*{outputs}", turn.matrix.model.signal_tag)


def _has_hdcp(turn: Turn) -> None:
    if not turn.matrix.model.hdcp:
        raise Refused(UNKNOWN_COMMAND)


@command(r"\x1b([IO])(\d{1,3})HDCP")
def read_hdcp(turn: Turn, side: str, number: int) -> str:
    _has_hdcp(turn)
    read = turn.matrix.hdcp_input if side.upper() == "I" else turn.matrix.hdcp_output
    return turn.read(read(number), f"Hdcp{side.upper()}{number}*")


@command(r"\x1bE(\d{1,3})\*(\d)HDCP", changes=True, administrator=True)
def authorize(turn: Turn, source: int, on: int) -> str:
    _has_hdcp(turn)
    turn.matrix.authorize(source, on)
    return f"HdcpE{source}*{on}"


@command(r"\x1bE(\d{1,3})HDCP")
def read_authorized(turn: Turn, source: int) -> str:
    _has_hdcp(turn)
    on = turn.matrix.input(source) not in turn.matrix.unauthorized
    return turn.read(int(on), f"HdcpE{source}*")


# The session.


@command(r"\x1b(\d)CV")
def set_verbose(turn: Turn, mode: int) -> str:
    if mode not in range(4):
        raise Refused(BAD_VALUE)
    turn.session.verbose = mode
    return f"Vrb{mode}"


@command(r"\x1bCV")
def read_verbose(turn: Turn) -> str:
    return turn.read(turn.session.verbose, "Vrb")


@command(r"\x1b([01])\*(\d{1,5})TC")
def set_idle(turn: Turn, everywhere: int, units: int) -> str:
    if units not in IDLE_UNITS:
        raise Refused(BAD_VALUE)
    turn.session.set_idle(units, bool(everywhere))
    return f"Pti{everywhere}*{units}"


@command(r"\x1b([01])TC")
def read_idle(turn: Turn, everywhere: int) -> str:
    return turn.read(turn.session.idle_units, f"Pti{everywhere}*")


# Resets.


@command(r"\x1bZ(G|Z|XXX|QQQ|Y)", changes=True, administrator=True)
def reset(turn: Turn, what: str) -> str:
    what = what.upper()
    if what == "G":
        turn.matrix.presets, turn.matrix.room_presets = {}, {}
    elif what == "Z":
        turn.matrix.unmute()
    else:
        turn.matrix.reset()
    return f"Zp{what[0].lower()}"

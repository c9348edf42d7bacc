"""What a matrix really does, as plain JSON values. Numbers that serve as keys are text."""

from collections.abc import Mapping

from hw_sim.extron_sis.matrix import LAYERS, Matrix, Ties


def truth_of(matrix: Matrix) -> dict[str, object]:
    outputs = range(1, matrix.outputs + 1)
    return {
        "ties": _layered(matrix.ties),
        "shows": _plain({at: matrix.shows(at) for at in outputs}),
        "sounds": _plain({at: matrix.sounds(at) for at in outputs}),
        "video_mutes": _plain(matrix.video_mutes),
        "audio_mutes": _plain(matrix.audio_mutes),
        "lock": matrix.lock,
        "signals": _plain(matrix.signals),
        "sinks": _plain(matrix.sinks),
        "names": {
            f"{letter}{room}*{number}" if room else f"{letter}{number}": name
            for (letter, number, room), name in matrix.names.items()
        },
        "presets": {str(preset): _layered(ties) for preset, ties in matrix.presets.items()},
        "room_presets": {
            f"{room}*{preset}": _layered(ties)
            for (room, preset), ties in matrix.room_presets.items()
        },
        "gains": _plain(matrix.gains),
        "volumes": _plain(matrix.volumes),
        "hdcp_unauthorized": sorted(matrix.unauthorized),
    }


def _layered(ties: Ties) -> dict[str, dict[str, int]]:
    return {
        layer: {str(output): source for (on, output), source in ties.items() if on == layer}
        for layer in LAYERS
    }


def _plain(numbered: Mapping[int, int | bool]) -> dict[str, int | bool]:
    return {str(number): value for number, value in numbered.items()}

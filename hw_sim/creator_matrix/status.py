"""What is told of the ties when they are asked for."""

from typing import TYPE_CHECKING

from hw_sim.creator_matrix.matrix import AUDIO, INFRARED, VIDEO

if TYPE_CHECKING:
    from hw_sim.creator_matrix.device import CreatorMatrix


def everything(device: "CreatorMatrix") -> list[str]:
    """The lines that answer ``Status.``."""
    if device.dialect.has_table:
        return table(device)
    outputs = range(1, device.matrix.outputs + 1)
    if "AV" in device.dialect.ties:
        return [line for output in outputs for line in of_output(device, output)]
    return [
        line
        for layer in (VIDEO, AUDIO)
        for output in outputs
        for line in device.dialect.tie(
            layer, device.matrix.source(layer, output), output, asked=True
        )
    ]


def of_output(device: "CreatorMatrix", output: int) -> list[str]:
    picture, sound = (device.matrix.source(layer, output) for layer in (VIDEO, AUDIO))
    tie = device.dialect.tie
    lines = (
        tie("AV", picture, output, asked=True)
        if picture == sound
        else tie("V", picture, output, asked=True) + tie("A", sound, output, asked=True)
    )
    if device.has_infrared:
        lines += tie("IR", device.matrix.source(INFRARED, output), output, asked=True)
    return lines


def of_input(device: "CreatorMatrix", source: int) -> list[str]:
    """The lines of the outputs that an input feeds."""
    lines = []
    for output in range(1, device.matrix.outputs + 1):
        picture, sound = (device.matrix.source(layer, output) == source for layer in (VIDEO, AUDIO))
        if picture or sound:
            layer = "AV" if picture and sound else "V" if picture else "A"
            lines += device.dialect.tie(layer, source, output, asked=True)
    return lines


def table(device: "CreatorMatrix") -> list[str]:
    """All outputs in one line, and below each its input."""
    outputs = range(1, device.matrix.outputs + 1)
    sources = [device.matrix.source(VIDEO, output) for output in outputs]
    return [
        " ".join(["Out", *(f"{each:02}" for each in outputs)]),
        " ".join(["In", *(f"{each:02}" if each else "OFF" for each in sources)]),
    ]

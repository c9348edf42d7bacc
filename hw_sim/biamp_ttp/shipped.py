"""The running configuration of a Tesira for which none is given."""

from collections.abc import Mapping

BLOCKS: Mapping[str, object] = {
    "Input1": {"type": "input", "channels": 8},
    "Level1": {"type": "level", "channels": 8},
    "Mixer1": {"type": "matrix", "channels": 8, "outputs": 4},
    "Output1": {"type": "output", "channels": 4},
    "SourceSelector1": {"type": "selector", "channels": 4},
    "Router1": {"type": "router", "channels": 8, "outputs": 4},
    "AudioMeter1": {"type": "meter", "channels": 8},
    "SignalPresentMeter1": {"type": "presence", "channels": 8},
}
FEEDS: Mapping[str, object] = {
    "Mixer1": "Level1",
    "Output1": "Mixer1",
    "SourceSelector1": "Level1",
    "Router1": "Level1",
}
PRESETS: Mapping[int, object] = {
    1001: {
        "name": "Default",
        "set": [
            *(["Level1", "level", channel, 0.0] for channel in range(1, 9)),
            *(["Level1", "mute", channel, False] for channel in range(1, 9)),
        ],
    },
    1002: {
        "name": "Emergency",
        "set": [["Level1", "mute", 1, True], ["Level1", "mute", 2, False]],
    },
}

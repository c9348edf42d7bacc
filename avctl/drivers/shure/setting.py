"""Gains and mutes as commands, within what the device can take."""

from math import isfinite

from avctl.capabilities.mixer import Fader
from avctl.drivers.shure import commands
from avctl.drivers.shure.channels import Channels, parse_channel
from avctl.drivers.shure.told import DEVICE, DEVICE_MUTE, GAIN, LOUDEST, QUIETEST
from avctl.drivers.shure.wire import Report
from avctl.errors import RefusedError
from avctl.wire import Command


def gain_set(device: str, channels: Channels, channel: str, level: float) -> Command[Report]:
    """Raises RefusedError for a level that the channel cannot have, ValueError for what is none."""
    parse_channel(channel)
    if not isfinite(level):
        raise ValueError(f"{channel}: {level} is no gain in dB")
    channels.want(channel)
    parameter = channels.tellers(Fader(channel))[0]
    low, high = QUIETEST[parameter], min(LOUDEST[parameter], channels.family.loudest)
    if not low <= level <= high:
        text = f"{channel}: {level:g} dB is beyond its limits, {low:g} to {high:g} dB"
        raise RefusedError(device, text)
    at = channels.spelled(channel)
    if parameter == GAIN:
        if round(level, 3) != round(level):
            raise RefusedError(device, f"{channel}: {level:g} dB, but its gain is in whole dB")
        return commands.set_to(parameter, f"{round(level) + 18:03d}", at)
    return commands.set_to(parameter, f"{round(level * 10) + 1100:04d}", at)


def mute_set(channels: Channels, channel: str, on: bool) -> Command[Report]:
    """Raises ValueError for a channel that is no channel's name."""
    if channel == DEVICE:
        return commands.set_mute(DEVICE_MUTE, on)
    parse_channel(channel)
    channels.want(channel)
    return commands.set_mute("AUDIO_MUTE", on, channels.spelled(channel))

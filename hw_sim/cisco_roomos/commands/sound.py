"""Microphones and volume."""

from typing import TYPE_CHECKING

from hw_sim.cisco_roomos.rules import Given, Whole, command

if TYPE_CHECKING:
    from hw_sim.cisco_roomos.device import Codec


@command("Audio Microphones Mute")
def mute(codec: "Codec", given: Given) -> None:
    codec.muted = True


@command("Audio Microphones Unmute")
def unmute(codec: "Codec", given: Given) -> None:
    codec.muted = False


@command("Audio Microphones ToggleMute")
def toggle_mute(codec: "Codec", given: Given) -> None:
    codec.muted = not codec.muted


@command("Audio Volume Set", Level=Whole(0, 100))
def set_volume(codec: "Codec", given: Given) -> None:
    codec.volume = given.whole("Level")


@command("Audio Volume Increase", Steps=Whole(1, 100, 5))
def louder(codec: "Codec", given: Given) -> None:
    codec.volume = min(codec.volume + given.whole("Steps"), 100)


@command("Audio Volume Decrease", Steps=Whole(1, 100, 5))
def softer(codec: "Codec", given: Given) -> None:
    codec.volume = max(codec.volume - given.whole("Steps"), 0)


@command("Audio Volume Mute")
def mute_volume(codec: "Codec", given: Given) -> None:
    codec.volume_muted = True


@command("Audio Volume Unmute")
def unmute_volume(codec: "Codec", given: Given) -> None:
    codec.volume_muted = False

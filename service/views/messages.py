"""What panels are told over the WebSocket and the event stream."""

from typing import Literal

from pydantic import Field

from service.views.models import (
    AlarmView,
    DestinationView,
    DeviceView,
    EntryView,
    MicrophoneView,
    PairView,
    RoomView,
    RunView,
    SiteView,
    View,
)


class Hello(View):
    """All there is; what follows is what changed since."""

    type: Literal["hello"] = "hello"
    version: str
    site: SiteView
    rooms: list[RoomView]
    alarms: list[AlarmView] = Field(description="Those that stand, the gravest first")


class DeviceChanged(View):
    type: Literal["device"] = "device"
    room: str
    device: DeviceView


class MicrophoneChanged(View):
    type: Literal["microphone"] = "microphone"
    room: str
    microphone: MicrophoneView


class DestinationChanged(View):
    type: Literal["destination"] = "destination"
    room: str
    destination: DestinationView


class RunChanged(View):
    type: Literal["run"] = "run"
    room: str
    run: RunView


class PairChanged(View):
    type: Literal["pair"] = "pair"
    room: str
    pair: PairView


class RoomChanged(View):
    """What the room is called, holds and can be taken to is not as it was: its file was written."""

    type: Literal["room"] = "room"
    room: RoomView


class JournalGrew(View):
    type: Literal["journal"] = "journal"
    entry: EntryView


class Beat(View):
    type: Literal["beat"] = "beat"
    at: str


class Pong(View):
    type: Literal["pong"] = "pong"
    at: str

"""From rooms, devices and takes to what the API says of them."""

from collections.abc import Iterable
from functools import cache
from itertools import islice
from statistics import median
from typing import Any

from avctl.capabilities.camera import Camera, Focusing, TallyLamp
from avctl.capabilities.mixer import Fader, Meter, Mixer, Mute
from avctl.capabilities.power import Powered
from avctl.capabilities.router import Blank, Blanking, Layer, Output, Router
from avctl.capabilities.wall import Wall
from avctl.config.files import ParameterFile
from avctl.device import Device
from avctl.points import Point
from avctl.room import Room
from avctl.scenes.scene import Priority, Scene, Scope
from avctl.scenes.take import Take, Verdict
from avctl.site import Site
from service.journal import Entry
from service.views.models import (
    ChoiceView,
    DestinationView,
    DeviceView,
    EntryView,
    MeetingBrief,
    MicrophoneView,
    OutletView,
    ParameterView,
    PointView,
    RoomBrief,
    RoomView,
    SceneView,
    SiteView,
    SourceView,
    Title,
)
from service.views.pair import pair_view
from service.views.take import run_view
from service.views.values import level, path, plain, rounded, titled

SHOWN = 20  # runs of a room
TYPICAL = 10  # confirmed runs that tell how long a scene takes

CAPABILITIES: dict[str, type] = {
    "blank": Blanking,
    "camera": Camera,
    "focus": Focusing,
    "mixer": Mixer,
    "power": Powered,
    "router": Router,
    "tally": TallyLamp,
    "wall": Wall,
}


@cache
def _capabilities(driver: type[Device]) -> tuple[str, ...]:
    return tuple(name for name, wanted in CAPABILITIES.items() if issubclass(driver, wanted))


def _picture(room: Room, name: str) -> str | None:
    if name not in room.pictures:
        return None
    return path("rooms", room.name, "pictures", f"{name}.jpg")


def _age(device: Device, *points: Point) -> float | None:
    """Seconds since the oldest of the readings of ``points``; None without any."""
    read = [device.state[point].at for point in points if point in device.state]
    return rounded(device.clock.now() - min(read)) if read else None


def _value(device: Device, point: Point) -> Any:
    reading = device.state.get(point)
    return None if reading is None else reading.value


# Parts of a room.


def device_view(room: Room, name: str) -> DeviceView:
    device, file = room.devices[name], room.file.devices[name]
    points = dict.fromkeys((*device.points(), *device.state))
    return DeviceView(
        device=name,
        title=titled(file.title, name),
        driver=file.driver,
        up=device.up,
        reason="" if device.up else device.reason,
        since=rounded(device.clock.now() - device.since) if device.since else None,
        identity={key: str(value) for key, value in device.identity.items()},
        capabilities=list(_capabilities(type(device))),
        words=list(room.names.words(name)),
        presets=file.presets,
        layouts=file.layouts,
        points=[_point_view(device, point) for point in points],
        picture=_picture(room, name),
        poll=device.refresh_every,
    )


def _point_view(device: Device, point: Point) -> PointView:
    return PointView(
        key=point.key,
        word=point.word,
        value=plain(_value(device, point)),
        unit=point.unit,
        settable=point.settable,
        age=_age(device, point),
    )


def source_view(room: Room, name: str) -> SourceView:
    file = room.file.sources[name]
    return SourceView(
        source=name, title=titled(file.title, name), device=file.device, input=file.input
    )


def outlet_view(room: Room, name: str) -> OutletView:
    file = room.file.outlets[name]
    return OutletView(
        outlet=name, title=titled(file.title, name), device=file.device, number=file.number
    )


def destination_view(room: Room, name: str) -> DestinationView:
    file = room.file.destinations[name]
    device = room.devices[file.device]
    outputs = [Output(file.output, Layer(layer)) for layer in file.layers]
    blank = _value(device, Blank(file.output, outputs[0].layer)) if outputs else None
    return DestinationView(
        destination=name,
        title=titled(file.title, name),
        device=file.device,
        output=file.output,
        layers=list(file.layers),
        source=_source(room, device, outputs),
        blank=blank if isinstance(blank, bool) else None,
        age=_age(device, *outputs),
        picture=_picture(room, name),
    )


def _source(room: Room, device: Device, outputs: list[Output]) -> str | None:
    fed_by = _value(device, outputs[0]) if outputs else None
    if fed_by == 0:
        return "none"
    for name, source in room.file.sources.items():
        if source.device == device.name and source.input == fed_by:
            return name
    return None


def microphone_view(room: Room, name: str) -> MicrophoneView:
    file = room.file.microphones[name]
    device = room.devices[file.device]
    muted = _value(device, Mute(file.channel))
    return MicrophoneView(
        microphone=name,
        title=titled(file.title, name),
        device=file.device,
        channel=file.channel,
        nominal=Fader.parse(file.level),
        fader=level(_value(device, Fader(file.channel))),
        muted=muted if isinstance(muted, bool) else None,
        meter=level(_value(device, Meter(file.channel))),
        age=_age(device, Fader(file.channel), Mute(file.channel)),
    )


def scene_view(room: Room, scene: Scene) -> SceneView:
    return SceneView(
        scene=scene.name,
        title=Title(**scene.title),
        colour=scene.colour,
        order=scene.order,
        deadline=scene.deadline,
        devices=sorted(scene.devices),
        steps=len(scene.wants),
        expected=_expected(room, scene),
        hold=scene.hold,
        mode=scene.mode.value,
        confirm=scene.confirm,
        emergency=scene.priority is Priority.EMERGENCY,
        parameters=[_parameter(name, file) for name, file in _parameters(room, scene)],
    )


def _parameters(room: Room, scene: Scene) -> Iterable[tuple[str, ParameterFile]]:
    """None for the scenes that no file holds: emergency backup, all to safe."""
    file = room.playbook.files.get(scene.name)
    return file.parameters.items() if file else ()


def _parameter(name: str, file: ParameterFile) -> ParameterView:
    return ParameterView(
        parameter=name,
        title=titled(file.title, name),
        choices=[
            ChoiceView(choice=choice, title=titled(of.title, choice))
            for choice, of in file.choices.items()
        ],
    )


def _expected(room: Room, scene: Scene) -> float | None:
    """By what its steps took so far; where some were always right already, by its last confirmed runs."""
    learnt = room.learnt.expected_of(scene)
    if learnt is not None:
        return rounded(learnt)
    confirmed = (
        take.duration
        for take in reversed(room.takes)
        if _is_of_a_scene(take, scene.name)
        and take.verdict is Verdict.CONFIRMED
        and take.duration is not None
    )
    last = list(islice(confirmed, TYPICAL))
    return rounded(median(last)) if last else None


def _is_of_a_scene(take: Take, *names: str) -> bool:
    return take.scene.scope is Scope.DEVICES and take.scene.name in names


# Wholes.


def room_view(room: Room, meeting: MeetingBrief | None = None) -> RoomView:
    file = room.file
    return RoomView(
        room=room.name,
        title=titled(file.title, room.name),
        devices=[device_view(room, name) for name in room.devices],
        scenes=[scene_view(room, scene) for scene in room.scenes.values()],
        sources=[source_view(room, name) for name in file.sources],
        destinations=[destination_view(room, name) for name in file.destinations],
        microphones=[microphone_view(room, name) for name in file.microphones],
        outlets=[outlet_view(room, name) for name in file.outlets],
        pairs=[pair_view(room, name) for name in room.pairs.by_name],
        runs=[run_view(room, take) for take in _runs_shown(room)],
        meeting=meeting,
    )


def _runs_shown(room: Room) -> list[Take]:
    """Newest first: a fader that is dragged must not push out what the scenes' buttons show."""
    newest_first = list(reversed(room.takes))
    shown = newest_first[:SHOWN]
    missing = {*room.scenes} - {take.scene.name for take in shown}
    for take in newest_first[SHOWN:]:
        if take.scene.name in missing and _is_of_a_scene(take, take.scene.name):
            missing.discard(take.scene.name)
            shown.append(take)
    return shown


def site_view(site: Site, version: str, language: str, rooms: Iterable[str]) -> SiteView:
    """``rooms``: those of them that are told."""
    return SiteView(
        site=site.name,
        title=Title(**site.title),
        version=version,
        language=language,
        timezone=site.file.timezone if site.file else "UTC",
        rooms=[
            RoomBrief(
                room=room.name,
                title=titled(room.file.title, room.name),
                up=all(device.up for device in room.devices.values()),
                running=sum(take.verdict is None for take in room.takes),
            )
            for room in (site.rooms[name] for name in rooms)
        ],
    )


def entry_view(entry: Entry) -> EntryView:
    return EntryView(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        room=entry.room,
        by=entry.by,
        data=entry.data,
        hash=entry.hash,
    )

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
from avctl.device import Device
from avctl.points import Point
from avctl.room import Room, Site
from avctl.scenes.plan import Planned
from avctl.scenes.scene import Priority, Scene, Scope
from avctl.scenes.take import Step, Take, Verdict
from service.journal import Entry
from service.views.models import (
    ChoiceView,
    DestinationView,
    DeviceView,
    EntryView,
    MicrophoneView,
    ParameterView,
    PlannedView,
    PlanView,
    PointView,
    RoomBrief,
    RoomView,
    RunView,
    SceneView,
    SiteView,
    SourceView,
    StepView,
    Title,
)
from service.views.values import iso, level, path, plain, rounded

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


def _title(title: Any, name: str) -> Title:
    return Title(zh=title.zh, en=title.en) if title else Title(zh=name, en=name)


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
        title=_title(file.title, name),
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
        source=name, title=_title(file.title, name), device=file.device, input=file.input
    )


def destination_view(room: Room, name: str) -> DestinationView:
    file = room.file.destinations[name]
    device = room.devices[file.device]
    outputs = [Output(file.output, Layer(layer)) for layer in file.layers]
    blank = _value(device, Blank(file.output, outputs[0].layer)) if outputs else None
    return DestinationView(
        destination=name,
        title=_title(file.title, name),
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
        title=_title(file.title, name),
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
        confirm=scene.confirm,
        emergency=scene.priority is Priority.EMERGENCY,
        parameters=[
            ParameterView(
                parameter=name,
                title=_title(file.title, name),
                choices=[
                    ChoiceView(choice=choice, title=_title(of.title, choice))
                    for choice, of in file.choices.items()
                ],
            )
            for name, file in room.playbook.files[scene.name].parameters.items()
        ],
    )


def _expected(room: Room, scene: Scene) -> float | None:
    confirmed = (
        take.duration
        for take in reversed(room.takes)
        if take.scene.name == scene.name
        and take.scene.scope is Scope.DEVICES
        and take.verdict is Verdict.CONFIRMED
        and take.duration is not None
    )
    last = list(islice(confirmed, TYPICAL))
    return rounded(median(last) if last else room.learnt.expected_of(scene))


# Takes.


def run_view(room: Room, take: Take) -> RunView:
    ended = take.duration
    return RunView(
        run=take.identity,
        room=room.name,
        scene=take.scene.name,
        title=Title(**take.scene.title),
        by=take.by,
        tapped=iso(take.tapped),
        deadline=take.scene.deadline,
        verdict=take.verdict.value if take.verdict else None,  # type: ignore[arg-type]  # never skipped
        duration=rounded(ended),
        elapsed=round(take.elapsed if ended is None else ended, 4),
        waited=round(take.waited, 4),
        then=take.then.identity if take.then else None,
        culprits=list(take.culprits),
        steps=[step_view(step) for step in take.steps],
    )


def step_view(step: Step) -> StepView:
    want = step.want
    return StepView(
        target=want.target,
        word=want.word,
        said=plain(want.said),
        device=want.device,
        point=want.point.key,
        kind=want.kind.value,
        wanted=plain(want.value),
        before=plain(step.before),
        verdict=step.verdict.value if step.verdict else None,
        why=step.why,
        read=plain(step.read),
        planned=rounded(step.planned),
        sent=rounded(step.sent),
        answered=rounded(step.answered),
        confirmed=rounded(step.confirmed),
        ended=rounded(step.ended),
    )


def plan_view(scene: str, plan: Iterable[Planned]) -> PlanView:
    return PlanView(
        scene=scene,
        steps=[
            PlannedView(
                target=planned.want.target,
                word=planned.want.word,
                said=plain(planned.want.said),
                device=planned.want.device,
                point=planned.want.point.key,
                kind=planned.want.kind.value,
                wanted=plain(planned.want.value),
                now=plain(planned.now),
                prospect=planned.prospect.value,
                expected=rounded(planned.expected),
            )
            for planned in plan
        ],
    )


# Wholes.


def room_view(room: Room) -> RoomView:
    file = room.file
    return RoomView(
        room=room.name,
        title=_title(file.title, room.name),
        devices=[device_view(room, name) for name in room.devices],
        scenes=[scene_view(room, scene) for scene in room.scenes.values()],
        sources=[source_view(room, name) for name in file.sources],
        destinations=[destination_view(room, name) for name in file.destinations],
        microphones=[microphone_view(room, name) for name in file.microphones],
        runs=[run_view(room, take) for take in islice(reversed(room.takes), SHOWN)],
    )


def site_view(site: Site, version: str, language: str) -> SiteView:
    return SiteView(
        site=site.name,
        title=Title(**site.title),
        version=version,
        language=language,
        rooms=[
            RoomBrief(
                room=room.name,
                title=_title(room.file.title, room.name),
                up=all(device.up for device in room.devices.values()),
                running=sum(take.verdict is None for take in room.takes),
            )
            for room in site.rooms.values()
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

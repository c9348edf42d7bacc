"""A room at work: its devices kept in touch with, its scenes taken, its cameras driven by hand."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from avctl.blueprint import Blueprint
from avctl.capabilities.camera import Camera
from avctl.clock import Clock
from avctl.config import (
    DestinationFile,
    DeviceFile,
    RoomFile,
)
from avctl.device import Device, link
from avctl.errors import DeviceError, TakeError
from avctl.hands import Hands
from avctl.interlock import Interlock
from avctl.mains import GET_READY, SHUT_DOWN, Mains
from avctl.pairs import EMERGENCY, Pairs
from avctl.playbook import Arguments, SceneError
from avctl.points import Action, Point
from avctl.registry import driver
from avctl.scenes.back import way_back
from avctl.scenes.latency import Latencies
from avctl.scenes.learnt import Learnt
from avctl.scenes.plan import Planned, Prospect, as_driven, is_right, strands
from avctl.scenes.scene import Kind, Mode, OnFailure, Priority, Reaction, Scene, Scope, Want
from avctl.scenes.take import Step, Take, Verdict
from avctl.transport import Address, Dial, dial, parse_address

log = logging.getLogger("avctl.room")

LOOK = 1.0  # seconds that a look before a take may cost
BY_HAND = 2.0  # seconds a single point may take
SAFE = "all-to-safe"
REMEMBERED = 200  # takes


@dataclass(frozen=True, slots=True)
class Change:
    """Something in the room is not as it was: a device's point or link, a take's step, or a pair."""

    device: Device | None = None
    point: Point | None = None
    take: Take | None = None
    step: Step | None = None
    pair: str | None = None


class Room:
    """Use it as an async context manager: inside, its lines are kept up."""

    def __init__(
        self,
        plan: Blueprint,
        clock: Clock,
        *,
        addresses: Mapping[str, str] | None = None,
        dialler: Dial = dial,
    ) -> None:
        """``addresses``: URLs that go before the file's: a bench's, or simulators'.

        By device; by ``NAME/picture`` for the picture of a device or destination.
        """
        self.file, self.names, self.playbook = plan.file, plan.names, plan.playbook
        self.name = plan.file.room
        self.clock = clock
        self.takes: deque[Take] = deque(maxlen=REMEMBERED)
        self.learnt = Learnt()
        self.latencies = Latencies()
        self.devices: dict[str, Device] = {
            name: driver(part.driver)(name, plan.settings[name], clock)
            for name, part in plan.file.devices.items()
        }
        self.mains = Mains(plan.file, plan.names, self.devices)
        self._interlock = Interlock(plan.file, self.devices)
        self.pictures = _pictures(plan.file, addresses or {})
        self._listeners: list[Callable[[Room, Change], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._hands = Hands(self.devices, clock, self._spawn)
        self._links = [
            link(devices, address, clock, dialler)
            for address, devices in self._lines(addresses or {}).items()
        ]
        self.pairs = Pairs(self, lambda name: self._tell(Change(pair=name)))
        for device in self.devices.values():
            device.subscribe(self._device_changed)

    def _lines(self, addresses: Mapping[str, str]) -> dict[Address, list[Device]]:
        lines: dict[Address, list[Device]] = {}
        for name, device in self.devices.items():
            address = parse_address(addresses.get(name, self.file.devices[name].url))
            lines.setdefault(address, []).append(device)
        return lines

    async def __aenter__(self) -> "Room":
        for line in self._links:
            _ = self._spawn(line.run())
        self.pairs.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.pairs.stop()
        self._hands.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def scenes(self) -> Mapping[str, Scene]:
        """The room's scenes by name, with the first choice of every parameter."""
        return {**self.playbook.scenes, **{name: made() for name, made in self._specials.items()}}

    def make(self, name: str, arguments: Arguments | None = None) -> Scene:
        """A scene as it would be taken now. Raises TakeError."""
        if name in self._specials:
            return self._specials[name]()
        try:
            return self.playbook.make(name, arguments)
        except SceneError as error:  # it names a pair, and its backup that is in use
            raise TakeError(f"{name}: {error}") from error

    @property
    def _specials(self) -> dict[str, Callable[[], Scene]]:
        """The scenes that depend on how the room stands."""
        specials: dict[str, Callable[[], Scene]] = {}
        if self.pairs.by_name:
            specials[EMERGENCY] = self.pairs.emergency
        if self.file.safe:
            specials[SAFE] = self._all_to_safe
        if self.file.ready:
            specials |= {GET_READY: self.mains.get_ready, SHUT_DOWN: self.mains.shut_down}
        return specials

    def _all_to_safe(self) -> Scene:
        scene = self.playbook.make(self.file.safe or "")
        title = {"zh": "全部转入安全状态", "en": "All to safe"}
        return replace(
            scene, name=SAFE, title=title, priority=Priority.EMERGENCY, confirm=True,
            colour="emergency", order=910,
        )  # fmt: skip

    def subscribe(self, listener: Callable[["Room", Change], None]) -> Callable[[], None]:
        """Call ``listener`` after every change. Gives the way out."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # Scenes.

    def take(
        self,
        name: str,
        by: str,
        arguments: Arguments | None = None,
        *,
        priority: Priority | None = None,
        confirmed: bool = False,
    ) -> Take:
        """Start to carry out a scene. Raises TakeError for a name that the room does not have, a parameter without
        a choice, a scene that must be confirmed, and a state in which it may not be taken.
        """
        scene = self.make(name, arguments)
        if priority is not None and scene.priority is not Priority.EMERGENCY:
            scene = replace(scene, priority=priority)
        if scene.confirm and not confirmed:
            raise TakeError(f"{name} must be confirmed")
        self._guard(scene)
        return self.start(scene, by)

    def set(self, target: str, word: str, said: Any, by: str) -> Take:
        """Set one thing by hand: a take with one want, which supersedes only what wants the same.

        Raises TakeError.
        """
        try:
            wants = tuple(
                Want(target, word, said, device, point, value, kind=_kind(point))
                for device, point, value in self.names.resolve(target, word, said)
            )
        except ValueError as error:
            raise TakeError(str(error)) from error
        name = f"{target} {word}"
        title = {"zh": name, "en": name}
        scene = Scene(name, title, BY_HAND, wants, scope=Scope.POINTS, looks_first=False)
        return self.start(scene, by)

    async def plan(self, name: str, arguments: Arguments | None = None) -> tuple[Planned, ...]:
        """What a take would do if it began now, in order, by fresh readings. Sends only questions. Raises TakeError."""
        scene = self.make(name, arguments)
        asked = self.clock.now()
        await asyncio.gather(*(self._look(device, scene) for device in scene.devices))
        planned = (
            self._planned(want, asked)
            for strand in strands(scene.wants)
            for group in strand.groups
            for want in group
        )
        return as_driven(tuple(planned))

    async def _look(self, name: str, scene: Scene) -> None:
        points = [want.point.evidence for want in scene.wants if want.device == name]
        with contextlib.suppress(DeviceError, TimeoutError):
            async with asyncio.timeout(LOOK):
                await self.devices[name].read(points)

    def _planned(self, want: Want, asked: float) -> Planned:
        device = self.devices[want.device]
        reading = device.state.get(want.point)
        known = reading is not None and reading.at >= asked
        return Planned(
            want,
            reading.value if reading else None,
            Prospect.UNREACHABLE
            if not device.up
            else Prospect.RIGHT
            if known and want.kind is Kind.SET and is_right(want, device.state, asked)
            else Prospect.DRIVE
            if known
            else Prospect.UNKNOWN,
            self.learnt.expected(want),
        )

    def _guard(self, scene: Scene) -> None:
        for want in scene.unless:
            device = self.devices[want.device]
            fresh = self.clock.now() - 3 * device.refresh_every
            if not device.up or want.point not in device.state:
                raise TakeError(
                    f"not while {want.target} cannot be asked whether {want.word} is {want.said}"
                )
            if is_right(want, device.state, fresh):
                raise TakeError(f"not while {want.target} {want.word} is {want.said}")

    def start(self, scene: Scene, by: str) -> Take:
        """Start to carry out a scene made for this room. Raises TakeError where its mode or priority forbids it."""
        rivals = self._rivals(scene)
        if rivals and scene.mode is Mode.REFUSE:
            raise TakeError(f"not while {rivals[0].scene.name} runs")
        stronger = [take for take in rivals if take.scene.priority > scene.priority]
        if stronger and scene.priority in (Priority.OPERATOR, Priority.CHANGEOVER):
            raise TakeError(f"not while {stronger[0].scene.name} runs")
        waits = stronger or (rivals if scene.mode is Mode.WAIT else [])
        identity = str(UUID(int=self.clock.rng.getrandbits(128), version=4))
        take = Take(
            scene, self.devices, self.clock, identity=identity, by=by, changed=self._take_changed,
            look=self._interlock.look, forbids=self._interlock.forbids, passes=self._passes,
        )  # fmt: skip
        if not waits:
            self._give_up(scene.beats, scene.name)
        self.takes.append(take)
        _ = self._spawn(self._carry_out(take, waits))
        return take

    def _passes(self, want: Want) -> bool:
        return self._hands.has(want) or self._interlock.passes(want)

    def _rivals(self, scene: Scene) -> list[Take]:
        """The takes under way that hold what ``scene`` wants."""
        return [
            take
            for take in self.takes
            if any(step.verdict is None and scene.beats(step.want) for step in take.steps)
        ]

    def is_wanted(self, device: str, point: Point) -> bool:
        """Whether a take under way wants ``point`` of ``device``, or has set it."""
        return any(
            (want.device, want.point) == (device, point)
            for take in self.takes
            if take.verdict is None
            for want in take.scene.wants
        )

    async def _carry_out(self, take: Take, waits: Sequence[Take]) -> None:
        await take.run(waits)
        self.latencies.note(take)
        if not take.wish or take.verdict is Verdict.SUPERSEDED:
            return
        try:
            take.then = self._follow(take, take.wish)
        except TakeError as error:
            log.warning("%s: nothing follows %s: %s", self.name, take.scene.name, error)
        self._take_changed(take, None)

    def _follow(self, take: Take, wish: OnFailure) -> Take | None:
        scene, by = None, f"{take.by} (return)"
        if wish.reaction is Reaction.TAKE:
            scene, by = self.playbook.make(wish.scene), f"{take.by} (after {take.scene.name})"
        elif wish.reaction is Reaction.RETURN:
            scene = way_back(take)
        if scene:
            # What it was may have been beaten in parts: it may not beat the rest of what has done so.
            scene = replace(scene, scope=Scope.POINTS).without(self._newer_than(take))
        return self.start(scene, by) if scene else None

    def _newer_than(self, take: Take) -> Callable[[Want], bool]:
        """Tells what somebody has wanted since ``take`` was tapped: what follows from it leaves that alone."""
        newer = list(self.takes)[self.takes.index(take) + 1 :] if take in self.takes else []
        return lambda want: take.leaves(want) or any(other.scene.beats(want) for other in newer)

    def find(self, identity: str) -> Take:
        """Raises TakeError."""
        for take in self.takes:
            if take.identity == identity:
                return take
        raise TakeError(f"no take {identity!r} is remembered")

    # Cameras by hand.

    async def drive(self, camera: str, pan: float, tilt: float, zoom: float, by: str = "") -> None:
        """Move a camera for a second, or until told again, or until ``by`` is lost. Raises TakeError, DeviceError."""
        self._check_camera(camera)
        self._give_up(lambda want: want.device == camera, "hand")
        if not (pan or tilt or zoom):
            return await self.stop(camera)
        await self._hands.drive(camera, pan, tilt, zoom, by)

    async def stop(self, camera: str) -> None:
        """Stop a camera, before everything that waits, and go on until it stands or something newer has it.

        Raises TakeError, and DeviceError where the first word of it failed.
        """
        self._check_camera(camera)
        self._give_up(lambda want: want.device == camera, "stop")
        await self._hands.stop(camera)

    def lost(self, by: str) -> None:
        """Who moved cameras is gone: stop them at once."""
        self._hands.lost(by)

    def _check_camera(self, name: str) -> None:
        if not isinstance(self.devices.get(name), Camera):
            cameras = [name for name, device in self.devices.items() if isinstance(device, Camera)]
            raise TakeError(f"no camera {name!r} in {self.name}; there are {', '.join(cameras)}")

    def _give_up(self, wanted: Callable[[Want], bool], by: str) -> None:
        for take in self.takes:
            if take.verdict is None:
                take.give_up(wanted, by)

    # Telling.

    def _device_changed(self, device: Device, point: Point | None) -> None:
        if point is not None:
            self.pairs.follow(device.name, point)
        self._tell(Change(device=device, point=point))

    def _take_changed(self, take: Take, step: Step | None) -> None:
        if step:
            self._hands.see(step)
            self._interlock.see(step)
        if step and step.took is not None and step.want.kind is Kind.SET:
            self.learnt.note(step.want.device, step.want.word, step.took)
        self._tell(Change(take=take, step=step))

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(self, change)
            except Exception:
                log.exception("%s: a listener failed", self.name)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _kind(point: Point) -> Kind:
    return Kind.ACT if isinstance(point, Action) else Kind.SET


def _pictures(file: RoomFile, addresses: Mapping[str, str]) -> dict[str, str]:
    """Where the pictures are, by device or destination."""
    shown: dict[str, str] = {}
    parts: Mapping[str, DeviceFile | DestinationFile] = {**file.devices, **file.destinations}
    for name, part in parts.items():
        if url := addresses.get(f"{name}/picture", part.picture):
            shown[name] = url
    return shown

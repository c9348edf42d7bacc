"""One room: its devices, who is in it, and what follows from both at every place of it.

What the far end sees and hears and what a wall shows is worked out from the state of the simulators themselves,
whatever they answered to anybody. That makes it the judge of everything that claims to have switched something.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import log10

from hw_sim.clock import Clock
from hw_sim.room.file import Camera, RoomPlan
from hw_sim.room.kinds import (
    Conferring,
    Displaying,
    Fed,
    Filming,
    Mixing,
    Receiving,
    Showing,
    Switching,
)
from hw_sim.scenery import SPEAKER, Lens, Spot
from hw_sim.simulator import Simulator

QUIET = -70.0  # dBFS, of a living microphone in a silent room
HAND = 0.35  # metres from mouth to microphone where a voice has its full level
MOUTH = Spot(SPEAKER.x, SPEAKER.y - 0.08, SPEAKER.z - 0.07)


@dataclass(frozen=True, slots=True)
class View:
    """A picture as it arrives somewhere. Black when nothing is routed there, or the source gives no signal."""

    source: str | None  # the camera or laptop whose picture it is
    lens: Lens | None = None  # how the camera looks, when it is one and on
    black: bool = True
    speaker_fills: bool = False  # whether the speaker at the lectern is what it is a picture of
    speaker_visible: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A microphone, or a source with sound, and the level at which it arrives."""

    microphone: str
    level_dbfs: float


@dataclass(frozen=True, slots=True)
class WallWindow:
    """A window that is to be seen; place and size as fractions of the wall, the origin at the top left."""

    number: int
    x: float
    y: float
    width: float
    height: float
    zorder: int
    socket: str  # Slot3.In1
    source: str | None  # what is plugged in there, through every matrix


@dataclass(frozen=True, slots=True)
class Microphone:
    spot: Spot
    socket: str  # mixer Input1 1, or wireless 1
    alive: bool
    level: float  # dBFS, of a voice at a hand's length


class Room:
    """A room of simulators. `refresh` tells them what their inputs get; call it whenever something may have changed."""

    def __init__(
        self, name: str, plan: RoomPlan, devices: Mapping[str, Simulator], clock: Clock
    ) -> None:
        self.name, self.plan, self.devices, self.clock = name, plan, devices, clock
        self.speaker_present = plan.persons.speaker.present
        self.microphones = dict(_microphones(plan))
        self.cables: dict[str, list[str]] = {}  # what comes into a socket
        for cable in plan.cables:
            self.cables.setdefault(cable.to, []).append(cable.source)
        self._given: dict[tuple[str, str, int], object] = {}
        # Asked for at every look at the room: finding out what a device is takes longer than all the rest.
        self._cameras = {n: d for n, d in devices.items() if isinstance(d, Filming)}
        self._matrices = {n: d for n, d in devices.items() if isinstance(d, Switching)}
        self._mixers = {n: d for n, d in devices.items() if isinstance(d, Mixing)}
        self._receivers = {n: d for n, d in devices.items() if isinstance(d, Receiving)}
        self._fed = {
            n: d for n, d in devices.items() if isinstance(d, Fed) and n not in self._matrices
        }

    def device(self, name: str) -> Simulator:
        """Raises KeyError when there is none."""
        return self.devices[name]

    # What people do.

    def set_microphone(
        self, name: str, *, alive: bool | None = None, level: float | None = None
    ) -> None:
        """Let a microphone die or live, or change how loud a voice at it is. Raises KeyError."""
        before = self.microphones[name]
        self.microphones[name] = replace(
            before,
            alive=before.alive if alive is None else alive,
            level=before.level if level is None else level,
        )
        self.refresh()

    def set_speaker(self, present: bool) -> None:
        """Let the speaker step up to the lectern and speak, or leave."""
        self.speaker_present = present
        self.refresh()

    # What follows from it.

    def far_end_source(self) -> str | None:
        """The name of the source whose picture goes out, or None."""
        terminal = self.devices.get(self.plan.far_end or "")
        if isinstance(terminal, Conferring) and not terminal.sends_picture:
            return None
        return self.source_at(self.plan.far_end or "")

    def far_end_sees(self) -> View:
        return self._view_of(self.far_end_source())

    def far_end_hears(self) -> tuple[Heard, ...]:
        """What reaches the far end, loudest first. An open microphone in a quiet room is heard at about -70 dBFS."""
        self.refresh()
        terminal = self.devices.get(self.plan.far_end or "")
        if isinstance(terminal, Conferring) and not terminal.sends_sound:
            return ()
        heard = self._sounds_at(self.plan.far_end or "", frozenset())
        return tuple(sorted(heard, key=lambda each: (-each.level_dbfs, each.microphone)))

    def wall_shows(self, wall: str) -> tuple[WallWindow, ...]:
        """The windows to be seen on a wall, the last one in front. Raises KeyError when there is no such wall."""
        device = self.devices[wall]
        if not isinstance(device, Showing):
            raise KeyError(wall)
        shown = sorted(device.windows(), key=lambda window: (window.zorder, window.number))
        return tuple(
            WallWindow(
                each.number, each.x, each.y, each.width, each.height, each.zorder, each.source,
                self.source_at(f"{wall} {each.source}"),
            )
            for each in shown
        )  # fmt: skip

    def screen_shows(self, display: str) -> tuple[View, ...]:
        """What is to be seen on each screen of a projector or display that is on. Raises KeyError when it is none."""
        device = self.devices[display]
        if not isinstance(device, Displaying):
            raise KeyError(display)
        return tuple(self.view_at(_end(display, socket)) for socket in device.shown())

    def source_at(self, socket: str) -> str | None:
        """The name of the source whose picture is switched to a socket or sink, or None."""
        return self._source_at(socket, frozenset())

    def view_at(self, socket: str) -> View:
        """What the picture at a socket or sink is of."""
        return self._view_of(self.source_at(socket))

    def _view_of(self, source: str | None) -> View:
        if source is None or not self.is_live(source):
            return View(source)
        lens = self.lens(source)
        if lens is None:
            return View(source, black=False)
        there = self.speaker_present
        fills, visible = there and lens.filled_by(SPEAKER), there and lens.holds(SPEAKER)
        return View(source, lens, False, fills, visible)

    def lens(self, camera: str) -> Lens | None:
        """How a camera looks into the room now; None when it is off, or no camera."""
        device, plan = self._cameras.get(camera), self.plan.devices.get(camera)
        if device is None or not isinstance(plan, Camera):
            return None
        pose = device.pose()
        if not pose.on:
            return None
        place = plan.place
        return Lens(place.spot, place.heading, pose.pan, pose.tilt, pose.fov)

    def is_live(self, source: str) -> bool:
        """Whether a source gives a picture; a camera in standby does not."""
        return source not in self._cameras or self.lens(source) is not None

    def sound_level(self, microphone: str) -> float | None:
        """dBFS that leave a microphone, or None when it is dead."""
        held = self.microphones[microphone]
        if not held.alive:
            return None
        power = 10 ** (QUIET / 10)
        if self.speaker_present:
            away = max(HAND, held.spot.distance(MOUTH))
            power += 10 ** ((held.level - 20 * log10(away / HAND)) / 10)
        return min(0.0, 10 * log10(power))

    def refresh(self) -> None:
        """Give receivers and mixers the sound of their microphones, matrices the presence of their signals, and
        projectors, displays and recorders their pictures.
        """
        for name, held in self.microphones.items():
            self._sound(held.socket, self.sound_level(name))
        for cable in self.plan.cables:
            name, *socket = cable.source.split()
            if receiver := self._receivers.get(name):
                self._sound(cable.to, receiver.level(int(socket[0])))
        for name, matrix in self._matrices.items():
            for number in list(matrix.signals):
                present = self._live_source_at(f"{name} in {number}") is not None
                if self._is_news(name, "in", number, present):
                    matrix.plug(number, present)
        for name, device in self._fed.items():
            for each in device.sockets:
                source = self._live_source_at(_end(name, each))
                if self._is_news(name, each, 0, source):
                    device.feed(each, source)

    def _sound(self, socket: str, level: float | None) -> None:
        """Let ``level`` dBFS arrive at a channel of a receiver or of a mixer's block."""
        name, *port = socket.split()
        if receiver := self._receivers.get(name):
            if self._is_news(name, "", int(port[0]), level):
                receiver.signal(int(port[0]), level)
        elif (mixer := self._mixers.get(name)) and self._is_news(
            name, port[0], int(port[1]), level
        ):
            mixer.signal(port[0], int(port[1]), level)

    def _is_news(self, device: str, socket: str, number: int, value: object) -> bool:
        key = device, socket, number
        news = key not in self._given or self._given[key] != value
        self._given[key] = value
        return news

    def _live_source_at(self, socket: str) -> str | None:
        source = self.source_at(socket)
        return source if source is not None and self.is_live(source) else None

    def _source_at(self, socket: str, passed: frozenset[str]) -> str | None:
        if socket in passed:
            return None  # a matrix tied to itself
        passed |= {socket}
        for source in self.cables.get(socket, ()):
            name, *port = source.split()
            if name in self._mixers or name in self._receivers:
                continue
            matrix = self._matrices.get(name)
            if matrix is None:
                return name
            number = matrix.shows(int(port[1]))
            return self._source_at(f"{name} in {number}", passed) if number else None
        return None

    def _sounds_at(self, socket: str, passed: frozenset[str]) -> Iterator[Heard]:
        if socket in passed:
            return
        passed |= {socket}
        for source in self.cables.get(socket, ()):
            name, *port = source.split()
            if mixer := self._mixers.get(name):
                yield from self._mixed(name, mixer, port[0])
            elif receiver := self._receivers.get(name):
                yield from self._received(source, receiver.level(int(port[0])))
            elif matrix := self._matrices.get(name):
                number = matrix.sounds(int(port[1]))
                if number:
                    yield from self._sounds_at(f"{name} in {number}", passed)
            elif name in self.plan.sources and (level := self.plan.sources[name].level) is not None:
                yield Heard(name, level)

    def _mixed(self, mixer: str, device: Mixing, block: str) -> Iterator[Heard]:
        for name, held in self.microphones.items():
            for socket in self._ways(held.socket):
                at, *port = socket.split()
                if at == mixer and (level := device.level(block, int(port[1]))) is not None:
                    yield Heard(name, round(level, 2))

    def _received(self, socket: str, level: float | None) -> Iterator[Heard]:
        for name, held in self.microphones.items():
            if held.socket == socket and level is not None:
                yield Heard(name, round(level, 2))

    def _ways(self, socket: str) -> list[str]:
        """Where the sound of a microphone's socket comes to a mixer."""
        if socket.split()[0] in self._mixers:
            return [socket]
        ends = [cable.to for cable in self.plan.cables if cable.source == socket]
        return [end for end in ends if end.split()[0] in self._mixers]


def _end(device: str, socket: str) -> str:
    """What the end of a cable is called: ``projector in 31``, ``display HDMI1``."""
    return f"{device} in {socket}" if socket.isdecimal() else f"{device} {socket}"


def _microphones(plan: RoomPlan) -> Iterator[tuple[str, Microphone]]:
    for name, given in plan.microphones.items():
        socket = " ".join(given.plugged.split())
        yield name, Microphone(Spot(*given.at), socket, given.alive, given.level)

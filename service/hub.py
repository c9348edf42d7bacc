"""From changes of the rooms to panels: each gets everything first, then what changed, and nothing is lost between.

A message tells a whole room, device, microphone, destination or run as it stands when it is sent. So changes
that come faster than a panel needs fall together, and none of them has to be told twice.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from avctl.capabilities.mixer import Fader, Meter, Mute
from avctl.capabilities.router import Blank, Output
from avctl.clock import Clock
from avctl.device import Device
from avctl.errors import TakeError
from avctl.points import Point
from avctl.room import Change, Room
from avctl.site import Site
from service.journal import Entry, Journal
from service.people.caller import EVERYBODY, Caller
from service.views import (
    AlarmView,
    Beat,
    DestinationChanged,
    DeviceChanged,
    Hello,
    JournalGrew,
    MeetingBrief,
    MicrophoneChanged,
    PairChanged,
    RoomChanged,
    RunChanged,
    destination_view,
    device_view,
    entry_view,
    microphone_view,
    pair_view,
    room_view,
    run_view,
    site_view,
)
from service.views.models import View
from service.views.values import iso

log = logging.getLogger("avctl.hub")

WAITING = 100  # messages that a client may be behind
EVERY = {
    "device": 0.1,
    "microphone": 0.1,
    "destination": 0.1,
    "pair": 0.1,
    "run": 0.05,
    "room": 0.1,
}  # seconds, at least
NOT_AGAIN = ("run", "room")  # whose ages need not be told again
INSTANT = 1e-6  # seconds; less than a clock of floats can be trusted with
BEAT = 1.0  # seconds
FRESHENED = 5.0  # seconds after which ages are told again though no value changed
BATCH = 25  # messages before the clients get their turn; well below WAITING

Key = tuple[str, str, str]  # kind, room, name; a room itself has no name beside


class Client:
    """What one panel has not been sent yet."""

    def __init__(self, caller: Caller = EVERYBODY) -> None:
        self.caller = caller
        self.dropped = False  # it was too slow
        self.closed = False  # nothing more comes
        self._waiting: deque[str] = deque()
        self._woken, self._ended = asyncio.Event(), asyncio.Event()

    def hears(self, message: View) -> bool:
        """Whether the caller may be told it."""
        match message:
            case Beat():
                return True
            case JournalGrew(entry=entry):
                return self.caller.reads(entry.kind, entry.room)
            case RoomChanged(room=room):
                return self.caller.sees(room.room)
            case _:
                return self.caller.sees(getattr(message, "room", None))

    def put(self, text: str) -> None:
        if self.closed:
            return
        if len(self._waiting) >= WAITING:
            self.dropped = True
            self.close()
            return
        self._waiting.append(text)
        self._woken.set()

    def close(self) -> None:
        self.closed = True
        self._waiting.clear()
        self._woken.set()
        self._ended.set()

    async def until_closed(self) -> None:
        await self._ended.wait()

    async def next(self) -> str | None:
        """The next message; None when nothing more comes."""
        while not self._waiting and not self.closed:
            self._woken.clear()
            await self._woken.wait()
        return self._waiting.popleft() if self._waiting else None


class Hub:
    """Use it as an async context manager: inside, changes reach the clients."""

    def __init__(
        self,
        site: Site,
        journal: Journal,
        clock: Clock,
        *,
        version: str,
        language: str,
        meeting: Callable[[str], MeetingBrief | None] = lambda room: None,
        alarms: Callable[[], Sequence[AlarmView]] = list,
    ) -> None:
        """``meeting``: what is on in a room. ``alarms``: those that stand."""
        self.clients: set[Client] = set()
        self.dropped = 0  # clients that were too slow
        self._site, self._journal, self._clock = site, journal, clock
        self._version, self._language, self._meeting = version, language, meeting
        self._alarms = alarms
        self._due: dict[Key, float] = {}  # what changed, and when it may be told
        self._told: dict[Key, float] = dict.fromkeys(self._parts(), 0.0)
        self._hello: str | None = None  # while nothing has changed since it was made
        self._woken = asyncio.Event()
        self._leave: list[Callable[[], None]] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Hub":
        self._leave = [room.subscribe(self._changed) for room in self._site.rooms.values()]
        self._leave.append(self._journal.subscribe(self._noted))
        self._tasks = [asyncio.create_task(self._pump()), asyncio.create_task(self._beat())]
        return self

    async def __aexit__(self, *exc: object) -> None:
        for leave in self._leave:
            leave()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.close()

    def close(self) -> None:
        """Let all clients go."""
        for client in tuple(self.clients):
            client.close()

    def join(self, caller: Caller = EVERYBODY) -> Client:
        """A client whose first message is everything there is for ``caller``."""
        client = Client(caller)
        # In one step with the state it was made of, so no change falls between.
        client.put(self.hello() if caller.sees(None) else self._hello_for(caller))
        self.clients.add(client)
        return client

    def leave(self, client: Client) -> None:
        self.clients.discard(client)
        self.dropped += client.dropped

    def hello(self) -> str:
        if self._hello is None:
            self._hello = self._hello_for(EVERYBODY)
        return self._hello

    def _hello_for(self, caller: Caller) -> str:
        rooms = caller.rooms(self._site.rooms)
        return Hello(
            version=self._version,
            site=site_view(self._site, self._version, self._language, rooms),
            rooms=[room_view(self._site.rooms[room], self._meeting(room)) for room in rooms],
            alarms=[each for each in self._alarms() if caller.sees(each.room)],
        ).model_dump_json()

    def tell(self, message: View) -> None:
        """Tell something that is no part of a room: how long work goes on."""
        self._hello = None
        if self.clients:
            self._send(message)

    def tell_room(self, room: Room) -> None:
        """Tell all of ``room``: it has other scenes or names than before."""
        self._touch(("room", room.name, ""))

    # What changes.

    def _parts(self) -> Iterator[Key]:
        for room in self._site.rooms.values():
            yield from (("device", room.name, name) for name in room.devices)
            yield from (("destination", room.name, name) for name in room.file.destinations)
            yield from (("microphone", room.name, name) for name in room.file.microphones)
            yield from (("pair", room.name, name) for name in room.pairs.by_name)

    def _changed(self, room: Room, change: Change) -> None:
        if change.device:
            for key in _concerned(room, change.device, change.point):
                self._touch(key)
        if change.take:
            self._touch(("run", room.name, change.take.identity))
            for pair in room.pairs.by_name.values():
                if pair.take is change.take:
                    self._touch(("pair", room.name, pair.name))
        if change.pair:
            self._touch(("pair", room.name, change.pair))

    def _noted(self, entry: Entry) -> None:
        if self.clients:
            self._send(JournalGrew(entry=entry_view(entry)))

    def _touch(self, key: Key) -> None:
        self._hello = None
        if key not in self._due:
            earliest = self._told.get(key, 0.0) + EVERY[key[0]]
            self._due[key] = max(self._clock.now(), earliest)
            self._woken.set()

    # Telling it.

    async def _pump(self) -> None:
        while True:
            now = self._clock.now()
            ready = [key for key, at in self._due.items() if at <= now + INSTANT][:BATCH]
            for key in ready:
                del self._due[key]
                self._tell(key)
            if ready:
                await self._clock.sleep(0)
            else:
                await self._wait_for_due(now)

    async def _wait_for_due(self, now: float) -> None:
        wait = min(self._due.values()) - now if self._due else None
        self._woken.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._woken.wait()

    def _tell(self, key: Key) -> None:
        kind, room, name = key
        self._told[key] = self._clock.now()
        if kind == "run":
            self._forget_ended(key)
        if not self.clients:
            return
        try:
            self._send(self._message(self._site.rooms[room], kind, name))
        except TakeError:
            return  # so many takes since that the room has forgotten it
        except Exception:
            log.exception("%s %s of %s could not be told", kind, name, room)

    def _message(self, room: Room, kind: str, name: str) -> View:
        if kind == "room":
            return RoomChanged(room=room_view(room, self._meeting(room.name)))
        return _message(room, kind, name)

    def _forget_ended(self, key: Key) -> None:
        old = [each for each in self._told if each[0] == "run" and each != key]
        for each in old:
            if self._told[key] - self._told[each] > FRESHENED:
                del self._told[each]

    def _send(self, message: View) -> None:
        text = message.model_dump_json()
        for client in tuple(self.clients):
            if client.hears(message):
                client.put(text)

    async def _beat(self) -> None:
        while True:
            await self._clock.sleep(BEAT)
            self._hello = None  # its ages are no longer true
            if not self.clients:
                continue
            self._send(Beat(at=iso(self._clock.wall())))
            for key, told in list(self._told.items()):
                if key[0] not in NOT_AGAIN and self._clock.now() - told >= FRESHENED:
                    self._touch(key)


def _concerned(room: Room, device: Device, point: Point | None) -> Iterator[Key]:
    """What of the room shows ``point``; all that the device carries when it is None."""
    yield "device", room.name, device.name
    for name, to in room.file.destinations.items():
        if to.device == device.name and (
            point is None or (isinstance(point, Output | Blank) and point.number == to.output)
        ):
            yield "destination", room.name, name
    for name, microphone in room.file.microphones.items():
        if microphone.device == device.name and (
            point is None
            or (isinstance(point, Fader | Mute | Meter) and point.channel == microphone.channel)
        ):
            yield "microphone", room.name, name


def _message(room: Room, kind: str, name: str) -> View:
    match kind:
        case "device":
            return DeviceChanged(room=room.name, device=device_view(room, name))
        case "destination":
            return DestinationChanged(room=room.name, destination=destination_view(room, name))
        case "microphone":
            return MicrophoneChanged(room=room.name, microphone=microphone_view(room, name))
        case "pair":
            return PairChanged(room=room.name, pair=pair_view(room, name))
        case _:
            return RunChanged(room=room.name, run=run_view(room, room.find(name)))

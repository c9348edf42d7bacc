"""Inspections at work: what can be read is read in the background, what must be looked at is asked of people."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from avctl.clock import Clock
from avctl.config import InspectionFile
from avctl.room import Room
from avctl.site import Site
from avctl.warmup import Text, signs_of_use
from service.jobs import GoneError, Work
from service.journal import Journal, JournalError
from service.operations.errors import ConflictError
from service.operations.inspections.checks import Check, Result
from service.operations.inspections.photos import cleaned
from service.operations.inspections.reading import Around, inspect
from service.operations.inspections.record import KIND, Inspection, Record
from service.operations.ledger import Ledger
from service.store.kept import Kept
from service.views.values import iso

log = logging.getLogger("avctl.inspections")

MOST_PHOTOS = 5  # of one thing that is looked at

# room, device (or empty), item, signs, number of the entry: opens an incident, or finds the open one.
Report = Callable[[str, str, str, str, int], Awaitable[int | None]]


class NotFoundError(KeyError):
    """There is no such inspection, or nothing of that name in it."""


async def _nobody(room: str, device: str, item: str, signs: str, seq: int) -> int | None:
    return None


class Inspections(Record):
    """Use it as an async context manager, inside that of the site: interrupted ones are taken up."""

    def __init__(
        self,
        site: Site,
        journal: Journal,
        clock: Clock,
        files: Kept,
        ledger: Ledger,
        *,
        changed: Callable[[Inspection], None] = lambda inspection: None,
        report: Report = _nobody,
        in_use: Callable[[Room], Sequence[Text]] = lambda room: (),
    ) -> None:
        """``in_use`` tells more signs that a room is in use than its devices do: a meeting that was begun."""
        super().__init__(journal)
        self._site, self._clock, self._files, self._ledger = site, clock, files, ledger
        self._file = site.file.inspection if site.file else InspectionFile()
        self._zone = ZoneInfo(site.file.timezone if site.file else "UTC")
        self._changed, self._report, self._in_use = changed, report, in_use
        self._darkroom = asyncio.Lock()  # one photo at a time is unpacked in memory
        self._reading: dict[str, asyncio.Task[None]] = {}  # by inspection

    async def __aenter__(self) -> "Inspections":
        await self.open()
        for inspection in list(self.by_identity.values()):
            if inspection.state == "reading" and inspection.room in self._site.rooms:
                self._read_in_background(inspection)
        return self

    async def __aexit__(self, *exc: object) -> None:
        tasks = list(self._reading.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.close()

    def find(self, identity: str) -> Inspection:
        """Raises NotFoundError."""
        try:
            return self.by_identity[identity]
        except KeyError:
            raise NotFoundError(identity) from None

    # Commands. All raise JournalError when what they say could not be kept.

    async def start(self, room: Room, by: str) -> Inspection:
        """Begin to inspect a room. One that people have not finished is closed as it stands.

        Raises ConflictError while the devices of the room are being read.
        """
        while before := self.under_way(room.name):  # another may begin while one is closed
            if before.state == "reading":
                raise ConflictError(f"{room.name} is being inspected")
            await self._close(before, by)
        identity = str(UUID(int=self._clock.rng.getrandbits(128), version=4))
        looks = [
            {"look": name, "title": look.title.model_dump(), "photo": look.photo}
            for name, look in self._file.look.items()
            if look.rooms == "all" or room.name in look.rooms
        ]
        data = {
            "event": "begun", "inspection": identity, "devices": list(room.devices), "looks": looks,
        }  # fmt: skip
        await self.write(KIND, data, room=room.name, by=by)
        made = self.by_identity[identity]
        self._read_in_background(made)
        self._changed(made)
        return made

    async def until_read(self, inspection: Inspection) -> None:
        """Until all its devices have been read, and incidents opened of what is wrong."""
        if task := self._reading.get(inspection.identity):
            await asyncio.wait([task])

    async def answer(
        self, inspection: Inspection, look: str, result: Result, remark: str, by: str
    ) -> None:
        """Say what was seen. The last answer closes it. Raises NotFoundError, ConflictError."""
        self._check_open(inspection, look)
        data = {"event": "answered", "look": look, "result": result.value, "remark": remark}
        seq = await self._write(inspection, by, data)
        if result is Result.FAULT:
            said = inspection.looks[look].title
            signs = f"{said['zh']} / {said['en']}" + (f": {remark}" if remark else "")
            await self._open_incident(inspection, look, "", signs, seq, by)
        if inspection.state == "open" and not inspection.open_looks:
            await self._close(inspection, by)
        self._changed(inspection)

    async def add_photo(self, inspection: Inspection, look: str, data: bytes, by: str) -> str:
        """Keep a photo of what was seen; its name. Raises NotFoundError, ConflictError, PhotoError, KeptError."""
        self._check_open(inspection, look)
        if len(inspection.looks[look].photos) >= MOST_PHOTOS:
            raise ConflictError(f"{look} has {MOST_PHOTOS} photos, which is all that it may have")
        async with self._darkroom:
            photo = await asyncio.to_thread(cleaned, data)
        name = await self._files.put(photo.data)
        more = {"photo": name, "width": photo.width, "height": photo.height}
        await self._write(inspection, by, {"event": "photo", "look": look, **more})
        self._changed(inspection)
        return name

    async def finish(self, inspection: Inspection, by: str) -> None:
        """Close it as it stands; what nobody has answered is told so. Raises ConflictError."""
        if inspection.state != "open":
            raise ConflictError(f"the inspection is {inspection.state}")
        await self._close(inspection, by)
        self._changed(inspection)

    async def do(self, work: Work) -> str:
        """The schedule's inspection: what can be read is, the rest waits for people."""
        room = self._site.rooms[work.room or ""]
        work.progress(0.0, "reading")
        made = self.under_way(room.name)
        if made is None or made.state != "reading":
            made = await self.start(room, work.by)
        return await self._follow(made, work)

    async def go_on(self, work: Work) -> str:
        """Until that is read which an earlier service began to read for this run. Raises GoneError without one."""
        since = iso(work.claimed)
        for made in self.by_identity.values():
            if made.room == work.room and made.began >= since:
                return await self._follow(made, work)
        raise GoneError("the service was stopped, and no inspection went on")

    async def _follow(self, made: Inspection, work: Work) -> str:
        while (task := self._reading.get(made.identity)) and not task.done():
            await asyncio.wait([task], timeout=5.0)
            work.progress(len(made.read) / max(1, len(made.devices)), "reading")
        told = [f"{made.counts.get(each, 0)} {each}" for each in (Result.FAULT, Result.WATCH)]
        return f"{', '.join(told)}; {len(made.open_looks)} to be looked at"

    def hindrances(self, room: Room) -> list[Text]:
        """Why cameras are left alone now."""
        return [*signs_of_use(room), *self._in_use(room)]

    # Reading.

    def _read_in_background(self, inspection: Inspection) -> None:
        task = asyncio.create_task(self._read(inspection))
        self._reading[inspection.identity] = task

    async def _read(self, inspection: Inspection) -> None:
        room = self._site.rooms[inspection.room]
        left = [name for name in inspection.devices if name not in inspection.read]
        try:
            await asyncio.gather(*(self._read_one(inspection, room, name) for name in left))
            await self._write(inspection, inspection.by, {"event": "read"})
            await self._open_incidents(inspection, room)
            if not inspection.looks:
                await self._close(inspection, inspection.by)
        except JournalError as error:
            log.error("an inspection of %s: %s", room.name, error)
        self._reading.pop(inspection.identity, None)
        self._changed(inspection)

    async def _read_one(self, inspection: Inspection, room: Room, name: str) -> None:
        last = self.last_closed(room.name)
        around = Around(
            self._file,
            self._ledger.book,
            last.began if last else "",
            self._clock.wall().astimezone(self._zone).date(),
            lambda: self.hindrances(room),
        )
        try:
            found = await inspect(room, name, around, f"{inspection.by} (inspection)")
        except Exception as error:
            log.exception("%s could not be inspected", name)
            why = f"{type(error).__name__}: {error}"
            said = {"zh": f"程序错误：{why}", "en": f"a fault in the program: {why}"}
            found = [Check(name, "link", Result.SKIPPED, said)]
        data = {"event": "checked", "device": name, "checks": [each.plain() for each in found]}
        await self._write(inspection, inspection.by, data)
        self._changed(inspection)

    async def _open_incidents(self, inspection: Inspection, room: Room) -> None:
        for check in inspection.checks or ():
            if check.result is Result.FAULT and check.item not in inspection.incidents:
                part = room.file.devices.get(check.device)
                title = part.title.zh if part and part.title else check.device
                signs = f"{title}:{check.text['zh']} / {check.text['en']}"
                await self._open_incident(
                    inspection, check.item, check.device, signs, inspection.seq, inspection.by
                )

    async def _open_incident(
        self, inspection: Inspection, item: str, device: str, signs: str, seq: int, by: str
    ) -> None:
        number = await self._report(inspection.room, device, item, signs, seq)
        if number is not None:
            await self._write(
                inspection, by, {"event": "incident", "item": item, "incident": number}
            )

    # Small parts.

    async def _close(self, inspection: Inspection, by: str) -> None:
        if inspection.state == "closed":
            return
        data = {
            "event": "closed",
            "result": inspection.result.value,
            "counts": {result.value: count for result, count in inspection.counts.items()},
            "unanswered": inspection.open_looks,
        }
        await self._write(inspection, by, data)

    async def _write(self, inspection: Inspection, by: str, data: dict[str, Any]) -> int:
        said = {"inspection": inspection.identity, **data}
        return (await self.write(KIND, said, room=inspection.room, by=by)).seq

    def _check_open(self, inspection: Inspection, look: str) -> None:
        if look not in inspection.looks:
            raise NotFoundError(look)
        if inspection.state == "closed":
            raise ConflictError("the inspection is closed")

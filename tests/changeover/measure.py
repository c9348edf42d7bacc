"""What is measured, one function a question. Each gives its samples, in seconds."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from avctl.pair import Side
from avctl.scenes.take import Take, Verdict
from tests.changeover.standing import OPEN, WINDOW, Ear, Standing, ended, standing

ROOMFUL = 25  # changeovers in one room before a new one is set up
LINE_FAULTS = ("late", "lost", "garbled", "refuses")
ON_THE_WAY = 0.4  # seconds that a changeover without a fault takes, at most
OPENING = 0.12  # seconds that one away from a dead main takes
TIE_TO_BACKUP = b"2*1"  # at the selector
UNMUTE_BACKUP = b"Level1 set mute 2 false"
OF_TALK = (b"Level1 set level 3 -9.0", b"5*2", b"3*1")  # what the other scene sends
STEADY = 8.0  # seconds after a fault: lines that are lost again and again are dialled less and less
STAYS = 5.0  # seconds after an automatic changeover in which main is well again


@dataclass(slots=True)
class Air:
    """What the far end heard of changeovers."""

    dead: list[float] = field(default_factory=list)
    double: list[float] = field(default_factory=list)
    ramps: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)  # from the tap to the backup confirmed
    wires: list[float] = field(default_factory=list)  # of a wire's time meanwhile, but the ramp's
    verdicts: Counter[str] = field(default_factory=Counter)
    wrong: int = 0  # ends at which the reported verdict and the room differ

    def __iadd__(self, other: "Air") -> "Air":
        for name in ("dead", "double", "ramps", "took", "wires"):
            getattr(self, name).extend(getattr(other, name))
        self.verdicts += other.verdicts
        self.wrong += other.wrong
        return self


async def air(times: int, *, fault: str = "", alive: bool = True, baud: int | None = None) -> Air:
    """Change over ``times`` times by hand; ``fault`` comes onto the mixer's line somewhere on the way."""
    heard = Air()
    for first in range(0, times, ROOMFUL):
        async with standing(baud=baud, seed=first) as there:
            for _ in range(min(ROOMFUL, times - first)):
                heard += await _one(there, fault, alive)
    return heard


async def _one(there: Standing, fault: str, alive: bool) -> Air:
    heard = Air()
    if not alive:
        there.kill(1)
        await asyncio.sleep(1.5)
    await asyncio.sleep(there.rng.uniform(0, 1))
    early = fault and not alive and there.rng.random() < 0.5
    if early:  # what is said first is what matters
        _set(there, fault)
    tapped = there.room.clock.now()
    ear = Ear(there)
    take = there.room.pairs.change_over("podium", Side.BACKUP, "test")
    if fault and not early:
        await asyncio.sleep(there.rng.uniform(0, ON_THE_WAY if alive else OPENING))
        _set(there, fault)
    await ended(take)
    await asyncio.sleep(0.2)
    await there.at.until_up(60)
    ear.stop()
    assert take.duration is not None
    heard.dead.append(ear.dead)
    heard.double.append(ear.double)
    heard.ramps.append(ramp(take))
    took = _backup_confirmed(take)
    heard.took.append(took)
    heard.wires.append(_wire_beside_the_ramp(there, tapped, took, take))
    heard.verdicts[str(take.verdict)] += 1
    # A confirmed changeover is one that the far end hears, a failed one is undone.
    main, backup = there.heard()
    is_good = take.verdict is Verdict.CONFIRMED
    undone = alive and not is_good and (main is None or main < OPEN - 1)
    heard.wrong += undone or (is_good and (backup is None or main is not None))
    if fault:
        await asyncio.sleep(STEADY)
    await there.open()
    return heard


def _set(there: Standing, fault: str) -> None:
    faults = there.mixer.faults
    if fault == "late":
        faults.set("late", there.rng.uniform(0.05, 0.3))
    else:
        faults.set(fault, 1.0, times=1)


def _backup_confirmed(take: Take) -> float:
    fades = [step.ended for step in take.steps if step.want.word == "cross-fade"]
    return fades[0] if fades and fades[0] is not None else take.duration or 0.0


def _wire_beside_the_ramp(there: Standing, tapped: float, took: float, take: Take) -> float:
    """Seconds for which something passed on the mixer's wire, either way, until the backup was confirmed."""
    fade = next((s.sent for s in take.steps if s.want.word == "cross-fade"), None)
    first = tapped + took if fade is None else tapped + fade
    last = first + ramp(take)
    baud = there.at.ends["mixer"].baud
    if baud is None:
        return 0.0
    return sum(
        _overlap(entry.time - 10 / baud, entry.until, begin, end)
        for entry in there.mixer.log
        for begin, end in ((tapped, first), (last, tapped + took))
    )


def _overlap(begin: float, end: float, low: float, high: float) -> float:
    return max(0.0, min(end, high) - max(begin, low))


def ramp(take: Take) -> float:
    """How long the cross-fade took, from its first byte to its last answer."""
    for step in take.steps:
        if step.want.word == "cross-fade" and step.sent is not None and step.ended is not None:
            return (step.answered or step.ended) - step.sent
    return 0.0


@dataclass(slots=True)
class Automatic:
    """What the watch did by itself. Seconds to the backup heard."""

    after_window: list[float] = field(default_factory=list)
    after_death: list[float] = field(default_factory=list)
    unlatched: int = 0  # not told as abnormal until a person resets it
    switched_back: int = 0


async def automatic(times: int) -> Automatic:
    """Main dies, the backup is heard, main comes back and nothing happens until a person resets."""
    found = Automatic()
    for first in range(0, times, ROOMFUL):
        async with standing(arm="automatic", seed=first) as there:
            for _ in range(min(ROOMFUL, times - first)):
                await _dies(there, found)
    return found


async def _dies(there: Standing, found: Automatic) -> None:
    pairs = there.room.pairs
    pair = pairs.find("podium")
    await asyncio.sleep(there.rng.uniform(2, 3))
    there.kill(1)
    died = there.room.clock.now()
    async with asyncio.timeout(10):
        await there.hears(2)
    took = there.room.clock.now() - died
    found.after_death.append(took)
    found.after_window.append(took - WINDOW)
    await ended(pair.take)
    there.deaf.clear()
    await asyncio.sleep(STAYS)
    found.unlatched += not pair.watch.latched
    found.switched_back += there.heard()[1] is None
    await there.open()
    pairs.reset("podium")


@dataclass(slots=True)
class Emergencies:
    first_byte: list[float] = field(default_factory=list)
    confirmed: list[float] = field(default_factory=list)
    failed: int = 0
    after: int = 0  # commands of the other take that came after the tap


async def emergencies(times: int) -> Emergencies:
    """The emergency with the main matrix hung, at a random moment of another take."""
    found = Emergencies()
    for first in range(0, times, ROOMFUL):
        async with standing(seed=first) as there:
            for _ in range(min(ROOMFUL, times - first)):
                await _emergency(there, found)
    return found


async def _emergency(there: Standing, found: Emergencies) -> None:
    matrix, selector = there.at.devices["matrix"], there.at.devices["selector"]
    matrix.faults.set("mute")
    await asyncio.sleep(there.rng.uniform(0, 6))
    there.room.take("talk", by="test")
    await asyncio.sleep(there.rng.choice((there.rng.uniform(0, 0.05), there.rng.uniform(0, 4))))
    tapped = there.room.clock.now()
    take = await ended(there.room.take("emergency-backup", by="test", confirmed=True))
    drives = [
        entry.time
        for log, wire in ((selector.log, TIE_TO_BACKUP), (there.mixer.log, UNMUTE_BACKUP))
        for entry in log.after(tapped, "in")
        if wire in entry.data
    ]
    found.first_byte.append(min(drives, default=float("inf")) - tapped)
    found.confirmed.append(
        max(float("inf") if step.ended is None else step.ended for step in take.steps)
    )
    found.failed += take.verdict is not Verdict.CONFIRMED
    found.after += sum(
        wire in entry.data
        for device in there.at.devices.values()
        for entry in device.log.after(tapped, "in")
        if entry.time > tapped
        for wire in OF_TALK
    )
    matrix.faults.clear()
    await asyncio.sleep(0.3)
    await there.open()
    await ended(there.room.pairs.change_over("picture", Side.MAIN, "test"))
    await asyncio.sleep(0.3)

"""Pairs at work, seen from outside: what the far end hears of them, how well their sides really are."""

from typing import Any

from avctl.pair import Side
from avctl.room import Room
from avctl.scenes.take import Take
from hw_sim.simulator import Simulator
from tests.campaign.record import Air, Record

AUTOMATIC = "automatic"  # whose takes the room's own changeovers are
FLOOR = -80.0  # dBFS under which a microphone is dead, as room files have it
NOTICED = 1.5  # seconds in which meters, polls and looks tell how a side is


class Witness:
    """One pair. `look` at it at every byte and tick; `switches` when the room takes it to a side by itself."""

    def __init__(self, name: str, room: Room, real: dict[str, Simulator], record: Record) -> None:
        self.name, self._room, self._real, self._record = name, room, real, record
        self._file = room.file.pairs[name]
        self._spoken = self._file.main in room.file.microphones
        self._bad_at: dict[Side, float] = {}
        self._well_at: dict[Side, float] = {}
        self._fit_at: dict[Side, float] = {}
        self._armed = True  # by nobody's reset since it fired last
        self._last: Air | None = None
        if self._spoken:
            record.air[name] = []
            record.mixers[name] = room.file.microphones[self._file.main].device

    def _side(self, side: Side) -> str:
        return self._file.main if side is Side.MAIN else self._file.backup

    def look(self) -> None:
        now = self._room.clock.now()
        for side in Side:
            (self._well_at if self._is_well(side) else self._bad_at)[side] = now
            if self._is_fit(side):
                self._fit_at[side] = now
        if not self._spoken:
            return
        main, backup = (self._gain(side) for side in Side)
        lives = [self._lives(side) for side in Side]
        air = Air(now, main, backup, *lives)
        before = self._last
        if before is None or (main, backup, *lives) != (
            before.main, before.backup, before.main_lives, before.backup_lives,
        ):  # fmt: skip
            self._record.air[self.name].append(air)
            self._last = air

    def reset(self) -> None:
        self._armed = True

    def switches(self, take: Take) -> None:
        """The room has begun a changeover by itself."""
        self.look()
        now, window = self._room.clock.now(), self._file.window + NOTICED
        to = Side.BACKUP if take.scene.name.endswith(Side.BACKUP) else Side.MAIN
        wrong = self._record.switched
        if not self._armed:
            wrong.append(f"{take.scene.name}: changed over again, and nobody has reset it")
        if to.other not in self._well_at:
            wrong.append(f"{take.scene.name}: {self._side(to.other)} was never well")
        if now - self._bad_at.get(to.other, float("-inf")) > window:
            wrong.append(f"{take.scene.name}: {self._side(to.other)} has nothing")
        if now - self._fit_at.get(to, float("-inf")) > window:
            wrong.append(f"{take.scene.name}: {self._side(to)} is dead itself")
        self._armed = False

    def _is_fit(self, side: Side) -> bool:
        """Whether it can be used at all."""
        up = all(self._room.devices[name].up for name in self._devices(side))
        return up and (not self._spoken or self._lives(side))

    def _is_well(self, side: Side) -> bool:
        quiet = not any(self._real[name].faults.active() for name in self._devices(side))
        return quiet and self._is_fit(side)

    def _devices(self, side: Side) -> tuple[str, ...]:
        name = self._side(side)
        if not self._spoken:
            return (name,)
        held = self._room.file.microphones[name]
        return (held.device, held.wireless.device) if held.wireless else (held.device,)

    def _lives(self, side: Side) -> bool:
        """Whether what is spoken arrives at the mixer, and before that at the receiver."""
        mixer, (_, number) = self._channel(side)
        levels = [mixer.level("Input1", number)]
        if held := self._room.file.microphones[self._side(side)].wireless:
            receiver: Any = self._real[held.device]
            levels.append(receiver.level(int(held.channel)))
        return all(level is not None and level >= FLOOR for level in levels)

    def _gain(self, side: Side) -> float | None:
        mixer, (tag, number) = self._channel(side)
        if not mixer.open(tag, number):
            return None
        return float(mixer.blocks[tag].values["level", (number,)])

    def _channel(self, side: Side) -> tuple[Any, tuple[str, int]]:
        held = self._room.file.microphones[self._side(side)]
        tag, number = held.channel.split("/")
        return self._real[held.device], (tag, int(number))

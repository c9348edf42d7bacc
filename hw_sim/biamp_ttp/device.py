"""The Tesira itself: its blocks, its presets, its sound, its time."""

from collections.abc import Mapping
from typing import ClassVar, cast

from hw_sim.biamp_ttp.blocks import Block, Index, Scalar, build
from hw_sim.biamp_ttp.presence import Presence
from hw_sim.biamp_ttp.session import Cancellable, Place, Session
from hw_sim.biamp_ttp.shipped import BLOCKS, FEEDS, PRESETS
from hw_sim.biamp_ttp.sound import FAINTEST, Sound
from hw_sim.biamp_ttp.text import Complaint
from hw_sim.simulator import Port, Simulator

METER_TICK = 0.1  # seconds between two values of a meter, at the least
NOISE = 0.3  # dB that a meter wavers around the level
LOUDEST = 36.0  # dB that a meter can show

Change = tuple[Place, Scalar]


class Tesira(Simulator):
    """A Tesira FORTE or SERVER with its running configuration.

    The protocol has no word for being busy, for a full buffer and no address on the line, so the faults ``busy``,
    ``buffer_full`` and ``wrong_address`` are without effect. A level ramps by increment and decrement only, and
    only where the design says so.
    """

    driver = "biamp_ttp"
    models = ("forte", "server")
    baud = 115200
    options: ClassVar[Mapping[str, str]] = {
        "blocks": "running configuration: instance tag → {type, channels, outputs, min, max, ...}",
        "feeds": "tag → tag that feeds it, or a list of [tag, channel] for each of its channels",
        "presets": "number → {name, set: list of [tag, attribute, index ..., value]}",
        "preset_drops_subscriptions": "whether recalling a preset forgets all subscriptions",
        "publish_lag": "seconds from a change to its publication; 0 puts it before the +OK",
        "trailing_blanks": "how many blanks follow a bare +OK",
        "serial_echo": "whether the serial port echoes as telnet does",
        "sessions": "how many telnet sessions there may be",
        "boot_seconds": "how long a reboot takes",
        "forgets_values": "whether a reboot brings back the values of the design",
        "serial_number": "what DEVICE get serialNumber answers",
    }

    def set_up(self) -> None:
        super().set_up()
        own = self.settings.get("blocks") is None
        self.blocks = build(cast("Mapping[str, object]", self.settings.get("blocks") or BLOCKS))
        feeds = self.settings.get("feeds", FEEDS if own else {})
        self.sound = Sound(self.blocks, cast("Mapping[str, object]", feeds))
        self.presets: dict[int, tuple[str, list[Change]]] = {}
        presets = self.settings.get("presets", PRESETS if own else {})
        for number, preset in cast("Mapping[int, Mapping[str, object]]", presets).items():
            sets = cast("list[list[object]]", preset.get("set", []))
            self.preset(int(number), str(preset.get("name", number)), *sets)
        self.publish_lag = float(cast("float", self.settings.get("publish_lag", 0.02)))
        self.trailing_blanks = int(cast("int", self.settings.get("trailing_blanks", 0)))
        self.serial_echo = bool(self.settings.get("serial_echo", False))
        self.serial_number = str(self.settings.get("serial_number", "05551234"))
        self._most_sessions = int(cast("int", self.settings.get("sessions", 32)))
        self._boot_seconds = float(cast("float", self.settings.get("boot_seconds", 60)))
        self.sessions: set[Session] = set()
        self.device_faults: dict[str, str] = {}
        self.audio = True
        self.last_preset: int | None = None
        self._boot: Cancellable | None = None
        self._ramps: dict[Place, Cancellable] = {}
        self._presence = Presence(self)
        self.faults.changed.append(self._faults_changed)

    def converse(self, port: Port) -> Session:
        session = Session(self, port)
        if port.kind != "tcp":
            self.sessions.add(session)
        return session

    def admits(self, session: Session) -> bool:
        """Whether a session may begin. What the device says to one too many is not documented: it hangs up."""
        full = sum(each.port.kind == "tcp" for each in self.sessions) >= self._most_sessions
        if session.port.kind == "tcp" and (full or self.starting()):
            return False
        self.sessions.add(session)
        return True

    # The room.

    def signal(self, tag: str, channel: int, level: float | None) -> None:
        """Let ``level`` dBFS arrive at a channel of an input block; None is digital silence."""
        self.sound.signal(tag, channel, level)
        self.changed()

    def level(self, tag: str, channel: int) -> float | None:
        """dBFS that leave a channel of a block; None when it is muted or has no signal."""
        return self.sound.level(tag, channel) if self.audio and self._boot is None else None

    def open(self, tag: str, channel: int) -> bool:
        """Whether a channel lets a voice through."""
        return self.audio and self._boot is None and self.sound.open(tag, channel)

    def preset(self, number: int, name: str, *sets: list[object]) -> None:
        """Store a preset: ``[tag, attribute, index ..., value]`` for each value that it sets.

        Raises ValueError when no block has such an attribute or index.
        """
        changes = []
        for tag, attribute, *index, value in sets:
            place = str(tag), str(attribute), tuple(int(cast("int", each)) for each in index)
            try:
                block = self.blocks[place[0]]
                block.check_index(block.attribute(place[1]), place[2])
                kept = block.attribute(place[1]).kind(value)
                block.check_value(place[1], kept)
            except (KeyError, Complaint) as error:
                raise ValueError(
                    f"preset {number} cannot set {tag} {attribute}: {error}"
                ) from error
            changes.append((place, kept))
        self.presets[number] = name, changes

    def truth(self) -> dict[str, object]:
        return {
            "blocks": {tag: self._state(block) for tag, block in self.blocks.items()},
            "audio": self.audio,
            "preset": self.last_preset,
            "booting": self._boot is not None,
            "faults": dict(self.device_faults),
            "sessions": len(self.sessions),
        }

    def _state(self, block: Block) -> dict[str, object]:
        listed: dict[str, object] = {}
        for (name, index), value in block.values.items():
            attribute = block.attributes[name]
            if not (attribute.fixed or attribute.each):
                listed[" ".join((name, *map(str, index)))] = value
        return listed

    # What can be read.

    def is_live(self, place: Place) -> bool:
        """Whether the value wavers by itself, as that of a meter does."""
        return place[1] == "level" and self.blocks[place[0]].design.type in ("meter", "presence")

    def meter_pause(self, interval: float) -> float:
        return max(interval, METER_TICK) * self.rng.uniform(1.0, 1.05)

    def read(self, tag: str, name: str, index: Index) -> object:
        block = self.blocks[tag]
        attribute = block.attributes[name]
        if attribute.each:
            each = block.attributes[attribute.each]
            return [block.values[attribute.each, at] for at in block.indexes(each)]
        if self.is_live((tag, name, index)):
            return self._metered(tag, *index)
        if name == "present":
            return self._presence.at(tag, *index)
        if name == "peak":
            return self.sound.clips(tag, *index)
        return block.values[name, index]

    def _metered(self, tag: str, channel: int) -> float:
        level = self.level(tag, channel)
        if level is None:
            return FAINTEST
        wavering = level + self.rng.uniform(-NOISE, NOISE)
        return round(min(max(wavering, FAINTEST), LOUDEST), 6)

    # What changes.

    def put(self, tag: str, name: str, index: Index, value: object) -> None:
        """Set a value, from wherever, and publish it. Ends a ramp of it."""
        if ramp := self._ramps.pop((tag, name, index), None):
            ramp.cancel()
        self.blocks[tag].put(name, index, cast("Scalar", value))
        self.changed()

    def step(self, tag: str, name: str, index: Index, amount: float) -> None:
        """Raise or lower a value as far as its limits; over time where the design says so."""
        block = self.blocks[tag]
        attribute = block.attributes[name]
        target = float(block.number(name, *index)) + amount
        target = attribute.kind(min(max(target, attribute.low), attribute.high))
        if name == "level" and block.flag("useRamping", *index):
            self._ramp((tag, name, index), target)
        else:
            self.put(tag, name, index, target)

    def _ramp(self, place: Place, target: float) -> None:
        tag, name, index = place
        block = self.blocks[tag]
        stride = block.number("rampStep", *index)
        level = block.number(name, *index)
        ahead = min(max(target, level - stride), level + stride)
        self.put(tag, name, index, ahead)
        if ahead != target:
            pause = block.number("rampInterval", *index) / 1000
            self._ramps[place] = self.clock.later(pause, lambda: self._ramp(place, target))

    def recall(self, number: int) -> None:
        """Recall a preset. Raises Complaint when there is none of this number."""
        if number not in self.presets:
            raise Complaint(f"no preset {number}")  # no document gives a text for this
        if self.settings.get("preset_drops_subscriptions"):
            for session in self.sessions:
                session.forget()
        self.last_preset = number
        for place, value in self.presets[number][1]:
            self.put(*place, value)

    def recall_by_name(self, name: str) -> None:
        for number, (known, _) in self.presets.items():
            if known == name:
                self.recall(number)
                return
        raise Complaint(f"no preset {name}")  # no document gives a text for this

    def start_audio(self) -> None:
        self.audio = True
        self.changed()

    def fail(self, fault: str, text: str) -> None:
        """Put a fault on the active fault list, as ``FAULT_DANTE_FLOW_INACTIVE``."""
        self.device_faults[fault] = text

    def heal(self, fault: str) -> None:
        self.device_faults.pop(fault, None)

    def changed(self) -> None:
        """See who is present now, and let every session publish what it must."""
        self._presence.look()
        self.publish()

    def publish(self) -> None:
        for session in list(self.sessions):
            session.changed()

    # Power.

    def starting(self) -> bool:
        """Whether the device boots, or a fault has it so."""
        return self.faults.strikes("rebooting") or self._boot is not None

    def restart_soon(self) -> None:
        """Reboot by command: the acknowledgement still goes out."""
        self.clock.later(0.1, self.reboot)

    def reboot(self) -> None:
        for timer in [*self._ramps.values(), *([self._boot] if self._boot else [])]:
            timer.cancel()
        self._boot = self.clock.later(self._boot_seconds, self._ready)
        self._ramps.clear()
        self._presence.forget()
        self.audio = True
        if self.settings.get("forgets_values"):
            self.last_preset = None
            for block in self.blocks.values():
                block.restart()
        self._hang_up()

    def _hang_up(self) -> None:
        for session in list(self.sessions):
            session.restart()
            if session.port.kind == "tcp":
                self.sessions.discard(session)

    def _faults_changed(self) -> None:
        if self.faults.on("rebooting") and not self.faults.counted("rebooting"):
            self._hang_up()

    def _ready(self) -> None:
        self._boot = None
        self.changed()

    # What a person does at Biamp's own software or at a wall panel.

    def press_mute(self, tag: str, channel: int, on: bool) -> None:
        if not isinstance(on, bool):
            raise ValueError(f"a mute is true or false, not {on!r}")
        self._press(tag, "mute", channel, on)

    def press_level(self, tag: str, channel: int, db: float) -> None:
        self._press(tag, "level", channel, float(db))

    def press_preset(self, id: int) -> None:
        try:
            self.recall(id)
        except Complaint as complaint:
            raise ValueError(str(complaint)) from complaint

    def _press(self, tag: str, name: str, channel: int, value: bool | float) -> None:
        if tag not in self.blocks or (name, (channel,)) not in self.blocks[tag].values:
            raise ValueError(f"no {name} {channel} at {tag!r}")
        try:
            self.blocks[tag].check_value(name, value)
        except Complaint as complaint:
            raise ValueError(str(complaint)) from complaint
        self.put(tag, name, (channel,), value)

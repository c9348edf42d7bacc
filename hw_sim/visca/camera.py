"""A VISCA camera: when it listens, what it answers, and how long things take.

Source: protocol digest "VISCA", sections 1 to 4 and 7.

Faults: busy and buffer_full are 60 03, refuses is 6y 41, ignores is ACK and Completion without effect, rebooting
hangs up and is silent, wrong_address answers as the next camera.
"""

from collections import deque
from functools import partial
from typing import ClassVar

from hw_sim.simulator import Conversation, Port, Simulator
from hw_sim.visca import wire
from hw_sim.visca.body import ON, Body, Pose, Preset
from hw_sim.visca.commands import COMMANDS
from hw_sim.visca.inquiries import INQUIRIES
from hw_sim.visca.knobs import OPTIONS, Knobs
from hw_sim.visca.lines import Line, Peer
from hw_sim.visca.models import MODELS
from hw_sim.visca.modes import allows
from hw_sim.visca.power import Power
from hw_sim.visca.presets import recalling
from hw_sim.visca.quirks import AnswerQuirks, DeviceQuirks, LineQuirks
from hw_sim.visca.sockets import ALL, PAN_TILT, ZOOM, Caller, Move
from hw_sim.visca.table import Refused, find, not_executable, syntax_error
from hw_sim.visca.wire import END, reply
from hw_sim.visca.work import Work

QUEUE = 32  # messages that wait for their cycle
IF_CLEAR = b"\x01\x00\x01"
POWER_ON = b"\x01\x04\x00\x02"
POWER_INQUIRY = b"\x09\x04\x00"


class ViscaCamera(Simulator):
    driver: ClassVar[str] = "visca"
    models: ClassVar[tuple[str, ...]] = tuple(MODELS)
    baud: ClassVar[int] = 9600
    options = OPTIONS

    def set_up(self) -> None:
        super().set_up()
        self.features = MODELS[self.model]
        knobs = Knobs(self.settings)
        self.line = LineQuirks(knobs, self.features)
        self.answers = AnswerQuirks(knobs, self.features)
        self.quirks = DeviceQuirks(knobs, self.features)
        self.reply_port = self.line.reply_port
        self.latency = self.features.latency
        self.address = self.quirks.address or 1
        self.body = Body(self.features, self.clock)
        self.body.menu = self.quirks.menu_open
        self.power = Power(self.body, self.clock, self.quirks)
        self.work = Work(self.body, self.clock, self.rng, self.answers, self._say)
        self.boots = 0
        self._lines: dict[Line, Caller] = {}
        self._waiting: deque[tuple[bytes, Caller]] = deque()
        self._cycle = 0.0  # when the next message can be taken
        self._datagrams = 0
        self._tcp_closed_until = 0.0

    # Connections.

    def converse(self, port: Port) -> Conversation:
        if port.kind == "udp" and self.line.header:
            return Peer(self, port)
        return Line((self,), port)

    def join(self, line: Line, caller: Caller) -> None:
        self._lines[line] = caller

    def leave(self, line: Line) -> None:
        self._lines.pop(line, None)

    def takes_client(self) -> bool:
        """Whether a TCP client that comes now may stay."""
        clients = sum(line.port.kind == "tcp" for line in self._lines)
        full = self.line.max_clients is not None and clients >= self.line.max_clients
        return (
            not full and self.power.state != "boot" and self.clock.now() >= self._tcp_closed_until
        )

    def takes_datagram(self) -> bool:
        self._datagrams += 1
        hung = self.line.hang_after is not None and self._datagrams > self.line.hang_after
        return not hung and self.power.state != "boot" and not self.chance(self.line.loss)

    def is_silent(self) -> bool:
        return self.answers.no_replies or self.faults.on("rebooting")

    def chance(self, probability: float) -> bool:
        return probability > 0 and self.rng.random() < probability

    def tell_all_clients(self, frame: bytes) -> None:
        for line in self._lines:
            if line.port.kind == "tcp":
                line.say(frame)

    def _hang_up(self) -> None:
        for line in tuple(self._lines):
            line.port.close()

    # Messages come in, one a cycle.

    def pass_on(self, frame: bytes) -> bytes:
        """Obey a broadcast, and give what goes to the next camera of the chain."""
        message = frame[1:-1]
        if self.power.state == "boot":
            return frame
        if len(message) == 2 and message[0] == 0x30:
            return self._take_address(frame)
        if message == IF_CLEAR:
            self.work.forget_callers()
        else:
            self.hear(frame, Caller("serial", lambda _: None, lambda: None))
        return frame

    def _take_address(self, frame: bytes) -> bytes:
        number = frame[2]
        if not 1 <= number <= 7:
            return frame
        self.address = self.quirks.address or number
        return bytes((*frame[:2], number + 1, END))

    def answers_broadcast(self) -> bool:
        return self.power.state != "boot" and not self.is_silent()

    def hear(self, frame: bytes, caller: Caller) -> None:
        """Take a frame that is for this camera."""
        if self.power.state == "boot" or self.chance(self.quirks.drop_rate):
            return
        if self.faults.strikes("rebooting"):
            caller.hang_up()
            return
        if len(self._waiting) >= QUEUE:
            if frame[1:2] != b"\x09":
                self._error(caller, 0, wire.BUFFER_FULL)
            return
        now = self.clock.now()
        at = max(now + self.latency, self._cycle)
        self._cycle = at + self.features.slot
        self._waiting.append((frame, caller))
        self.clock.later(at - now, partial(self._take_next, self.boots))

    def _take_next(self, boots: int) -> None:
        if boots != self.boots or not self._waiting:
            return
        frame, caller = self._waiting.popleft()
        try:
            self._take(frame, caller)
        except Refused as refused:
            self._refuse(caller, refused.code)
        if self.chance(self.answers.spurious):
            self.clock.later(0.2, partial(self._err_for_nothing, caller))

    def _err_for_nothing(self, caller: Caller) -> None:
        if not self._waiting and not any(self.work.sockets):
            self._error(caller, 0, wire.SYNTAX_ERROR)

    def _take(self, frame: bytes, caller: Caller) -> None:
        longest = max(16, 7 + self.features.pan_width + self.features.tilt_width)
        if frame[-1] != END or not 3 <= len(frame) <= longest:
            raise Refused(wire.LENGTH_ERROR)
        message = frame[1:-1]
        if any(message.startswith(prefix) for prefix in self.quirks.unsupported):
            raise syntax_error()
        if len(message) == 1 and message[0] >> 4 == 2:
            self._cancel(message[0] & 0x0F, caller)
        elif message == IF_CLEAR:
            self.work.forget_callers()
            self._say(caller, 0x50)
        elif message[0] == 0x09:
            self._inquire(message, caller)
        else:
            self._command(message, caller)

    def _inquire(self, message: bytes, caller: Caller) -> None:
        function, arguments = find(INQUIRIES, message, self.features)
        if message != POWER_INQUIRY:
            self.power.polled()
        self._check_mode(message)
        self._say(caller, 0x50, *function(self, *arguments))

    def _command(self, message: bytes, caller: Caller) -> None:
        function, arguments = find(COMMANDS, message, self.features)
        if message == POWER_ON and caller.kind != "serial" and not self.quirks.ip_power_on:
            return
        if self.faults.strikes("busy") or self.faults.strikes("buffer_full"):
            raise Refused(wire.BUFFER_FULL)
        self._check_mode(message)
        if self.faults.strikes("refuses"):
            raise not_executable()
        socket = self.work.sockets.free()
        if socket is None:
            raise Refused(wire.BUFFER_FULL)
        ignored = self.faults.strikes("ignores")
        move = None if ignored else function(self, *arguments)
        self.work.start(move, caller, socket)

    def _check_mode(self, message: bytes) -> None:
        if not allows(self, message):
            raise not_executable()

    def _cancel(self, socket: int, caller: Caller) -> None:
        try:
            self.work.cancel(socket)
        except Refused as refused:
            if refused.code != wire.NO_SOCKET:
                raise
            digit = socket if self.features.own_error_socket else 0
            self._error(caller, digit, wire.NO_SOCKET)
        else:
            self._error(caller, socket, wire.CANCELLED)

    # Answers.

    def _refuse(self, caller: Caller, code: int) -> None:
        socket = 0
        if code == wire.NOT_EXECUTABLE:
            own = self.work.sockets.free() or 0
            socket = {"own": own, "random": self.rng.randrange(16)}.get(
                self.answers.error_socket, 0
            )
        self._error(caller, socket, code)

    def _error(self, caller: Caller, socket: int, code: int) -> None:
        self._say(caller, 0x60 | socket & 0x0F, code)

    def _say(self, caller: Caller, *content: int) -> None:
        if self.answers.no_replies or self.power.state == "boot":
            return
        address = self.address if caller.address is None else caller.address
        if self.answers.address is not None:
            address = self.answers.address
        if self.faults.strikes("wrong_address"):
            address = address % 7 + 1
        caller.say(reply(address & 7, *content))

    def switch_off(self) -> Move | None:
        if self.line.closed_in_standby and self.power.state == "on":
            self._tcp_closed_until = self.clock.now() + self.line.closed_in_standby
            self.clock.later(0.1, self._close_tcp)
        return self.power.switch_off()

    def _close_tcp(self) -> None:
        for line in tuple(self._lines):
            if line.port.kind == "tcp":
                line.port.close()

    def status_word(self) -> int:
        starting = self.work.initialises()
        motion = 1 if self.body.head.moving else self.work.outcome
        prepared = 1 if starting else 0 if self.power.state == "standby" else 2
        if starting:
            motion = 0
        return prepared << 12 | motion << 10 | self.body.head.ends()

    # What people do.

    def press_preset(self, number: int) -> None:
        """Recall a preset (the number on the wire) with the remote control."""
        if self._remote_works() and not self.body.menu:
            self.work.start(recalling(self, number))
            self._tell(0x04, 0x3F)

    def press_drive(self, pan: float, tilt: float) -> None:
        """Turn to these degrees, + right and + up, with the remote control."""
        if self._remote_works() and not self.body.menu:
            speeds = self.body.pan_speed(0x14), self.body.tilt_speed(0x10)
            self.work.start(Move(PAN_TILT, (lambda: self.body.turn(pan, tilt, *speeds),)))
            self._tell(0x06, 0x01)

    def press_zoom(self, zoom: float) -> None:
        """Zoom to this part, 0 to 1, of the optical range with the remote control."""
        if self._remote_works():
            target = zoom * self.features.optical
            self.work.start(Move(ZOOM, (lambda: self.body.zoom_to(target),)))
            self._tell(0x04, 0x07)

    def press_power(self) -> None:
        """Switch between on and standby with the remote control."""
        if self.body.infrared and self.power.state in ("on", "standby"):
            off = self.power.state == "on"
            self.work.start(self.switch_off() if off else self.power.switch_on())
            self._tell(0x04, 0x00)

    def press_menu(self) -> None:
        """Open or close the menu with the remote control."""
        if self._remote_works():
            self.body.menu = not self.body.menu

    def _remote_works(self) -> bool:
        return self.body.infrared and self.power.state == "on"

    def _tell(self, *key: int) -> None:
        if self.body.tells_infrared:
            self._announce(0x07, 0x7D, 0x01, *key)

    def _announce(self, *content: int) -> None:
        for line, caller in self._lines.items():
            if line.port.kind != "udp":
                self._say(caller, *content)

    # Mains.

    def reboot(self) -> None:
        self.boots += 1
        self.power.state = "boot"
        self._waiting.clear()
        self._cycle = 0.0
        self._datagrams = 0
        self.work.lose_all()
        self.body.halt(ALL)
        self.body.start()
        self.address = self.quirks.address or 1
        self._hang_up()
        self.clock.later(self.quirks.boot_time, partial(self._come_up, self.boots))

    def _come_up(self, boots: int) -> None:
        if boots != self.boots:
            return
        self.power.state = "init"
        for line, caller in self._lines.items():
            if line.port.kind == "serial":
                self._say(caller, 0x38)
            elif line.port.kind == "tcp" and self.answers.network_change_on_tcp:
                caller.say(reply(0, 0x38))
        self.work.start(self.power.start_up())

    # What is so.

    @property
    def presets(self) -> dict[int, Preset]:
        return self.body.memory.presets

    def store(self, number: int, pan_degrees: float, tilt_degrees: float, zoom: float) -> None:
        """Have a preset, by its number on the wire: degrees, + right and + up, and 0 to 1 of the optical range."""
        units = round(zoom * self.features.optical)
        self.presets[number] = Preset(float(pan_degrees), float(tilt_degrees), units)

    def pose(self) -> Pose:
        return self.body.pose(on=self.power.state in ("on", "init"))

    def truth(self) -> dict[str, object]:
        body = self.body
        return {
            "power": {"init": "starting"}.get(self.power.state, self.power.state),
            "pan": body.head.pan.position,
            "tilt": body.head.tilt.position,
            "zoom": round(body.zoom.position),
            "focus": round(body.focus.position),
            "fov": self.features.field_of_view(body.zoom.position),
            "moving": body.moving,
            "sockets": self.work.sockets.in_use(),
            "last_recalled": body.last_recalled,
            "presets": sorted(self.presets),
            "tally": {lamp: body.lit(lamp) for lamp in ("red", "green", "yellow")},
            "menu": body.menu,
            "freeze": body.values.get("freeze") == ON
            or (body.memory.hides_recall == ON and self.work.recalls()),
            "flip": body.head.flipped,
            "address": self.address,
            "picture": dict(body.values),
        }

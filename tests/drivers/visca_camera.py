"""A scripted VISCA camera in memory: it goes to its presets in a second, and misbehaves as told."""

import asyncio

from avctl.drivers.visca.wire import nibbles, number
from avctl.testing import Script
from avctl.transport import Resync

POWER, VERSION, ZOOM, POSITION = "0400", "0002", "0447", "0612"


class Camera(Script):
    """``head``, ``lens``: where it is. ``presets``: where they look. Overwrite what it ``does``."""

    def __init__(self, header: bool = False, resync: Resync = Resync.CLOSE) -> None:
        super().__init__(resync=resync)
        self.header = header
        self.on = True
        self.head, self.lens = (0, 0), 0
        self.presets: dict[int, tuple[tuple[int, int], int]] = {}
        self.takes = 1.0  # seconds for a move
        self.ack: bytes | None = b"\x90\x41\xff"
        self.completes = True
        self.late = False  # acknowledges recalls with their Completion
        self.ignores = False  # accepts recalls and does nothing
        self.loses: list[bytes] = []  # messages not taken notice of, once each
        self.mute: list[bytes] = []  # messages whose answer is lost, once each
        self.answers: dict[str, bytes | None] = {}  # to inquiries
        self.rejects: dict[bytes, bytes] = {}  # commands, with what is said
        self.last_recalled = 0x7F
        self.said: list[bytes] = []  # what came, without headers
        self._known: dict[bytes, int] = {}

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        head, frame = (data[:8], data[8:]) if self.header else (b"", data)
        if frame == b"\x01":
            self._known.clear()
            self.say(bytes.fromhex("020100010000000001"))
            return
        if frame in self.loses:
            self.loses.remove(frame)
            return
        if head and head in self._known:
            self.say(b"\x02\x00\x00\x02" + head[4:] + b"\x0f\x01")
            return
        self._known[head] = 1
        self.said.append(frame)
        answer = self._answer(frame, head)
        if frame in self.mute:
            self.mute.remove(frame)
        elif answer:
            self.reply(answer, head)

    def reply(self, frame: bytes, head: bytes = b"") -> None:
        envelope = b"\x01\x11" + len(frame).to_bytes(2) + head[4:8] if self.header else b""
        self.say(envelope + frame)

    def _answer(self, frame: bytes, head: bytes) -> bytes | None:
        if frame[:2] == b"\x88\x30":
            return b"\x88\x30\x02\xff"
        if frame[:2] == b"\x88\x01":
            return frame
        if frame in self.rejects:
            return self.rejects[frame]
        if frame[1] == 0x09:
            return self._inquired(frame[2:-1].hex())
        if frame[1:3] == b"\x01\x04":
            return self._commanded(frame, head)
        return self.ack

    def _inquired(self, question: str) -> bytes | None:
        if question in self.answers:
            return self.answers[question]
        answer = {
            POWER: b"\x02" if self.on else b"\x03",
            VERSION: b"\x00\x01\x05\x13\x00\x00\x02",
            ZOOM: nibbles(self.lens, 4),
            POSITION: nibbles(self.head[0], 4) + nibbles(self.head[1], 4),
            "043f": bytes([self.last_recalled]),
            "0438": b"\x02",
        }.get(question)
        return b"\x90\x50" + answer + b"\xff" if answer else b"\x90\x60\x02\xff"

    def _commanded(self, frame: bytes, head: bytes) -> bytes | None:
        if frame[3] == 0x00:
            self.on = frame[4] == 0x02
        if frame[3] == 0x47:
            self.lens = number(frame[4:8])
        if frame[3:5] == b"\x3f\x02":
            return self._recall(frame[5], head)
        return self.ack

    def _recall(self, code: int, head: bytes) -> bytes | None:
        if self.ignores:
            return self.ack
        self.last_recalled = code
        later = asyncio.get_running_loop().call_later
        if code in self.presets:
            (pan, tilt), lens = self.presets[code]
            start = self.head
            steps = round(self.takes / 0.05)
            for step in range(1, steps + 1):
                part = step / steps
                at = (
                    round(start[0] + (pan - start[0]) * part),
                    round(start[1] + (tilt - start[1]) * part),
                )
                later(self.takes * part, self._stand, at, lens)
        if self.late:
            later(self.takes, self.reply, b"\x90\x41\xff\x90\x51\xff", head)
            return None
        if self.completes:
            later(self.takes, self.reply, b"\x90\x51\xff", head)
        return self.ack

    def _stand(self, head: tuple[int, int], lens: int) -> None:
        self.head, self.lens = head, lens


class Chain(Script):
    """Cameras one behind the other on a serial line."""

    def __init__(self, *cameras: Camera) -> None:
        super().__init__(resync=Resync.DRAIN)
        self.cameras = cameras
        for place, camera in enumerate(cameras, 1):
            camera.reply = lambda frame, head=b"", place=place: self._reply(place, frame)  # type: ignore[method-assign, misc]

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        if data[:2] == b"\x88\x30":
            self.say(bytes([0x88, 0x30, 1 + len(self.cameras), 0xFF]))
        elif data[:1] == b"\x88":
            self.say(data)
        elif (place := data[0] & 0x07) <= len(self.cameras):
            self.cameras[place - 1]._hear(b"\x81" + data[1:])

    def _reply(self, place: int, frame: bytes) -> None:
        for one in frame.split(b"\xff")[:-1]:
            self.say(bytes([0x80 + (place << 4)]) + one[1:] + b"\xff")

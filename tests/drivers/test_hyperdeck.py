"""The HyperDeck driver against the lines of its document, and in conversations in virtual time."""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.display import Input, InputSignal, Selecting
from avctl.capabilities.health import Condition, Fault
from avctl.capabilities.recorder import (
    Clips,
    Medium,
    Motion,
    Recorder,
    Recording,
    Slot,
    TimeLeft,
    Transport,
)
from avctl.clock import Clock
from avctl.device import link
from avctl.drivers.hyperdeck import HyperDeck, commands
from avctl.drivers.hyperdeck.progress import Progress
from avctl.drivers.hyperdeck.told import (
    Clip,
    ClipCount,
    ClipsAre,
    ConfigurationIs,
    DeviceIs,
    Done,
    Rebooting,
    RemoteIs,
    SlotIs,
    TransportIs,
)
from avctl.drivers.hyperdeck.wire import Decoder, Event, Refused, Reply, fields
from avctl.errors import NoAnswerError, RefusedError
from avctl.testing import Script
from avctl.transport import parse_address
from avctl.wire import Command, Message, Tagged, Unknown

LINES = {
    line["name"].removeprefix("hyperdeck_"): line
    for line in json.loads(
        (Path(__file__).parents[1] / "transcripts" / "hyperdeck.json").read_text()
    )
}
HEARD = [name for name, line in LINES.items() if line["direction"] == "from_device"]
WHOLE = [name for name in HEARD if name != "format_ready_old"]


def data(name: str) -> bytes:
    line = LINES[name]
    return bytes.fromhex(line["hex"]) if "hex" in line else line["ascii"].encode()


def decoded(*chunks: bytes) -> list[Message | Tagged]:
    decoder = Decoder()
    return [message for chunk in chunks for message in decoder.feed(chunk)]


def one(name: str) -> Message:
    (said,) = decoded(data(name))
    assert isinstance(said, Message)
    return said


def named(*kinds: str) -> list[str]:
    return [name for name in HEARD if LINES[name]["meaning"]["type"] in kinds]


# What it says.


@pytest.mark.parametrize("name", named("error"))
def test_a_refusal_is_one_and_says_what_to_do_about_it(name):
    meaning = LINES[name]["meaning"]
    assert one(name) == Refused(meaning["code"], meaning["text"])
    assert str(meaning["code"]) in str(one(name))


@pytest.mark.parametrize("name", named("transport"))
def test_a_transport_is_told_by_its_own_keys(name):
    meaning, said = LINES[name]["meaning"], one(name)
    if meaning["code"] == 508:
        assert isinstance(said, Event)
        told = fields(said.lines)
        assert not commands.read_transport().is_answered_by(said)
    else:
        assert commands.read_transport().is_answered_by(said)
        told = commands.read_transport().means(said).told
        assert TransportIs(told).is_recording == (meaning["status"] == "record")
    assert told["status"] == meaning["status"]
    if "timecode" in meaning:
        assert told["timecode"] == meaning["timecode"]
        assert told["slot id"] == str(meaning["slot"] or "none")


@pytest.mark.parametrize("name", named("slot"))
def test_a_slot_is_told_with_what_fits_onto_it(name):
    meaning, said = LINES[name]["meaning"], one(name)
    assert isinstance(said, Reply | Event)
    told = fields(said.lines)
    assert (told["slot id"], told["status"]) == (str(meaning["slot"]), meaning["status"])
    assert told.get("recording time") == (
        str(meaning["seconds_left"]) if "seconds_left" in meaning else None
    )
    if isinstance(said, Reply):
        assert commands.read_slot(meaning["slot"]).means(said) == SlotIs(meaning["slot"], told)


def test_other_answers_mean_what_the_document_says():
    answers: dict[str, tuple[Command, Message]] = {
        "device_info": (
            commands.read_device(),
            DeviceIs("HyperDeck Studio Pro", "1.8", "7c2e0d021714", None),
        ),
        "clips_count": (commands.count_clips(), ClipCount(4)),
        "configuration": (commands.read_configuration(), ConfigurationIs("SDI")),
        "clips_info": (
            commands.list_clips(),
            ClipsAre(
                (
                    Clip(1, "ROOM1 0001", "00:00:00:00", "00:10:00:00"),
                    Clip(2, "ROOM1 0002", "00:10:00:00", "00:00:30:12"),
                )
            ),
        ),
        "clips_empty": (commands.list_clips(), ClipsAre(())),
        "ok": (commands.stop(), Done()),
        "rebooting": (commands.select_input("SDI"), Rebooting()),
    }
    for name, (command, meaning) in answers.items():
        assert command.is_answered_by(one(name)), name
        assert command.means(one(name)) == meaning
    assert commands.count_clips().means(one("clips_empty")) == ClipCount(0)
    assert commands.read_remote().means(one("remote_off")).is_off


def test_remote_is_off_only_where_it_says_so_and_nothing_overrides_it():
    assert not RemoteIs({}).is_off
    assert not RemoteIs({"enabled": "true", "override": "false"}).is_off
    assert not RemoteIs({"enabled": "false", "override": "true"}).is_off


def test_a_clip_of_the_first_protocol_has_no_start():
    (said,) = decoded(b"205 clips info:\r\nclip count: 1\r\n1: A B 00:00:01:00\r\n\r\n")
    assert commands.list_clips().means(said) == ClipsAre((Clip(1, "A B", "", "00:00:01:00"),))


def test_an_event_never_answers_and_never_refuses_what_is_under_way():
    event, answer = decoded(data("async_before_ok"))
    assert isinstance(event, Event)
    assert not commands.record().is_answered_by(event)
    assert isinstance(answer, Reply)
    assert commands.record().is_answered_by(answer)


@pytest.mark.parametrize("code", [215, 217, 299])
def test_a_reply_that_nobody_knows_ends_the_command(code):
    (said,) = decoded(f"{code} something\r\n".encode())
    assert isinstance(said, Reply)
    assert said.refuses(commands.stop())
    assert not commands.stop().is_answered_by(said)
    assert str(code) in str(said)


def test_broken_and_blank_lines_are_left_out():
    assert decoded(data("blank_line_first")) == [
        Reply(200, "ok"),
        Unknown(b"200ok"),
        Reply(200, "ok"),
    ]
    assert decoded(data("multiple_replies")) == [Reply(200, "ok")] * 3


def test_a_token_of_old_firmware_costs_no_other_reply():
    assert decoded(data("format_ready_new")) == [Reply(216, "format ready", ("tgf66k",))]
    assert decoded(data("format_ready_old"), b"\r\n", data("ok")) == [
        Reply(216, "format ready"),
        Reply(200, "ok"),
    ]
    assert decoded(data("format_ready_old"), data("ok")) == [
        Reply(216, "format ready"),
        Reply(200, "ok"),
    ]


def test_a_lost_empty_line_costs_one_message():
    cut = data("transport_record").removesuffix(b"\r\n")
    assert decoded(cut, data("ok"), data("ok")) == [Reply(200, "ok")] * 2


# What we say.


SAID: dict[str, Command] = {
    "device_info_query": commands.read_device(),
    "transport_query": commands.read_transport(),
    "slot_query_2": commands.read_slot(2),
    "notify_on_multiline": commands.notify(),
    "remote_query": commands.read_remote(),
    "remote_override": commands.override(True),
    "configuration_query": commands.read_configuration(),
    "record": commands.record(),
    "record_named": commands.record("ROOM1"),
    "stop": commands.stop(),
    "preview_on": commands.preview(True),
    "watchdog": commands.watch(6),
}
# The poll is the heartbeat; the rest is not done.
NOT_SAID = {
    "ping", "ping_lf", "quit", "notify_on_single", "configuration_set_video", "play_example",
    "slot_select_example", "goto_clip", "client_multiline",
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_each_command_is_sent_as_the_document_has_it(name):
    assert SAID[name].wire == data(name)


def test_nothing_that_the_document_has_is_left_out_unseen():
    to_device = {name for name, line in LINES.items() if line["direction"] == "to_device"}
    assert to_device == SAID.keys() | NOT_SAID


def test_commands_of_the_table_of_the_document_have_its_form():
    assert commands.spill(2).wire == b"record spill: slot id: 2\r\n"
    assert commands.select_slot(2).wire == b"slot select: slot id: 2\r\n"
    assert commands.select_input("sdi").wire == b"configuration: video input: SDI\r\n"
    assert commands.identify(False).wire == b"identify: enable: false\r\n"
    assert commands.count_clips().wire == b"clips count\r\n"
    assert commands.list_clips().wire == b"clips get\r\n"


def test_nothing_here_formats_a_medium():
    source = inspect.getsource(commands)
    assert "format:" not in source
    assert "prepare" not in source
    assert "confirm" not in source


@pytest.mark.parametrize(
    "name", ["a b", "a\r\nstop", "a\nstop", "a: slot id: 2", "x" * 65, "讲台", "a:"]
)
def test_no_name_smuggles_a_command(name):
    with pytest.raises(ValueError, match="a name has"):
        commands.record(name)


# Whatever comes.


@given(st.lists(st.sampled_from(WHOLE)), st.data())
def test_any_cut_gives_the_same_messages(names, draw):
    stream = b"".join(map(data, names))
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(stream)))))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert decoded(*chunks) == decoded(stream)


@given(st.lists(st.binary(max_size=300)))
def test_garbage_is_unknown_or_nothing(chunks):
    for message in decoded(*chunks):
        assert isinstance(message, Message)


@given(
    st.lists(
        st.sampled_from(
            [
                "200",
                "508",
                "216",
                " ok",
                " format ready",
                ":",
                "status: ",
                "record",
                "\r\n",
                "\n",
                "x",
            ]
        )
    )
)
def test_words_in_any_order_raise_nothing(words):
    for said in decoded("".join(words).encode()):
        if isinstance(said, Reply | Event):
            fields(said.lines)


def test_endless_lines_and_messages_do_not_pile_up():
    decoder = Decoder()
    said = [message for _ in range(100) for message in decoder.feed(b"x" * 500)]
    assert all(isinstance(message, Unknown) and len(message.data) <= 4096 for message in said)
    decoder = Decoder()
    list(decoder.feed(b"208 transport info:\r\n"))
    said = [message for _ in range(10000) for message in decoder.feed(b"key: value\r\n")]
    assert said
    assert list(decoder.feed(b"\r\n200 ok\r\n"))[-1] == Reply(200, "ok")


# Progress.


def test_a_recording_runs_once_its_time_code_was_seen_to_move():
    progress = Progress()
    assert progress.hear(False, "00:00:00:00", 0.0) is False
    assert progress.hear(True, None, 1.0) is None
    assert progress.hear(True, "00:00:00:00", 1.1) is None
    assert progress.hear(True, "00:00:00:00", 1.4) is None
    assert progress.hear(True, "00:00:00:01", 1.7) is True
    assert progress.hear(True, None, 1.8) is True
    assert progress.hear(True, "00:00:00:01", 2.0) is True
    assert progress.hear(True, "00:00:00:01", 2.8) is None
    assert progress.hear(True, "00:00:00:02", 3.0) is True
    assert progress.hear(False, "00:00:00:02", 4.0) is False
    assert progress.hear(True, "00:00:00:09", 5.0) is None


def test_a_recording_of_before_says_nothing_of_one_after_a_new_connection():
    progress = Progress()
    progress.hear(True, "00:00:00:00", 0.0)
    progress.forget()
    assert progress.hear(True, "00:00:09:00", 9.0) is None


# In conversation.


class Deck(Script):
    """It records onto two media; its time code runs with the clock of the loop while it does."""

    def __init__(self, **transport: str) -> None:
        super().__init__(greeting=data("banner"))
        self.transport = {
            "status": "preview", "slot id": "1", "timecode": "00:00:00:00", "clip id": "none"
        } | transport  # fmt: skip
        self.slots = {
            1: {"status": "mounted", "volume name": "A", "recording time": "7200"},
            2: {"status": "empty"},
        }
        self.remote = {"enabled": "true", "override": "false"}
        self.input = "SDI"
        self.clips = 0
        self.extra = ""  # of device info
        self.runs = True  # whether its time code moves
        self.refuses_with: dict[str, str] = {}
        self.event_first = b""
        self.said: list[str] = []

    def _hear(self, wire: bytes) -> None:
        if not wire:
            return
        self.sent.append(wire)
        text = wire.decode().strip()
        self.said.append(text)
        if text in self.refuses_with:
            self.say(self.refuses_with[text].encode() + b"\r\n")
        else:
            self.say(self.event_first + self._answer(text).encode())

    def _answer(self, text: str) -> str:
        name, _, rest = text.partition(":")
        match name:
            case "device info":
                return block(204, "device info", model="HyperDeck Studio Mini",
                             protocol_version="1.11", unique_id="7c2e") .replace(
                                 "\r\n\r\n", f"\r\n{self.extra}\r\n")  # fmt: skip
            case "transport info":
                if self.transport["status"] == "record" and self.runs:
                    frames = int(asyncio.get_running_loop().time() * 25)
                    self.transport["timecode"] = (
                        f"00:{frames // 1500:02d}:{frames // 25 % 60:02d}:{frames % 25:02d}"
                    )
                return block(208, "transport info", **self.transport)
            case "slot info":
                number = int(rest.rpartition(":")[2])
                if number not in self.slots:
                    return "109 out of range\r\n"
                return block(202, "slot info", slot_id=str(number), **self.slots[number])
            case "remote" if rest:
                self.remote["override"] = rest.rpartition(": ")[2]
            case "remote":
                return block(210, "remote info", **self.remote)
            case "configuration" if rest:
                self.input = rest.rpartition(": ")[2]
            case "configuration":
                return block(211, "configuration", video_input=self.input)
            case "clips count":
                return block(214, "clips count", clip_count=str(self.clips))
            case "record":
                self.transport["status"] = "record"
            case "stop":
                self.clips += self.transport["status"] == "record"
                self.transport["status"] = "preview"
        return "200 ok\r\n"


def block(code: int, title: str, **values: str) -> str:
    lines = "".join(f"{key.replace('_', ' ')}: {value}\r\n" for key, value in values.items())
    return f"{code} {title}:\r\n{lines}\r\n"


@asynccontextmanager
async def running(box: Deck, wait: bool = True, **settings: Any) -> AsyncIterator[HyperDeck]:
    clock = Clock()
    device = HyperDeck("recorder", HyperDeck.Settings(**settings), clock)
    line = link([device], parse_address("tcp://deck:9993"), clock, box.dial)
    task = asyncio.create_task(line.run())
    try:
        if wait:
            await until(device, lambda: device.up)
        yield device
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(device: HyperDeck, wanted: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not wanted():
            await device.clock.sleep(0.05)


def reported(device: HyperDeck) -> dict[str, Any]:
    return {point.key: reading.value for point, reading in device.state.items()}


@pytest.mark.virtual
async def test_everything_a_deck_tells_is_there_when_it_is_up():
    box = Deck()
    async with running(box) as device:
        assert reported(device) == {
            "transport": Motion.PREVIEW,
            "recording": False,
            "slot/1": Medium.MOUNTED,
            "time_left/1": 7200,
            "slot/2": Medium.EMPTY,
            "time_left/2": 0,
            "fault/medium": Condition.GOOD,
            "clips": 0,
            "input": "SDI",
        }
        assert device.identity["model"] == "HyperDeck Studio Mini"
        assert (device.identity["serial"], device.identity["protocol"]) == ("7c2e", "1.11")
        assert isinstance(device, Recorder)
        assert isinstance(device, Selecting)
        assert data("notify_on_multiline") in box.sent
        assert "watchdog: period: 10" in box.said


@pytest.mark.virtual
async def test_a_deck_is_asked_more_often_than_its_watchdog_wants():
    box = Deck()
    async with running(box, watchdog=3) as device:
        at: list[float] = []
        device.link.tap = lambda sign, data: at.append(device.clock.now())
        await asyncio.sleep(30)
        assert max(b - a for a, b in pairwise(at)) < 2


@pytest.mark.virtual
@pytest.mark.parametrize(("extra", "slots"), [("slot count: 1\r\n", 1), ("slot count: 3\r\n", 3)])
async def test_as_many_slots_are_asked_for_as_it_says_it_has(extra, slots):
    box = Deck()
    box.extra = extra
    async with running(box):
        assert [text for text in box.said if text.startswith("slot info")] == [
            f"slot info: slot id: {number}" for number in range(1, slots + 1)
        ]


@pytest.mark.virtual
async def test_a_recording_is_believed_when_its_time_code_moves_and_not_before():
    box = Deck()
    async with running(box) as device:
        await Recording.drive(device, {Recording(): True})
        assert device.state[Recording()].value is False
        box.runs = False
        for _ in range(3):
            await device.read([Recording()])
            assert device.state[Recording()].value is None
            assert device.state[Transport()].value is Motion.RECORDING
            await asyncio.sleep(0.3)
        box.runs = True
        await device.read([Recording()])
        assert device.state[Recording()].value is True
        box.runs = False
        await asyncio.sleep(5)
        assert device.state[Recording()].value is None


@pytest.mark.virtual
async def test_a_recording_that_runs_is_not_started_again_and_none_is_not_stopped():
    box = Deck()
    async with running(box) as device:
        await device.record(False)
        assert "stop" not in box.said
        await device.record(True, "ROOM1")
        await device.record(True)
        assert [text for text in box.said if text.startswith("record")] == ["record: name: ROOM1"]


@pytest.mark.virtual
async def test_a_recording_that_was_ended_is_counted_soon():
    box = Deck()
    async with running(box) as device:
        await device.record(True)
        await device.record(False)
        await asyncio.sleep(1.1)
        assert device.state[Clips()].value == 1
        assert device.state[Recording()].value is False


@pytest.mark.virtual
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("104 disk full", "nothing more fits"),
        ("105 no disk", "no medium"),
        ("110 no input", "no signal"),
        ("111 remote control disabled", "press REM"),
        ("150 invalid state", "not in what it does now"),
        ("217 surprise", "217"),
    ],
)
async def test_why_it_does_not_record_is_told_in_words(answer, words):
    box = Deck()
    box.refuses_with["record"] = answer
    async with running(box) as device:
        with pytest.raises(RefusedError, match=words):
            await device.record(True)


@pytest.mark.virtual
async def test_a_deck_whose_rem_is_off_is_left_alone_and_says_so():
    box = Deck()
    box.remote["enabled"] = "false"
    async with running(box) as device:
        with pytest.raises(RefusedError, match="press REM at its front panel, or set `override`"):
            await device.record(True)
        assert "record" not in box.said
        assert "remote: override: true" not in box.said
        assert "REM" in (await device.findings())[0].todo_en
        box.remote["enabled"] = "true"
        box.say(block(510, "remote info", enabled="true").encode())
        await asyncio.sleep(0.1)
        await device.record(True)


@pytest.mark.virtual
async def test_a_deck_whose_rem_is_off_is_overridden_where_that_is_the_policy():
    box = Deck()
    box.remote["enabled"] = "false"
    async with running(box, override=True) as device:
        assert "remote: override: true" in box.said
        await device.record(True)
        assert box.said[-1] == "record"
        box.remote["override"] = "false"
        box.said.clear()
        box.say(block(510, "remote info", **box.remote).encode())
        await asyncio.sleep(2)
        assert "remote: override: true" in box.said


@pytest.mark.virtual
async def test_events_between_a_command_and_its_answer_are_news_and_no_answer():
    box = Deck()
    async with running(box) as device:
        box.event_first = block(508, "transport info", status="record").encode()
        await device.record(True)
        assert device.state[Transport()].value is Motion.RECORDING
        assert device.state[Recording()].value is None


@pytest.mark.virtual
async def test_events_that_tell_only_what_changed_are_merged():
    box = Deck(status="stopped")
    async with running(box) as device:
        device.refresh_every = 1000
        await asyncio.sleep(2)
        box.say(block(508, "transport info", status="record").encode())
        box.say(block(508, "transport info", timecode="00:00:00:01").encode())
        box.say(block(508, "transport info", timecode="00:00:00:05").encode())
        box.say(block(502, "slot info", slot_id="1", recording_time="7000").encode())
        await asyncio.sleep(0.1)
        assert device.state[Recording()].value is True
        assert device.state[Slot(1)].value is Medium.MOUNTED
        box.say(block(502, "slot info", slot_id="2", status="mounting").encode())
        box.say(block(502, "slot info", slot_id="1", status="error").encode())
        box.say(block(511, "configuration", video_input="HDMI").encode())
        await asyncio.sleep(0.1)
        told = reported(device)
        assert (told["slot/1"], told["slot/2"]) == (Medium.FAULT, Medium.MOUNTING)
        assert (told["time_left/1"], told["fault/medium"]) == (0, Condition.FAULT)
        assert told["input"] == "HDMI"


@pytest.mark.virtual
async def test_a_medium_that_runs_down_is_not_told_with_every_event():
    box = Deck()
    async with running(box) as device:
        device.refresh_every = 1000
        await asyncio.sleep(2)
        told: list[Any] = []
        device.subscribe(lambda device, point: told.append(point))
        for left in range(7199, 7100, -1):
            box.say(block(502, "slot info", slot_id="1", recording_time=str(left)).encode())
            await asyncio.sleep(1)
        assert 5 <= told.count(TimeLeft(1)) <= 12
        box.slots[1]["recording time"] = "7000"
        await device.read([TimeLeft(1)])
        assert device.state[TimeLeft(1)].value == 7000


@pytest.mark.virtual
async def test_what_happens_at_the_deck_unannounced_is_found():
    box = Deck()
    async with running(box) as device:
        box.transport |= {"status": "play"}
        box.slots[2] = {"status": "mounted", "recording time": "36000"}
        box.clips, box.input = 3, "HDMI"
        await asyncio.sleep(8)
        told = reported(device)
        assert (told["transport"], told["recording"]) == (Motion.PLAYING, False)
        assert (told["slot/2"], told["time_left/2"]) == (Medium.MOUNTED, 36000)
        assert (told["clips"], told["input"]) == (3, "HDMI")


@pytest.mark.virtual
async def test_each_point_is_read_by_its_own_question():
    box = Deck()
    async with running(box) as device:
        for points, asked in (
            ([Recording(), Transport()], ["transport info"]),
            ([Slot(2), TimeLeft(2)], ["slot info: slot id: 2"]),
            ([Fault("medium")], ["slot info: slot id: 1", "slot info: slot id: 2"]),
            ([Clips(), Input()], ["clips count", "configuration"]),
        ):
            before, at = len(box.said), device.clock.now()
            await device.read(points)
            assert box.said[before:] == asked
            assert all(device.state[point].at >= at for point in points)


@pytest.mark.virtual
async def test_an_input_is_selected_and_read_back():
    box = Deck()
    async with running(box) as device:
        await Input.drive(device, {Input(): "hdmi"})
        assert box.said[-1] == "configuration: video input: HDMI"
        assert device.state[Input()].value == "SDI"
        await device.read([Input()])
        assert device.state[Input()].value == "HDMI"
        with pytest.raises(ValueError, match="an input is one of"):
            await device.select("SDI audio input: XLR")


@pytest.mark.virtual
async def test_a_signal_is_told_where_the_firmware_tells_it():
    async with running(Deck()) as device:
        assert InputSignal() not in device.state
    async with running(Deck(**{"input video format": "none"})) as device:
        assert device.state[InputSignal()].value is False
        assert any("no signal" in finding.en for finding in await device.findings())
    async with running(Deck(**{"input video format": "1080p25"})) as device:
        assert device.state[InputSignal()].value is True


@pytest.mark.virtual
async def test_what_would_keep_it_from_recording_is_found():
    box = Deck()
    async with running(box) as device:
        assert await device.findings() == []
        box.slots[1]["recording time"] = "1799"
        assert ["29 minutes" in finding.en for finding in await device.findings()] == [True]
        box.slots[1] = {"status": "error"}
        assert [finding.about for finding in await device.findings()] == ["medium", "medium"]


@pytest.mark.virtual
async def test_a_restart_for_a_change_of_settings_is_told_as_one():
    box = Deck()
    box.refuses_with["configuration: video input: HDMI"] = "213 deck rebooting"
    async with running(box) as device:
        await device.select("HDMI")
        box.refuses = True
        box.hang_up()
        await until(device, lambda: not device.up)
        assert "restarts" in device.reason
        await asyncio.sleep(30)
        box.refuses = False
        await until(device, lambda: device.up)


@pytest.mark.virtual
async def test_a_preview_is_never_switched_while_it_records():
    box = Deck()
    async with running(box) as device:
        await device.preview(True)
        assert box.said[-1] == "preview: enable: true"
        await device.record(True)
        for on in (True, False):
            with pytest.raises(RefusedError, match="it records"):
                await device.preview(on)


@pytest.mark.virtual
async def test_slots_that_it_does_not_have_are_not_sent():
    box = Deck()
    async with running(box) as device:
        await device.slot(2)
        await device.spill(1)
        assert box.said[-2:] == ["slot select: slot id: 2", "record spill: slot id: 1"]
        for attempt in (device.slot(3), device.spill(0), device.slot(-1)):
            with pytest.raises(ValueError, match="slots 1 to 2"):
                await attempt


@pytest.mark.virtual
async def test_a_deck_that_another_controller_has_is_told_as_that_and_tried_seldom():
    box = Deck()
    box.greeting = data("rejected")
    async with running(box, wait=False) as device:
        await until(device, lambda: "another controller" in device.reason)
        await asyncio.sleep(25)
        assert box.dials == 1
        box.greeting = data("banner")
        await until(device, lambda: device.up)


@pytest.mark.virtual
async def test_what_does_not_say_what_it_is_is_no_deck():
    box = Deck()
    box.greeting = b""
    async with running(box, wait=False) as device:
        await until(device, lambda: "does not say what it is" in device.reason)
        assert box.said == []


@pytest.mark.virtual
async def test_a_lost_answer_to_a_recording_is_not_sent_again():
    box = Deck()
    async with running(box) as device:
        box.refuses_with["record"] = ""
        with pytest.raises(NoAnswerError):
            await device.record(True)
        await asyncio.sleep(10)
        assert box.said.count("record") == 1


@pytest.mark.virtual
async def test_everything_is_said_anew_on_a_new_connection():
    box = Deck()
    box.remote["enabled"] = "false"
    async with running(box, override=True) as device:
        box.said.clear()
        box.remote["override"] = "false"
        box.hang_up()
        await until(device, lambda: box.dials == 2 and device.up)
        assert {"remote: override: true", "watchdog: period: 10"} <= set(box.said)
        assert any(text.startswith("notify:") for text in box.said)


def test_verbs_have_methods():
    for verb in HyperDeck.verbs:
        assert callable(getattr(HyperDeck, f"verb_{verb}", None) or getattr(HyperDeck, verb))

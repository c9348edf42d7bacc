"""The CORIOmaster driver against the lines of its document, and in conversations over a line in memory."""

import asyncio
import inspect
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from avctl.capabilities.wall import Layout, Wall, WindowSource
from avctl.clock import Clock
from avctl.device import link
from avctl.drivers.coriomaster import CorioMaster, commands
from avctl.drivers.coriomaster.settling import Settling
from avctl.drivers.coriomaster.wire import (
    LONGEST_REPLY,
    MOST_LINES,
    Event,
    Foreign,
    Greeting,
    Info,
    LayoutsListed,
    Ready,
    Refused,
    Reply,
    ReplyDecoder,
    Spoilt,
)
from avctl.errors import LinkDownError, NoAnswerError, RefusedError
from avctl.testing import Script
from avctl.transport import Address, Receiver, Stream, parse_address
from avctl.wire import LONGEST_MESSAGE, Command, Message, Tagged, Unknown

LINES = {
    line["name"]: line
    for line in json.loads(
        (Path(__file__).parents[1] / "transcripts" / "coriomaster.json").read_text()
    )
}
pytestmark = pytest.mark.virtual


def data(name: str) -> bytes:
    return str(LINES[name]["ascii"]).encode()


def decoded(*chunks: bytes, greets: bool = True) -> list[Message | Tagged]:
    decoder = ReplyDecoder(greets)
    return [message for chunk in chunks for message in decoder.feed(chunk)]


# What the device says.


def window(number: int) -> tuple[tuple[str, str], ...]:
    at = f"Window{number}"
    return (
        (f"{at}.FullName", at),
        (f"{at}.Alias", "NULL"),
        (f"{at}.Input", f"Slot3.In{number}"),
        (f"{at}.Canvas", "Canvas1"),
        (f"{at}.CanWidth", "1280"),
        (f"{at}.CanHeight", "720"),
    )


LISTED = "Routing.Preset.PresetList"
SAYS: dict[str, list[Message]] = {
    "banner": [
        Greeting("CORIOmaster - CORIOmax"),
        Ready(),
        Greeting("Please login. Use 'login(username,password)'"),
    ],
    "login_rep": [Info("User admin Logged In")],
    "take_query_rep": [Reply("Preset.Take", (("Preset.Take", "1"),))],
    "presetlist_empty_rep": [Reply(f"{LISTED}()")],
    "presetlist_full_rep": [
        Reply(
            f"{LISTED}()",
            (
                (f"{LISTED}[1]", "Sharing-Standard,Canvas1,0"),
                (f"{LISTED}[2]", "Standard-4-Screen,Canvas1,0"),
                (f"{LISTED}[3]", "Standard-10-Screen,Canvas1,0"),
                (f"{LISTED}[11]", "Clear,Canvas1,0"),
            ),
        )
    ],
    "windows_empty_rep": [Reply("Windows")],
    "windows_rep": [Reply("Windows", (("Windows.Window1", "<...>"), ("Windows.Window2", "<...>")))],
    "canvases_empty_rep": [Reply("Canvases")],
    "layouts_empty_rep": [Reply("Layouts")],
    "window1_rep": [Reply("Window1", window(1))],
    "window2_rep": [Reply("Window2", window(2))],
    "serial_rep": [Reply("CORIOmax.Serial_Number", (("CORIOmax.Serial_Number", "2218031005149"),))],
    "sw_rep": [
        Reply("CORIOmax.Software_Version", (("CORIOmax.Software_Version", "V1.30701.P4 Master"),))
    ],
    "take1_rep": [Reply("Preset.Take", (("Preset.Take", "1"),))],
    "win1_set_s3in1_rep": [Reply("Window1.Input", (("Window1.Input", "Slot3.In1"),))],
    "win1_set_s1in1_rep": [Reply("Window1.Input", (("Window1.Input", "Slot1.In1"),))],
    "win2_set_s1in2_rep": [Reply("Window2.Input", (("Window2.Input", "Slot1.In2"),))],
    "reset_rep": [Info("Rebooting...")],
}


@pytest.mark.parametrize(
    "name", [name for name, line in LINES.items() if line["direction"] == "from_device"]
)
def test_each_answer_of_the_document_says_what_it_means(name):
    assert decoded(data(name)) == SAYS[name]


ASKED: dict[str, Callable[[], Command[Any]]] = {
    "login_req": lambda: commands.log_in("admin", "adminpw"),
    "take_query_req": commands.read_taken,
    "presetlist_empty_req": commands.list_layouts,
    "windows_empty_req": commands.list_windows,
    "window1_req": lambda: commands.read_window(1),
    "window2_req": lambda: commands.read_window(2),
    "serial_req": lambda: commands.identities()[0],
    "sw_req": lambda: commands.identities()[1],
    "take1_req": lambda: commands.take(1),
    "take11": lambda: commands.take(11),
    "win1_set_s3in1_req": lambda: commands.put(1, "Slot3.In1"),
    "win1_input_query": lambda: commands.read_source(1),
    "win1_set_s1in1_req": lambda: commands.put(1, "Slot1.In1"),
    "win2_set_s1in2_req": lambda: commands.put(2, "Slot1.In2"),
    "reset_req": commands.reset,
    "win_show": lambda: commands.stack(1, commands.SHOWN),
    "win_hide": lambda: commands.stack(1, commands.HIDDEN),
}


@pytest.mark.parametrize("name", ASKED)
def test_each_command_is_written_as_in_the_document(name):
    said, written = ASKED[name]().wire, data(name)
    # Paths have no case: the document asks "window1", we ask as the device answers.
    assert (said.lower() if name in ("window1_req", "window2_req") else said) == written


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("window1_req", "window1_rep"), ("take1_req", "take1_rep"), ("reset_req", "reset_rep")],
)
def test_the_answer_of_the_document_is_known_as_the_answer(asked, answered):
    (said,) = decoded(data(answered))
    assert isinstance(said, Message)
    assert ASKED[asked]().is_answered_by(said)


def test_done_is_compared_without_case_and_another_path_is_no_answer():
    question = commands.read_window(1)
    assert question.is_answered_by(Reply("WINDOW1"))
    assert not question.is_answered_by(Reply("Window11"))
    assert not question.is_answered_by(Reply("Window1.Input"))


def test_an_event_inside_a_reply_does_not_end_it():
    said = decoded(
        b"Window1.Input = A\r\n!Event : moved\r\nWindow1.CanWidth = 3\r\n!Done Window1\r\n"
    )
    assert said == [
        Event("moved"),
        Reply("Window1", (("Window1.Input", "A"), ("Window1.CanWidth", "3"))),
    ]


def test_a_value_is_what_follows_the_first_equals_sign():
    (said,) = decoded(b"Window1.Alias = a = b=c\r\nWindow1.Note =\r\n!Done Window1\r\n")
    assert said == Reply("Window1", (("Window1.Alias", "a = b=c"), ("Window1.Note", "")))


@pytest.mark.parametrize("line", ["!Error -42 : no such thing", "!Failed : x", "!Error –3 : dash"])
def test_an_error_refuses_and_leaves_nothing_of_its_reply(line):
    said = decoded(f"Windows.Window1 = <...>\r\n{line}\r\n!Done Windows\r\n".encode())
    assert said == [Refused(line), Reply("Windows")]


def test_a_reply_with_a_damaged_line_is_spoilt_for_its_own_question_only():
    (_, said) = decoded(
        b"\x9fX\x01Windows.Window1 = <...>\r\nWindows.Window2 = <...>\r\n!Done Windows\r\n",
        greets=False,
    )
    assert said == Spoilt("Windows")
    assert isinstance(said, Spoilt)
    assert said.refuses(commands.list_windows())
    assert not said.refuses(commands.read_taken())
    assert commands.take(2).is_answered_by(Spoilt("Preset.Take"))
    assert commands.put(1, "Slot1.In1").is_answered_by(Spoilt("window1.input"))
    assert said.wait is not None


def test_odd_lines_and_names_in_any_script_spoil_nothing():
    said = decoded(
        "W.Big name = x\r\nsome text\r\nW.Alias = 大屏\r\n!Done W\r\n".encode(), greets=False
    )
    assert said == [Unknown(b"some text"), Reply("W", (("W.Big name", "x"), ("W.Alias", "大屏")))]


def test_what_came_before_a_command_is_no_part_of_its_reply():
    decoder = ReplyDecoder(greets=False)
    assert list(decoder.feed(b"W.old = 1\r\n")) == []
    decoder.frame(commands.read_taken())
    assert list(decoder.feed(b"W.new = 2\r\n!Done W\r\n")) == [Reply("W", (("W.new", "2"),))]


def test_another_product_is_known_by_its_greeting():
    assert decoded(b"F041041024F000291??\r") == [Foreign("F041041024F000291??")]


def test_names_of_layouts_may_have_blanks_and_commas():
    (said,) = decoded(f"{LISTED}[4]=Big, with = sign,Canvas1,0\r\n!Done {LISTED}()\r\n".encode())
    assert commands.list_layouts().means(said) == LayoutsListed(((4, "Big, with = sign"),))


@pytest.mark.parametrize("value", ["NULL", "", "0", "-1", "Off", "1 2", "9" * 400])
def test_a_layout_that_is_no_number_is_none(value):
    (said,) = decoded(f"Preset.Take = {value}\r\n!Done Preset.Take\r\n".encode())
    assert commands.read_taken().means(said).number is None


WHOLE = b"".join(data(name) for name in SAYS) + b"!Event x\r\n!Error -1 : no\r\n"


@st.composite
def cuts(draw: Any, whole: bytes) -> list[bytes]:
    at = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    return [whole[a:b] for a, b in zip([0, *at], [*at, len(whole)], strict=True)]


@given(cuts(WHOLE))
def test_any_cut_of_the_bytes_gives_the_same_messages(chunks):
    assert decoded(*chunks) == decoded(WHOLE)


noise = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([*b"!Done Event/=.Window1[]\r\n\xff"]), max_size=300).map(bytes),
)


@given(st.lists(noise, max_size=8), st.booleans())
def test_garbage_is_survived_and_forgotten_by_the_next_reply(chunks, greets):
    decoder = ReplyDecoder(greets)
    for chunk in chunks:
        assert all(isinstance(said, Message) for said in decoder.feed(chunk))
    list(decoder.feed(b"\r\n!Done x\r\n"))
    assert list(decoder.feed(data("take1_rep")))[-1] == SAYS["take1_rep"][0]


@given(cuts(b"a" * (3 * LONGEST_MESSAGE) + b"\r\n!Done Windows\r\n"))
def test_a_reply_with_a_line_too_long_is_no_reply(chunks):
    said = decoded(*chunks)
    assert [type(message) for message in said] == [Unknown, Spoilt]


@pytest.mark.parametrize(
    "line", [b"W.a = 1\r\n" * (MOST_LINES + 1), (b"W.a = %s\r\n" % (b"x" * 8000)) * 200]
)
def test_a_reply_beyond_its_bounds_is_no_reply_and_the_next_one_is_whole(line):
    decoder = ReplyDecoder(greets=False)
    assert list(decoder.feed(line)) == []
    assert sum(len(value) for _, value in decoder._lines) <= LONGEST_REPLY
    assert list(decoder.feed(b"!Done W\r\n")) == [Spoilt("W")]
    assert list(decoder.feed(b"W.a = 1\r\n!Done W\r\n")) == [Reply("W", (("W.a", "1"),))]


# When a wall has settled.


def judge(settle_time: float = 3.0) -> Settling:
    judge = Settling({}, settle_time)
    judge.hear_taken(1, 0.0)
    return judge


def told(judge: Settling, now: float, *widths: int) -> int | None:
    """A whole round at once. Gives the layout that the wall has settled on."""
    judge.begin_round(tuple(range(len(widths))), now)
    for number, width in enumerate(widths):
        judge.hear_window(number, (("canwidth", str(width)), ("input", "A")), now)
    return judge.layout


def test_two_rounds_that_differ_settle_nothing():
    wall = judge()
    assert [told(wall, 10, 1, 2), told(wall, 20, 1, 3), told(wall, 30, 1, 3)] == [None, None, 1]


def test_two_rounds_at_one_moment_prove_nothing():
    wall = judge()
    assert [told(wall, 10, 1), told(wall, 10.05, 1), told(wall, 10.2, 1)] == [None, None, 1]


def test_a_round_begun_before_a_recall_does_not_count_after_it():
    wall = judge()
    told(wall, 10, 1, 2)
    wall.begin_round((0, 1), 11)
    wall.hear_window(0, (("canwidth", "1"),), 11)
    wall.recall(2, 11.1)
    assert not wall.hear_window(1, (("canwidth", "2"),), 11.2)
    assert [told(wall, 20, 1, 2), told(wall, 21, 1, 2)] == [None, 2]


def test_what_follows_the_window_list_twice_is_one_round():
    wall = judge()
    told(wall, 10, 1)
    wall.begin_round((0, 1), 11)
    assert not wall.hear_window(0, (("canwidth", "1"),), 11)
    assert not wall.hear_window(0, (("canwidth", "2"),), 11)
    assert wall.hear_window(1, (("canwidth", "1"),), 11)


def test_an_edited_wall_shows_no_layout_however_long_it_stands():
    wall = judge()
    wall.recall(2, 0)
    told(wall, 10, 1)
    assert told(wall, 11, 1) == 2
    wall.edit()
    assert [told(wall, at, 7) for at in (20, 60, 100)] == [None, None, None]


def test_an_edit_that_puts_a_source_right_does_not_settle_the_layout_under_way():
    wall = Settling({2: {0: "B"}}, 3.0)
    wall.hear_taken(1, 0.0)

    def shows(source: str, now: float) -> int | None:
        wall.begin_round((0,), now)
        wall.hear_window(0, (("input", source), ("zorder", "1")), now)
        return wall.layout

    shows("A", 10)
    wall.recall(2, 11.0)
    wall.edit()
    assert [shows("B", at) for at in (11.1, 11.3, 14.1)] == [None, None, 2]


def test_an_edit_just_before_a_recall_does_not_tell_the_layout_from_what_stood_before():
    wall = Settling({2: {0: "B"}}, 3.0)
    wall.hear_taken(1, 0.0)

    def shows(source: str, now: float) -> int | None:
        wall.begin_round((0,), now)
        wall.hear_window(0, (("input", source), ("zorder", "1")), now)
        return wall.layout

    shows("A", 10)
    wall.edit()
    wall.recall(2, 11.0)
    assert [shows("B", at) for at in (11.1, 11.3, 14.1)] == [None, None, 2]


def shows(wall: Settling, now: float, *windows: tuple[str, int]) -> int | None:
    """A whole round at once of sources and widths. Gives the layout that the wall has settled on."""
    wall.begin_round(tuple(range(len(windows))), now)
    for number, (source, width) in enumerate(windows):
        look = (("canwidth", str(width)), ("input", source), ("zorder", "1"))
        wall.hear_window(number, look, now)
    return wall.layout


def test_a_layout_is_told_apart_only_once_each_of_its_windows_has_turned():
    wall = Settling({2: {0: "B", 1: "C"}}, 3.0)
    wall.hear_taken(1, 0.0)
    shows(wall, 10, ("A", 9), ("C", 9))
    wall.recall(2, 11.0)
    assert [shows(wall, at, ("B", 5), ("C", 9)) for at in (11.1, 11.3, 11.5)] == [None] * 3
    assert [shows(wall, at, ("B", 5), ("C", 4)) for at in (12.1, 12.3)] == [None, 2]


def test_a_layout_asked_for_before_another_has_landed_is_told_apart_by_nothing_seen_before():
    wall = Settling({2: {0: "B"}, 3: {0: "B"}}, 3.0)
    wall.hear_taken(1, 0.0)
    shows(wall, 10, ("A", 9))
    wall.ask(2, 11.0)
    wall.recall(2, 11.0)
    wall.ask(3, 11.5)
    wall.recall(3, 11.5)
    assert [shows(wall, at, ("B", 5)) for at in (11.6, 11.8, 14.6)] == [None, None, 3]


def test_a_wall_lands_from_the_asking_until_it_has_settled_whatever_is_answered():
    wall = judge()
    wall.ask(2, 10)
    assert wall.is_landing
    wall.start(11)  # the line was lost before an answer
    wall.hear_taken(2, 11)
    told(wall, 11.1, 1)
    told(wall, 11.3, 1)
    assert wall.is_landing
    assert told(wall, 14.1, 1) == 2
    assert not wall.is_landing


def test_a_layout_refused_leaves_the_wall_as_it_was():
    wall = judge()
    wall.ask(2, 10)
    wall.spare()
    assert not wall.is_landing


def test_a_wall_whose_window_was_put_anew_has_landed_when_the_others_show_the_layout():
    wall = Settling({2: {0: "B", 1: "C"}}, 3.0)
    wall.hear_taken(1, 0.0)
    wall.ask(2, 10.0)
    wall.recall(2, 10.0)
    wall.edit([0])
    for at in (10.1, 10.3, 13.5, 13.7):
        shows(wall, at, ("X", 9), ("A", 9))
        assert wall.is_landing
    shows(wall, 14.0, ("X", 9), ("C", 9))
    shows(wall, 14.2, ("X", 9), ("C", 9))
    assert not wall.is_landing
    assert wall.layout is None


def test_an_edited_wall_of_which_nothing_is_known_shows_no_layout():
    wall = judge()
    wall.edit()
    assert [told(wall, 20, 1), told(wall, 60, 1)] == [None, None]
    wall.recall(1, 60)
    assert [told(wall, 70, 1), told(wall, 80, 1)] == [None, 1]


def test_a_wall_found_otherwise_than_learnt_teaches_nothing():
    wall = judge()
    wall.recall(2, 0)
    told(wall, 10, 1)
    assert told(wall, 11, 1) == 2
    wall.start(100)
    wall.hear_taken(2, 100)
    assert [told(wall, at, 7) for at in (110, 140, 170)] == [None, None, None]
    assert [told(wall, 180, 1), told(wall, 181, 1)] == [None, 2]


def test_a_layout_that_leaves_a_window_as_it_was_is_late_once():
    wall = judge()

    def seconds_to_settle(number: int, at: float, *widths: int) -> float:
        wall.recall(number, at)
        tenths = (tenth for tenth in range(10, 400) if told(wall, at + tenth / 10, *widths))
        return next(tenths) / 10

    assert seconds_to_settle(1, 100, 1, 5) == 3.0
    assert seconds_to_settle(2, 200, 2, 6) == 3.0
    assert seconds_to_settle(1, 300, 1, 6) == 20.0
    assert seconds_to_settle(2, 400, 2, 6) < 1.3
    assert seconds_to_settle(1, 500, 1, 9) < 1.3


# Conversations.

PASSWORD = "adminpw"
LOGIN = data("login_req")


class WallScript(Script):
    """A wall with two layouts, whose windows follow only when ``turn`` is called."""

    LAYOUTS: dict[int, dict[int, str]] = {  # noqa: RUF012 - never changed
        1: {1: "Slot3.In1", 2: "Slot3.In2"},
        2: {1: "Slot1.In1"},
        11: {},
    }

    def __init__(self, greeting: bytes = data("banner")) -> None:
        super().__init__({}, greeting)
        self.taken = 1
        self.shown = dict(self.LAYOUTS[1])
        self.lags = False  # whether the windows wait for `turn`
        self.lines = {
            LOGIN: data("login_rep"),
            b"Preset.Take\r\n": lambda: b"Preset.Take = %d\r\n!Done Preset.Take\r\n" % self.taken,
            b"Windows\r\n": self._windows,
            data("presetlist_empty_req"): data("presetlist_full_rep"),
            data("serial_req"): data("serial_rep"),
            data("sw_req"): data("sw_rep"),
        }
        for number in (1, 2):
            self.lines[b"Window%d\r\n" % number] = lambda n=number: self._window(n)
            self.lines[b"Window%d.Input\r\n" % number] = lambda n=number: self._source(n)
            for source in ("Slot3.In1", "Slot1.In2"):
                wire = f"Window{number}.Input = {source}\r\n".encode()
                self.lines[wire] = lambda n=number, s=source: self._put(n, s)
        for number in (1, 2, 3, 11):
            self.lines[b"Preset.Take = %d\r\n" % number] = lambda n=number: self.take(n)

    def take(self, number: int) -> bytes:
        self.taken = number
        if not self.lags:
            self.turn()
        return b"Preset.Take = %d\r\n!Done Preset.Take\r\n" % number

    def turn(self) -> None:
        self.shown = dict(self.LAYOUTS.get(self.taken, {}))

    def _windows(self) -> bytes:
        lines = "".join(f"Windows.Window{number} = <...>\r\n" for number in self.shown)
        return f"{lines}!Done Windows\r\n".encode()

    def _window(self, number: int) -> bytes:
        if number not in self.shown:
            return b"!Error -7 : no such window\r\n"
        at = f"Window{number}"
        return f"{at}.Input = {self.shown[number]}\r\n{at}.CanWidth = 9\r\n!Done {at}\r\n".encode()

    def _source(self, number: int) -> bytes:
        if number not in self.shown:
            return b"!Error -7 : no such window\r\n"
        at = f"Window{number}.Input"
        return f"{at} = {self.shown[number]}\r\n!Done {at}\r\n".encode()

    def _put(self, number: int, source: str) -> bytes:
        self.shown[number] = source
        return self._source(number)


class Told(CorioMaster):
    """Says when the line came or went."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.told = asyncio.Event()

    def link_changed(self, up: bool, reason: str) -> None:
        super().link_changed(up, reason)
        self.told.set()


class Taken(Script):
    """A controller that hangs up as soon as it has answered the call."""

    async def dial(self, address: Address, receiver: Receiver) -> Stream:
        stream = await super().dial(address, receiver)
        self.hang_up()
        return stream


def wall(settings: dict[str, Any], clock: Clock) -> CorioMaster:
    return Told("wall", CorioMaster.Settings(**{"password": PASSWORD, **settings}), clock)


async def until(device: CorioMaster, holds: Callable[[], bool]) -> None:
    changed = asyncio.Event()
    leave = device.subscribe(lambda *_: changed.set())
    async with asyncio.timeout(120):
        while not holds():
            await changed.wait()
            changed.clear()
    leave()


@asynccontextmanager
async def dialling(
    script: Script, url: str = "tcp://wall:10001", **settings: Any
) -> AsyncIterator[CorioMaster]:
    clock = Clock()
    device = wall(settings, clock)
    line = link([device], parse_address(url), clock, script.dial)
    task = asyncio.create_task(line.run())
    try:
        yield device
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def running(
    script: WallScript, url: str = "tcp://wall:10001", **settings: Any
) -> AsyncIterator[CorioMaster]:
    async with dialling(script, url, **settings) as device:
        await until(device, lambda: device.up)
        yield device


async def why_not_up(script: Script, **settings: Any) -> str:
    """The first reason that the device gives for not being up."""
    async with dialling(script, **settings) as device:
        assert isinstance(device, Told)
        async with asyncio.timeout(100):
            await device.told.wait()
        assert not device.up
        return device.reason


def layout(device: CorioMaster) -> int | None:
    value: int | None = device.state[Layout()].value
    return value


async def settled(device: CorioMaster) -> float:
    """Read as the engine does until a layout is settled. Gives the seconds it took."""
    began = device.clock.now()
    async with asyncio.timeout(60):
        while True:
            await device.read([Layout()])
            if layout(device) is not None:
                return device.clock.now() - began
            await device.hinted(device.settle)


async def test_greeting_waits_for_readiness_logs_in_and_reads_everything():
    script = WallScript()
    async with running(script) as device:
        assert next(wire for wire in script.sent if wire) == LOGIN
        assert device.identity == {
            "model": "CORIOmaster - CORIOmax",
            "serial": "2218031005149",
            "firmware": "V1.30701.P4 Master",
        }
        assert {point.key: reading.value for point, reading in device.state.items()} == {
            "layout": None,
            "window/1": "Slot3.In1",
            "window/2": "Slot3.In2",
        }
        assert isinstance(device, Wall)


async def test_nothing_is_said_before_the_controller_is_ready():
    banner = data("banner")
    script = WallScript(banner[:40])
    async with dialling(script) as device:
        await device.clock.sleep(12)
        assert LOGIN not in script.sent
        script.say(banner[40:])
        await until(device, lambda: device.up)
        assert LOGIN in script.sent


async def test_without_a_password_the_error_names_the_setting():
    assert "set `password`" in await why_not_up(WallScript(), password=None)


async def test_a_refused_login_names_the_settings_and_keeps_the_secret(caplog):
    caplog.set_level(logging.DEBUG)
    script = WallScript()
    script.lines[LOGIN] = b"!Error -1 : bad login\r\n"
    reason = await why_not_up(script)
    assert "`user` admin" in reason
    assert "`password`" in reason
    assert PASSWORD not in reason + caplog.text


async def test_the_secret_is_in_no_log_when_the_login_is_taken(caplog):
    caplog.set_level(logging.DEBUG)
    async with running(WallScript()):
        assert PASSWORD not in caplog.text


async def test_a_controller_that_stays_mute_is_taken_by_another():
    assert "another controller is connected" in await why_not_up(Script())


async def test_a_controller_that_hangs_up_at_once_is_taken_by_another():
    assert "another controller is connected" in await why_not_up(Taken())


async def test_another_product_is_named_by_its_greeting():
    reason = await why_not_up(Script({}, b"F041041024F000291??\r"))
    assert "no CORIOmaster" in reason
    assert "F041041024F000291??" in reason


async def test_another_product_is_not_taken_for_a_busy_controller():
    assert "no greeting" in await why_not_up(Script({}, b"\x00\xffV1>"))


async def test_over_rs232_there_is_no_banner_and_no_login():
    script = WallScript(b"")
    async with running(script, "memory://wall", password=None) as device:
        assert LOGIN not in script.sent
        assert device.identity["serial"] == "2218031005149"


async def test_over_rs232_a_controller_that_wants_a_login_gets_it():
    async with running(WallScript(b""), "memory://wall") as device:
        assert device.up


async def test_over_rs232_a_refusal_without_a_password_names_the_setting():
    script = WallScript(b"")
    script.lines[b"Preset.Take\r\n"] = b"!Error -1 : Not logged in\r\n"
    reason = await why_not_up(script, url="memory://wall", password=None)
    assert "set `password`" in reason


async def test_a_layout_nothing_is_known_of_is_believed_after_the_settle_time():
    script = WallScript()
    async with running(script, settle_time=3) as device:
        await settled(device)
        await device.recall_layout(2)
        assert layout(device) is None
        assert 3 <= await settled(device) < 3.5
        assert layout(device) == 2


async def test_a_known_layout_is_confirmed_by_two_readings_that_look_like_it():
    script = WallScript()
    async with running(script) as device:
        await settled(device)
        await device.recall_layout(2)
        await settled(device)
        await device.recall_layout(1)
        await settled(device)
        await device.recall_layout(2)
        assert await settled(device) < 0.5
        assert layout(device) == 2


async def test_a_given_layout_is_confirmed_the_first_time():
    async with running(WallScript(), windows_of={2: {1: "slot1.in1"}}) as device:
        await settled(device)
        await device.recall_layout(2)
        assert await settled(device) < 0.5


async def test_a_wall_that_still_shows_the_old_windows_has_not_settled():
    script = WallScript()
    async with running(script, windows_of={2: {1: "Slot1.In1"}}) as device:
        await settled(device)
        script.lags = True
        await device.recall_layout(2)
        for _ in range(40):
            await device.read([Layout()])
            assert layout(device) is None
            await device.hinted(device.settle)
        script.turn()
        assert await settled(device) < 0.5
        assert layout(device) == 2


async def test_windows_other_than_given_are_never_the_layout(caplog):
    async with running(WallScript(), windows_of={2: {1: "Slot9.In9"}}) as device:
        await settled(device)
        await device.recall_layout(2)
        with pytest.raises(TimeoutError):
            await settled(device)
    assert "layout 2 shows {1: 'slot1.in1'}, not {1: 'slot9.in9'}" in caplog.text


async def test_a_layout_stored_anew_is_believed_once_it_stood_long_enough():
    script = WallScript()
    async with running(script) as device:
        await settled(device)
        await device.recall_layout(2)
        await settled(device)
        await device.recall_layout(1)
        await settled(device)
        script.LAYOUTS = {**script.LAYOUTS, 2: {1: "Slot1.In2"}}
        await device.recall_layout(2)
        assert 19 < await settled(device) < 21
        assert layout(device) == 2


async def test_a_recall_that_is_accepted_and_ignored_is_not_reported():
    script = WallScript()
    async with running(script) as device:
        await settled(device)
        script.lines[b"Preset.Take = 2\r\n"] = b"Preset.Take = 2\r\n!Done Preset.Take\r\n"
        await device.recall_layout(2)
        await settled(device)
        assert layout(device) == 1


async def test_a_layout_that_is_not_stored_is_refused_with_those_that_are():
    script = WallScript()
    async with running(script) as device:
        with pytest.raises(
            RefusedError, match="no layout 7 is stored; there is 1 Sharing-Standard"
        ):
            await device.recall_layout(7)
        assert b"Preset.Take = 7\r\n" not in script.sent


async def test_a_window_that_vanishes_while_windows_are_read_is_no_failure():
    script = WallScript()
    async with running(script) as device:
        script.lines[b"Window1\r\n"] = b"!Error -7 : no such window\r\n"
        await device.read([Layout()])
        assert layout(device) is None


async def test_a_window_that_the_layout_has_not_is_empty():
    async with running(WallScript()) as device:
        await device.recall_layout(2)
        await settled(device)
        assert device.state[WindowSource(2)].value == ""


async def test_a_window_is_vouched_for_only_once_the_layout_on_its_way_is_there():
    script = WallScript()
    async with running(script, windows_of={2: {1: "Slot1.In1"}}) as device:
        await settled(device)
        script.lags = True
        await device.recall_layout(2)
        before = device.state[WindowSource(1)]
        for _ in range(40):
            await device.read([WindowSource(1)])
            assert device.state[WindowSource(1)] is before
            await device.hinted(device.settle)
        script.turn()
        for _ in range(2):
            await device.read([WindowSource(1)])
            await device.hinted(device.settle)
        assert device.state[WindowSource(1)].value == "Slot1.In1"


async def test_a_window_is_vouched_for_again_after_a_layout_was_refused():
    script = WallScript()
    async with running(script) as device:
        await settled(device)
        script.lines[b"Preset.Take = 2\r\n"] = b"!Error -3 : busy\r\n"
        with pytest.raises(RefusedError):
            await device.recall_layout(2)
        before = device.state[WindowSource(1)]
        await device.read([WindowSource(1)])
        assert device.state[WindowSource(1)] is not before


async def test_a_source_is_put_and_only_its_reading_says_so():
    script = WallScript()
    async with running(script) as device:
        await settled(device)
        await WindowSource.drive(device, {WindowSource(1): "Slot1.In2"})
        assert device.state[WindowSource(1)].value == "Slot3.In1"
        await device.read([WindowSource(1)])
        assert device.state[WindowSource(1)].value == "Slot1.In2"


async def test_a_changed_window_unsettles_the_layout_until_it_is_as_it_was():
    script = WallScript()
    async with running(script) as device:
        await settled(device)
        await device.show({1: "Slot1.In2"})
        with pytest.raises(TimeoutError):
            await settled(device)
        await device.show({1: "Slot3.In1"})
        assert await settled(device) < 0.5
        assert layout(device) == 1


async def test_refreshing_finds_a_layout_taken_at_the_front_panel():
    script = WallScript()
    async with running(script) as device:
        await until(device, lambda: layout(device) == 1)
        script.take(2)
        await until(device, lambda: layout(device) is None)
        await until(device, lambda: layout(device) == 2)


async def test_refreshing_finds_a_window_changed_at_the_front_panel():
    script = WallScript()
    async with running(script) as device:
        await until(device, lambda: layout(device) == 1)
        script.shown[2] = "Slot1.In2"
        await until(device, lambda: device.state[WindowSource(2)].value == "Slot1.In2")
        assert layout(device) is None


async def test_a_settled_wall_is_asked_two_questions_a_refresh():
    script = WallScript()
    async with running(script) as device:
        await until(device, lambda: layout(device) == 1)
        before = len(script.sent)
        await device.clock.sleep(20)
        assert len(script.sent) - before <= 22


async def test_an_event_wakes_who_waits_and_has_everything_read_again():
    script = WallScript()
    async with running(script) as device:
        await until(device, lambda: layout(device) == 1)
        waiting = asyncio.create_task(device.hinted(60))
        await device.clock.sleep(0)
        before = device.clock.now()
        script.shown[1] = "Slot1.In2"
        script.say(b"!Event : something\r\n")
        await waiting
        assert device.clock.now() - before < 1
        await until(device, lambda: device.state[WindowSource(1)].value == "Slot1.In2")
        assert device.clock.now() - before < 3


async def test_events_in_every_reply_do_not_keep_the_wall_from_settling():
    script = WallScript()
    plain = script._windows
    script.lines[b"Windows\r\n"] = lambda: b"!Event : still here\r\n" + plain()
    async with running(script) as device:
        assert await settled(device) < 3.5


async def test_refreshing_leaves_the_line_to_a_reading_under_way():
    script = WallScript()
    async with running(script) as device:
        script.lines[b"Windows\r\n"] = None
        reading = asyncio.create_task(device.read([Layout()]))
        await device.clock.sleep(10)
        script.lines[b"Windows\r\n"] = script._windows
        before = len(script.sent)
        script.say(script._windows())
        await reading
        assert script.sent[before:].count(b"Windows\r\n") == 0


async def test_windows_may_be_told_fifteen_seconds_late():
    script = WallScript()
    async with running(script) as device:
        script.lines[b"Windows\r\n"] = None
        reading = asyncio.create_task(device.read([Layout()]))
        await device.clock.sleep(15)
        script.lines[b"Windows\r\n"] = script._windows
        script.say(script._windows())
        await reading
        assert device.up


async def test_a_late_done_of_another_path_is_no_answer():
    script = WallScript()
    async with running(script) as device:
        script.lines[b"Window1.Input\r\n"] = data("window2_rep")
        with pytest.raises(NoAnswerError):
            await device.read([WindowSource(1)])


async def test_a_recall_goes_before_questions_that_wait():
    script = WallScript()
    async with running(script) as device:
        await settled(device)
        script.lines[b"Windows\r\n"] = None
        readings = [asyncio.create_task(device.read([Layout()])) for _ in range(3)]
        await device.clock.sleep(0.1)
        recall = asyncio.create_task(device.recall_layout(2))
        await device.clock.sleep(0.1)
        sent = len(script.sent)
        script.lines[b"Windows\r\n"] = script._windows
        script.say(script._windows())
        await recall
        assert script.sent[sent] == b"Preset.Take = 2\r\n"
        await asyncio.gather(*readings)


async def test_the_verb_layout_waits_for_the_wall():
    async with running(WallScript()) as device:
        assert await device.layout() == 1
        assert await device.layout(2) == 2


async def test_verbs_tell_and_change():
    script = WallScript()
    script.lines[b"Window1.Zorder = 0\r\n"] = b"Window1.Zorder = 0\r\n!Done Window1.Zorder\r\n"
    script.lines[b"Window1.Zorder = 15\r\n"] = b"Window1.Zorder = 15\r\n!Done Window1.Zorder\r\n"
    script.lines[data("reset_req")] = data("reset_rep")
    async with running(script) as device:
        assert (await device.layouts())[11] == "Clear"
        assert await device.windows() == {1: "Slot3.In1", 2: "Slot3.In2"}
        assert await device.verb_show(1, "Slot1.In2") == "Slot1.In2"
        await device.hide(1)
        await device.unhide(1)
        assert (await device.version())["firmware"] == "V1.30701.P4 Master"
        await device.reset()


def test_each_verb_is_a_coroutine_of_plain_arguments():
    for name in CorioMaster.verbs:
        verb = getattr(CorioMaster, f"verb_{name}", None) or getattr(CorioMaster, name)
        assert inspect.iscoroutinefunction(verb)
        for parameter in list(inspect.signature(verb).parameters.values())[1:]:
            assert parameter.annotation in (int, float, str, bool)


@pytest.mark.parametrize("source", ["Slot1.In1\r\nSystem.Reset()", "a = b", "x\xff", "1", " "])
async def test_no_source_can_smuggle_a_second_command(source):
    script = WallScript()
    async with running(script) as device:
        with pytest.raises(ValueError, match="is no source"):
            await device.show({1: source})
        assert not any(b"Input = " in wire for wire in script.sent)


@pytest.mark.parametrize("number", [0, -1, 10000, True, "1"])
async def test_numbers_out_of_range_are_not_sent(number):
    script = WallScript()
    async with running(script) as device:
        with pytest.raises(ValueError, match="give a number"):
            await device.recall_layout(number)
        with pytest.raises(ValueError, match="give a number"):
            await device.show({number: "Slot1.In1"})


@pytest.mark.parametrize(
    "settings",
    [
        {"user": "a,b"},
        {"user": "a\n"},
        {"password": "x)\r\n"},
        {"password": ""},
        {"windows_of": {0: {}}},
    ],
)
def test_settings_that_cannot_be_sent_are_refused_without_their_secret(settings):
    with pytest.raises(ValidationError) as error:
        CorioMaster.Settings(**settings)
    assert "x)" not in str(error.value)


async def test_a_device_that_is_away_fails_at_once():
    script = WallScript()
    script.refuses = True
    async with dialling(script) as device:
        with pytest.raises(LinkDownError):
            await device.recall_layout(1)

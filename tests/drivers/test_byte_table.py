"""Shipped tables against the lines of their documents, and conversations by table over a line in memory."""

import asyncio
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.display import Input, Selecting
from avctl.capabilities.outlets import Outlet, Outlets
from avctl.capabilities.power import Power, Powered, PowerState
from avctl.capabilities.router import Layer, Output, Router, Tie
from avctl.capabilities.wall import Layout, Wall
from avctl.drivers.byte_table import ByteTable, meaning
from avctl.drivers.byte_table.answers import Said
from avctl.drivers.byte_table.reading import read_table, shipped
from avctl.drivers.byte_table.table import Table
from avctl.errors import NoAnswerError, RefusedError
from avctl.testing import Script
from avctl.transport import Resync
from avctl.wire import Unknown
from tests.drivers.alone import alone, cut, decoded, reported, transcript

pytestmark = pytest.mark.virtual

LINES = transcript("byte_table_driver")
WIRE = "serial:///device?baud=9600"


def data(name: str) -> bytes:
    return bytes.fromhex(LINES[name]["hex"])


@cache
def table(name: str | Path) -> Table:
    return read_table(Path(name), "", {}, {})


def decoder(name: str | Path) -> Any:
    return table(name).decoder()


# Creator.


def _route_lines() -> list[str]:
    kinds = ("route", "status_line", "route_fixture")
    return [
        name
        for name, line in LINES.items()
        if line["direction"] == "from_device"
        and line["family"] == "creator_ptn"
        and line["meaning"]["type"] in kinds
    ]


LAYERS = {"av": set(Layer), "video": {Layer.VIDEO}, "audio": {Layer.AUDIO}}


@pytest.mark.parametrize("name", _route_lines())
def test_ties_are_understood_in_every_dialect(name):
    (said,) = decoded(decoder("creator"), data(name))
    told: dict[Any, object] = dict(meaning.told(dict(said.fields)))
    said_of = LINES[name]["meaning"]
    assert {point.layer for point in told} == LAYERS[said_of["layer"]]
    if "output" in said_of:
        assert {point.number for point in told} == {said_of["output"]}
        assert set(told.values()) == {said_of["input"]}


def test_an_output_that_is_off_has_no_input():
    (said,) = decoded(decoder("creator"), data("creator_ptn_status_off_output"))
    assert dict(meaning.told(dict(said.fields)))[Output(1)] == 0


def test_every_line_of_the_document_is_understood_but_those_that_are_broken():
    unknown = []
    for name, line in LINES.items():
        if line["direction"] != "from_device" or line["family"] != "creator_ptn":
            continue
        messages = decoded(decoder("creator"), data(name))
        if any(isinstance(message, Unknown) for message in messages):
            unknown.append(name)
    assert set(unknown) == {"creator_ptn_status_broken_line", "creator_ptn_forbid_reply"}


CREATOR_SENT: dict[str, tuple[str, str]] = {
    "creator_ptn_type": ("type", ""),
    "creator_ptn_lock": ("lock", ""),
    "creator_ptn_unlock": ("unlock", ""),
    "creator_ptn_version": ("version", ""),
    "creator_ptn_message_on": ("messages_on", ""),
    "creator_ptn_bell_off": ("bell_off", ""),
    "creator_ptn_bell_on": ("bell_on", ""),
    "creator_ptn_undo": ("undo", ""),
    "creator_ptn_in1_to_all": ("to_all", "1"),
    "creator_ptn_all_through": ("all_through", ""),
    "creator_ptn_all_close": ("all_close", ""),
    "creator_ptn_all_open": ("all_open", ""),
    "creator_ptn_out1_through": ("through", "1"),
    "creator_ptn_out1_close": ("close", "1"),
    "creator_ptn_out1_open": ("open", "1"),
    "creator_ptn_save_2": ("save", "2"),
    "creator_ptn_recall_2": ("recall", "2"),
    "creator_ptn_clear_2": ("clear", "2"),
    "creator_ptn_power_on": ("power_on", ""),
    "creator_ptn_power_off": ("power_off", ""),
}


class Matrix(Script):
    """A CREATOR matrix: 8 inputs, 8 outputs; answers a tie line by line, and what it was told in ``lines``."""

    def __init__(self, lines: Any = None, end: bytes = b"\r\n") -> None:
        super().__init__(lines, resync=Resync.DRAIN)
        self.ties = dict.fromkeys(range(1, 9), 1)
        self.end = end
        self.ignores = self.mute = False

    def _hear(self, data: bytes) -> None:
        if data in self.lines:
            super()._hear(data)
            return
        self.sent.append(data)
        if self.mute:
            return
        text = data.decode().strip().rstrip(".")
        if text.startswith("Status"):
            number = text.removeprefix("Status")
            for output in [int(number)] if number else self.ties:
                self.say(b"AV:%02d->%02d" % (self.ties[output], output) + self.end)
        elif text[:1].isdigit():
            layer = next(each for each in "VAB" if each in text)
            source, outputs = text.split(layer)
            for output in map(int, outputs.split(",")):
                if not self.ignores:
                    self.ties[output] = int(source)
                name = "AV" if layer == "B" else layer
                self.say(f"{name}:{source}->{output}".encode() + self.end)


@pytest.mark.parametrize("name", CREATOR_SENT)
async def test_other_commands_are_the_bytes_of_the_document(name):
    command, value = CREATOR_SENT[name]
    answer = f"{name}_reply"
    matrix = Matrix({data(name): data(answer)})
    async with alone(ByteTable, matrix, WIRE, table="creator") as device:
        assert await device.do(command, value) == data(answer).decode().strip()
        assert data(name) in matrix.sent


async def test_a_matrix_tells_all_its_ties_when_it_is_up():
    async with alone(ByteTable, Matrix(), WIRE, table="creator") as device:
        await asyncio.sleep(0.1)
        assert isinstance(device, Router)
        assert reported(device) == {
            f"output/{n}/{layer}": 1 for n in range(1, 9) for layer in ("video", "audio")
        }
        assert device.identity == {"model": "CREATOR 2.0 and PTN matrix switchers"}
        assert device.can_tell(Output(1))
        assert not device.can_tell(PowerState())


@pytest.mark.parametrize(
    ("ties", "name"),
    [
        ([Tie(1, 2)], "creator_ptn_v_1_2"),
        ([Tie(1, 2, Layer.AUDIO)], "creator_ptn_a_1_2"),
        ([Tie(1, 2), Tie(1, 2, Layer.AUDIO)], "creator_ptn_b_1_2"),
        ([Tie(1, 2), Tie(1, 3), Tie(1, 5)], "creator_ptn_v_1_multi"),
        ([Tie(1, n, layer) for n in (5, 3, 2) for layer in Layer], "creator_ptn_b_1_multi"),
    ],
)
async def test_ties_are_the_bytes_of_the_document_in_one_command_where_they_can(ties, name):
    matrix = Matrix()
    async with alone(ByteTable, matrix, WIRE, table="creator") as device:
        await device.tie(*ties)
        assert [sent for sent in matrix.sent if b"Status" not in sent] == [data(name)]


async def test_what_a_matrix_answers_to_a_tie_is_acceptance_and_reading_tells():
    matrix = Matrix()
    async with alone(ByteTable, matrix, WIRE, table="creator") as device:
        await asyncio.sleep(0.1)
        matrix.ignores = True
        await Output.drive(device, {Output(n): 4 for n in (2, 3, 5)})
        assert {reported(device)[f"output/{n}/video"] for n in (2, 3, 5)} == {1}
        matrix.ignores = False
        await Output.drive(device, {Output(n): 4 for n in (2, 3, 5)})
        await device.read([Output(5)])
        assert {reported(device)[f"output/{n}/video"] for n in (2, 3, 5)} == {4}


async def test_an_answer_about_another_output_is_no_answer():
    wrong = Matrix({data("creator_ptn_b_1_2"): b"AV:01->05\r\n"})
    async with alone(ByteTable, wrong, WIRE, table="creator") as device:
        with pytest.raises(NoAnswerError):
            await device.verb_tie(1, 2, "both")


async def test_a_press_at_the_panel_is_seen_at_once_where_it_is_told_and_else_within_a_poll():
    matrix = Matrix()
    async with alone(ByteTable, matrix, WIRE, table="creator") as device:
        await asyncio.sleep(0.1)
        matrix.say(b"V:07->002\r\n")
        await asyncio.sleep(0.01)
        assert reported(device)["output/2/video"] == 7
        matrix.ties[3] = 6
        await asyncio.sleep(1.5)
        assert reported(device)["output/3/audio"] == 6


async def test_the_blackbird_dialect_asks_output_by_output_and_ends_in_a_return():
    matrix = Matrix(end=b"\r")
    matrix.lines[data("creator_ptn_status_zone1")] = data("creator_ptn_status_zone1_reply")
    async with alone(ByteTable, matrix, WIRE, table="creator", dialect="blackbird") as device:
        assert matrix.sent[0] == data("creator_ptn_status_zone1")
        assert reported(device)["output/1/video"] == 2
        await device.verb_tie(1, 1, "both")
        assert matrix.sent[-1] == data("creator_ptn_pyb_route_1_1")
        assert device.link.figures.unknown == 0


async def test_only_what_is_wanted_is_asked_and_each_once():
    matrix = Matrix(end=b"\r")
    async with alone(ByteTable, matrix, WIRE, table="creator", dialect="blackbird") as device:
        matrix.sent.clear()
        await device.read([Output(7), Output(2), Output(2, Layer.AUDIO), PowerState()])
        assert matrix.sent == [b"Status7.\r", b"Status2.\r"]


async def test_two_digits_are_sent_where_the_dialect_wants_them():
    matrix = Matrix({b"01B02.": b"AV: 01->002\r\n"})
    settings: dict[str, Any] = {"dialect": "two_digits", "counts": {"input": 16, "output": 8}}
    async with alone(ByteTable, matrix, WIRE, table="creator", **settings) as device:
        await device.verb_tie(1, 2, "both")
        with pytest.raises(ValueError, match="1 to 16"):
            await device.verb_tie(17, 2)


@pytest.mark.parametrize(("source", "output"), [(9, 1), (1, 9), (-1, 1), (1, 0)])
async def test_a_number_beyond_the_matrix_is_never_sent(source, output):
    matrix = Matrix()
    async with alone(ByteTable, matrix, WIRE, table="creator") as device:
        before = len(matrix.sent)
        with pytest.raises(ValueError, match="give 1 to 8"):
            await device.tie(Tie(1, 1), Tie(source, output))
        assert len(matrix.sent) == before


async def test_what_a_table_has_no_command_for_is_refused():
    async with alone(ByteTable, Matrix(), WIRE, table="creator") as device:
        for call in (
            device.recall_layout(1),
            device.switch({1: True}),
            device.select("HDMI1"),
            device.tie(Tie(0, 1)),
            device.do("no_such"),
        ):
            with pytest.raises(RefusedError, match="its table has no command"):
                await call
        assert "recall" in await device.commands()


@pytest.mark.parametrize("value", ["x", "2.", "9999", "", "-1", "²"])
async def test_nothing_a_caller_says_reaches_the_wire_as_it_is(value):
    matrix = Matrix()
    async with alone(ByteTable, matrix, WIRE, table="creator") as device:
        before = len(matrix.sent)
        with pytest.raises(ValueError, match=r"give|takes"):
            await device.do("recall", value)
        assert len(matrix.sent) == before


async def test_a_silent_matrix_is_given_up():
    matrix = Matrix()
    async with alone(ByteTable, matrix, WIRE, table="creator") as device:
        matrix.mute = True
        await asyncio.sleep(5)
        assert not device.up


CREATOR_HEARD = [data(name) for name in _route_lines()]


@given(st.lists(st.sampled_from(CREATOR_HEARD), max_size=8), st.lists(st.integers(0, 300)))
def test_cuts_do_not_change_what_a_line_says(lines, places):
    whole = b"".join(lines)
    messages = decoded(decoder("creator"), *cut(whole, places))
    assert messages == decoded(decoder("creator"), whole)
    assert sum(isinstance(message, Said) for message in messages) == len(lines)


@given(st.lists(st.binary(max_size=2000), max_size=4))
def test_noise_on_a_line_of_text_is_bounded(chunks):
    heard = decoder("creator")
    decoded(heard, *chunks)
    assert len(heard._held) <= 1024


# LCD splicing boards.


def sent_of(wall: Script) -> list[str]:
    return [data.hex().upper() for data in wall.sent]


def lcd(panel: int, on: bool) -> str:
    return LINES[f"e5_{'on' if on else 'off'}_{panel}"]["hex"]


async def test_panels_go_on_from_the_first_and_off_from_the_last_three_times_each():
    wall = Script(resync=Resync.DRAIN)
    async with alone(ByteTable, wall, WIRE, table="lcd_splicer", counts={"panel": 2}) as device:
        assert isinstance(device, Powered)
        began = device.clock.now()
        await PowerState.drive(device, {PowerState(): Power.ON})
        assert sent_of(wall) == [lcd(1, True)] * 3 + [lcd(2, True)] * 3
        assert device.clock.now() - began >= 4 * 0.2 + 0.2
        wall.sent.clear()
        await PowerState.drive(device, {PowerState(): Power.OFF})
        assert sent_of(wall) == [lcd(2, False)] * 3 + [lcd(1, False)] * 3


LCD_SENT: dict[str, tuple[str, str, str]] = {
    "e5_on_9": ("", "panel_on", "9"),
    "e5_off_9": ("", "panel_off", "9"),
    "e5_all_on_v59": ("v59", "all_on", ""),
    "e5_all_off_v59": ("", "all_off", ""),
    "e5_backlight_on_1": ("", "backlight_on", "1"),
    "e5_backlight_off_1": ("", "backlight_off", "1"),
    "e5_numbers_show": ("", "numbers_show", ""),
    "e5_numbers_hide": ("", "numbers_hide", ""),
    "e5_addr_show": ("", "addresses_show", ""),
    "e5_addr_hide": ("", "addresses_hide", ""),
    "e5_scene_save_1": ("", "store", "1"),
    "e5_scene_recall_1": ("", "layout", "1"),
    "e5_scene_recall_2": ("", "layout", "2"),
}


@pytest.mark.parametrize("name", LCD_SENT)
async def test_other_frames_are_the_bytes_of_the_document(name):
    dialect, command, value = LCD_SENT[name]
    wall = Script(resync=Resync.DRAIN)
    async with alone(ByteTable, wall, WIRE, table="lcd_splicer", dialect=dialect) as device:
        assert await device.do(command, value) is None
        assert set(sent_of(wall)) == {LINES[name]["hex"]}
        assert len(wall.sent) > 1


async def test_layouts_and_inputs_are_sent_and_nothing_is_ever_told():
    wall = Script(resync=Resync.DRAIN)
    async with alone(ByteTable, wall, WIRE, table="lcd_splicer", counts={"panel": 1}) as device:
        assert isinstance(device, Wall)
        assert isinstance(device, Selecting)
        await Layout.drive(device, {Layout(): 2})
        assert set(sent_of(wall)) == {LINES["e5_scene_recall_2"]["hex"]}
        wall.sent.clear()
        await Input.drive(device, {Input(): "DP"})
        assert set(sent_of(wall)) == {LINES["e5_src_1_dp"]["hex"]}
        await device.read(device.points())
        await asyncio.sleep(10)
        assert device.state == {}
        assert device.up
        assert set(device.points()) == {PowerState(), Layout(), Input()}
        assert not any(map(device.can_tell, device.points()))
        with pytest.raises(ValueError, match="give one of HDMI1"):
            await device.select("HDMI 9")


def test_every_frame_of_the_boards_has_its_command_but_those_that_lay_a_wall_out():
    frames = {name for name, line in LINES.items() if line["family"] == "lcd_e5_board"}
    shown = {"e5_on_1", "e5_on_2", "e5_off_1", "e5_off_2", "e5_src_1_hdmi1", "e5_src_1_dp"}
    assert frames - LCD_SENT.keys() - shown == {"e5_position", "e5_merge"}


# A table of the installer's own.

BOX = Path(__file__).parent / "tables" / "box.yaml"


class Box(Script):
    def __init__(self) -> None:
        super().__init__(resync=Resync.DRAIN)
        self.on = [False] * 8
        self.refuses_all = False

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        address, function, outlet, value = data[1:5]
        if self.refuses_all:
            body = bytes((address,))
            self.say(b"\x3c" + body + bytes((sum(body) & 0xFF,)))
            return
        if function == 5:
            self.on[outlet] = bool(value)
        body = bytes((address, function, outlet, 0xFF if self.on[outlet] else 0))
        self.say(b"\x3b" + body + bytes((sum(body) & 0xFF,)))


async def test_a_table_of_ones_own_switches_outlets_and_reads_them():
    box = Box()
    settings: dict[str, Any] = {"table": BOX, "values": {"address": 0x21}, "counts": {"outlet": 3}}
    async with alone(ByteTable, box, WIRE, **settings) as device:
        assert isinstance(device, Outlets)
        assert reported(device) == {"outlet/1": False, "outlet/2": False, "outlet/3": False}
        await Outlet.drive(device, {Outlet(2): True})
        assert box.sent[-1] == bytes.fromhex("3A 21 05 01 01 28")
        assert reported(device)["outlet/2"] is False
        await device.read([Outlet(2)])
        assert reported(device)["outlet/2"] is True
        with pytest.raises(ValueError, match="1 to 3"):
            await device.switch({1: True, 4: True})
        box.refuses_all = True
        with pytest.raises(RefusedError, match="no: '3C 21 21'"):
            await device.switch({1: True})


def test_half_a_frame_costs_no_whole_one_behind_it_and_a_wrong_check_is_noise():
    told = Said("told", (("address", 1), ("outlet", 3), ("on", "on")))
    whole = bytes.fromhex("3B 01 06 02 FF 08")
    assert decoded(decoder(BOX), whole) == [told]
    assert decoded(decoder(BOX), whole[:4], whole) == [Unknown(whole[:4]), told]
    assert decoded(decoder(BOX), whole[:-1] + b"\x09", whole)[-1] == told


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_noise_on_a_line_of_bytes_is_bounded(chunks):
    heard = decoder(BOX)
    decoded(heard, *chunks)
    assert len(heard._held) < 6


def test_all_shipped_tables_are_right_in_all_their_dialects():
    assert shipped() == ("creator", "lcd_splicer")
    for name in shipped():
        assert table(name).title

"""What is wrong in a table is said with file, line, column, key, and what would fit."""

import re
from pathlib import Path

import pytest

from avctl.clock import Clock
from avctl.config import read_document, settings_of, validate
from avctl.config.files import RoomFile
from avctl.drivers.byte_table import ByteTable
from avctl.drivers.byte_table.checks import CHECKS
from avctl.drivers.byte_table.frames import hex_frame, text_frame
from avctl.drivers.byte_table.reading import read_table
from avctl.errors import ConfigError

RIGHT = """table: a matrix
source: its leaflet
line: {frames: text}
counts: {input: 8, output: 8}
commands:
  tie:
    send: "{input}V{output}."
    answer: tied
questions:
  ties:
    send: "S{output}."
    answer: tied
answers:
  tied:
    line: 'V(?P<input>\\d+)-(?P<output>\\d+)'
dialects:
  other:
    title: another one
    commands:
      tie: {send: "{input}X{output}.", answer: tied}
"""


def read(tmp_path: Path, text: str, dialect: str = "") -> None:
    path = tmp_path / "matrix.yaml"
    path.write_text(text, encoding="utf-8")
    read_table(path, dialect, {}, {})


def test_a_table_that_is_right_is_read_in_all_its_dialects(tmp_path):
    read(tmp_path, RIGHT)
    read(tmp_path, RIGHT, "other")


WRONG = [
    ("{input}V{output}.\"", '{input}V{putput}."', "7:5: commands.tie.send: {putput} is neither"),
    ("{input}V{output}.\"", 'V{output}."', "7:5: commands.tie.send: tie has the fields input, output"),
    ("{input}V{output}.\"", '{input V{output}."', "7:5: commands.tie.send: a { without its other"),
    ("{input}V{output}.\"", '{In}V{output}."', "7:5: commands.tie.send: {In} is no field"),
    ("{input}V{output}.\"", '{input}→{output}."', "7:5: commands.tie.send: '→': only ASCII"),
    ("{input}V{output}.\"", '{input}{output}{check}"', "7:5: commands.tie.send: {check} is for hex"),
    ("    answer: tied\nquestions", "    answer: toed\nquestions", "8:5: commands.tie.answer: no answer 'toed'; there are tied"),
    ("line: 'V(?P<input>\\d+)-", "line: 'V(?P<input\\d+)-", "15:5: answers.tied.line: "),
    ("line: 'V(?P<input>", "mask: 'V(?P<input>", "14:3: answers.tied: where frames are text, an answer has a `line`"),
    ("(?P<output>\\d+)'", "(\\d+)'", "12:5: questions.ties.answer: its answers tell nothing"),
    ("S{output}.", "S{output}{input}.", "11:5: questions.ties.send: a question has at most one field"),
    ("line: {frames: text}", "line: {frames: morse}", "3:8: line.frames: input should be 'text' or 'hex'"),
    ("line: {frames: text}\n", "", "1:1: line: is missing"),
    ("counts: {input: 8, ", "counts: {input: 0, ", "4:10: counts.input: "),
    ("    answer: tied\nq", "    anwser: tied\nq", "8:5: commands.tie.anwser: unknown key; one of answer, each"),
    ("    answer: tied\nq", "    answer: tied\n    every: soon\nq", "9:5: commands.tie.every: give a time"),
    ("    answer: tied\nq", "    answer: tied\n    each: panel\nq", "9:5: commands.tie.each: panel is no count"),
    ("    answer: tied\nq", "    answer: tied\n    words: {layer: {left: L}}\nq", "9:5: commands.tie.words: layers are called"),
    ("{input}X{output}", "{input}X{outpt}", "20:13: dialects.other.commands.tie.send"),
    ("    title: another one\n", "    title: another one\n    without: [tea]\n", "19:5: dialects.other.without: tea is neither"),
    ("commands:\n  tie:", "commands:\n  gone: {send: '{input}{output}'}\n  tie:", "6:10: commands.gone.send: who sends it gives one field"),
    ("table: a matrix\n", "table: [a\n", "2:7: expected"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG)
def test_what_is_wrong_is_told_with_its_place(tmp_path, right, wrong, told):
    assert right in RIGHT
    with pytest.raises(ConfigError) as error:
        read(tmp_path, RIGHT.replace(right, wrong, 1))
    assert f"matrix.yaml:{told}" in str(error.value)


HEX = """table: a box
source: its leaflet
line: {frames: hex}
counts: {outlet: 8}
commands:
  outlet_on: {send: "3A {outlet} 01", words: {}}
answers: {}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("3A {outlet}", "3 {outlet}", "6:15: commands.outlet_on.send: '3' is no byte"),
        ("{outlet} 01", "{outlet} {check}", "6:15: commands.outlet_on.send: {check}: the line has"),
        (
            "answers: {}",
            "answers: {no: {mask: '', refusal: true}}",
            "7:16: answers.no.mask: an ans",
        ),
        ("words: {}", "words: {a: {b: XY}}", "6:39: commands.outlet_on.words: 'XY'"),
        ("words: {}", "joins: ','", "6:39: commands.outlet_on.joins: only tie"),
    ],
)
def test_what_is_wrong_in_bytes_is_told_with_its_place(tmp_path, right, wrong, told):
    with pytest.raises(ConfigError) as error:
        read(tmp_path, HEX.replace(right, wrong, 1))
    assert f"matrix.yaml:{told}" in str(error.value)


ROOM = """room: "1"
title: Room
devices:
  wall:
    driver: byte_table
    url: serial:///dev/ttyUSB0
    settings: {SETTINGS}
"""


def settings(tmp_path: Path, text: str) -> ByteTable:
    path = tmp_path / "room.yaml"
    path.write_text(ROOM.replace("SETTINGS", text))
    document = read_document(path)
    room = validate(document, RoomFile, document.data)
    found = settings_of(document, "wall", room.devices["wall"])
    return ByteTable("wall", found, Clock())  # type: ignore[arg-type]  # the driver's own settings


def test_the_table_of_the_page_on_tables_is_right(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "drivers" / "byte_table.md").read_text()
    (table,) = re.findall(r"```yaml\n(table: .*?)```", page, re.DOTALL)
    (tmp_path / "own.yaml").write_text(table)
    assert len(settings(tmp_path, "table: own.yaml").points()) == 8


def test_a_table_stands_beside_the_room_file(tmp_path):
    (tmp_path / "own.yaml").write_text(HEX)
    assert len(settings(tmp_path, "table: own.yaml").points()) == 8
    assert len(settings(tmp_path, "table: own.yaml, counts: {outlet: 3}").points()) == 3


def test_a_shipped_table_is_named(tmp_path):
    assert len(settings(tmp_path, "table: creator, dialect: blackbird").points()) == 17


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "table: is missing"),
        ("table: creater", "no table 'creater'; there are creator, lcd_splicer"),
        ("table: none.yaml", "none.yaml:1:1: No such file"),
        ("table: creator, dialect: klingon", "no dialect 'klingon'; it has two_digits, blackbird"),
        ("table: creator, counts: {panel: 3}", "counts: panel is not in the table"),
        (
            "table: creator, values: {address: 3}",
            "values: address is not in the table; it has none",
        ),
    ],
)
def test_settings_that_do_not_fit_the_table_are_told(tmp_path, text, told):
    with pytest.raises(ConfigError) as error:
        settings(tmp_path, text)
    assert told in str(error.value)


def test_what_is_wrong_in_a_table_is_told_when_the_room_is_read(tmp_path):
    (tmp_path / "own.yaml").write_text(HEX.replace("3A {outlet}", "3 {outlet}"))
    with pytest.raises(ConfigError, match=r"own\.yaml:6:15: commands\.outlet_on\.send"):
        settings(tmp_path, "table: own.yaml")


# Frames.


@pytest.mark.parametrize(
    ("rule", "data", "check"),
    [
        ("sum", "AA 11 01 00", "BC"),
        ("xor", "30 41 30 41", "00"),
        ("ff-sum", "E5 01 20 AD", "4C"),
        ("crc16-modbus", "01 05 00 00 FF 00", "8C 3A"),
    ],
)
def test_checks_are_those_that_devices_use(rule, data, check):
    assert CHECKS[rule](bytes.fromhex(data)) == bytes.fromhex(check)


def test_a_check_is_made_from_where_the_line_says():
    frame = hex_frame("AA {address} 11 {check}", ("sum", 1))
    assert frame.filled({"address": 2}) == bytes.fromhex("AA 02 11 13")


@pytest.mark.parametrize(
    ("text", "values", "wire"),
    [
        ("{a}V{b:2}.", {"a": 1, "b": 2}, b"1V02."),
        ("{a-1}", {"a": 1}, b"0"),
        ("{a+63}", {"a": 1}, b"64"),
        ("{{{a}:{b}}}", {"a": 1, "b": 12}, b"{1:12}"),
        ("{w}!", {"w": "ON"}, b"ON!"),
    ],
)
def test_text_frames_are_filled(text, values, wire):
    assert text_frame(text).filled(values) == wire


def test_hex_frames_are_filled_and_have_no_room_for_more():
    assert hex_frame("5B {a:2} {w}", None).filled({"a": 258, "w": "0A"}) == b"\x5b\x01\x02\x0a"
    with pytest.raises(ValueError, match="no room"):
        hex_frame("{a}", None).filled({"a": 256})
    with pytest.raises(ValueError, match="no room"):
        hex_frame("{a-2}", None).filled({"a": 1})

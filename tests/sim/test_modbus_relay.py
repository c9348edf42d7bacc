"""The simulated relay board: its coils, its two framings, its firmware."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.modbus_relay import RelayBoard
from hw_sim.modbus_relay.frames import LONGEST, Rtu, sealed
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import Lamp, dial, rows, wire

TOLD = rows("modbus_relay")
READ_8 = wire(TOLD["modbus_rtu_relay_read_8"])


class Rig:
    """A board, and a client of it."""

    def __init__(
        self, clock: ManualClock, kind: str = "serial", model: str | None = None, **options: Any
    ) -> None:
        self.clock, self.board = clock, RelayBoard(model, clock=clock, **options)
        self.ear = Ear(kind)
        self.session = dial(self.board, self.ear)

    def tell(self, data: bytes) -> bytes:
        self.ear.take()
        self.session.receive(data)
        return self.ear.take()

    def ask(self, text: str) -> str:
        """The answer to a request of this unit, both in hex without CRC."""
        return self.tell(sealed(bytes.fromhex(text)))[:-2].hex()

    @property
    def on(self) -> list[int]:
        return [each for each in self.board.outlets if self.board.outlets.is_live(each)]


@pytest.fixture
def rig(clock: ManualClock) -> Rig:
    return Rig(clock)


# The transcript: firmware, relays that are on before, what is sent, what comes back, relays that are on after.

EVERY = [1, 2, 3, 4, 5, 6, 7, 8]
DIALOGUES: dict[str, tuple[str, str, list[int], str, list[int]]] = {
    "modbus_rtu_relay_on_0": ("serial", "V2", [], "modbus_rtu_relay_echo_on_0", [1]),
    "modbus_rtu_relay_off_0": ("serial", "V2", [1, 3], "modbus_rtu_relay_off_0", [3]),
    "modbus_rtu_relay_on_1": ("serial", "V2", [], "modbus_rtu_relay_on_1", [2]),
    "modbus_rtu_relay_toggle_0_v1": ("serial", "V1", [2], "modbus_rtu_relay_toggle_0_v1", [1, 2]),
    "modbus_rtu_relay_all_on_v1": ("serial", "V1", [], "modbus_rtu_relay_all_on_v1", EVERY),
    "modbus_rtu_relay_all_on_v2": ("serial", "V2", [], "modbus_rtu_relay_all_on_v2", EVERY),
    "modbus_rtu_relay_all_off_v2": ("serial", "V2", EVERY, "modbus_rtu_relay_all_off_v2", []),
    "modbus_rtu_relay_read_8": (
        "serial", "V2", [1, 3], "modbus_rtu_relay_read_8_reply_05", [1, 3],
    ),
    "modbus_tcp_relay_on_0": ("tcp", "V2", [], "modbus_tcp_relay_on_0_echo", [1]),
    "modbus_tcp_relay_read_8": ("tcp", "V2", [1], "modbus_tcp_relay_read_8_reply", [1]),
}  # fmt: skip
REST = {
    "modbus_rtu_relay_exception_address",
    "modbus_tcp_relay_exception_address",
    "modbus_rtu_relay_bad_crc",
}


def test_every_line_of_the_transcript_is_tested():
    said = {reply for _, _, _, reply, _ in DIALOGUES.values()}
    assert {*DIALOGUES, *said, *REST} == set(TOLD)


@pytest.mark.parametrize("name", DIALOGUES)
def test_board_answers_as_in_the_transcript(name: str, clock: ManualClock):
    kind, firmware, before, reply, after = DIALOGUES[name]
    rig = Rig(clock, kind, firmware=firmware)
    for relay in before:
        rig.board.press("relay", relay=relay, on=True)
    assert rig.tell(wire(TOLD[name])) == wire(TOLD[reply])
    assert rig.on == after


def test_coil_that_is_not_there_is_the_exception_of_the_transcript(clock: ManualClock):
    serial, tcp = Rig(clock), Rig(clock, "tcp")
    said = serial.tell(sealed(bytes.fromhex("01050009ff00")))
    assert said == wire(TOLD["modbus_rtu_relay_exception_address"])
    said = tcp.tell(bytes.fromhex("00030000000601050009ff00"))
    assert said == wire(TOLD["modbus_tcp_relay_exception_address"])


def test_wrong_crc_is_not_heard(rig: Rig):
    assert rig.tell(wire(TOLD["modbus_rtu_relay_bad_crc"])) == b""
    assert rig.tell(wire(TOLD["modbus_rtu_relay_on_0"])[:-1] + b"\x00") == b""
    assert rig.on == []


# What it refuses.


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("010100000009", "018102"),  # nine of eight
        ("010100080001", "018102"),
        ("010100000000", "018103"),
        ("0101000007d1", "018103"),
        ("010500001234", "018503"),
        ("010500005500", "018503"),  # toggles on V1 only
        ("010500ffffff", "018503"),  # all on of V1
        ("010300000001", "018301"),
        ("01060000ff00", "018601"),
        ("0111", "019101"),
        ("010f0007000201ff", "018f02"),
        ("010f0000000802ffff", "018f03"),
    ],
)
def test_impossible_requests_are_exceptions_and_change_nothing(
    request_: str, answer: str, rig: Rig
):
    assert (rig.ask(request_), rig.on) == (answer, [])


def test_v1_does_not_know_the_later_all_on(clock: ManualClock):
    rig = Rig(clock, firmware="V1")
    assert (rig.ask("010500ffff00"), rig.on) == ("018503", [])
    assert rig.ask("010500ff0000") == "010500ff0000"


def test_several_coils_are_written_at_once(rig: Rig):
    assert rig.ask("010f00010003" + "0105") == "010f00010003"
    assert rig.on == [2, 4]


def test_more_than_eight_relays_are_read_low_byte_first(clock: ManualClock):
    rig = Rig(clock, model="16-relay")
    rig.board.press("relay", relay=9, on=True)
    assert rig.ask("010100000010") == "0101020001"


def test_other_units_are_not_meant_and_a_broadcast_is_obeyed_in_silence(rig: Rig):
    assert (rig.ask("02050000ff00"), rig.on) == ("", [])
    assert (rig.ask("00050000ff00"), rig.on) == ("", [1])


def test_several_requests_in_one_write_are_all_answered(clock: ManualClock):
    rig = Rig(clock, "tcp")
    one = wire(TOLD["modbus_tcp_relay_on_0"])
    assert rig.tell(one * 3) == one * 3


def test_header_of_another_protocol_is_hung_up_on(clock: ManualClock):
    rig = Rig(clock, "tcp")
    assert rig.tell(b"GET / HTTP/1.1\r\n") == b""
    assert rig.ear.closed
    assert rig.tell(wire(TOLD["modbus_tcp_relay_on_0"])) == b""


def test_serial_server_carries_rtu_over_tcp(clock: ManualClock):
    rig = Rig(clock, "tcp", tcp_frames="rtu")
    assert rig.tell(READ_8) == sealed(bytes.fromhex("01010100"))


# Faults, mains.


def test_faults_are_exceptions(rig: Rig):
    rig.board.faults.set("busy", times=1)
    assert rig.ask("010100000008") == "018106"
    rig.board.faults.set("refuses")
    assert rig.ask("010100000008") == "01010100"
    assert (rig.ask("01050000ff00"), rig.on) == ("018504", [])


def test_ignored_change_is_echoed(rig: Rig):
    rig.board.faults.set("ignores")
    assert (rig.ask("01050000ff00"), rig.on) == ("01050000ff00", [])


def test_wrong_address_is_that_of_the_next_unit(rig: Rig):
    rig.board.faults.set("wrong_address")
    assert rig.ask("010100000008") == "02010100"


@pytest.mark.parametrize("latching", [True, False])
def test_latching_contacts_stay_without_supply_and_others_drop(latching: bool, clock: ManualClock):
    rig, lamp = Rig(clock, latching=latching), Lamp()
    rig.board.outlets.plug(1, lamp)
    rig.ask("01050000ff00")
    rig.board.mains(False)
    assert lamp.lit is latching
    assert rig.ask("010100000008") == ""
    rig.board.mains(True)
    clock.advance(1)
    assert rig.ask("010100000008") == f"010101{latching:02x}"


# Bytes.


def test_request_that_stops_is_forgotten_after_a_second(rig: Rig):
    rig.session.receive(b"\x01\x0f\x00\x00")
    rig.clock.advance(1.1)
    assert rig.tell(READ_8)


def test_noise_before_a_request_is_passed_over(rig: Rig):
    assert rig.tell(b"\x01\x05\x00" + READ_8) == rig.tell(READ_8) != b""


@given(
    st.sampled_from(["serial", "tcp"]),
    st.lists(st.integers(0, 11), max_size=6),
    st.data(),
)
def test_any_cut_gives_the_same_answers(kind: str, coils: list[int], data: Any):
    stream = b""
    for coil in coils:
        pdu = b"\x01\x05\x00" + bytes((coil,)) + b"\xff\x00"
        stream += sealed(pdu) if kind == "serial" else b"\x00\x01\x00\x00\x00\x06" + pdu
    whole, cut = Rig(ManualClock(), kind), Rig(ManualClock(), kind)
    whole.session.receive(stream)
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        cut.session.receive(stream[:size])
        stream = stream[size:]
    assert (cut.ear.take(), cut.on) == (whole.ear.take(), whole.on)


@given(st.sampled_from(["serial", "tcp"]), st.binary(max_size=600))
def test_garbage_never_raises_and_is_not_kept(kind: str, noise: bytes):
    Rig(ManualClock(), kind).session.receive(noise)
    framing = Rtu(1)
    list(framing.feed(noise))
    assert len(framing._rest) <= LONGEST


@given(st.binary(min_size=1, max_size=40))
def test_any_function_and_data_get_an_answer(pdu: bytes):
    rig = Rig(ManualClock(), "tcp")
    said = rig.tell(b"\x00\x05\x00\x00" + (len(pdu) + 1).to_bytes(2, "big") + b"\x01" + pdu)
    assert said[:4] == b"\x00\x05\x00\x00"
    assert said[7] & 0x7F == pdu[0] & 0x7F

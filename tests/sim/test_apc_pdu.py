"""The simulated PDU: its families' numbers, its delays, its load, and SNMP itself."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.apc_pdu import ApcPdu, ber
from hw_sim.apc_pdu.agent import GET, GET_BULK, GET_NEXT, SET, V1, V2C, Message, parse
from hw_sim.apc_pdu.ber import Item, Malformed
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import Lamp, dial, rows

TOLD = rows("apc_pdu")
FAMILIES = {"rPDU": "rpdu", "rPDU2": "rpdu2", "cpdu": "cpdu", "ePDU": "epdu"}
APC = "1.3.6.1.4.1.318.1.1"
CONTROL = {
    "rpdu": "12.3.3.1.1.4",
    "rpdu2": "26.9.2.4.1.5",
    "cpdu": "32.5.5.1.4",
    "epdu": "30.6.2.1.4",
}
UNIT = {"rpdu": f"{APC}.12.3.1.1.0", "rpdu2": f"{APC}.26.4.4.1.4.1"}
NOTHING = Item(ber.NULL, b"")


def oid(text: str) -> ber.ObjectId:
    return tuple(int(part) for part in text.split("."))


class Rig:
    """A PDU, and a manager of it."""

    def __init__(self, clock: ManualClock, model: str = "rpdu", **options: Any) -> None:
        self.clock, self.pdu = clock, ApcPdu(model, clock=clock, **options)
        self.ear = Ear("udp")
        self.session = dial(self.pdu, self.ear)
        self.control = f"{APC}.{CONTROL[model]}"
        self.requests = 0

    def send(
        self,
        kind: int,
        *bindings: tuple[str, Item],
        version: int = V2C,
        community: str = "private",
        first: int = 0,
        second: int = 0,
    ) -> Message | None:
        """The response, if there is any."""
        self.requests += 1
        told = tuple((oid(text), value) for text, value in bindings)
        asked = Message(version, community.encode(), kind, self.requests, first, second, told)
        self.session.receive(asked.wire)
        said = self.ear.take()
        return parse(said) if said else None

    def get(self, text: str, **how: Any) -> Item:
        said = self.send(GET, (text, NOTHING), **how)
        assert said is not None
        assert said.request == self.requests
        return said.bindings[0][1]

    def number(self, text: str) -> int:
        return self.get(text).number()

    def set(self, text: str, number: int, **how: Any) -> int:
        """The error-status of a SET."""
        said = self.send(SET, (text, ber.integer(number)), **how)
        assert said is not None
        return said.first

    @property
    def on(self) -> list[int]:
        return [each for each in self.pdu.outlets if self.pdu.outlets.is_live(each)]


# The transcript.


def family(name: str) -> str:
    return FAMILIES[name.split("_")[1]]


def test_transcript_is_of_all_families():
    assert {family(name) for name in TOLD} == set(ApcPdu.models)


@pytest.mark.parametrize("on_before", [True, False])
@pytest.mark.parametrize(
    "name", [name for name, row in TOLD.items() if not row["meaning"]["forbidden"]]
)
def test_number_of_the_transcript_does_what_it_means(
    name: str, on_before: bool, clock: ManualClock
):
    meaning = TOLD[name]["meaning"]
    rig = Rig(clock, family(name), on=[3] if on_before else [])
    assert rig.set(meaning["oid"], meaning["value"]) == 0
    clock.advance(0.2)
    action = meaning["action"]
    soon = {"on": True, "off": False, "reboot": False}.get(action, on_before)
    assert (3 in rig.on) is soon
    clock.advance(2)
    later = {"delayed_on": True, "delayed_off": False, "delayed_reboot": False}.get(action, soon)
    assert (3 in rig.on) is later
    clock.advance(5)
    assert (3 in rig.on) is (action.endswith("reboot") or later)
    assert set(rig.on) <= {3}


@pytest.mark.parametrize(
    "name", [name for name, row in TOLD.items() if row["meaning"]["forbidden"]]
)
def test_number_that_nobody_may_write_is_a_wrong_value(name: str, clock: ManualClock):
    meaning = TOLD[name]["meaning"]
    rig = Rig(clock, family(name))
    assert rig.set(meaning["oid"], meaning["value"]) == 10
    assert rig.set(meaning["oid"], meaning["value"], version=V1) == 3


@pytest.mark.parametrize(
    ("model", "on", "off"), [("rpdu", 1, 2), ("rpdu2", 1, 2), ("cpdu", 2, 1), ("epdu", 1, 2)]
)
def test_control_tells_the_state_that_is(model: str, on: int, off: int, clock: ManualClock):
    rig = Rig(clock, model, on=[2])
    assert [rig.number(f"{rig.control}.{outlet}") for outlet in (1, 2)] == [off, on]
    rig.pdu.press("outlet", outlet=1, on=True)
    clock.advance(0.1)
    assert rig.number(f"{rig.control}.1") == on


@pytest.mark.parametrize("model", ApcPdu.models)
def test_only_one_family_has_outlets(model: str, clock: ManualClock):
    rig = Rig(clock, model)
    there = [
        other
        for other, column in CONTROL.items()
        if rig.get(f"{APC}.{column}.1").tag == ber.INTEGER
    ]
    assert there == [model]


def test_system_says_what_the_device_is(clock: ManualClock):
    rig = Rig(clock, "rpdu2", names={"2": "projector"})
    assert b"AP8953" in rig.get("1.3.6.1.2.1.1.1.0").content
    assert rig.get("1.3.6.1.2.1.1.2.0").oid() == oid("1.3.6.1.4.1.318.1.3.4.6")
    assert rig.get(f"{APC}.26.9.2.4.1.3.2").content == b"projector"
    clock.advance(12.5)
    assert rig.get("1.3.6.1.2.1.1.3.0") == ber.integer(1250, ber.TIME_TICKS)


# Delays.


def test_delayed_order_can_be_cancelled(clock: ManualClock):
    rig = Rig(clock)
    rig.set(f"{rig.control}.1", 4)
    assert rig.pdu.truth()["pending"] == {"1": "ON_LATER"}
    rig.set(f"{rig.control}.1", 7)
    clock.advance(10)
    assert (rig.on, rig.pdu.truth()["pending"]) == ([], {})


def test_newer_order_replaces_the_older(clock: ManualClock):
    rig = Rig(clock, on=[1])
    rig.set(f"{rig.control}.1", 6)
    clock.advance(3)
    assert rig.on == []
    rig.set(f"{rig.control}.1", 2)
    clock.advance(60)
    assert rig.on == []


def test_each_outlet_waits_its_own_delay(clock: ManualClock):
    rig = Rig(clock, outlets=3, on_delay={"1": 1, "2": 5, "3": 3})
    assert rig.set(UNIT["rpdu"], 5) == 0
    seen = []
    for _ in range(6):
        seen.append(rig.on)
        clock.advance(1)
    assert seen == [[], [1], [1], [1, 3], [1, 3], [1, 2, 3]]


@pytest.mark.parametrize(("model", "on", "off", "idle"), [("rpdu", 2, 3, 1), ("rpdu2", 1, 3, 6)])
def test_whole_unit_has_numbers_of_its_own(
    model: str, on: int, off: int, idle: int, clock: ManualClock
):
    rig = Rig(clock, model, outlets=4)
    assert rig.set(UNIT[model], on) == 0
    clock.advance(1)
    assert rig.on == [1, 2, 3, 4]
    assert rig.number(UNIT[model]) == idle
    assert rig.set(UNIT[model], idle) == 0
    assert rig.set(UNIT[model], off) == 0
    clock.advance(1)
    assert rig.on == []


@pytest.mark.parametrize(("model", "later"), [("rpdu", (5, 6, 7, 8)), ("rpdu2", (2, 7, 5, 8))])
def test_whole_unit_has_delayed_orders_and_cancels_them(
    model: str, later: tuple[int, int, int, int], clock: ManualClock
):
    rig = Rig(clock, model, outlets=1)
    on, off, reboot, cancel = later
    for number, pending in ((on, "ON"), (off, "OFF"), (reboot, "REBOOT")):
        assert rig.set(UNIT[model], number) == 0
        assert rig.pdu.truth()["pending"] == {"1": f"{pending}_LATER"}
    rig.set(UNIT[model], cancel)
    assert rig.pdu.truth()["pending"] == {}


# Load.


@pytest.mark.parametrize(
    ("amperes", "rpdu", "rpdu2"), [(0.2, 2, 1), (4, 1, 2), (12, 3, 3), (16, 4, 4)]
)
def test_load_is_judged_by_what_the_outlets_draw(
    amperes: float, rpdu: int, rpdu2: int, clock: ManualClock
):
    how: dict[str, Any] = {"on": [1], "low_load": 1, "amperes": {"1": amperes, "2": 40}}
    old, new = Rig(clock, "rpdu", **how), Rig(clock, "rpdu2", **how)
    assert old.number(f"{APC}.12.5.6.1.3.1") == rpdu
    assert old.number(f"{APC}.12.2.3.1.1.2.1") == amperes * 10
    assert new.number(f"{APC}.26.6.3.1.4.1") == rpdu2


def test_load_follows_what_hangs_there(clock: ManualClock):
    rig = Rig(clock, on=[1])
    rig.pdu.press("draw", outlet=1, amperes=20)
    assert (rig.number(f"{APC}.12.5.6.1.3.1"), rig.pdu.truth()["load"]) == (4, "OVER")


# Who may what.


def test_wrong_community_is_not_answered_but_counted(clock: ManualClock):
    rig = Rig(clock)
    assert rig.send(GET, (f"{rig.control}.1", NOTHING), community="secret") is None
    assert rig.pdu.truth()["strangers"] == 1


def test_read_community_reads_and_writes_nothing(clock: ManualClock):
    rig = Rig(clock)
    assert rig.get(f"{rig.control}.1", community="public").number() == 2
    assert rig.set(f"{rig.control}.1", 1, community="public") == 6
    assert rig.set(f"{rig.control}.1", 1, community="public", version=V1) == 2
    clock.advance(1)
    assert rig.on == []


@pytest.mark.parametrize(
    ("text", "value", "v2c", "v1"),
    [
        (f"{APC}.12.3.3.1.1.4.1", ber.octets("1"), 7, 3),
        (f"{APC}.12.3.3.1.1.4.1", ber.integer(99), 10, 3),
        (f"{APC}.12.3.3.1.1.4.99", ber.integer(1), 17, 2),
        (f"{APC}.12.5.6.1.3.1", ber.integer(1), 17, 2),
    ],
)
def test_impossible_set_is_an_error_of_its_version(
    text: str, value: Item, v2c: int, v1: int, clock: ManualClock
):
    rig = Rig(clock)
    for version, status in ((V2C, v2c), (V1, v1)):
        said = rig.send(SET, (text, value), version=version)
        assert said is not None
        assert (said.first, said.second) == (status, 1)


def test_set_of_several_writes_all_or_none(clock: ManualClock):
    rig = Rig(clock)
    on = ber.integer(1)
    said = rig.send(SET, (f"{rig.control}.1", on), (f"{rig.control}.99", on))
    assert said is not None
    assert (said.first, said.second) == (17, 2)
    clock.advance(1)
    assert rig.on == []
    rig.send(SET, (f"{rig.control}.1", on), (f"{rig.control}.2", on))
    clock.advance(1)
    assert rig.on == [1, 2]


def test_object_that_is_not_there_is_said_in_the_manner_of_each_version(clock: ManualClock):
    rig = Rig(clock)
    assert rig.get(f"{rig.control}.99").tag == ber.NO_SUCH_INSTANCE
    assert rig.get("1.3.6.1.4.1.9.1.0").tag == ber.NO_SUCH_OBJECT
    said = rig.send(GET, (f"{rig.control}.1", NOTHING), ("1.3.6.1.9", NOTHING), version=V1)
    assert said is not None
    assert (said.first, said.second) == (2, 2)


# Walks.


def test_walk_passes_every_variable_in_order_and_ends(clock: ManualClock):
    rig = Rig(clock, outlets=3)
    at, seen = "1.3", []
    while True:
        said = rig.send(GET_NEXT, (at, NOTHING))
        assert said is not None
        found, value = said.bindings[0]
        if value.tag == ber.END_OF_VIEW:
            break
        at = ".".join(map(str, found))
        seen.append(found)
    assert seen == sorted(set(seen))
    assert oid(f"{rig.control}.3") in seen


def test_bulk_reads_a_column_at_once(clock: ManualClock):
    rig = Rig(clock, outlets=4, on=[2])
    said = rig.send(GET_BULK, (rig.control, NOTHING), second=4)
    assert said is not None
    assert [value.number() for _, value in said.bindings] == [2, 1, 2, 2]


def test_bulk_asked_for_without_bound_is_bounded(clock: ManualClock):
    said = Rig(clock).send(GET_BULK, ("1.3", NOTHING), second=2**31 - 1)
    assert said is not None
    assert len(said.bindings) <= 64


# Faults, mains.


def test_busy_answers_everything_with_an_error(clock: ManualClock):
    rig = Rig(clock)
    rig.pdu.faults.set("busy")
    said = rig.send(GET, (f"{rig.control}.1", NOTHING))
    assert said is not None
    assert said.first == 13
    assert rig.set(f"{rig.control}.1", 1, version=V1) == 5


def test_refused_and_ignored_sets_switch_nothing(clock: ManualClock):
    rig = Rig(clock)
    rig.pdu.faults.set("refuses", times=1)
    assert rig.set(f"{rig.control}.1", 1) == 6
    rig.pdu.faults.set("ignores", times=1)
    assert rig.set(f"{rig.control}.1", 1) == 0
    clock.advance(1)
    assert rig.on == []


def test_wrong_address_is_the_request_id_of_somebody_else(clock: ManualClock):
    rig = Rig(clock)
    rig.pdu.faults.set("wrong_address")
    said = rig.send(GET, (f"{rig.control}.1", NOTHING))
    assert said is not None
    assert said.request == rig.requests + 1


@pytest.mark.parametrize(("after", "lit"), [("last", True), ("on", True), ("off", False)])
def test_outlets_feed_again_with_the_mains_while_the_card_still_starts(
    after: str, lit: bool, clock: ManualClock
):
    rig, lamp = Rig(clock, on=[1], after_mains=after), Lamp()
    rig.pdu.outlets.plug(1, lamp)
    rig.pdu.mains(False)
    dark = lamp.lit
    rig.pdu.mains(True)
    assert (dark, lamp.lit) == (False, lit)
    assert rig.send(GET, (f"{rig.control}.1", NOTHING)) is None
    clock.advance(30)
    assert rig.number(f"{rig.control}.1") == (1 if lit else 2)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"outlets": 0}, "outlets"),
        ({"after_mains": "x"}, "after_mains"),
        ({"switch_seconds": -1}, "switch_seconds"),
        ({"on": [9]}, "no outlet 9"),
    ],
)
def test_options_without_meaning_are_refused(
    options: dict[str, Any], text: str, clock: ManualClock
):
    with pytest.raises(ValueError, match=text):
        ApcPdu(clock=clock, **options)


# Bytes.

GET_SYS_DESCR = bytes.fromhex(
    "302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500"
)


def test_message_is_encoded_as_the_rules_say():
    """A GET of sysDescr.0, put together by hand from X.690 and RFC 3416."""
    asked = Message(V2C, b"public", GET, 1, 0, 0, ((oid("1.3.6.1.2.1.1.1.0"), NOTHING),))
    assert asked.wire == GET_SYS_DESCR
    assert parse(GET_SYS_DESCR) == asked


@pytest.mark.parametrize(
    ("number", "content"),
    [
        (0, "00"),
        (127, "7f"),
        (128, "0080"),
        (256, "0100"),
        (-1, "ff"),
        (-128, "80"),
        (-129, "ff7f"),
    ],
)
def test_integers_are_as_short_as_they_can_be(number: int, content: str):
    assert ber.integer(number).content.hex() == content
    assert ber.integer(number).number() == number


@given(st.lists(st.integers(0, 2**32 - 1), max_size=20), st.integers(0, 39))
def test_object_identifiers_come_back_as_they_were(rest: list[int], second: int):
    parts = (1, second, *rest)
    assert ber.object_id(parts).oid() == parts


@given(st.binary(max_size=400))
def test_long_contents_come_back_as_they_were(content: bytes):
    assert list(ber.read(Item(ber.OCTETS, content).wire)) == [Item(ber.OCTETS, content)]


@given(st.binary(max_size=200))
def test_garbage_is_not_answered(noise: bytes):
    rig = Rig(ManualClock())
    rig.session.receive(noise)
    assert rig.ear.take() == b""


@given(st.data())
def test_damaged_message_never_raises(data: Any):
    whole = bytearray(GET_SYS_DESCR)
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    Rig(ManualClock()).session.receive(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


@pytest.mark.parametrize(
    "damaged",
    [GET_SYS_DESCR[:-1], b"\x30\x84\xff\xff\xff\xff", b"\x30\x80\x00\x00", b"\x02\x01\x00"],
)
def test_what_is_no_message_is_malformed(damaged: bytes):
    with pytest.raises(Malformed):
        parse(damaged)

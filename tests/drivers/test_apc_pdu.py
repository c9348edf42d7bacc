"""The APC driver: its messages, its families, and conversations with a small agent over a line in memory."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.health import Uptime
from avctl.capabilities.outlets import Burden, Load, Outlet, Outlets
from avctl.drivers.apc_pdu import ApcPdu
from avctl.drivers.apc_pdu.family import FAMILIES, oid
from avctl.drivers.apc_pdu.snmp import Answer, Refused, SnmpDecoder, Value, decoded, get, set_to
from avctl.errors import LinkDownError, NoAnswerError, RefusedError
from avctl.wire import Tagged, Unknown
from tests.drivers.alone import alone, reported, transcript
from tests.drivers.snmp_agent import Agent, integer, tlv

pytestmark = pytest.mark.virtual

LINES = transcript("apc_pdu_driver")
LAN = "udp://strip:161"
SYSTEM = "1.3.6.1.2.1.1"
CARD = (
    b"APC Web/SNMP Management Card (MB:v4.1.0 PF:v3.9.2 PN:apc_hw02_aos_392.bin AF1:v3.9.2 "
    b"AN1:apc_hw02_rpdu_392.bin MN:AP7921 HR:B2 SN: ZA1234567890 MD:01/02/2013)"
)


def strip(kind: str, outlets: int = 8, **more: bytes) -> dict[tuple[int, ...], bytes]:
    """The objects of a strip whose outlets are off."""
    family = FAMILIES[kind]
    objects = {
        oid(f"{SYSTEM}.1.0"): tlv(4, CARD),
        oid(f"{SYSTEM}.3.0"): tlv(0x43, (12345).to_bytes(2, "big")),
        oid(f"{SYSTEM}.5.0"): tlv(4, b"rack 1"),
    }
    for number in range(1, outlets + 1):
        objects[(*family.control, number)] = integer(family.off)
        if family.names:
            objects[(*family.names, number)] = tlv(4, f"Outlet {number}".encode())
    if family.loads:
        objects[(*family.loads[0], 1)] = integer(3)
    return objects


# What is said.


def _rows(action: str) -> list[str]:
    return [name for name, line in LINES.items() if line["meaning"]["action"] == action]


@pytest.mark.parametrize("name", LINES)
def test_each_family_has_the_numbers_of_the_document_and_no_number_that_must_not_be_written(name):
    meaning = LINES[name]["meaning"]
    family = FAMILIES[name.split("_")[1].lower()]
    assert (*family.control, 3) == oid(meaning["oid"])
    numbers = {
        family.on, family.off, family.reboot, family.delayed_on, family.delayed_off, family.cancel,
    }  # fmt: skip
    action = meaning["action"]
    if meaning["forbidden"]:
        assert meaning["value"] not in numbers
    elif action != "delayed_reboot":
        assert getattr(family, action) == meaning["value"]


def test_in_one_family_on_is_what_is_off_in_the_others():
    assert {name: (each.on, each.off) for name, each in FAMILIES.items()} == {
        "rpdu2": (1, 2),
        "rpdu": (1, 2),
        "cpdu": (2, 1),
        "epdu": (1, 2),
    }


def test_questions_are_messages_of_the_version_with_a_number_of_their_own():
    decoder = SnmpDecoder("1", b"public", b"private")
    wire, number = decoder.frame(get(oid(f"{SYSTEM}.1.0")))
    assert wire == bytes.fromhex(
        "3026 020100 0406 7075626c6963 a019 020101 020100 020100 300e 300c 0608 2b06010201010100 0500"
    )
    assert number == 1
    wire, number = decoder.frame(set_to(oid("1.3.6.1.4.1.318.1.1.12.3.3.1.1.4.3"), 1))
    assert wire == bytes.fromhex(
        "3030 020100 0407 70726976617465 a322 020102 020100 020100 3017 3015"
        " 0610 2b060104018 23e01010c03030101 0403 020101".replace(" ", "")
    )
    assert number == 2


def test_commands_are_named_in_errors_by_their_objects_and_without_the_community():
    assert set_to(oid("1.3.6.1.4.1.318.1.1.12.3.3.1.1.4.3"), 1).wire == (
        b"SET 1.3.6.1.4.1.318.1.1.12.3.3.1.1.4.3 1"
    )


def test_values_of_every_kind_are_told():
    kinds: dict[str, tuple[bytes, Value]] = {
        "1.3.1": (integer(-5), -5),
        "1.3.2": (tlv(4, b"text"), b"text"),
        "1.3.3": (tlv(0x43, b"\x00\xff\xff"), 65535),
        "1.3.4": (tlv(5, b""), None),
        "1.3.5": (tlv(6, b"\x2b\x06"), (1, 3, 6)),
        "1.3.6": (tlv(0x40, b"\x0a\x00\x00\x01"), b"\x40\x04\x0a\x00\x00\x01"),
    }
    agent = Agent({oid(at): wire for at, (wire, _) in kinds.items()})
    question, _ = SnmpDecoder("2c", b"a", b"b").frame(get(*map(oid, kinds)))
    assert decoded(agent._answer(question)) == Tagged(
        1, Answer(tuple((oid(at), value) for at, (_, value) in kinds.items()))
    )


def test_an_error_is_a_refusal_that_says_why():
    agent = Agent({})
    question, _ = SnmpDecoder("1", b"a", b"b").frame(get(oid("1.3.6.1")))
    assert decoded(agent._answer(question)) == Tagged(1, Refused(2, 1))
    assert str(Refused(2, 1)) == "error 2: no such object"


def _an_answer() -> bytes:
    agent = Agent(strip("rpdu"))
    question = get(*((*FAMILIES["rpdu"].control, n) for n in range(1, 9)))
    return agent._answer(SnmpDecoder("1", b"a", b"b").frame(question)[0])


ANSWER = _an_answer()


@given(st.binary(max_size=200))
def test_noise_is_unknown(data):
    assert list(SnmpDecoder("1", b"", b"").feed(data)) == [Unknown(data)]


@given(st.lists(st.tuples(st.integers(0, len(ANSWER) - 1), st.integers(0, 255)), max_size=6))
def test_a_spoilt_answer_is_no_exception(changes):
    spoilt = bytearray(ANSWER)
    for place, byte in changes:
        spoilt[place] = byte
    (said,) = SnmpDecoder("1", b"", b"").feed(bytes(spoilt))
    assert isinstance(said, Tagged | Unknown)


@given(st.integers(0, len(ANSWER) - 1))
def test_half_an_answer_is_unknown(length):
    assert list(SnmpDecoder("1", b"", b"").feed(ANSWER[:length])) == [Unknown(ANSWER[:length])]


def test_a_datagram_longer_than_any_answer_is_not_even_looked_at():
    (said,) = SnmpDecoder("1", b"", b"").feed(bytes(100_000))
    assert isinstance(said, Unknown)
    assert len(said.data) == 4096


# Conversations.

SETTINGS: dict[str, Any] = {"community": "private", "read_community": "public"}


@pytest.mark.parametrize("version", ["1", "2c"])
@pytest.mark.parametrize("kind", FAMILIES)
async def test_each_family_is_recognised_switched_and_read_in_its_own_numbers(kind, version):
    agent = Agent(strip(kind, outlets=14))
    family = FAMILIES[kind]
    async with alone(ApcPdu, agent, LAN, version=version, **SETTINGS) as device:
        assert isinstance(device, Outlets)
        assert [at.number for at in device.points() if isinstance(at, Outlet)] == [*range(1, 15)]
        assert reported(device)["outlet/14"] is False
        await Outlet.drive(device, {Outlet(3): True, Outlet(5): False})
        assert agent.written == [
            ((*family.control, 3), family.on),
            ((*family.control, 5), family.off),
        ]
        assert reported(device)["outlet/3"] is False
        await device.read([Outlet(3), Outlet(5)])
        assert reported(device)["outlet/3"] is True
        assert reported(device)["outlet/5"] is False


async def test_what_is_accepted_and_ignored_reads_as_it_stands():
    agent = Agent(strip("cpdu"))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        agent.ignores = True
        await device.switch({1: True})
        await device.read([Outlet(1)])
        assert reported(device)["outlet/1"] is False


async def test_who_it_is_and_how_it_is_loaded_is_told():
    agent = Agent(strip("rpdu"))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        assert device.identity == {
            "model": "AP7921",
            "serial": "ZA1234567890",
            "firmware": "v3.9.2",
            "name": "rack 1",
        }
        assert device.state[Load(1)].value is Burden.NEAR_OVERLOAD
        assert await device.loads() == {"load/1": "near overload"}
        await asyncio.sleep(2)
        assert device.state[Uptime()].value == 123
        assert (await device.outlets())["outlet/2"] == "off Outlet 2"


async def test_loads_of_phases_are_read_where_no_outlet_has_one():
    objects = strip("rpdu")
    outlets, phases = FAMILIES["rpdu"].loads
    del objects[(*outlets, 1)]
    objects |= {(*phases, 1): integer(1), (*phases, 2): integer(2)}
    async with alone(ApcPdu, Agent(objects), LAN, **SETTINGS) as device:
        assert device.state[Load(1)].value is Burden.NORMAL
        assert device.state[Load(2)].value is Burden.LOW


async def test_a_strip_that_tells_nothing_of_itself_is_known_by_its_family():
    objects = {at: value for at, value in strip("epdu").items() if at[:7] != oid(SYSTEM)}
    async with alone(ApcPdu, Agent(objects), LAN, **SETTINGS) as device:
        assert device.identity == {"model": "APC ePDU"}
        assert Uptime() not in device.points()


async def test_a_button_at_the_strip_is_seen_within_a_round():
    agent = Agent(strip("rpdu", outlets=24))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        agent.objects[(*FAMILIES["rpdu"].control, 24)] = integer(1)
        await asyncio.sleep(3)
        assert reported(device)["outlet/24"] is True


async def test_a_number_that_says_nothing_leaves_the_reading_old():
    agent = Agent(strip("rpdu2"))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        before = device.state[Outlet(1)]
        agent.objects[(*FAMILIES["rpdu2"].control, 1)] = integer(4)
        await device.read([Outlet(1)])
        assert device.state[Outlet(1)] is before


async def test_reading_and_writing_have_their_own_communities():
    agent = Agent(strip("rpdu"))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        assert agent.communities == {b"public"}
        await device.switch({1: True})
        assert agent.communities == {b"public", b"private"}


async def test_a_community_that_may_not_write_is_refused():
    agent = Agent(strip("rpdu"))
    async with alone(ApcPdu, agent, LAN) as device:
        with pytest.raises(RefusedError, match="read only"):
            await device.switch({1: True})
        assert agent.written == []


@pytest.mark.parametrize("number", [0, -1, 9, 255])
async def test_an_outlet_it_does_not_have_is_never_sent_nor_those_before_it(number):
    agent = Agent(strip("rpdu"))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        with pytest.raises(ValueError, match="1 to 8"):
            await device.switch({1: True, number: True})
        assert agent.written == []


async def test_a_lost_datagram_is_sent_again_but_a_reboot_is_not():
    agent = Agent(strip("rpdu"))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        agent.losses = 1
        await device.switch({1: True})
        assert agent.written == [((*FAMILIES["rpdu"].control, 1), 1)]
        agent.losses = 1
        with pytest.raises(NoAnswerError):
            await device.reboot(1)
        assert len(agent.written) == 1
        await device.reboot(1)
        assert agent.written[-1] == ((*FAMILIES["rpdu"].control, 1), 3)


async def test_a_late_answer_is_taken_for_nothing():
    agent = Agent(strip("rpdu"))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        agent.keeps_back = True
        with pytest.raises(NoAnswerError):
            await device.read([Outlet(1)])
        before = device.state[Outlet(1)]
        for answer in agent.late:
            agent.say(answer)
        await asyncio.sleep(0.1)
        assert device.state[Outlet(1)] is before


async def test_what_a_family_has_no_number_for_is_refused():
    agent = Agent(strip("epdu"))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        for call in (device.reboot(1), device.cancel(1), device.delayed(1, True)):
            with pytest.raises(RefusedError, match="no command"):
                await call
        assert agent.written == []


async def test_delays_are_given_by_the_family():
    agent = Agent(strip("cpdu"))
    async with alone(ApcPdu, agent, LAN, **SETTINGS) as device:
        await device.delayed(2, True)
        await device.delayed(2, False)
        assert [value for _, value in agent.written] == [4, 3]


async def test_a_wrong_community_is_silence_and_the_reason_says_so():
    agent = Agent(strip("rpdu"))
    agent.mute = True
    async with alone(ApcPdu, agent, LAN, greets=False, **SETTINGS) as device:
        await asyncio.sleep(4)
        assert "does not take this community" in device.reason
        with pytest.raises(LinkDownError):
            await device.switch({1: True})


async def test_a_strip_of_no_known_family_is_told_so():
    agent = Agent({})
    async with alone(ApcPdu, agent, LAN, greets=False, **SETTINGS) as device:
        await asyncio.sleep(1)
        assert "no outlets of a family that is known" in device.reason


@pytest.mark.parametrize("community", ["", "x" * 65, "a\nb", "ü"])
def test_a_community_that_cannot_be_sent_is_refused_without_being_told(community):
    with pytest.raises(ValueError, match="a community has") as told:
        ApcPdu.Settings(community=community)
    assert not community or community not in str(told.value)

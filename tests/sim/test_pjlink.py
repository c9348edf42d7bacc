"""The simulated projector: its lamp, its inputs, its digests, its bad manners."""

import asyncio
from hashlib import md5
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.pjlink import Projector
from hw_sim.pjlink.wire import LONGEST, Lines
from hw_sim.serve import serve
from hw_sim.simulator import Conversation
from tests.sim.conftest import Ear, ManualClock

SECRET = "JBMIAProjectorLink"


def made(clock: ManualClock, model: str = "class2", **options: Any) -> tuple[Projector, Any, Ear]:
    device, ear = Projector(model, clock=clock, **options), Ear()
    session = dial(device, ear)
    return device, session, ear


def dial(device: Projector, ear: Ear) -> Conversation:
    session = device.converse(ear)
    session.opened()
    return session


def ask(session: Conversation, ear: Ear, text: str) -> str:
    """All that is said at once to a line."""
    ear.take()
    session.receive(text.encode() + b"\r")
    return ear.take().decode("latin-1").removesuffix("\r")


def lit(clock: ManualClock, model: str = "class2", **options: Any) -> tuple[Projector, Any, Ear]:
    device, _, _ = made(clock, model, **options)
    device.press("power", on=True)
    clock.advance(30)
    ear = Ear()
    return device, dial(device, ear), ear


# The lamp.


def test_power_on_is_accepted_at_once_and_lit_after_warming(clock: ManualClock):
    device, session, ear = made(clock)
    assert ask(session, ear, "%1POWR 1") == "%1POWR=OK"
    assert ask(session, ear, "%1POWR ?") == "%1POWR=3"
    clock.advance(29)
    assert ask(session, ear, "%1POWR ?") == "%1POWR=3"
    clock.advance(1)
    assert ask(session, ear, "%1POWR ?") == "%1POWR=1"
    assert device.truth()["power"] == "lit"


def test_power_off_cools_down_to_standby(clock: ManualClock):
    _, session, ear = lit(clock, idle_drop_s=0)
    assert ask(session, ear, "%1POWR 0") == "%1POWR=OK"
    assert ask(session, ear, "%1POWR ?") == "%1POWR=2"
    clock.advance(89)
    assert ask(session, ear, "%1POWR ?") == "%1POWR=2"
    clock.advance(1)
    assert ask(session, ear, "%1POWR ?") == "%1POWR=0"


@pytest.mark.parametrize(("model", "seconds"), [("class2", 90), ("laser", 10)])
def test_laser_cools_down_sooner(clock: ManualClock, model: str, seconds: float):
    device, _, _ = lit(clock, model)
    device.press("power", on=False)
    clock.advance(seconds - 0.1)
    assert device.truth()["power"] == "cooling"
    clock.advance(0.1)
    assert device.truth()["power"] == "standby"


def test_what_is_so_already_is_ok(clock: ManualClock):
    _, session, ear = made(clock, idle_drop_s=0)
    assert ask(session, ear, "%1POWR 0") == "%1POWR=OK"
    assert ask(session, ear, "%1POWR 1") == "%1POWR=OK"
    assert ask(session, ear, "%1POWR 1") == "%1POWR=OK"
    clock.advance(30)
    assert ask(session, ear, "%1POWR 1") == "%1POWR=OK"
    assert ask(session, ear, "%1POWR 0") == "%1POWR=OK"
    assert ask(session, ear, "%1POWR 0") == "%1POWR=OK"


@pytest.mark.parametrize(
    ("manner", "reply", "then"),
    [("err3", "ERR3", "lit"), ("ignore", "OK", "lit"), ("remember", "OK", "cooling")],
)
def test_off_while_warming(clock: ManualClock, manner: str, reply: str, then: str):
    device, session, ear = made(clock, off_while_warming=manner)
    ask(session, ear, "%1POWR 1")
    assert ask(session, ear, "%1POWR 0") == f"%1POWR={reply}"
    assert device.truth()["power"] == "warming"
    clock.advance(30)
    assert device.truth()["power"] == then


@pytest.mark.parametrize(("manner", "reply"), [("err3", "ERR3"), ("ignore", "OK")])
def test_on_while_cooling_does_nothing(clock: ManualClock, manner: str, reply: str):
    device, session, ear = lit(clock, on_while_cooling=manner)
    ask(session, ear, "%1POWR 0")
    assert ask(session, ear, "%1POWR 1") == f"%1POWR={reply}"
    clock.advance(90)
    assert device.truth()["power"] == "standby"


def test_model_without_warming_state_says_on_and_off_only(clock: ManualClock):
    _, session, ear = made(clock, no_warming_state=True, idle_drop_s=0)
    ask(session, ear, "%1POWR 1")
    assert ask(session, ear, "%1POWR ?") == "%1POWR=1"
    clock.advance(30)
    ask(session, ear, "%1POWR 0")
    assert ask(session, ear, "%1POWR ?") == "%1POWR=0"


@pytest.mark.parametrize("state", ["warming", "cooling"])
def test_stuck_projector_stays_where_it_is(clock: ManualClock, state: str):
    device = Projector(clock=clock, stuck=state)
    device.press("power", on=True)
    clock.advance(1000)
    device.press("power", on=False)
    clock.advance(1000)
    assert device.truth()["power"] == state


def test_warming_projector_tells_neither_errors_nor_input(clock: ManualClock):
    _, session, ear = made(clock)
    ask(session, ear, "%1POWR 1")
    assert ask(session, ear, "%1ERST ?") == "%1ERST=ERR3"
    assert ask(session, ear, "%1INPT ?") == "%1INPT=ERR3"
    assert ask(session, ear, "%1INPT 31") == "%1INPT=ERR3"


def test_lamp_hours_count_while_it_burns(clock: ManualClock):
    device, _, _ = lit(clock, lamps=[100, 7])
    clock.advance(7200 - 30)
    device.press("power", on=False)
    clock.advance(7200)
    ear = Ear()
    assert ask(dial(device, ear), ear, "%1LAMP ?") == "%1LAMP=102 0 9 0"
    assert device.truth()["strikes"] == 1


def test_lamp_that_does_not_burn_shows_nothing(clock: ManualClock):
    device, session, ear = lit(clock, dark_lamps=[1])
    assert ask(session, ear, "%1LAMP ?") == "%1LAMP=1234 0"
    assert (device.truth()["power"], device.shown()) == ("lit", ())


def test_mains_cut_while_hot_is_counted_and_loses_the_state(clock: ManualClock):
    device, _, ear = lit(clock)
    device.press("mains_off")
    truth = device.truth()
    assert (truth["power"], truth["hot_cuts"], ear.closed) == ("standby", 1, True)
    device.press("mains_on")
    clock.advance(20)
    ear = Ear()
    assert ask(dial(device, ear), ear, "%1POWR ?") == "%1POWR=0"


def test_mains_cut_while_cooling_is_hot_and_in_standby_is_not(clock: ManualClock):
    device, _, _ = lit(clock)
    device.press("power", on=False)
    clock.advance(89)
    device.reboot()
    assert device.truth()["hot_cuts"] == 1
    clock.advance(20)
    device.reboot()
    assert device.truth()["hot_cuts"] == 1


def test_laser_has_no_lamp_to_hurt(clock: ManualClock):
    device, session, ear = lit(clock, "laser")
    assert ask(session, ear, "%1LAMP ?") == "%1LAMP=ERR1"
    device.mains(False)
    assert device.truth()["hot_cuts"] == 0


def test_broken_fan_puts_the_lamp_out_and_keeps_it_out(clock: ManualClock):
    device, session, ear = lit(clock)
    device.press("failure", part="fan", level=2)
    assert ask(session, ear, "%1ERST ?") == "%1ERST=200000"
    assert ask(session, ear, "%1POWR ?") == "%1POWR=2"
    clock.advance(90)
    session = dial(device, ear)
    assert ask(session, ear, "%1POWR 1") == "%1POWR=ERR4"
    device.press("failure", part="fan", level=0)
    assert ask(session, ear, "%1POWR 1") == "%1POWR=OK"


# Inputs, mutes, class 2.


def test_input_takes_its_time_and_is_not_to_be_had_meanwhile(clock: ManualClock):
    device, session, ear = lit(clock)
    assert ask(session, ear, "%1INPT 31") == "%1INPT=OK"
    assert ask(session, ear, "%1INPT ?") == "%1INPT=ERR3"
    assert ask(session, ear, "%1INPT 12") == "%1INPT=ERR3"
    assert device.shown() == ()
    clock.advance(1.5)
    assert ask(session, ear, "%1INPT ?") == "%1INPT=31"
    assert device.shown() == ("31",)


def test_mutes_are_separate_and_gone_after_standby(clock: ManualClock):
    device, session, ear = lit(clock)
    ask(session, ear, "%1AVMT 21")
    ask(session, ear, "%1AVMT 11")
    assert ask(session, ear, "%1AVMT ?") == "%1AVMT=31"
    assert device.shown() == ()
    ask(session, ear, "%1AVMT 20")
    assert ask(session, ear, "%1AVMT ?") == "%1AVMT=11"
    device.press("power", on=False)
    clock.advance(90)
    device.press("power", on=True)
    clock.advance(30)
    assert device.shown() == ("11",)


def test_resolution_follows_the_signal(clock: ManualClock):
    device, session, ear = lit(clock)
    assert ask(session, ear, "%2IRES ?") == "%2IRES=1920x1080"
    device.feed("11", None)
    assert ask(session, ear, "%2IRES ?") == "%2IRES=-"


def test_frozen_picture_stays_when_its_source_changes(clock: ManualClock):
    device, session, ear = lit(clock)
    device.feed("11", "camera")
    ask(session, ear, "%2FREZ 1")
    device.feed("11", "laptop")
    assert (device.truth()["shows"], ask(session, ear, "%2FREZ ?")) == ("camera", "%2FREZ=1")
    ask(session, ear, "%2FREZ 0")
    assert device.truth()["shows"] == "laptop"


def test_volume_steps_end_at_the_limit_with_ok(clock: ManualClock):
    device, session, ear = lit(clock)
    for _ in range(30):
        assert ask(session, ear, "%2SVOL 1") == "%2SVOL=OK"
    ask(session, ear, "%2MVOL 0")
    assert (device.truth()["volume"], device.truth()["microphone_volume"]) == (20, 9)


def test_class_1_projector_is_silent_to_class_2_and_has_a_smaller_list(clock: ManualClock):
    _, session, ear = made(clock, "class1")
    assert ask(session, ear, "%2SNUM ?") == ""
    assert ask(session, ear, "%1CLSS ?") == "%1CLSS=1"
    _, session, ear = made(clock, inputs="11 3A 61 6Z", standby_err3=[])
    assert ask(session, ear, "%1INST ?") == "%1INST=11"
    assert ask(session, ear, "%2INST ?") == "%2INST=11 3A 61 6Z"


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("%1powr ?", "%1POWR=0"),
        ("%1POWR 2", "%1POWR=ERR2"),
        ("%1LAMP 1", "%1LAMP=ERR2"),
        ("%1ABCD ?", "%1ABCD=ERR1"),
        ("%1SNUM ?", "%1SNUM=ERR1"),
        ("%2SVOL ?", "%2SVOL=ERR2"),
        ("%1INPT 99", "%1INPT=ERR2"),
        ("%1INPT 31", "%1INPT=ERR3"),
        ("%1AVMT ?", "%1AVMT=ERR3"),
        ("%1INST ?", "%1INST=ERR3"),
        ("%1NAME ?", "%1NAME=Projector"),
        ("%3POWR ?", ""),
        ("POWR ?", ""),
        ("%1POWR?", ""),
        ("\n%1POWR ?", ""),
        ("%1NAME " + "?" * 129, ""),
    ],
)
def test_standby_projector_answers(clock: ManualClock, line: str, reply: str):
    _, session, ear = made(clock)
    assert ask(session, ear, line) == reply


# Digests.


class Chosen(Random):
    """Gives a random number of the test's own."""

    def __init__(self, number: int) -> None:
        super().__init__(0)
        self.number = number

    def getrandbits(self, k: int, /) -> int:
        return self.number


def digest(random: str, password: str) -> str:
    return md5((random + password).encode()).hexdigest()


def test_digest_is_needed_once_and_may_be_repeated(clock: ManualClock):
    _, session, ear = made(clock, password=SECRET, rng=Chosen(0x498E4A67))
    assert ear.take() == b"PJLINK 1 498e4a67\r"
    proof = digest("498e4a67", SECRET)
    assert ask(session, ear, f"{proof}%1POWR ?") == "%1POWR=0"
    assert ask(session, ear, "%1POWR ?") == "%1POWR=0"
    assert ask(session, ear, f"{proof}%1POWR ?") == "%1POWR=0"


@pytest.mark.parametrize("prefix", ["", "0" * 32, digest("498E4A67", SECRET)])
def test_wrong_digest_is_told_once_and_the_line_dropped_later(clock: ManualClock, prefix: str):
    device, session, ear = made(clock, password=SECRET, rng=Chosen(0x498E4A67))
    assert ask(session, ear, f"{prefix}%1POWR 1") == "PJLINK ERRA"
    assert ask(session, ear, digest("498e4a67", SECRET) + "%1POWR 1") == ""
    assert device.truth()["power"] == "standby"
    clock.advance(30)
    assert ear.closed


def test_each_connection_has_a_number_of_its_own(clock: ManualClock):
    device, _, first = made(clock, password="a")
    second = Ear()
    dial(device, second)
    assert first.take() != second.take()


def test_upper_case_digest_is_wrong_for_strict_models_only(clock: ManualClock):
    proof = digest("00000000", "a").upper()
    _, session, ear = made(clock, password="a", rng=Chosen(0))
    assert ask(session, ear, f"{proof}%1POWR ?") == "%1POWR=0"
    _, session, ear = made(clock, password="a", rng=Chosen(0), wrong_digest_case_rejects=True)
    assert ask(session, ear, f"{proof}%1POWR ?") == "PJLINK ERRA"


def test_another_client_makes_the_projector_forget_the_digest(clock: ManualClock):
    device, session, ear = made(clock, password="a", rng=Chosen(0), auth_reset_by_other_client=True)
    assert ask(session, ear, digest("00000000", "a") + "%1POWR ?") == "%1POWR=0"
    dial(device, Ear())
    assert ask(session, ear, "%1POWR ?") == "PJLINK ERRA"


# Manners.


def test_idle_client_is_dropped_after_thirty_seconds_from_the_last_reply(clock: ManualClock):
    _, session, ear = made(clock)
    clock.advance(29)
    ask(session, ear, "%1POWR ?")
    clock.advance(29)
    session.receive(b"nonsense\r")
    assert not ear.closed
    clock.advance(1)
    assert ear.closed


def test_slow_projector_loses_what_comes_before_its_reply(clock: ManualClock):
    _, session, ear = made(clock, slow_reply_s=1.5)
    ear.take()
    session.receive(b"%1POWR ?\r%1CLSS ?\r")
    assert ear.take() == b""
    clock.advance(1.5)
    assert ear.take() == b"%1POWR=0\r"
    clock.advance(10)
    assert ear.take() == b""


def test_projector_is_silent_for_a_while_after_a_change(clock: ManualClock):
    _, session, ear = made(clock, silent_after_change_s=10)
    assert ask(session, ear, "%1POWR 1") == "%1POWR=OK"
    clock.advance(9)
    assert ask(session, ear, "%1POWR ?") == ""
    clock.advance(1)
    assert ask(session, ear, "%1POWR ?") == "%1POWR=3"


def test_greeting_may_come_late(clock: ManualClock):
    _, _, ear = made(clock, greeting_s=2)
    assert ear.take() == b""
    clock.advance(2)
    assert ear.take() == b"PJLINK 0\r"


def test_reply_is_followed_by_the_hang_up(clock: ManualClock):
    _, session, ear = made(clock, close_after_reply=True)
    assert ask(session, ear, "%1POWR ?") == "%1POWR=0"
    assert ear.closed


def test_lines_may_end_in_cr_lf(clock: ManualClock):
    _, session, ear = made(clock, crlf=True)
    session.receive(b"%1POWR ?\r")
    assert ear.take() == b"PJLINK 0\r\n%1POWR=0\r\n"


def test_lamp_may_be_followed_by_a_blank(clock: ManualClock):
    _, session, ear = made(clock, trailing_space_in_LAMP=True)
    assert ask(session, ear, "%1LAMP ?") == "%1LAMP=1234 0 "


@pytest.mark.parametrize(
    ("manner", "first", "second"),
    [
        ("no", (b"%1POWR=0\r", False), (b"PJLINK 0\r%1POWR=0\r", False)),
        ("refuse", (b"%1POWR=0\r", False), (b"", True)),
        ("mute", (b"%1POWR=0\r", False), (b"", False)),
        ("drop_first", (b"", True), (b"PJLINK 0\r%1POWR=0\r", False)),
    ],
)
def test_second_client(
    clock: ManualClock, manner: str, first: tuple[bytes, bool], second: tuple[bytes, bool]
):
    device, session, ear = made(clock, single_client=manner)
    ear.take()
    other = Ear()
    other_session = dial(device, other)
    for each in (session, other_session):
        each.receive(b"%1POWR ?\r")
    assert (ear.take(), ear.closed) == first
    assert (other.take(), other.closed) == second


def test_dead_network_part_lives_again_after_a_mains_cycle(clock: ManualClock):
    device, session, ear = made(clock, network_dead_until_mains_cycle=100, idle_drop_s=0)
    clock.advance(100)
    assert (ask(session, ear, "%1POWR ?"), device.is_reachable()) == ("", False)
    device.reboot()
    clock.advance(20)
    ear = Ear()
    assert ask(dial(device, ear), ear, "%1POWR ?") == "%1POWR=0"


def test_standby_may_refuse_power_and_name_but_is_never_deaf_to_power_on(clock: ManualClock):
    _, session, ear = made(clock, standby_err3=["NAME", "POWR"])
    assert ask(session, ear, "%1NAME ?") == "%1NAME=ERR3"
    assert ask(session, ear, "%1POWR ?") == "%1POWR=ERR3"
    assert ask(session, ear, "%1POWR 1") == "%1POWR=OK"


# Faults of the device.


def test_busy_projector_says_not_now_and_does_nothing(clock: ManualClock):
    device, session, ear = made(clock)
    device.faults.set("busy", times=2)
    assert ask(session, ear, "%1POWR 1") == "%1POWR=ERR3"
    assert ask(session, ear, "%1POWR ?") == "%1POWR=ERR3"
    assert ask(session, ear, "%1POWR ?") == "%1POWR=0"


def test_refusing_projector_still_tells(clock: ManualClock):
    device, session, ear = made(clock)
    device.faults.set("refuses")
    assert ask(session, ear, "%1POWR 1") == "%1POWR=ERR3"
    assert ask(session, ear, "%1POWR ?") == "%1POWR=0"


def test_ignoring_projector_says_ok_and_stays(clock: ManualClock):
    device, session, ear = made(clock)
    device.faults.set("ignores")
    assert ask(session, ear, "%1POWR 1") == "%1POWR=OK"
    assert device.truth()["power"] == "standby"


# Search and notify.


def found(clock: ManualClock, **options: Any) -> tuple[Projector, Ear]:
    device, ear = Projector(clock=clock, **options), Ear("udp")
    dial(device, ear).receive(b"%2SRCH\r")
    clock.advance(10)
    return device, ear


def test_search_is_answered_within_ten_seconds(clock: ManualClock):
    _, ear = found(clock)
    assert ear.take() == b"%2ACKN=00:1b:78:aa:bb:cc\r"


def test_class_1_is_not_found(clock: ManualClock):
    device, ear = Projector("class1", clock=clock), Ear("udp")
    dial(device, ear).receive(b"%2SRCH\r")
    clock.advance(10)
    assert ear.take() == b""


def test_searcher_is_told_of_power_input_errors_and_link_up(clock: ManualClock):
    device, ear = found(clock)
    ear.take()
    device.press("power", on=True)
    assert ear.take() == b"%2POWR=1\r"
    clock.advance(30)
    assert ear.take() == b""
    device.press("input", input="32")
    clock.advance(1.5)
    assert ear.take() == b"%2INPT=32\r"
    device.press("failure", part="lamp", level=1)
    assert ear.take() == b"%2ERST=010000\r"
    device.press("power", on=False)
    assert ear.take() == b"%2POWR=0\r"
    clock.advance(90)
    assert ear.take() == b""
    device.reboot()
    assert ear.take() == b""
    clock.advance(20)
    assert ear.take() == b"%2LKUP=00:1b:78:aa:bb:cc\r"


class Finder(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.found: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.found.set_result(data)


async def test_search_is_answered_over_a_real_port():
    async with serve(Projector(search_s=0), udp="127.0.0.1:0") as ends:
        host, port = ends.udp.url.removeprefix("udp://").split(":")
        line, finder = await asyncio.get_running_loop().create_datagram_endpoint(
            Finder, remote_addr=(host, int(port))
        )
        line.sendto(b"%2SRCH\r")
        assert await finder.found == b"%2ACKN=00:1b:78:aa:bb:cc\r"
        line.close()


# Whatever comes.

PIECES = st.lists(
    st.sampled_from(["%1POWR ?", "%1POWR 1", "%1INPT 31", "%2IRES ?", "%1LAMP ?", "x" * 200, ""]),
    max_size=12,
)


@given(PIECES, st.lists(st.integers(1, 30), max_size=20))
def test_any_cut_of_the_bytes_gives_the_same_answers(lines: list[str], cuts: list[int]):
    data = "".join(f"{line}\r" for line in lines).encode()
    _, whole, ear = made(ManualClock())
    whole.receive(data)
    wanted = ear.take()
    _, cut, ear = made(ManualClock())
    for size in cuts:
        cut.receive(data[:size])
        data = data[size:]
    cut.receive(data)
    assert ear.take() == wanted


@given(st.lists(st.binary(max_size=400), max_size=10))
def test_garbage_never_raises(chunks: list[bytes]):
    _, session, ear = made(ManualClock(), password="a")
    dial_udp = dial(Projector(clock=ManualClock()), Ear("udp"))
    for chunk in chunks:
        session.receive(chunk)
        dial_udp.receive(chunk)
    assert set(ear.take().split(b"\r")[1:]) <= {b"", b"PJLINK ERRA"}


def test_endless_line_does_not_fill_the_memory():
    lines = Lines()
    for _ in range(100):
        assert not list(lines.feed(bytes(10_000)))
    assert len(lines._rest) <= LONGEST
    assert list(lines.feed(b"\r%1POWR ?\r")) == [b"%1POWR ?"]


@pytest.mark.parametrize(
    "options",
    [
        {"password": "has blanks"},
        {"inputs": "77"},
        {"stuck": "lit"},
        {"lamps": [1] * 9},
        {"crlf": "yes"},
        {"warm_seconds": -1},
        {"standby_err3": ["LAMP"]},
    ],
)
def test_option_without_a_meaning_is_refused(options: dict[str, Any]):
    with pytest.raises(ValueError, match=next(iter(options))[:5]):
        Projector(**options)

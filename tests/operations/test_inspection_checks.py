"""What an inspection finds of one device, by what it tells alone."""

from dataclasses import replace
from typing import Any

import pytest

from avctl.capabilities.display import Input, InputSignal
from avctl.capabilities.health import ClockOffset, Condition, Fault, Hours, Registered, Temperature
from avctl.capabilities.outlets import Burden, Load
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.recorder import Medium, Slot, TimeLeft
from avctl.capabilities.router import Signal
from avctl.config import LimitsFile
from avctl.findings import Finding, Level
from service.operations.inspections.checks import Result, Seen, judge, worst
from service.operations.ledger import Card
from service.operations.ledger.card import Doubt, Loan

GOOD, WATCH, FAULT, SKIPPED = Result.GOOD, Result.WATCH, Result.FAULT, Result.SKIPPED
LIMITS = LimitsFile(lamp_hours=2000, filter_hours=500, temperature=60.0, recorder=1800.0)


def card(**more: Any) -> Card:
    return Card("1-1", "19", "beamer", {"zh": "投影机", "en": "Projector"}, "pjlink", **more)


def results(readings: dict[Any, Any], **more: Any) -> dict[str, Result]:
    seen = Seen("it", readings=readings, limits=LIMITS, **more)
    return {check.about: check.result for check in judge(seen) if check.about != "link"}


@pytest.mark.parametrize(
    ("readings", "about", "result"),
    [
        ({Fault("lamp"): Condition.FAULT}, "fault/lamp", FAULT),
        ({Fault("fan"): Condition.WARNING}, "fault/fan", WATCH),
        ({Fault("overall"): Condition.GOOD}, "fault/overall", GOOD),
        ({Hours("lamp"): 2000}, "hours/lamp", GOOD),
        ({Hours("lamp"): 2001}, "hours/lamp", WATCH),
        ({Hours("filter"): 501}, "hours/filter", WATCH),
        ({Temperature("inside"): 60.5}, "temperature/inside", FAULT),
        ({Temperature("inside"): 59.5}, "temperature/inside", GOOD),
        ({InputSignal(): False, PowerState(): Power.ON}, "signal", WATCH),
        ({InputSignal(): True, Input(): "31"}, "signal", GOOD),
        ({ClockOffset(): -5.1}, "clock", WATCH),
        ({ClockOffset(): 4.9}, "clock", GOOD),
        ({Slot(1): Medium.MOUNTED, TimeLeft(1): 1799}, "space", WATCH),
        ({Slot(1): Medium.MOUNTED, TimeLeft(1): 1800}, "space", GOOD),
        ({Slot(1): Medium.MOUNTED, TimeLeft(1): 0}, "space", FAULT),
        ({Slot(1): Medium.EMPTY, Slot(2): Medium.EMPTY}, "space", FAULT),
        ({Slot(2): Medium.FAULT}, "slot/2", FAULT),
        ({Registered("sip"): False}, "registered/sip", FAULT),
        ({Registered("sip"): True}, "registered/sip", GOOD),
        ({Load(1): Burden.OVERLOAD}, "load/1", FAULT),
        ({Load(1): Burden.LOW}, "load/1", WATCH),
        ({PowerState(): Power.UNKNOWN}, "power", WATCH),
    ],
)
def test_reading_has_its_verdict(readings: dict[Any, Any], about: str, result: Result) -> None:
    assert results(readings)[about] is result


def test_what_a_device_does_not_tell_is_no_item() -> None:
    readings = {Registered("sip"): None, Hours("lamp"): None, InputSignal(): None}
    assert results(readings) == {}


def test_display_in_standby_is_not_blamed_for_no_signal() -> None:
    readings = {InputSignal(): False, PowerState(): Power.OFF}
    assert results(readings) == {"power": GOOD}


def test_matrix_needs_a_signal_where_a_camera_is_plugged_in_and_nowhere_else() -> None:
    readings = {Signal(1): True, Signal(2): False, Signal(3): False}
    assert results(readings, expected={1, 3}) == {"signal/3": FAULT}
    assert results(readings, expected={1}) == {"signals": GOOD}


def test_examination_of_the_driver_is_told_with_its_level() -> None:
    finding = Finding("it", Level.WATCH, "model", "another model", "型号不符")
    assert results({}, findings=[finding]) == {"examined/1/model": WATCH}


def link(**more: Any) -> Result:
    return next(check.result for check in judge(Seen("it", **more)) if check.about == "link")


def test_device_that_does_not_answer_is_a_fault_unless_it_is_known_to_be_elsewhere() -> None:
    away = {"up": False, "reason": "no answer"}
    assert link(**away) is FAULT
    assert link(**away, dark=True) is WATCH
    lent = card(loan=Loan("北京", "2026-03-10"))
    assert link(**away, card=lent, today="2026-03-10") is SKIPPED
    assert link(**away, card=lent, today="2026-03-11") is WATCH
    assert link(**away, card=card(in_repair=True)) is SKIPPED
    assert link(answered=False) is WATCH
    assert link() is GOOD


def identity(found: Card | None, **more: Any) -> dict[str, Result]:
    return {
        about: each
        for about, each in results({}, card=found, **more).items()
        if "identity" in about
    }


def test_identity_is_what_the_ledger_has() -> None:
    read = {"serial": "A1", "model": "X"}
    assert identity(card(read=read)) == {"identity": GOOD}
    assert identity(card(read=read, facts={"serial": "B2"})) == {
        "identity/serial": FAULT,
        "identity": GOOD,
    }
    said = {"zh": "", "en": ""}
    for kind, result in (("replaced", FAULT), ("moved", WATCH), ("duplicate", WATCH)):
        doubtful = card(read=read, doubt=Doubt(kind, 1, "", said))  # type: ignore[arg-type]  # a row
        assert identity(doubtful) == {"identity": result}


def test_place_whose_device_answers_elsewhere_says_where_it_is() -> None:
    gone = replace_place(card(read={"serial": "A1"}), "17")
    found = judge(Seen("it", up=False, reason="no answer", gone_to=gone))
    assert [(each.about, each.result) for each in found] == [("link", FAULT), ("identity", FAULT)]
    assert found[1].text["en"] == "the device of this place is at 17/beamer"


def replace_place(found: Card, room: str) -> Card:
    found.room = room
    return found


def test_firmware_that_changed_since_the_last_inspection_is_to_be_watched() -> None:
    news = {"zh": "固件由 1 变为 2", "en": "firmware 1 became 2"}
    told = card(read={"firmware": "2"})
    assert results({}, card=told)["firmware"] is GOOD
    assert results({}, card=told, firmware_changed=news)["firmware"] is WATCH


def test_worst_of_all_is_the_result_and_what_was_skipped_spoils_nothing() -> None:
    assert worst([]) is GOOD
    assert worst([SKIPPED, GOOD]) is GOOD
    assert worst([GOOD, FAULT, WATCH]) is FAULT


def test_every_text_is_in_both_languages() -> None:
    readings: dict[Any, Any] = {
        Hours("lamp"): 1,
        Fault("lamp"): Condition.FAULT,
        Slot(1): Medium.EMPTY,
    }
    seen = Seen("it", readings=readings, card=card(read={"serial": "A1", "firmware": "2"}))
    for check in judge(replace(seen, expected={1})):
        assert check.text["zh"]
        assert check.text["en"]

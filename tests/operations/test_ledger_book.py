"""The ledger by the journal's entries alone: who stands where, what became of it, and its figures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.journal import Entry
from service.operations.ledger import Book, Window

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = 3600.0


class Told:
    """Entries as a journal gives them."""

    def __init__(self, window: Window | None = None) -> None:
        self.book = Book(window or Window())
        self.seq, self.seconds = 0, 0.0

    def later(self, seconds: float) -> "Told":
        self.seconds += seconds
        return self

    @property
    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)

    def say(self, kind: str, room: str | None = None, by: str = "service", **data: Any) -> int:
        self.seq += 1
        at = self.now.isoformat(timespec="microseconds").replace("+00:00", "Z")
        self.book.take(Entry(self.seq, at, kind, room, by, data, "-"))
        return self.seq

    def roster(self, *places: str, removed: tuple[str, ...] = (), driver: str = "visca") -> None:
        self.say(
            "ledger",
            event="roster",
            removed=[
                dict(zip(("room", "device"), each.split("/"), strict=True)) for each in removed
            ],
            added=[line(each, driver) for each in places],
            changed=[],
        )

    def up(self, place: str, **identity: str) -> None:
        room, device = place.split("/")
        self.say("device", room, device=device, up=True, identity=identity)

    def down(self, place: str, **more: Any) -> None:
        room, device = place.split("/")
        self.say("device", room, device=device, up=False, reason="no answer", **more)

    def card(self, place: str) -> Any:
        return self.book.at[tuple(place.split("/"))]  # type: ignore[index]

    def events(self, card: Any) -> list[str]:
        return [each.event for each in card.history]


def line(place: str, driver: str, address: str = "") -> dict[str, Any]:
    room, device = place.split("/")
    title = {"zh": device, "en": device}
    address = address or f"tcp://{room}.{device}:1"
    return {"room": room, "device": device, "driver": driver, "address": address, "title": title}


@pytest.fixture
def told() -> Told:
    made = Told()
    made.say("service", event="start")
    made.roster("19/camera", "17/camera", "17/beamer")
    return made


def test_device_is_installed_when_it_is_first_seen(told: Told) -> None:
    assert told.card("19/camera").standing == "expected"
    told.up("19/camera", serial="A1", model="X", firmware="1.0")
    card = told.card("19/camera")
    assert (card.standing, card.says("serial"), card.doubt) == ("installed", "A1", None)
    assert told.events(card) == ["installed"]
    told.later(60).up("19/camera", serial="A1", model="X", firmware="1.0")
    assert told.events(card) == ["installed"]


def test_other_serial_at_a_place_is_a_replacement_that_waits_for_a_person(told: Told) -> None:
    told.up("19/camera", serial="A1")
    old = told.card("19/camera")
    told.later(60).down("19/camera")
    told.later(600).up("19/camera", serial="B2")
    new = told.card("19/camera")
    assert new is not old
    assert (old.standing, old.room) == ("away", None)
    assert new.doubt.kind == "replaced"
    assert "B2" in new.doubt.text["zh"]
    assert "A1" in new.doubt.text["en"]
    told.say("ledger", by="Li", event="confirmed", item=new.item)
    assert told.card("19/camera").doubt is None


def test_serial_that_answers_elsewhere_has_moved(told: Told) -> None:
    told.up("19/camera", serial="A1")
    card = told.card("19/camera")
    told.later(60).down("19/camera")
    told.later(600).up("17/camera", serial="a-1")
    assert told.card("17/camera") is card
    assert ("19", "camera") not in told.book.at
    assert card.doubt.kind == "moved"
    assert card.doubt.text["en"] == "moved from 19/camera to 17/camera"
    assert told.events(card) == ["installed", "moved"]


def test_two_cameras_that_changed_places_have_both_moved(told: Told) -> None:
    told.up("19/camera", serial="A1")
    told.up("17/camera", serial="B2")
    one, two = told.card("19/camera"), told.card("17/camera")
    told.later(60).down("19/camera")
    told.down("17/camera")
    told.later(600).up("17/camera", serial="A1")
    told.up("19/camera", serial="B2")
    assert (told.card("17/camera"), told.card("19/camera")) == (one, two)
    assert len(told.book.cards) == 3
    assert [card.doubt.kind for card in (one, two)] == ["moved", "moved"]


def test_stranger_at_a_place_whose_device_has_moved_is_a_replacement(told: Told) -> None:
    told.up("19/camera", serial="A1")
    told.later(60).down("19/camera")
    told.later(60).up("17/camera", serial="A1")
    told.later(60).up("19/camera", serial="C3")
    assert told.card("19/camera").doubt.kind == "replaced"


def test_same_serial_at_two_places_at_once_is_no_move(told: Told) -> None:
    told.up("19/camera", serial="A1")
    told.up("17/camera", serial="A1")
    one, two = told.card("19/camera"), told.card("17/camera")
    assert one is not two
    assert two.doubt.kind == "duplicate"
    told.say("service", event="stop")
    told.later(60).say("service", event="start")
    told.up("17/camera", serial="A1")
    told.up("19/camera", serial="A1")
    assert (told.card("19/camera"), told.card("17/camera")) == (one, two)


def test_name_of_the_device_before_it_makes_no_card_of_its_own(told: Told) -> None:
    told.up("19/camera", serial="A1")
    told.later(600).down("19/camera")
    told.later(60).up("17/camera", serial="A1")
    told.later(60).up("19/camera", serial="A1")  # as was said on the line before
    told.later(20).say("identity", "19", device="camera", identity={"serial": "C3"})
    assert told.card("19/camera").says("serial") == "C3"
    assert told.card("19/camera").doubt.kind == "replaced"
    numbers = sorted(card.says("serial") for card in told.book.cards.values())
    assert numbers == ["", "A1", "C3"]


def test_device_without_a_serial_is_told_by_its_model(told: Told) -> None:
    told.up("19/camera", model="EVI-D70", firmware="1")
    told.later(60).up("19/camera", model="EVI-D70", firmware="2")
    card = told.card("19/camera")
    assert told.events(card) == ["installed", "firmware"]
    told.later(600).up("19/camera", model="BRC-300", firmware="2")
    assert told.card("19/camera") is not card
    assert told.card("19/camera").doubt.kind == "replaced"


def test_device_that_the_files_give_another_name_is_the_same_by_its_address(told: Told) -> None:
    told.up("19/camera", model="EVI-D70")
    card = told.card("19/camera")
    moved = line("17/rear", "visca", "tcp://19.camera:1")
    gone = [{"room": "19", "device": "camera"}]
    told.say("ledger", event="roster", removed=gone, added=[moved], changed=[])
    assert told.card("17/rear") is card
    assert card.doubt is None
    assert told.events(card) == ["installed", "moved"]


def test_lent_device_is_back_when_it_answers_again(told: Told) -> None:
    told.up("19/camera", serial="A1")
    card = told.card("19/camera")
    told.say("ledger", event="lent", item=card.item, to="北京", until="2026-03-10")
    told.later(60).down("19/camera")
    assert (card.standing, card.loan.to) == ("lent", "北京")
    told.later(9 * 86400).up("19/camera", serial="A1")
    assert card.standing == "installed"
    assert told.events(card) == ["installed", "lent", "returned"]


def test_number_that_says_nothing_is_no_serial(told: Told) -> None:
    told.up("19/camera", serial="00000000")
    told.up("17/camera", serial="00000000")
    assert told.card("19/camera").doubt is None
    assert told.card("17/camera").doubt is None


def figures(told: Told, place: str) -> Any:
    return told.card(place).usage.figures(told.now)


def test_availability_and_repair_time_are_of_what_was_seen(told: Told) -> None:
    told.up("19/camera", serial="A1")
    told.later(9 * HOUR).down("19/camera")
    told.later(HOUR).up("19/camera", serial="A1")
    told.later(10 * HOUR)
    seen = figures(told, "19/camera")
    assert (seen.seen, seen.up, seen.failures) == (20 * HOUR, 19 * HOUR, 1)
    assert seen.availability == 0.95
    assert seen.mean_outage == HOUR
    assert seen.in_use == 19 * HOUR


def test_device_without_mains_is_not_counted_as_failed(told: Told) -> None:
    told.up("17/beamer", serial="P1")
    told.later(HOUR).down("17/beamer", dark=True)
    told.later(9 * HOUR).up("17/beamer", serial="P1")
    seen = figures(told, "17/beamer")
    assert (seen.availability, seen.failures, seen.seen) == (1.0, 0, HOUR)


def test_device_that_goes_before_its_outlet_is_known_to_be_off_has_not_failed(told: Told) -> None:
    told.up("17/beamer", serial="P1")
    told.later(HOUR).down("17/beamer")
    told.later(2).down("17/beamer", dark=True)
    told.later(9 * HOUR).up("17/beamer", serial="P1")
    seen = figures(told, "17/beamer")
    assert (seen.failures, seen.seen) == (0, HOUR + 2)


def test_short_loss_counts_as_away_and_not_as_a_failure(told: Told) -> None:
    told.up("19/camera", serial="A1")
    told.later(59).down("19/camera")
    told.later(41).up("19/camera", serial="A1")
    seen = figures(told, "19/camera")
    assert (seen.failures, seen.availability) == (0, 0.59)


def test_hours_in_use_are_those_powered_on_where_the_device_tells(told: Told) -> None:
    told.up("17/beamer", serial="P1")
    told.say("power", "17", device="beamer", state="on")
    told.later(2 * HOUR).say("power", "17", device="beamer", state="off")
    told.later(6 * HOUR)
    assert figures(told, "17/beamer").in_use == 2 * HOUR


def test_device_that_was_on_before_a_loss_is_on_after_it(told: Told) -> None:
    told.up("17/beamer", serial="P1")
    told.say("power", "17", device="beamer", state="on")
    told.later(HOUR).down("17/beamer")
    told.later(HOUR).up("17/beamer", serial="P1")
    told.later(HOUR)
    assert figures(told, "17/beamer").in_use == 2 * HOUR


def test_time_without_the_service_is_not_counted_and_an_outage_goes_on_over_it(told: Told) -> None:
    told.up("19/camera", serial="A1")
    told.later(HOUR).down("19/camera")
    told.later(HOUR).say("service", event="stop")
    told.later(24 * HOUR).say("service", event="start")
    told.later(HOUR).up("19/camera", serial="A1")
    seen = figures(told, "19/camera")
    assert (seen.seen, seen.up) == (2 * HOUR, HOUR)
    assert (seen.failures, seen.mean_outage) == (1, 26 * HOUR)


def test_service_that_was_killed_has_watched_until_its_last_entry() -> None:
    told = Told()
    told.say("service", event="start")
    told.roster("19/camera")
    told.up("19/camera", serial="A1")
    last = told.later(HOUR).now.isoformat()
    told.book._ends = {told.seq + 1: last}
    told.later(24 * HOUR).say("opened", after=told.seq)
    told.say("service", event="start")
    assert figures(told, "19/camera").seen == HOUR


def test_figures_of_a_stretch_of_time_hold_what_falls_into_it() -> None:
    window = Window(BEGIN + timedelta(hours=5), BEGIN + timedelta(hours=15))
    told = Told(window)
    told.say("service", event="start")
    told.roster("19/camera")
    told.up("19/camera", serial="A1")
    told.later(2 * HOUR).down("19/camera")
    told.later(HOUR).up("19/camera", serial="A1")
    told.later(9 * HOUR).down("19/camera")
    told.later(HOUR).up("19/camera", serial="A1")
    told.later(20 * HOUR)
    seen = figures(told, "19/camera")
    assert (seen.seen, seen.up, seen.failures) == (10 * HOUR, 9 * HOUR, 1)


def test_repair_time_runs_from_the_report_to_the_repair(told: Told) -> None:
    told.up("19/camera", serial="A1")
    number = told.say("incident-log", "19", by="Li", event="opened", device="camera")
    told.later(3 * HOUR).say(
        "incident-log", "19", by="Wang", event="repaired", incident=number, done="new cable"
    )
    seen = figures(told, "19/camera")
    assert (seen.incidents, seen.mean_repair) == (1, 3 * HOUR)
    assert told.events(told.card("19/camera")) == ["installed", "repaired"]


def test_device_that_comes_and_goes_costs_no_search_through_all_cards(told: Told) -> None:
    told.roster(*(f"{room}/camera" for room in range(100, 400)))
    told.up("19/camera", serial="A1")
    searched: list[str] = []
    holder = told.book.holder

    def noted(serial: str, *more: Any, **named: Any) -> Any:
        searched.append(serial)
        return holder(serial, *more, **named)

    told.book.holder = noted  # type: ignore[method-assign]  # to count, not to replace
    for _ in range(100):
        told.later(60).down("19/camera")
        told.later(60).up("19/camera", serial="A1")
    assert searched == []

"""The ledger of the demo site, as the service keeps it."""

import asyncio
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from service.cli import app
from service.operations.ledger.sheet import read_sheet
from service.recorder import ABSENT
from service.uploads import XLSX
from tests.operations.centre import MONDAY, world
from tests.served import API, Served

pytestmark = pytest.mark.virtual


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def item(here: Served, room: str, name: str) -> Any:
    found = (await here.get(f"/ledger?room={room}&limit=500"))["items"]
    return next(each for each in found if each["name"] == name)


def _quoted(at: datetime) -> str:
    return at.isoformat().replace("+", "%2B")


async def sent(here: Served, data: bytes) -> Any:
    headers = {"Content-Type": XLSX, "X-Panel": "test"}
    return await here.client.post(f"{API}/ledger/imports", content=data, headers=headers)


async def exported(here: Served, language: str = "en") -> Any:
    answer = await here.client.get(f"{API}/ledger/export.xlsx?language={language}")
    assert answer.headers["content-type"] == XLSX
    return load_workbook(io.BytesIO(answer.content))


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def cell(sheet: Any, row: int, head: str) -> Any:
    column = next(each.column for each in sheet[1] if each.value == head)
    return sheet.cell(row, column)


def row_of(sheet: Any, room: str, name: str) -> int:
    return next(
        row
        for row in range(2, sheet.max_row + 1)
        if (cell(sheet, row, "Room").value, cell(sheet, row, "Name").value) == (room, name)
    )


async def test_every_device_of_the_site_is_there_as_it_says_it_is(tmp_path: Path) -> None:
    async with world(tmp_path).service() as here:
        told = await here.get("/ledger?limit=500")
        places = {(each["room"], each["name"]) for each in told["items"]}
        assert places == {
            (room.name, name) for room in here.site.rooms.values() for name in room.devices
        }
        assert {each["standing"] for each in told["items"]} == {"installed"}
        assert not [each["name"] for each in told["items"] if each["doubt"]]
        beamer = await item(here, "17", "beamer")
        assert beamer["facts"]["serial"] == "SIM17-0001"
        assert beamer["facts"]["model"] == "PT-X17"
        assert "serial" in beamer["read"]
        assert beamer["address"] == "tcp://192.168.17.51:4352"
        page = await here.get("/ledger?offset=2&limit=3")
        assert [each["item"] for each in page["items"]] == [
            each["item"] for each in told["items"][2:5]
        ]
        assert page["total"] == len(places)
        found = await here.get("/ledger?q=sim17 pt-x")
        assert [each["name"] for each in found["items"]] == ["beamer"]


async def test_ledger_is_the_same_after_a_restart(tmp_path: Path) -> None:
    place = world(tmp_path, "17")
    async with place.service() as here:
        beamer = await item(here, "17", "beamer")
        facts = {"asset": "ZC-0017", "supplier": "中电", "warranty": "2028-03-01"}
        await here.done(f"/ledger/{beamer['item']}/facts", {"facts": facts}, by="李工")
        await here.done(f"/ledger/{beamer['item']}/events", {"event": "lent", "to": "南楼"})
        before = await here.get(f"/ledger/{beamer['item']}")
        assert before["facts"] | facts == before["facts"]
        assert [line["event"] for line in before["history"]] == ["installed", "facts", "lent"]
        assert before["history"][1]["by"] == "李工"
        history = {card.item: card.history for card in here.parts.ledger.book.cards.values()}
    async with place.service(up=False) as here:
        told = await here.get(f"/ledger/{beamer['item']}")
        assert told["history"] == before["history"]
        assert (told["facts"], told["standing"]) == (before["facts"], "lent")
        assert {c.item: c.history for c in here.parts.ledger.book.cards.values()} == history
        assert not here.noted("ledger")  # the room files say what they said before


async def test_device_that_is_carried_to_another_room_moves_in_the_ledger(tmp_path: Path) -> None:
    place = world(tmp_path, "annex-6", "17")
    async with place.service() as here:
        await here.parts.clock.sleep(40)  # a mixer is asked its number only once it is up
        mixer = await item(here, "annex-6", "mixer")
        number = mixer["facts"]["serial"]
        one, two = place.device("annex-6", "mixer"), place.device("17", "mixer")
        for simulator in (one, two):
            simulator.faults.set("cut", True)
        mixers = [here.site.rooms[room].devices["mixer"] for room in ("annex-6", "17")]
        await here.until(lambda: not any(each.up for each in mixers))
        two.serial_number = number
        two.faults.clear("cut")
        await here.until(lambda: mixers[1].up)
        await here.parts.clock.sleep(40)
        moved = await item(here, "17", "mixer")
        assert moved["item"] == mixer["item"]
        assert moved["doubt"]["kind"] == "moved"
        assert moved["doubt"]["text"]["zh"] == "由annex-6/mixer移至17/mixer"
        one.serial_number = "0009999"
        one.faults.clear("cut")
        await here.until(lambda: mixers[0].up)
        await here.parts.clock.sleep(40)
        stranger = await item(here, "annex-6", "mixer")
        assert stranger["doubt"]["kind"] == "replaced"
        doubtful = await here.get("/ledger?doubtful=true")
        assert {each["item"] for each in doubtful["items"]} == {moved["item"], stranger["item"]}
        confirmed = await here.done(f"/ledger/{moved['item']}/events", {"event": "confirmed"})
        assert confirmed["doubt"] is None


async def test_figures_are_those_of_the_journal(tmp_path: Path) -> None:
    place = world(tmp_path, "17")
    async with place.service() as here:
        sleep = here.parts.clock.sleep
        await sleep(70)
        place.device("17", "matrix").faults.set("cut", True)
        await sleep(120)
        place.device("17", "matrix").faults.clear("cut")
        await here.until(lambda: here.site.rooms["17"].devices["matrix"].up)
        await sleep(60)
        up, down, back = (
            datetime.fromisoformat(each.at)
            for each in here.noted("device")
            if each.data["device"] == "matrix"
        )
        matrix = await item(here, "17", "matrix")
        now, away = here.parts.clock.wall(), (back - down).total_seconds()
        told = matrix["figures"]
        assert told["availability"] == pytest.approx(
            1 - away / (now - up).total_seconds(), abs=1e-5
        )
        assert told["mean_outage"] * 3600 == pytest.approx(away, abs=0.2)
        assert told["failures"] == 1
        since, until = down - timedelta(seconds=60), down + timedelta(seconds=60)
        stretch = f"since={_quoted(since)}&until={_quoted(until)}"
        told = (await here.get(f"/ledger/{matrix['item']}?{stretch}"))["figures"]
        assert told["availability"] == pytest.approx(0.5, abs=1e-5)
        assert told["hours_seen"] * 3600 == pytest.approx(120, abs=2)
        beamer = await item(here, "17", "beamer")
        assert beamer["figures"]["hours_seen"] > matrix["figures"]["hours_seen"] * 0.9
        assert beamer["figures"]["hours_in_use"] == 0.0  # it stood by


async def test_device_without_mains_is_noted_as_dark_when_it_goes_and_at_the_next_start(
    tmp_path: Path,
) -> None:
    place = world(tmp_path, "17")
    async with place.service() as here:
        await here.site.rooms["17"].take("shut-down", "test", confirmed=True).ended.wait()
        await here.until(lambda: not here.site.rooms["17"].devices["beamer"].up)
        await here.parts.clock.sleep(5)
        (*_, last) = [e for e in here.noted("device") if e.data["device"] == "beamer"]
        assert (last.data["up"], last.data.get("dark")) == (False, True)
    async with place.service(up=False) as here:
        await here.parts.clock.sleep(150)
        noted = [e for e in here.noted("device") if e.data["device"] == "beamer"]
        assert [(e.data["up"], e.data.get("dark")) for e in noted] == [(False, True)]
        beamer = await item(here, "17", "beamer")
        assert beamer["figures"]["availability"] == 1.0
        assert beamer["figures"]["failures"] == 0


async def test_device_that_starts_since_it_has_its_mains_again_is_not_away_until_it_is_late(
    tmp_path: Path,
) -> None:
    place = world(tmp_path, "17")
    async with place.service() as here:
        await here.site.rooms["17"].take("shut-down", "test", confirmed=True).ended.wait()
    for is_late in (False, True):
        async with place.service(up=False) as here:
            room = here.site.rooms["17"]

            def noted(here: Served = here) -> list[tuple[bool, bool | None]]:
                entries = [e for e in here.noted("device") if e.data["device"] == "codec"]
                return [(e.data["up"], e.data.get("dark")) for e in entries]

            await here.parts.clock.sleep(ABSENT - 20)
            if is_late:
                place.device("17", "codec").faults.set("mute")
            room.take("get-ready", "test")
            await here.until(lambda: bool(noted()))
            assert not room.mains.is_cut("codec")
            assert noted() == [(False, True)]
            assert room.mains.ready
            await here.parts.clock.sleep(room.mains.ready.boot + 1)
            assert noted()[1:] == [(False, None) if is_late else (True, None)]
            if not is_late:
                await room.take("shut-down", "test", confirmed=True).ended.wait()


async def test_what_a_device_says_itself_cannot_be_typed(tmp_path: Path) -> None:
    async with world(tmp_path, "17").service() as here:
        beamer = await item(here, "17", "beamer")
        answer = await here.post(f"/ledger/{beamer['item']}/facts", {"facts": {"serial": "X"}})
        assert answer.status_code == 422
        assert "as the device says itself" in answer.json()["detail"]
        camera = await item(here, "17", "podium-camera")
        body = {"facts": {"serial": "S01-77"}}
        told = await here.done(f"/ledger/{camera['item']}/facts", body)
        assert told["facts"]["serial"] == "S01-77"
        assert "serial" not in told["read"]


async def test_thing_that_nothing_is_connected_to_is_entered_and_moved_by_hand(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, "17", "19").service(up=False) as here:
        title = {"zh": "功率放大器", "en": "Amplifier"}
        body = {"room": "17", "name": "amplifier", "title": title, "facts": {"maker": "QSC"}}
        made = await here.done("/ledger", body)
        assert (made["standing"], made["figures"]) == ("installed", None)
        told = await here.done(f"/ledger/{made['item']}/events", {"event": "moved", "room": "19"})
        assert told["room"] == "19"
        gone = await here.done(f"/ledger/{made['item']}/events", {"event": "retired"})
        assert gone["standing"] == "retired"
        answer = await here.post("/ledger", {**body, "room": "nowhere"})
        assert answer.status_code == 422


async def test_sheet_that_is_read_back_unchanged_has_no_differences(tmp_path: Path) -> None:
    async with world(tmp_path, "17").service() as here:
        facts = {"purchased": "2024-05-06", "remark": "=1+1", "supplier": "+86 10 1234"}
        beamer = await item(here, "17", "beamer")
        await here.done(f"/ledger/{beamer['item']}/facts", {"facts": facts})
        for language in ("zh", "en"):
            answer = await here.client.get(f"{API}/ledger/export.xlsx?language={language}")
            draft = (await sent(here, answer.content)).json()
            assert (draft["changes"], draft["additions"], draft["problems"]) == ([], [], [])
            assert draft["rows"] == 7


async def test_differences_of_a_sheet_are_shown_and_then_taken(tmp_path: Path) -> None:
    async with world(tmp_path, "17").service() as here:
        book = await exported(here)
        sheet = book["Ledger"]
        row = row_of(sheet, "17", "beamer")
        cell(sheet, row, "Asset no.").value = "ZC-1"
        cell(sheet, row, "Purchased").value = MONDAY.replace(tzinfo=None)
        cell(sheet, row, "Serial no.").value = "FORGED"
        cell(sheet, row_of(sheet, "17", "matrix"), "Warranty until").value = "next year"
        new = sheet.max_row + 1
        for head, value in (("Room", "17"), ("Name", "screen"), ("Maker", "Draper")):
            cell(sheet, new, head).value = value
        draft = (await sent(here, saved(book))).json()
        beamer = await item(here, "17", "beamer")
        assert [(c["item"], c["key"], c["before"], c["after"]) for c in draft["changes"]] == [
            (beamer["item"], "asset", "", "ZC-1"),
            (beamer["item"], "purchased", "", "2026-03-02"),
        ]
        assert [(a["room"], a["name"]) for a in draft["additions"]] == [("17", "screen")]
        said = " ".join(each["text"]["en"] for each in draft["problems"])
        assert "FORGED is not taken" in said
        assert "'next year' is no date" in said
        assert "asset" not in beamer["facts"]  # nothing is taken yet
        taken = await here.done(
            f"/ledger/imports/{draft['draft']}/take", {"mark": draft["mark"]}, by="王工"
        )
        assert taken == {"changes": 2, "additions": 1}
        beamer = await here.get(f"/ledger/{beamer['item']}")
        assert beamer["facts"]["asset"] == "ZC-1"
        assert beamer["history"][-1]["by"] == "王工"
        assert (await item(here, "17", "screen"))["facts"]["maker"] == "Draper"


async def test_differences_that_are_not_those_shown_are_not_taken(tmp_path: Path) -> None:
    async with world(tmp_path, "17").service() as here:
        book = await exported(here)
        cell(book["Ledger"], row_of(book["Ledger"], "17", "beamer"), "Asset no.").value = "ZC-1"
        draft = (await sent(here, saved(book))).json()
        beamer = await item(here, "17", "beamer")
        await here.done(f"/ledger/{beamer['item']}/facts", {"facts": {"asset": "ZC-2"}})
        answer = await here.post(f"/ledger/imports/{draft['draft']}/take", {"mark": draft["mark"]})
        assert (answer.status_code, answer.json()["code"]) == (409, "held-back")
        again = await here.get(f"/ledger/imports/{draft['draft']}")
        assert [(c["before"], c["after"]) for c in again["changes"]] == [("ZC-2", "ZC-1")]


async def test_no_name_becomes_a_formula_and_no_formula_becomes_a_name(tmp_path: Path) -> None:
    async with world(tmp_path, "17").service(up=False) as here:
        evil = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "{=1}", "http://x.example", "\t=1"]
        for number, name in enumerate(evil):
            title = {"zh": name, "en": name}
            body = {"name": f"={number}", "title": title, "facts": {"remark": name}}
            await here.done("/ledger", body)
        book = await exported(here)
        for sheet in book.worksheets:
            cells = [each for row in sheet.iter_rows() for each in row if each.value is not None]
            assert {each.data_type for each in cells} <= {"s", "n", "d"}
            assert not [each for each in cells if each.hyperlink]
            assert all(
                each.quotePrefix for each in cells if str(each.value).startswith(("=", "+", "@"))
            )
        told = {each.value for row in book["Ledger"].iter_rows() for each in row}
        assert set(evil[:-1]) <= told
        live = Workbook()
        live.active.append(["Name", "Remark", "Room"])
        live.active.append(["thing", "=HYPERLINK(1)", "17"])
        draft = (await sent(here, saved(live))).json()
        assert "formula" in draft["problems"][0]["text"]["en"]
        assert draft["additions"][0]["facts"] == {}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"MZ", b"\xff" * 1000])
async def test_what_is_no_workbook_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    async with world(tmp_path, "17").service(up=False) as here:
        answer = await sent(here, data or b"x")
        assert answer.status_code == 422
        assert "no workbook" in answer.json()["detail"]


async def test_workbook_is_bounded_before_it_is_unpacked(tmp_path: Path) -> None:
    import zipfile

    from service.operations.ledger import LedgerError

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))
    assert len(made.getvalue()) < 100_000
    with pytest.raises(LedgerError, match="larger than it seems"):
        read_sheet(made.getvalue())
    entities = io.BytesIO()
    with zipfile.ZipFile(entities, "w") as packed:
        packed.writestr(
            "xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'
        )
    with pytest.raises(LedgerError, match="entities"):
        read_sheet(entities.getvalue())
    async with world(tmp_path, "17").service(up=False) as here:
        answer = await sent(here, b"0" * (4 * 1024 * 1024 + 1))
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
        answer = await here.client.post(
            f"{API}/ledger/imports", content=b"a,b", headers={"Content-Type": "text/plain"}
        )
        assert (answer.status_code, answer.json()["code"]) == (415, "not-json")


async def test_command_line_writes_the_ledger_and_takes_a_sheet_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = world(tmp_path, "17")
    async with place.service():
        pass
    sheet = tmp_path / "ledger.xlsx"

    async def avctl(*arguments: str) -> str:
        given = ["ledger", str(tmp_path / "site"), *arguments, "--data", str(tmp_path / "data")]
        await asyncio.to_thread(app, given, standalone_mode=False)
        return capsys.readouterr().out

    await avctl("export", "-o", str(sheet), "--language", "en")
    book = load_workbook(sheet)
    assert book["Ledger"].max_row == 1 + 7
    cell(book["Ledger"], row_of(book["Ledger"], "17", "beamer"), "Asset no.").value = "ZC-1"
    book.save(sheet)
    assert "asset: '' -> 'ZC-1'" in await avctl("import", str(sheet))
    assert "asset: '' -> 'ZC-1'" in await avctl("import", str(sheet), "--take")
    assert "no differences" in await avctl("import", str(sheet))
    async with place.service() as here:
        assert (await item(here, "17", "beamer"))["facts"]["asset"] == "ZC-1"

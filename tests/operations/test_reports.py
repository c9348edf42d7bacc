"""Reports over the API: made, written around, submitted, returned, approved, fetched, and checked against the journal."""

import asyncio
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest
from typer.testing import CliRunner

from service.cli import app
from service.journal import open_reader
from service.operations.ledger.usage import Window
from service.operations.reports.facts.devices import Devices
from service.operations.reports.facts.fact import Frame
from service.operations.reports.facts.gather import gather
from service.operations.reports.period import read_period
from tests.operations.centre import world
from tests.served import API, Served
from tests.service.access.people import code_of, town

pytestmark = pytest.mark.virtual

MARCH = {"kind": "monthly", "period": "2026-03"}
SITE = """\
reports:
  organisation: {zh: 运维组, en: Operators}
  client: {zh: 办公厅, en: Office}
schedule:
  report: {do: report, cron: 2 9 2 * *, arguments: {kind: monthly}}
"""


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def worked(here: Served) -> None:
    """A meeting with two takes, a fault and an incident."""
    meeting = await here.done("/rooms/19/meeting", {"title": "例会"}, by="operator")
    for scene in ("speaker-close-up", "restore-panorama"):
        await taken(here, scene)
    await here.done(f"/meetings/{meeting['meeting']}/end", by="operator")
    signs = {"room": "19", "device": "mixer", "signs": "无声"}
    await here.done("/incidents", signs, by="operator")


async def taken(here: Served, scene: str) -> None:
    told = await here.done(f"/rooms/19/scenes/{scene}/take", by="operator")
    await here.until(
        lambda: any(entry.data["run"] == told["run"] for entry in here.noted("verdict"))
    )


def value_of(document: dict[str, Any], figure: str) -> Any:
    for section in document["sections"]:
        for each in section["figures"]:
            if each["figure"] == figure:
                return each["value"]
    raise KeyError(figure)


async def refused(here: Served, path: str, body: Any = None, by: str = "client") -> tuple[int, str]:
    answer = await here.post(path, body, by)
    return answer.status_code, answer.json()["code"]


async def test_a_report_goes_from_draft_over_remarks_to_approval_and_is_frozen_then(
    tmp_path: Path,
) -> None:
    made = world(tmp_path, "19", more=SITE)
    async with made.service() as here:
        await worked(here)
        report = await here.done("/reports", MARCH, by="operator")
        at = f"/reports/{report['report']}"
        assert (report["state"], value_of(report["document"], "takes")) == ("draft", 2)
        assert await refused(here, "/reports", MARCH) == (409, "conflict")  # one at a time
        assert await refused(here, f"{at}/approve") == (409, "conflict")
        text = {"texts": {"summary": {"zh": "平稳"}, "takes": {"zh": "两次"}}}
        told = await here.client.put(f"{API}{at}/texts", json=text, headers={"X-Panel": "operator"})
        assert told.status_code == 200, told.text
        figures = {"texts": {"figures": {"zh": "3"}}}
        assert (await here.client.put(f"{API}{at}/texts", json=figures)).status_code == 422

        await here.done(f"{at}/submit", by="operator")
        late = await here.client.put(f"{API}{at}/texts", json=text)
        assert (late.status_code, late.json()["code"]) == (409, "conflict")
        back = await here.done(f"{at}/return", {"remarks": "请补充故障说明"}, by="client")
        assert (back["state"], back["remarks"], back["files"]) == ("returned", "请补充故障说明", {})

        await taken(here, "speaker-close-up")
        await here.done(f"{at}/submit", by="operator")
        await taken(here, "restore-panorama")  # too late for it
        assert await refused(here, f"{at}/approve", by="operator") == (409, "conflict")
        done = await here.done(f"{at}/approve", {"remarks": "同意"}, by="client")
        assert (done["state"], done["reviewed_by"]) == ("approved", "client")
        assert await refused(here, f"{at}/return", {"remarks": "x"}) == (409, "conflict")

        view = await here.get(at)
        assert value_of(view["document"], "takes") == 3
        assert [step["event"] for step in view["history"]] == [
            "made", "edited", "submitted", "returned", "submitted", "approved",
        ]  # fmt: skip
        for name, digest in done["files"].items():
            language, form = name.split(".")
            file = await here.client.get(f"{API}{at}/file?format={form}&language={language}")
            assert hashlib.sha256(file.content).hexdigest() == digest
        whole = {"facts": here.noted("report", "approved")[0].data["facts"], "files": done["files"]}
        text_of = json.dumps(whole, sort_keys=True)
        assert done["digest"] == hashlib.sha256(text_of.encode()).hexdigest()
        paper = await here.client.get(f"{API}{at}/file?format=docx&language=zh")
        cells = [c.text for c in docx.Document(io.BytesIO(paper.content)).tables[0].rows[2].cells]
        assert cells[1] == "client"
        assert await here.get(f"{at}/check") == {"same": True, "differences": []}
        again = await here.done("/reports", MARCH, by="operator")  # a correction is a report anew
        assert again["report"] != report["report"]
    async with made.service(up=False) as here:
        page = await here.get("/reports?kind=monthly")
        assert [each["state"] for each in page["reports"]] == ["draft", "approved"]
        assert (await here.get(at))["document"] == view["document"]
        digest = done["files"]["zh.pdf"]
        kept = tmp_path / "data" / "files" / digest[:2] / digest
        kept.chmod(0o600)
        kept.write_bytes(kept.read_bytes() + b"x")
        checked = await here.get(f"{at}/check")
        assert not checked["same"]
        assert "zh.pdf" in checked["differences"][0]
        gone = await here.client.get(f"{API}{at}/file?format=pdf&language=zh")
        assert (gone.status_code, gone.json()["code"]) == (503, "no-file")


async def test_every_figure_of_a_report_leads_to_lines_of_the_journal(tmp_path: Path) -> None:
    async with world(tmp_path, "19").service() as here:
        await worked(here)
        report = await here.done("/reports", MARCH)
        at = f"/reports/{report['report']}/entries"
        told = await here.get(f"{at}?figure=takes")
        assert [entry["kind"] for entry in told["entries"]] == ["verdict", "verdict"]
        assert told["seqs"] == [entry["seq"] for entry in told["entries"]]
        cell = await here.get(f"{at}?table=rooms&row=19&column=incidents")
        assert [entry["data"]["signs"] for entry in cell["entries"]] == ["无声"]
        missing = await here.client.get(f"{API}{at}?figure=nothing")
        assert missing.status_code == 404


async def test_operators_write_reports_and_only_the_client_judges_them() -> None:
    async with town() as here:
        operator, client = await here.logged_in("operator"), await here.logged_in("client")
        viewer = await here.logged_in("viewer")
        assert (await client.post(f"{API}/reports", json=MARCH)).status_code == 403
        made = await operator.post(f"{API}/reports", json=MARCH)
        at = f"{API}/reports/{made.json()['report']}"
        assert (await viewer.get(at)).status_code == 403
        assert (await client.post(f"{at}/submit")).status_code == 403
        assert (await operator.post(f"{at}/submit")).status_code == 200
        for judged in ("approve", "return"):
            refused = await operator.post(f"{at}/{judged}", json={"remarks": "x"})
            assert (refused.status_code, code_of(refused)) == (403, "forbidden")
        done = await client.post(f"{at}/return", json={"remarks": "补充"})
        told = done.json()
        assert (told["state"], told["submitted_by"], told["reviewed_by"]) == (
            "returned", "operator", "client",
        )  # fmt: skip
        assert (await client.get(at)).status_code == 200


async def test_an_inspection_is_told_as_it_was_done(tmp_path: Path) -> None:
    async with world(tmp_path, "19").service() as here:
        begun = await here.done("/rooms/19/inspections")
        at = f"/inspections/{begun['inspection']}"
        told = begun
        while told["state"] == "reading":
            await here.parts.clock.sleep(1)
            told = await here.get(at)
        look = {"result": "watch", "remark": "有灰尘"}
        await here.done(f"{at}/looks/dust", look, by="operator")
        for form in ({"period": "2026-03"}, {"period": begun["inspection"]}):
            asked = f"kind=inspection-record&period={form['period']}"
            record = await here.get(f"/reports/preview?{asked}")
            assert value_of(record, "inspections") == 1
            counts = {name: value_of(record, f"items-{name}") for name in ("good", "fault")}
            checks = await here.get(at)
            results = [each["result"] for each in checks["checks"]]
            assert counts == {name: results.count(name) for name in ("good", "fault")}
            rows = record["sections"][0]["tables"][1]["rows"]
            (dust,) = (row for row in rows if row["row"].endswith("/dust"))
            assert dust["cells"][4]["value"] == {"zh": "有灰尘", "en": "有灰尘"}


async def test_panels_hear_how_the_making_of_files_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path, "19").service(up=False) as here:
        told: list[Any] = []
        here.parts.reports._tell = lambda report, progress: told.append((report.state, progress))
        report = await here.done("/reports", MARCH)
        await here.done(f"/reports/{report['report']}/submit")
        progress = [part for _, part in told if part is not None]
        assert progress == sorted(progress)
        assert len(progress) == 6
        assert told[-1] == ("submitted", None)


async def test_a_report_says_what_cannot_be_told_of(tmp_path: Path) -> None:
    async with world(tmp_path, "19").service(up=False) as here:
        for wrong in (
            {"kind": "monthly", "period": "2026-13"},
            {"kind": "meeting-log", "period": "77"},
            {"kind": "weather", "period": "2026-03"},
        ):
            answer = await here.post("/reports", wrong)
            assert (answer.status_code, answer.json()["code"]) == (422, "unfit")
        unknown = await here.post("/reports", {**MARCH, "room": "99"})
        assert unknown.status_code == 404
        assert (await here.client.get(f"{API}/reports/99999")).status_code == 404


async def test_the_schedule_makes_drafts_of_the_last_whole_month_once(tmp_path: Path) -> None:
    made = world(tmp_path, "19", more=SITE)
    async with made.service(up=False) as here:
        await here.until(lambda: here.noted("report", "made"))
        (report,) = (await here.get("/reports"))["reports"]
        assert (report["kind"], report["period"]) == ("monthly", "2026-02")


async def test_devices_figures_are_those_of_the_ledger(tmp_path: Path) -> None:
    made = world(tmp_path, "19")
    async with made.service() as here:
        made.device("19", "matrix").faults.set("cut", True)
        await here.until(lambda: not here.site.rooms["19"].devices["matrix"].up)
        await here.parts.clock.sleep(70)
        made.device("19", "matrix").faults.clear("cut")
        await here.until(lambda: here.site.rooms["19"].devices["matrix"].up)
    async with made.service() as here:
        await here.parts.clock.sleep(10)
        period = read_period("2026-03", here.parts.reports.names.zone)
        now = here.parts.clock.wall()
        devices = Devices(Frame(period, here.parts.reports.names, now))
        await gather(here.journal, devices.frame, [devices])
        devices.end()
        book = await here.parts.ledger.over(Window(period.since, period.until))
        for card in book.cards.values():
            used = devices.by_place[card.room or "", card.name]
            figures = card.usage.figures(now)
            assert used.figures.up == pytest.approx(figures.up, abs=1e-3)
            assert used.figures.seen == pytest.approx(figures.seen, abs=1e-3)
            assert used.faults.count == figures.failures
        assert devices.by_place["19", "matrix"].faults.count == 1


async def test_the_command_writes_a_report_beside_a_running_service(tmp_path: Path) -> None:
    made = world(tmp_path, "19")
    async with made.service() as here:
        await worked(here)
        entry = here.journal.note("x")
        await here.journal.stored(entry)
        site, data = str(tmp_path / "site"), str(tmp_path / "data")

        def run(*words: str) -> Any:
            return CliRunner().invoke(app, ["report", site, *words, "--data", data])

        for form in ("docx", "xlsx", "pdf", "json"):
            file = tmp_path / f"march.{form}"
            done = await asyncio.to_thread(run, "monthly", "2026-03", "-o", str(file))
            assert done.exit_code == 0, done.output
            assert file.stat().st_size > 1000
        told = json.loads((tmp_path / "march.json").read_text("utf-8"))
        preview = await here.get("/reports/preview?kind=monthly&period=2026-03")
        assert value_of(told, "takes") == value_of(preview, "takes") == 2
        wrong = await asyncio.to_thread(run, "monthly", "2026-99", "-o", str(tmp_path / "a.pdf"))
        assert wrong.exit_code != 0
        assert "2026-99" in str(wrong.exception)
        async with open_reader(tmp_path / "data") as journal:
            assert await journal.page(limit=1)

"""Reports from the command line: of a running service, and of the journal it leaves behind."""

import json
from pathlib import Path

import httpx
import pytest

from tests.system.command import avctl, started

HALL = """\
room: hall
title: Hall
devices:
  matrix: {driver: extron_sis, url: "tcp://127.0.0.1:9"}
"""
pytestmark = pytest.mark.serial


def test_a_report_is_fetched_from_a_service_or_made_of_its_journal(tmp_path: Path) -> None:
    room, data = tmp_path / "hall.yaml", tmp_path / "data"
    room.write_text(HALL, "utf-8")
    with started("serve", room, "--port", 0, "--data", data, "--access", "open") as service:
        base = service.urls[0].removesuffix("/panel/")
        begun = httpx.post(f"{base}/api/v1/rooms/hall/meeting", json={}, trust_env=False)
        number = begun.raise_for_status().json()["meeting"]
        period = begun.json()["began"][:4]
        fetched = tmp_path / "of-the-service.docx"
        done = avctl("report", room, "meeting-log", number, "-o", fetched, "--service", base)
        assert done.returncode == 0, done.stderr
        assert fetched.read_bytes()[:2] == b"PK"
        refused = avctl("report", room, "monthly", "soon", "-o", fetched, "--service", base)
        assert refused.returncode == 1
        assert "'soon'" in refused.stderr
        service.stop()
    made = tmp_path / "of-the-journal.json"
    done = avctl("report", room, "monthly", period, "-o", made, "--data", data)
    assert done.returncode == 0, done.stderr
    figures = {
        figure["figure"]: figure["value"]
        for section in json.loads(made.read_text("utf-8"))["sections"]
        for figure in section["figures"]
    }
    assert figures["meetings"] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("weather", "2026-11", "-o", "x.pdf"), "no kind of report is called 'weather'"),
        (("monthly", "2026-11", "-o", "x.odt"), "name it .docx"),
        (("monthly", "2026-11", "-o", "x.pdf", "--room", "attic"), "no room 'attic'"),
        (("monthly", "2026-11", "-o", "x.pdf", "--data", "nowhere"), "no such file"),
    ],
)
def test_what_does_not_fit_is_a_matter_of_usage(
    tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    room = tmp_path / "hall.yaml"
    room.write_text(HALL, "utf-8")
    done = avctl("report", room, *words)
    assert done.returncode == 2
    assert says in done.stderr

"""`avctl meeting` and `avctl incident` against a service that is running."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.command import avctl, started

HALL = """\
room: hall
title: Hall
devices:
  matrix: {driver: extron_sis, url: "tcp://127.0.0.1:9"}
"""
pytestmark = pytest.mark.serial


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("site")
    file = folder / "hall.yaml"
    file.write_text(HALL, encoding="utf-8")
    with started(
        "serve", file, "--port", 0, "--data", folder / "data", "--access", "open"
    ) as running:
        yield file, running.urls[0].removesuffix("/panel/")


def test_a_meeting_is_begun_ended_and_listed(service: tuple[Path, str]) -> None:
    site, url = service
    begun = avctl("meeting", site, "hall", "begin", "--title", "例会", "--url", url)
    assert (begun.returncode, "例会" in begun.stdout) == (0, True), begun.stderr
    again = avctl("meeting", site, "hall", "begin", "--url", url)
    assert (again.returncode, "end it first" in again.stderr) == (1, True)
    assert avctl("meeting", site, "hall", "end", "--url", url).returncode == 0
    listed = avctl("meeting", site, "hall", "list", "--url", url).stdout
    assert "例会" in listed
    assert "  on  " not in listed


def test_an_incident_is_reported_and_closed_with_a_reason(service: tuple[Path, str]) -> None:
    site, url = service
    more = ("--room", "hall", "--device", "matrix", "--url", url)
    opened = avctl("incident", site, "open", "no picture", *more)
    assert opened.returncode == 0, opened.stderr
    number = opened.stdout.split()[0]
    alone = avctl("incident", site, "close", number, "--done", "restarted", "--url", url)
    assert (alone.returncode, "another person" in alone.stderr) == (1, True)
    closed = avctl("incident", site, "close", number, "--reason", "alone", "--url", url)
    assert (closed.returncode, "closed" in closed.stdout) == (0, True)
    listed = avctl("incident", site, "list", "--state", "closed", "--url", url)
    assert "no picture" in listed.stdout


def test_what_is_not_there_or_is_another_site_is_said(service: tuple[Path, str]) -> None:
    site, url = service
    nobody = avctl("meeting", site, "hall", "list", "--url", "http://127.0.0.1:9")
    assert (nobody.returncode, "no service" in nobody.stderr) == (1, True)
    other = site.with_name("other.yaml")
    other.write_text(HALL.replace("room: hall", "room: other"), encoding="utf-8")
    wrong = avctl("meeting", other, "hall", "list", "--url", url)
    assert (wrong.returncode, "serves hall" in wrong.stderr) == (1, True)
    assert avctl("incident", site, "close", "x", "--url", url).returncode == 2

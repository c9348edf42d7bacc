"""People on the machine itself, and a service that asks for a login."""

from pathlib import Path

import httpx
import pytest

from tests.system.command import avctl, started
from tests.system.test_cli_serve import HALL

pytestmark = pytest.mark.serial


def test_people_are_added_beside_a_service_that_runs_and_can_log_in(tmp_path: Path) -> None:
    file, data = tmp_path / "hall.yaml", tmp_path / "data"
    file.write_text(HALL.format(url="tcp://127.0.0.1:9"), encoding="utf-8")
    with started("serve", file, "--port", 0, "--data", data, lines=2) as service:
        base = service.urls[0].removesuffix("/panel/")
        code = service.said[1].split()[2].rstrip(",")
        assert (data / "set-up-code").read_text().strip() == code
        with httpx.Client(base_url=base, trust_env=False) as client:
            assert client.get("/api/v1/rooms/hall").status_code == 401
            said = avctl("user", "add", "Wang", "--role", "operator@hall", "--data", data)
            assert said.returncode == 0, said.stderr
            name, password = said.stdout.split()
            answer = client.post("/api/v1/session", json={"name": name, "password": password})
            assert answer.status_code == 200, answer.text
            assert answer.json()["must_change"]
            assert "wang" in avctl("user", "list", "--data", data).stdout
            assert avctl("user", "disable", "wang", "--data", data).returncode == 0
            answer = client.post("/api/v1/session", json={"name": name, "password": password})
            assert answer.status_code == 401
        for kept in data.iterdir():
            assert kept.is_dir() or kept.stat().st_mode & 0o077 == 0, kept
        assert service.stop() == 0


def test_what_is_open_to_everybody_is_not_served_to_a_network(tmp_path: Path) -> None:
    file = tmp_path / "hall.yaml"
    file.write_text(HALL.format(url="tcp://127.0.0.1:9"), encoding="utf-8")
    said = avctl(
        "serve", file, "--access", "open", "--host", "192.0.2.1", "--data", tmp_path / "data"
    )
    assert said.returncode == 2
    assert "let people log in" in said.stderr
    assert avctl("user", "add", "x", "--role", "king", "--data", tmp_path).returncode == 2

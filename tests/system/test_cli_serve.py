"""The service and the demo as processes: they start, answer, and stop when told."""

import signal
from pathlib import Path

import httpx
import pytest

from tests.processes import simulated
from tests.system.command import started

HALL = """\
room: hall
title: Hall
devices:
  matrix: {{driver: extron_sis, url: "{url}"}}
"""
OPEN = ("--access", "open")
pytestmark = pytest.mark.serial


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_service_answers_and_stops_when_told(tmp_path: Path, how: signal.Signals) -> None:
    file = tmp_path / "hall.yaml"
    with simulated("extron_sis", "--tcp", "127.0.0.1:0") as device:
        file.write_text(HALL.format(url=device.url), encoding="utf-8")
        with started("serve", file, "--port", 0, "--data", tmp_path / "data", *OPEN) as service:
            base = service.urls[0].removesuffix("/panel/")
            for path in ("/livez", "/readyz", "/panel/", "/api/v1/rooms/hall"):
                assert httpx.get(f"{base}{path}", trust_env=False).status_code == 200, path
            assert service.stop(how) == 0
    assert list((tmp_path / "data").iterdir())


def test_the_service_stops_though_its_devices_are_away(tmp_path: Path) -> None:
    file = tmp_path / "hall.yaml"
    file.write_text(HALL.format(url="tcp://127.0.0.1:9"), encoding="utf-8")
    with started("serve", file, "--port", 0, "--data", tmp_path / "data", *OPEN) as service:
        base = service.urls[0].removesuffix("/panel/")
        assert httpx.get(f"{base}/readyz", trust_env=False).status_code == 200
        assert service.stop() == 0


def test_the_demo_takes_its_simulators_with_it() -> None:
    with started("demo", "--port", 0, lines=2) as demo:
        panel, control = demo.urls
        assert httpx.get(panel, trust_env=False).status_code == 200
        assert httpx.get(f"{control}devices", trust_env=False).status_code == 200
        assert demo.stop() == 0
        with pytest.raises(httpx.ConnectError):
            httpx.get(control, trust_env=False)

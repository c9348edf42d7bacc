"""The service when its disk takes nothing more."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import until
from tests.resilience.served import SCENES, Hall, Service, hall, untold

pytestmark = [pytest.mark.serial, pytest.mark.timeout(180)]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Hall]:
    with hall(tmp_path) as made:
        yield made


def let_files_grow(service: Service, *, on: bool) -> None:
    """Whether the service's files may be written to: as on a full disk, its writes fail."""
    _, hard = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
    soft = hard if on else 0
    resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


def test_scenes_work_on_a_full_disk_which_is_told_and_nothing_of_them_is_lost(there: Hall) -> None:
    service = there.serve()
    try:
        runs = [service.accepted("one")]
        service.until_ended(runs[0], 5)
        let_files_grow(service, on=False)
        for scene in (*SCENES, "two"):
            answer = service.take(scene, wait=20)
            assert answer.status_code != 200
            assert answer.json()["code"] == "not-recorded"
            there.until_shown(scene)
        told = service.ready()
        assert told.status_code == 503
        assert told.text.startswith("journal:")

        let_files_grow(service, on=True)
        until(lambda: {"status": service.ready().status_code}, lambda now: now["status"] == 200)
        entries = service.entries()
        assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
        kinds = [entry["kind"] for entry in entries]
        assert {"fault", "recovered"} <= set(kinds)
        assert "lost" not in kinds
        runs += [entry["data"]["run"] for entry in entries if entry["kind"] == "tap"][1:]
        assert untold(entries, runs) == []
        assert len(runs) == 4
    finally:
        service.stop()

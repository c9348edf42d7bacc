import pytest


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")

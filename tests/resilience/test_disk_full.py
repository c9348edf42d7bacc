"""The service when its disk takes nothing more; ``python -m tests.resilience`` does it more often."""

from pathlib import Path

import pytest

from tests.resilience.starved import starved

pytestmark = [pytest.mark.serial, pytest.mark.timeout(180)]


def test_r21_scenes_work_on_a_full_disk_which_is_told_and_nothing_of_them_is_lost(
    tmp_path: Path,
) -> None:
    found = starved(tmp_path, 1)
    assert (found.shown, found.refused, found.told) == (2, 2, 1)
    assert found.gaps == 0
    assert {"fault", "recovered"} <= set(found.kinds)
    assert "lost" not in found.kinds
    assert found.untold == []
    assert len(found.runs) == 3

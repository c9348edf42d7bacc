"""The emergency while all is against it; ``python -m tests.resilience`` does it more often.

How soon its first byte is on the line, and that nothing of the scene before comes after it, is measured in virtual
time: `tests/changeover`.
"""

from pathlib import Path

import pytest

from tests.resilience.emergency import emergencies

pytestmark = [pytest.mark.serial, pytest.mark.timeout(180)]

TIMES = 2


def test_r15_an_emergency_works_with_a_hung_matrix_a_full_disk_and_half_open_connections(
    tmp_path: Path,
) -> None:
    found = emergencies(tmp_path, TIMES)
    assert found.verdicts == {"confirmed": TIMES}
    assert found.on_backup == TIMES

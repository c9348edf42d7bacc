"""The service killed and stopped in the middle of scenes; ``python -m tests.resilience`` does it more often."""

from pathlib import Path

import pytest

from tests.resilience.killed import killed, terminated

pytestmark = [pytest.mark.serial, pytest.mark.timeout(180)]

TIMES = 2
RESTART = 1012  # the close code for a service that comes back


def test_r19_kill_9_in_a_scene_loses_no_accepted_run_and_leaves_none_untold(tmp_path: Path) -> None:
    fates = killed(tmp_path, TIMES)
    assert fates.untold == []
    assert fates.journal == ""
    assert fates.works_after


def test_r25_sigterm_in_a_scene_ends_or_tells_it_and_frees_everything(tmp_path: Path) -> None:
    fates = terminated(tmp_path, TIMES)
    assert fates.statuses == [0] * TIMES
    assert fates.codes == [RESTART] * TIMES
    assert fates.untold == []
    assert fates.journal == ""
    assert fates.works_after

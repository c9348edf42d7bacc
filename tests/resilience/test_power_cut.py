"""The power goes while the journal is written; ``python -m tests.resilience`` lets it go more often."""

import pytest

from tests.resilience.power import cut, upgraded, written

CUTS = 50


def test_r20_no_acknowledged_entry_is_lost_in_a_power_cut_and_no_file_damaged() -> None:
    disk = written()
    found = cut(disk, CUTS, seed=20)
    assert (found.lost, found.broken, found.stuck) == (0, [], [])
    # The same cuts on a disk that says synced and is not: what is lost there must be seen.
    lies = cut(disk, CUTS // 5, seed=20, lies=True)
    assert lies.lost
    assert lies.broken


@pytest.mark.parametrize("seed", [24, 25])
def test_r24_a_power_cut_while_a_journal_is_brought_up_to_date_leaves_the_old_or_the_new(
    seed: int,
) -> None:
    found = cut(upgraded(), CUTS // 2, seed, opened=2)
    assert (found.lost, found.broken, found.stuck) == (0, [], [])

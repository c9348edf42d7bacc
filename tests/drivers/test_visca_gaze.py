"""What successive positions of a VISCA camera tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.camera import Framing
from avctl.drivers.visca.gaze import Gaze, Spot


def look(gaze: Gaze, pan: int, at: float) -> None:
    gaze.note(Spot(pan, 0, 0), Framing(pan / 100, 0, 0), at)


def test_a_target_within_tolerance_is_not_reached_while_the_camera_still_creeps() -> None:
    gaze = Gaze({3: Framing(1, 0, 0)})
    gaze.recall(3, 0)
    look(gaze, 60, 0.0)
    look(gaze, 70, 0.1)
    look(gaze, 71, 0.15)
    with pytest.raises(LookupError):
        gaze.shown()
    look(gaze, 71, 0.4)
    assert gaze.shown() == 3


def test_a_completion_vouches_for_a_target_that_is_near() -> None:
    gaze = Gaze({3: Framing(1, 0, 0)})
    gaze.recall(3, 0)
    look(gaze, 100, 0.1)
    gaze.complete()
    assert gaze.shown() == 3


def test_the_completion_of_a_drive_vouches_for_nothing() -> None:
    gaze = Gaze({3: Framing(1, 0, 0)})
    gaze.recall(3, 0)
    gaze.go()
    gaze.complete()
    look(gaze, 100, 0.1)
    with pytest.raises(LookupError):
        gaze.shown()


def test_a_place_sent_to_is_under_way_until_the_camera_rests() -> None:
    gaze = Gaze({})
    gaze.aim(Framing(1, 0, 0))
    look(gaze, 60, 0.0)
    look(gaze, 95, 0.1)
    assert gaze.is_under_way_to(Framing(0.95, 0, 0))
    look(gaze, 95, 0.4)
    assert not gaze.is_under_way_to(Framing(0.95, 0, 0))


def test_a_camera_that_moved_before_the_recall_teaches_nothing_by_moving_on() -> None:
    gaze = Gaze({})
    look(gaze, 0, 0.0)
    look(gaze, 50, 0.1)
    gaze.recall(3, 0.15)
    look(gaze, 90, 0.2)
    look(gaze, 90, 1.0)
    assert gaze.framings == {}


def test_a_busy_bit_is_movement() -> None:
    gaze = Gaze({})
    look(gaze, 0, 0.0)
    look(gaze, 0, 1.0)
    gaze.busy = True
    look(gaze, 0, 1.1)
    assert gaze.moving is True
    look(gaze, 0, 1.2)
    assert gaze.moving is None


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.01, 1.0)), min_size=1, max_size=30))
def test_rest_is_never_told_of_positions_that_differ(steps: list[tuple[int, float]]) -> None:
    gaze, now, seen = Gaze({}), 0.0, [(0.0, 0)]
    look(gaze, 0, 0.0)
    for place, wait in steps:
        now += wait
        seen.append((now, place * 10))
        look(gaze, place * 10, now)
        if gaze.moving is False:
            recent = {pan for at, pan in seen if now - at < 0.2}
            assert recent == {place * 10}

"""Plans: what becomes of wants, before anything is sent."""

from avctl.capabilities.wall import Layout, WindowSource
from avctl.points import Point
from avctl.scenes.plan import Planned, Prospect, as_driven, changes_before
from avctl.scenes.scene import Kind, Order, Want

LAYOUT, WINDOW = Layout(), WindowSource(1)


def want(point: Point, target: str = "wall", *after: str, kind: Kind = Kind.SET) -> Want:
    return Want(target, point.word, 1, "wall", point, 1, Order(after), kind)


def planned(*prospects: Prospect) -> tuple[Planned, ...]:
    wants = want(LAYOUT), want(WINDOW)
    return tuple(
        Planned(each, 1, prospect, None) for each, prospect in zip(wants, prospects, strict=True)
    )


def test_a_layout_changes_its_windows_before_they_are_put() -> None:
    assert changes_before(want(LAYOUT), want(WINDOW))
    assert changes_before(want(LAYOUT, "layout"), want(WINDOW, "window", "layout"))


def test_what_waits_comes_after_whatever_its_rank() -> None:
    assert not changes_before(want(LAYOUT, "layout", "window"), want(WINDOW, "window"))
    assert changes_before(want(WINDOW, "window"), want(LAYOUT, "layout", "window"))


def test_what_is_only_looked_at_changes_nothing() -> None:
    assert not changes_before(want(LAYOUT, kind=Kind.CHECK), want(WINDOW))


def test_a_window_that_the_layout_will_turn_is_planned_to_be_put() -> None:
    before = planned(Prospect.DRIVE, Prospect.RIGHT)
    assert [each.prospect for each in as_driven(before)] == [Prospect.DRIVE, Prospect.DRIVE]


def test_a_window_stays_as_it_is_where_its_layout_does() -> None:
    before = planned(Prospect.RIGHT, Prospect.RIGHT)
    assert as_driven(before) == before

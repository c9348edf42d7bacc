"""The simulated wall of LCD panels: its frames, its splices, its silence."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.lcd_splicer import LcdSplicer
from hw_sim.lcd_splicer.wire import LONGEST, Frames, check
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import dial, rows, wire

TOLD = rows("lcd_splicer")


class Rig:
    """A wall, and a controller on its line."""

    def __init__(self, clock: ManualClock, model: str = "3458", **options: Any) -> None:
        self.clock, self.wall = clock, LcdSplicer(model, clock=clock, **options)
        self.ear = Ear("serial", "serial")
        self.session = dial(self.wall, self.ear)

    def tell(self, name: str) -> None:
        self.session.receive(wire(TOLD[f"e5_{name}"]))
        assert self.ear.take() == b""

    def send(self, text: str) -> None:
        """A frame in hex, without its check."""
        frame = bytes.fromhex(text)
        self.session.receive(frame + bytes((check(frame),)))

    def panel(self, unit: int) -> Any:
        return self.wall.panels.at(unit)[0]

    @property
    def on(self) -> list[int]:
        return [panel.unit for panel in self.wall.panels.each if panel.state == "on"]

    @property
    def shown(self) -> list[tuple[int, str]]:
        return [(window.number, window.source) for window in self.wall.windows()]


@pytest.fixture
def rig(clock: ManualClock) -> Rig:
    return Rig(clock, on=True)


# The transcript.


@pytest.mark.parametrize("unit", [1, 2, 9])
def test_panel_of_the_transcript_goes_on_and_off_alone(unit: int, clock: ManualClock):
    rig = Rig(clock)
    rig.tell(f"on_{unit}")
    assert rig.on == []
    clock.advance(4)
    assert rig.on == [unit]
    rig.tell(f"off_{unit}")
    assert rig.on == []


def test_v59_boards_go_on_and_off_together(clock: ManualClock):
    rig = Rig(clock, "v59")
    rig.tell("all_on_v59")
    clock.advance(4)
    assert rig.on == list(range(1, 10))
    rig.tell("all_off_v59")
    assert rig.on == []


def test_3458_boards_do_not_know_the_short_frame(clock: ManualClock):
    rig = Rig(clock)
    rig.tell("all_on_v59")
    clock.advance(4)
    assert rig.on == []


def test_backlight_of_a_panel_is_dark_and_the_panel_stays_on(rig: Rig):
    rig.tell("backlight_off_1")
    assert (len(rig.shown), rig.on) == (8, list(range(1, 10)))
    rig.tell("backlight_on_1")
    assert len(rig.shown) == 9


def test_numbers_and_addresses_are_shown_and_hidden(rig: Rig):
    for name, key in (("numbers", "numbers"), ("addr", "addresses")):
        rig.tell(f"{name}_show")
        assert rig.wall.truth()[key] is True
        rig.tell(f"{name}_hide")
        assert rig.wall.truth()[key] is False


def test_codes_of_inputs_are_those_of_the_boards(clock: ManualClock):
    new, old = Rig(clock, "3458", on=True), Rig(clock, "v59", on=True)
    for rig, sources in ((new, ("DP", "HDMI1")), (old, ("Video2", "VGA"))):
        rig.tell("src_1_dp")
        assert rig.shown[0] == (1, sources[0])
        rig.tell("src_1_hdmi1")
        assert rig.shown[0] == (1, sources[1])


def test_code_that_the_board_has_not_changes_nothing(rig: Rig):
    rig.send("E6012050" + "05")
    assert rig.shown[0] == (1, "HDMI1")


def test_scenes_bring_back_inputs_and_splices(rig: Rig):
    rig.tell("src_1_dp")
    rig.tell("scene_save_1")
    rig.tell("src_1_hdmi1")
    rig.send("EAFD2001" + "01" + "818918" + "10")
    assert rig.shown == [(1, "HDMI1")]
    rig.tell("scene_recall_2")
    assert rig.shown == [(1, "HDMI1")]
    rig.tell("scene_recall_1")
    assert rig.shown[0] == (1, "DP")
    assert len(rig.shown) == 9


def test_panel_learns_its_place_by_its_serial_number(clock: ManualClock):
    serials = [f"00000{unit}" for unit in range(1, 9)] + ["001234"]
    rig = Rig(clock, serials=serials)
    assert rig.panel(9).serial == "001234"
    rig.tell("position")
    assert [panel.serial for panel in rig.wall.panels.at(5)] == ["000005", "001234"]


def test_splice_of_the_transcript_makes_one_picture_of_four_panels(clock: ManualClock):
    rig = Rig(clock, "v59", columns=2, rows=2, on=True)
    rig.tell("merge")
    (window,) = rig.wall.windows()
    assert (window.x, window.y, window.width, window.height) == (0, 0, 1, 1)
    assert window.source == "VGA"


def test_splice_with_the_end_of_the_other_board_changes_nothing(clock: ManualClock):
    rig = Rig(clock, "3458", columns=2, rows=2, on=True)
    rig.tell("merge")
    assert len(rig.wall.windows()) == 4


def test_every_line_of_the_transcript_is_tested():
    tested = {
        *(f"{word}_{unit}" for word in ("on", "off") for unit in (1, 2, 9)),
        *("all_on_v59", "all_off_v59", "backlight_on_1", "backlight_off_1"),
        *("numbers_show", "numbers_hide", "addr_show", "addr_hide", "src_1_hdmi1", "src_1_dp"),
        *("scene_save_1", "scene_recall_1", "scene_recall_2", "position", "merge"),
    }
    assert {f"e5_{name}" for name in tested} == set(TOLD)


# Splices.


def test_groups_are_rectangles_and_the_other_panels_show_their_own_input(rig: Rig):
    rig.send("EDFD2001" + "02" + "818518" + "86892A" + "10")
    windows = {window.number: window for window in rig.wall.windows()}
    assert sorted(windows) == [1, 3, 6, 7, 8]
    assert [windows[1].width, windows[1].height] == pytest.approx([2 / 3, 2 / 3])
    assert [windows[6].x, windows[6].y] == pytest.approx([2 / 3, 1 / 3])
    assert windows[6].source == "OPS"


@pytest.mark.parametrize(
    "frame",
    [
        "EAFD2001" + "02" + "818418" + "10",  # fewer groups than told
        "EAFD2001" + "01" + "818A18" + "10",  # unit 10 of nine
        "EAFD2001" + "01" + "018418" + "10",  # no mark at the first unit
        "EAFD2001" + "01" + "818410" + "10",  # no mark at the group
        "EA012001" + "01" + "818418" + "10",  # to one panel only
    ],
)
def test_impossible_splice_changes_nothing(frame: str, rig: Rig):
    rig.send(frame)
    assert len(rig.wall.windows()) == 9


def test_empty_splice_ends_all_groups(rig: Rig):
    rig.send("EAFD2001" + "01" + "818918" + "10")
    assert len(rig.wall.windows()) == 1
    rig.send("E7FD2001" + "00" + "10")
    assert len(rig.wall.windows()) == 9


# Power.


def test_repeating_an_order_does_no_harm(clock: ManualClock):
    rig = Rig(clock)
    for _ in range(3):
        rig.tell("on_1")
        clock.advance(0.2)
    clock.advance(3.4)
    assert (rig.on, rig.wall.truth()["crowded_starts"]) == ([1], 0)


def test_panels_switched_on_too_soon_after_one_another_are_counted(clock: ManualClock):
    rig = Rig(clock)
    rig.tell("on_1")
    clock.advance(0.2)
    rig.tell("on_2")
    assert rig.wall.truth()["crowded_starts"] == 0
    rig.tell("on_9")
    assert rig.wall.truth()["crowded_starts"] == 1


def test_panel_that_misses_a_frame_may_hear_its_repeat(clock: ManualClock):
    rig = Rig(clock, misses=0.5, rng=Random(1))
    rig.tell("on_1")
    missed = rig.panel(1).state
    for _ in range(9):
        clock.advance(0.2)
        rig.tell("on_1")
    assert (missed, rig.panel(1).state) == ("off", "starting")


def test_order_to_go_off_ends_a_start(clock: ManualClock):
    rig = Rig(clock)
    rig.tell("on_1")
    clock.advance(2)
    rig.tell("off_1")
    clock.advance(10)
    assert rig.on == []


def test_wall_is_dark_without_mains_and_off_after_it(rig: Rig):
    rig.tell("src_1_dp")
    rig.wall.mains(False)
    rig.tell("on_1")
    assert rig.wall.windows() == []
    rig.wall.mains(True)
    rig.clock.advance(3)
    assert rig.on == []
    rig.tell("on_1")
    rig.clock.advance(4)
    assert rig.shown == [(1, "DP")]


def test_remote_control_reaches_one_panel(rig: Rig):
    rig.wall.press("power", unit=1, on=False)
    rig.wall.press("source", unit=2, source=4)
    assert (rig.on[0], rig.shown[0]) == (2, (2, "DP"))
    with pytest.raises(ValueError, match="unit 10"):
        rig.wall.press("power", unit=10, on=True)
    with pytest.raises(ValueError, match="input 5"):
        rig.wall.press("source", unit=1, source=5)


def test_ignored_frames_change_nothing(rig: Rig):
    rig.wall.faults.set("ignores", times=1)
    rig.tell("off_1")
    assert 1 in rig.on
    rig.tell("off_1")
    assert 1 not in rig.on


@pytest.mark.parametrize("options", [{"columns": 0}, {"serials": ["1"]}, {"apart": -1}])
def test_options_without_meaning_are_refused(options: dict[str, Any], clock: ManualClock):
    with pytest.raises(ValueError, match=next(iter(options))):
        LcdSplicer(clock=clock, **options)


# Bytes.


def test_wrong_check_is_not_heard(rig: Rig):
    rig.session.receive(wire(TOLD["e5_off_1"])[:-1] + b"\x00")
    assert 1 in rig.on


def test_frame_after_noise_is_heard(rig: Rig):
    rig.session.receive(b"\xff\xe5\x01")
    rig.tell("off_1")
    assert 1 not in rig.on


def test_frame_that_stops_is_forgotten_before_the_next_repeat(rig: Rig):
    rig.session.receive(wire(TOLD["e5_off_1"])[:3])
    rig.clock.advance(0.2)
    rig.tell("off_2")
    assert rig.on == [1, *range(3, 10)]


@given(st.lists(st.sampled_from(sorted(TOLD)), max_size=8), st.data())
def test_any_cut_does_the_same(names: list[str], data: Any):
    stream = b"\x69".join(wire(TOLD[name]) for name in names)
    whole, cut = Rig(ManualClock(), "v59"), Rig(ManualClock(), "v59")
    whole.session.receive(stream)
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        cut.session.receive(stream[:size])
        stream = stream[size:]
    assert cut.wall.truth() == whole.wall.truth()


@given(st.binary(max_size=300))
def test_garbage_never_raises_is_not_kept_and_not_answered(noise: bytes):
    rig = Rig(ManualClock())
    rig.session.receive(noise)
    frames = Frames()
    list(frames.feed(noise))
    assert len(frames._rest) < LONGEST
    assert rig.ear.take() == b""


@given(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=26))
def test_any_well_formed_frame_is_survived(panel: int, command: int, data: bytes):
    rig = Rig(ManualClock(), on=True)
    body = bytes((0xE5 + len(data), panel, 0x20, command)) + data
    rig.session.receive(body + bytes((check(body),)))
    rig.wall.windows()
    rig.wall.truth()

"""The meters of the simulated Shure devices: who is told how often, in which scale."""

import pytest

from hw_sim.shure import ShureReceiver
from tests.sim.conftest import Ear, ManualClock
from tests.sim.shure_rig import SAID, ask, dial, made


@pytest.fixture
def device(clock: ManualClock) -> ShureReceiver:
    return ShureReceiver(clock=clock)


def words(line: bytes) -> list[str]:
    return line.decode().strip("<> ").split()


def shape(ascii: str) -> list[int]:
    return [len(word) for word in words(ascii.encode())]


def sampled(clock: ManualClock, model: str, quality: float = 1.0, level: float = -20.0):
    device, session, ear = made(clock, model)
    device.signal(1, level)
    if device.transmitters:
        device.press("rf", channel=1, quality=quality)
    rate = "1 METER_RATE" if device.transmitters else "METER_RATE"
    ask(session, ear, f"SET {rate} 01000")
    clock.advance(1.06)
    return ear.heard[0]


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("shure_mxa_sample", "mxa910"),
        ("shure_ulxd_sample", "ulxd4q"),
        ("shure_slxd_sample", "slxd4"),
        ("shure_ad_sample", "ad4q"),
    ],
)
def test_a_sample_has_the_shape_of_the_transcripts(name, model, clock):
    assert shape(sampled(clock, model).decode()) == shape(SAID[name]["ascii"])


def test_a_ulxd_sample_is_antenna_rf_and_audio_in_its_scales(clock):
    antenna, rf, audio = words(sampled(clock, "ulxd4q"))[3:]
    assert antenna == "AX"
    assert int(rf) - 128 == -30
    assert int(audio) - 50 == pytest.approx(-20, abs=1)


def test_an_slxd_sample_is_peak_level_and_rf(clock):
    peak, level, rf = (int(word) - 120 for word in words(sampled(clock, "slxd4", 0.5))[3:])
    assert level == pytest.approx(-20, abs=1)
    assert peak > level
    assert rf == -65


def test_an_ad_sample_has_quality_audio_and_both_antennas(clock):
    quality, _, peak, level, antenna, _, a, _, b = words(sampled(clock, "ad4q", 0.6))[3:]
    assert (quality, antenna) == ("003", "AX")
    assert int(level) - 120 == pytest.approx(-20, abs=1)
    assert int(peak) > int(level)
    assert int(a) - 120 == -58
    assert int(b) < int(a)


def test_a_lost_transmitter_shows_in_the_sample(clock):
    assert words(sampled(clock, "ulxd4q", 0.0))[3:] == ["XX", "028", "000"]


@pytest.mark.parametrize(("model", "floor", "values"), [("mxa910", 60, 9), ("scm820", 120, 19)])
def test_a_wired_sample_has_a_value_for_every_channel(model, floor, values, clock):
    said = [int(word) for word in words(sampled(clock, model))[1:]]
    assert len(said) == values
    assert said[0] - floor == pytest.approx(-20, abs=1)
    assert said[1] == 0


def test_a_meter_moves_while_the_channel_is_muted(clock):
    device, session, ear = made(clock, "scm820")
    device.signal(1, -20.0)
    ask(session, ear, "SET 1 AUDIO_MUTE ON")
    ask(session, ear, "SET METER_RATE 01000")
    ear.take()
    clock.advance(1.06)
    assert int(words(ear.heard[-1])[1]) == pytest.approx(100, abs=1)


def test_a_p300_meters_its_inputs_and_outputs_apart(clock):
    _, session, ear = made(clock, "p300")
    ask(session, ear, "SET METER_RATE_IN 01000")
    ask(session, ear, "SET METER_RATE_OUT 01000")
    clock.advance(1.06)
    assert {words(line)[0]: len(words(line)) - 1 for line in ear.heard} == {
        "SAMPLE_IN": 15,
        "SAMPLE_OUT": 7,
    }


def test_samples_come_at_their_rate_to_everybody_until_it_is_0(device, clock):
    setter, other = Ear(), Ear()
    session, _ = dial(device, setter), dial(device, other)
    ask(session, setter, "SET 1 METER_RATE 00500")
    other.take()
    clock.advance(10.2)
    assert 18 <= len(setter.heard) <= 20
    assert setter.heard == other.heard
    assert ask(session, setter, "SET 1 METER_RATE 0") == "< REP 1 METER_RATE 00000 >"
    clock.advance(10)
    assert setter.take() == b""


def test_meters_too_fast_keep_the_answers_behind(device, ear, clock):
    session = dial(device, ear)
    ask(session, ear, "SET 1 METER_RATE 00100")
    ear.take()
    assert ask(session, ear, "GET 1 AUDIO_MUTE") == ""
    clock.advance(1.01)
    assert b"< REP 1 AUDIO_MUTE OFF >" in ear.take()
    session.receive(b"< SET 1 METER_RATE 00250 >")
    clock.advance(1.01)
    ear.take()
    assert ask(session, ear, "GET 1 AUDIO_MUTE") == "< REP 1 AUDIO_MUTE OFF >"

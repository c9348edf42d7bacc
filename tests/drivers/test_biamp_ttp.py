"""The Tesira driver in conversations over a line in memory, in virtual time."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from avctl.capabilities.mixer import Fader, Meter, Mixer, Mute
from avctl.clock import Clock
from avctl.device import link
from avctl.drivers.biamp_ttp import BiampTtp
from avctl.errors import NoAnswerError, RefusedError
from avctl.testing import Script
from avctl.transport import Resync, parse_address

LINES = {
    line["name"]: line
    for line in json.loads(
        (Path(__file__).parents[1] / "transcripts" / "biamp_ttp.json").read_text()
    )
}
pytestmark = pytest.mark.virtual
BANNER = b"\xff\xfb\x01\xff\xfd\x1fWelcome to the Tesira Text Protocol Server...\r\n"


def data(name: str) -> bytes:
    line = LINES[name]
    return bytes.fromhex(line["hex"]) if "hex" in line else line["ascii"].encode()


# What the device knows.


def value(text: str) -> bytes:
    return f'+OK "value":{text}\r\n'.encode()


def published(token: str, text: str) -> bytes:
    return f'! "publishToken":"{token}" "value":{text}\r\n'.encode()


TOKENS = {
    b"Level1 subscribe level 1 level_level_Level1_1 250\n": ("level_level_Level1_1", "-3.000000"),
    b"Level1 subscribe level 2 level_level_Level1_2 250\n": ("level_level_Level1_2", "0.000000"),
    b"Level1 subscribe mute 1 mute_mute_Level1_1 500\n": ("mute_mute_Level1_1", "true"),
    b"Level1 subscribe mute 2 mute_mute_Level1_2 500\n": ("mute_mute_Level1_2", "false"),
    b"AudioMeter1 subscribe level 1 meter_level_AudioMeter1_1 250\n": (
        "meter_level_AudioMeter1_1",
        "-41.500000",
    ),
}


def tesira(greeting: bytes = BANNER, resync: Resync = Resync.CLOSE) -> Script:
    """Level1 with two channels, -3 dB muted and 0 dB open, and a meter."""
    lines: dict[bytes, Any] = {
        b"SESSION set verbose true\n": b"+OK   \r\n",
        b"DEVICE get serialNumber\n": value('"01234567"'),
        b"DEVICE get version\n": b"-ERR 'version' is not supported by Device::Attributes\r\n",
        b"DEVICE get hostname\n": value('"TestDSP"'),
        b"Level1 get numChannels\n": value("2"),
        b"Level1 get levels\n": value("[-3.000000 0.000000]"),
        b"Level1 get mutes\n": value("[true false]"),
        b"Level1 get level 1\n": value("-3.000000"),
        b"Level1 get mute 2\n": value("false"),
        b"Level1 get minLevel 1\n": value("-100.000000"),
        b"Level1 get maxLevel 1\n": value("12.000000"),
        b"Level1 get minLevel 2\n": value("-45"),
        b"Level1 get maxLevel 2\n": value("-5"),
        b"AudioMeter1 get level 1\n": value("-52.000000"),
    }
    for wire, (token, text) in TOKENS.items():
        lines[wire] = published(token, text) + b"+OK\r\n"
    return Script(lines, greeting, resync)


async def came_up(device: BiampTtp) -> None:
    up = asyncio.Event()
    leave = device.subscribe(lambda _, point: up.set() if point is None and device.up else None)
    await up.wait()
    leave()


@asynccontextmanager
async def running(
    script: Script, url: str = "tcp://tesira:23", **settings: Any
) -> AsyncIterator[tuple[BiampTtp, Script]]:
    wanted: dict[str, Any] = {
        "channels": ("Level1/1", "Level1/2"),
        "meters": {"Level1/1": "AudioMeter1/1"},
    }
    clock = Clock()
    device = BiampTtp("dsp", BiampTtp.Settings(**{**wanted, **settings}), clock)
    line = link([device], parse_address(url), clock, script.dial)
    task = asyncio.create_task(line.run())
    try:
        async with asyncio.timeout(90):
            await came_up(device)
        await asyncio.sleep(1.5)  # the subscriptions follow with the first refreshes
        yield device, script
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def reported(device: BiampTtp) -> dict[str, Any]:
    return {point.key: reading.value for point, reading in device.state.items()}


async def test_identity_limits_every_point_and_its_subscription_are_there_soon_after_the_line():
    async with running(tesira()) as (device, script):
        assert reported(device) == {
            "fader/Level1/1": -3.0,
            "fader/Level1/2": 0.0,
            "muted/Level1/1": True,
            "muted/Level1/2": False,
            "meter/Level1/1": -41.5,
        }
        assert device.identity == {
            "model": "Biamp Tesira",
            "serial": "01234567",
            "hostname": "TestDSP",
        }
        assert device.limits == {"Level1/1": (-100.0, 12.0), "Level1/2": (-45.0, -5.0)}
        assert set(TOKENS) <= set(script.sent)
        assert isinstance(device, Mixer)
        assert set(device.points()) == set(device.state)


async def test_telnet_is_answered_and_nothing_is_asked_before_the_banner():
    async with running(tesira()) as (_, script):
        said = [data for data in script.sent if data]
        assert said[0] == b"\xff\xfe\x01\xff\xfc\x1f"
        assert said[1] == b"SESSION set verbose true\n"


async def test_a_banner_that_comes_before_our_turn_is_not_waited_for():
    script = tesira(greeting=BANNER[:6])
    script.lines[b"\xff\xfe\x01\xff\xfc\x1f"] = BANNER[6:]
    began = asyncio.get_running_loop().time()
    async with running(script) as (device, script):
        assert device.since - began < 1
        assert script.dials == 1


async def test_the_line_is_up_after_what_control_needs():
    script = tesira()
    device = BiampTtp("dsp", BiampTtp.Settings(channels=("Level1",)), Clock())
    line = link([device], parse_address("tcp://tesira:23"), device.clock, script.dial)
    task = asyncio.create_task(line.run())
    await came_up(device)
    assert script.sent[-4:] == [
        b"SESSION set verbose true\n",
        b"Level1 get numChannels\n",
        b"Level1 get levels\n",
        b"Level1 get mutes\n",
    ]
    task.cancel()


async def test_without_a_banner_the_line_is_not_up_and_the_reason_tells_why():
    script = tesira(greeting=b"")
    clock = Clock()
    device = BiampTtp("dsp", BiampTtp.Settings(), clock)
    task = asyncio.create_task(
        link([device], parse_address("tcp://tesira:23"), clock, script.dial).run()
    )
    await asyncio.sleep(10.05)
    assert not device.up
    assert "banner" in device.reason
    task.cancel()


@pytest.mark.parametrize(
    ("url", "settings"), [("tcp://moxa:4001", {"banner": False}), ("serial:///dev/ttyUSB0", {})]
)
async def test_a_serial_port_greets_without_a_banner(url, settings):
    async with running(tesira(greeting=b""), url, **settings) as (device, _):
        assert device.state[Fader("Level1/1")].value == -3.0


async def test_half_a_line_left_on_the_port_costs_one_refusal_only():
    script = tesira(greeting=b"")
    script.lines[b"SESSION set verbose true\n"] = [
        b"-ERR Parse error at 8: verb was not one of the commands supported by Services\r\n",
        b"+OK\r\n",
    ]
    async with running(script, "serial:///dev/ttyUSB0") as (device, _):
        assert device.up


async def test_a_whole_block_is_watched_by_its_tag():
    async with running(tesira(), channels=("Level1",), meters={}) as (device, _):
        assert set(device.points()) == {
            kind(f"Level1/{n}") for kind in (Fader, Mute) for n in (1, 2)
        }
        assert len(device.state) == 4


async def test_one_wrong_tag_does_not_cost_the_other_channels():
    script = tesira()
    not_found = data("err_address")
    for wire in ("get level 1", "get mute 1", "get minLevel 1", "get maxLevel 1"):
        script.lines[f"Bad1 {wire}\n".encode()] = not_found
    script.lines[b"Bad1 subscribe level 1 level_level_Bad1_1 250\n"] = not_found
    script.lines[b"Bad1 subscribe mute 1 mute_mute_Bad1_1 500\n"] = not_found
    script.lines[b"Bad1 set mute 1 true\n"] = not_found
    script.lines[b"Level1 set mute 1 true\n"] = b"+OK\r\n"
    channels = ("Bad1/1", "Level1/1", "Level1/2")
    async with running(script, channels=channels) as (device, script):
        assert device.state[Mute("Level1/1")].value is True
        assert Fader("Bad1/1") not in device.state
        with pytest.raises(RefusedError, match=r"Bad1.*no block of this tag"):
            await device.set_mutes({"Bad1/1": True, "Level1/1": True})
        assert script.sent[-1] == b"Level1 set mute 1 true\n"


async def test_a_block_that_does_not_tell_all_channels_at_once_is_asked_one_by_one():
    script = tesira()
    refusal = b"-ERR 'levels' is not supported by Gain::Attributes\r\n"
    script.lines[b"Level1 get levels\n"] = refusal
    script.lines[b"Level1 get mute 1\n"] = value("true")
    script.lines[b"Level1 get level 2\n"] = value("0.000000")
    async with running(script) as (device, script):
        before = len(script.sent)
        await device.read([Fader("Level1/1"), Fader("Level1/2")])
        assert script.sent[before:] == [b"Level1 get level 1\n", b"Level1 get level 2\n"]


async def test_a_change_elsewhere_is_shown_at_once():
    async with running(tesira()) as (device, script):
        script.say(published("level_level_Level1_2", "-20.500000"))
        script.say(published("mute_mute_Level1_2", "true"))
        await asyncio.sleep(0.01)
        assert device.state[Fader("Level1/2")].value == -20.5
        assert device.state[Mute("Level1/2")].value is True


@pytest.mark.parametrize(
    "line",
    [
        published("somebody_elses", "1.0"),
        published("", "1.0"),
        published("mute_mute_Level1_2", "1.0"),
        published("level_level_Level1_2", "true"),
        published("level_level_Level1_2", "[1.0 2.0]"),
        b"+OK\r\n",
        b"-ERR late\r\n",
        value("9.000000"),
    ],
)
async def test_what_nobody_asked_for_changes_nothing(line):
    async with running(tesira()) as (device, script):
        before = reported(device)
        script.say(line)
        await asyncio.sleep(0.01)
        assert reported(device) == before
        assert device.up


async def test_minus_infinity_is_none():
    async with running(tesira()) as (device, script):
        script.say(published("level_level_Level1_2", "-inf"))
        await asyncio.sleep(0.01)
        assert device.state[Fader("Level1/2")].value is None


async def test_a_publication_between_question_and_answer_is_not_the_answer():
    script = tesira()
    async with running(script) as (device, _):
        script.lines[b"Level1 get level 1\n"] = published("meter_level_AudioMeter1_1", "-9.0") + (
            value("-12.000000")
        )
        await device.read([Fader("Level1/1")])
        assert device.state[Fader("Level1/1")].value == -12.0
        assert device.state[Meter("Level1/1")].value == -9.0


async def test_an_answer_of_another_shape_is_not_taken_for_ours():
    script = tesira()
    async with running(script) as (device, _):
        script.lines[b"Level1 get level 1\n"] = b"+OK\r\n" + value("true") + value("-12.000000")
        await device.read([Fader("Level1/1")])
        assert device.state[Fader("Level1/1")].value == -12.0


async def test_an_answer_with_a_value_does_not_say_that_a_change_is_done():
    script = tesira()
    script.lines[b"Level1 set mute 1 true\n"] = value("9.000000")
    async with running(script) as (device, _):
        with pytest.raises(NoAnswerError):
            await device.set_mutes({"Level1/1": True})


async def test_reading_asks_a_block_once_for_several_channels():
    async with running(tesira()) as (device, script):
        before = len(script.sent)
        await device.read([Fader("Level1/1"), Fader("Level1/2"), Mute("Level1/2")])
        assert script.sent[before:] == [b"Level1 get levels\n", b"Level1 get mute 2\n"]
        assert device.state[Fader("Level1/2")].at == pytest.approx(device.clock.now(), abs=0.1)


async def test_reading_a_channel_that_is_not_watched_asks_for_it_alone():
    script = tesira()
    script.lines[b'"Mic Level" get level 3\n'] = value("-7.5")
    async with running(script) as (device, _):
        await device.read([Fader("Mic Level/3")])
        assert device.state[Fader("Mic Level/3")].value == -7.5


async def test_driving_a_point_is_not_yet_a_reading_of_it():
    script = tesira()
    script.lines[b"Level1 set level 1 -6.0\n"] = b"+OK\r\n"
    async with running(script) as (device, script):
        await Fader.drive(device, {Fader("Level1/1"): -6.0})
        assert b"Level1 set level 1 -6.0\n" in script.sent
        assert device.state[Fader("Level1/1")].value == -3.0


async def test_a_level_beyond_the_limits_is_refused_with_them_and_never_clamped():
    script = tesira()
    script.lines[b"Level1 set level 1 -3.0\n"] = data("err_range")
    script.lines[b"Level1 set level 2 -30.0\n"] = b"+OK\r\n"
    async with running(script) as (device, script):
        with pytest.raises(RefusedError, match=r"Level1/1: -3 dB .* -45 to -5 dB"):
            await device.set_faders({"Level1/1": -3, "Level1/2": -30})
        assert device.limits["Level1/1"] == (-45.0, -5.0)
        assert script.sent[-1] == b"Level1 set level 2 -30.0\n"


@pytest.mark.parametrize("level", [float("nan"), float("inf"), float("-inf")])
async def test_what_is_no_level_is_not_sent(level):
    async with running(tesira()) as (device, script):
        before = len(script.sent)
        with pytest.raises(ValueError, match="no level"):
            await device.set_faders({"Level1/1": level})
        assert script.sent[before:] == []


async def test_subscriptions_are_made_again_after_a_reconnect():
    async with running(tesira()) as (device, script):
        script.hang_up()
        await asyncio.sleep(5)
        assert device.up
        assert script.dials == 2
        assert all(script.sent.count(wire) == 2 for wire in TOKENS)


async def test_subscriptions_are_made_again_every_two_minutes():
    async with running(tesira()) as (_, script):
        await asyncio.sleep(110)
        assert all(script.sent.count(wire) == 1 for wire in TOKENS)
        await asyncio.sleep(20)
        assert all(script.sent.count(wire) == 2 for wire in TOKENS)


async def test_a_preset_is_followed_by_reading_and_subscribing_anew():
    script = tesira()
    script.lines[b"DEVICE recallPreset 1001\n"] = b"+OK\r\n"
    async with running(script) as (device, script):
        await device.preset("1001")
        script.lines[b"Level1 get levels\n"] = value("[-9.000000 -9.000000]")
        script.lines[b"Level1 get mutes\n"] = value("[true true]")
        for wire, (token, _) in TOKENS.items():
            script.lines[wire] = (
                published(token, "true" if "mute" in token else "-9.0") + b"+OK\r\n"
            )
        before = len(script.sent)
        await asyncio.sleep(1.5)
        assert {b"Level1 get levels\n", b"Level1 get mutes\n"} <= set(script.sent[before:])
        assert device.state[Fader("Level1/2")].value == -9.0
        assert device.state[Mute("Level1/2")].value is True
        assert all(script.sent.count(wire) == 2 for wire in TOKENS)


async def test_a_block_that_comes_back_after_a_configuration_push_is_subscribed_to_anew():
    script = tesira()
    async with running(script) as (device, script):
        script.lines[b"Level1 get levels\n"] = data("err_address")
        await asyncio.sleep(4)
        assert device.up
        script.lines[b"Level1 get levels\n"] = value("[-1.000000 -1.000000]")
        await asyncio.sleep(4)
        assert all(script.sent.count(wire) == 2 for wire in TOKENS)


async def test_the_heartbeat_is_one_question_a_second():
    async with running(tesira()) as (_, script):
        before = len(script.sent)
        await asyncio.sleep(10)
        assert 8 <= len(script.sent) - before <= 10


async def test_meters_that_never_fall_silent_do_not_hold_a_serial_line_up_for_ever():
    script = tesira(greeting=b"", resync=Resync.DRAIN)
    async with running(script, "serial:///dev/ttyUSB0") as (device, script):
        script.lines[b"Level1 get level 1\n"] = [None, value("-4.000000")]

        async def publish():
            while True:
                script.say(published("meter_level_AudioMeter1_1", "-30.0"))
                await asyncio.sleep(0.1)

        meters = asyncio.create_task(publish())
        await asyncio.gather(device.read([Fader("Level1/1")]), return_exceptions=True)
        async with asyncio.timeout(3):
            await device.read([Fader("Level1/1")])
        assert device.state[Fader("Level1/1")].value == -4.0
        meters.cancel()


# What is never sent.


@pytest.mark.parametrize(
    "channel", ["Level1", "Level1/0", "/1", 'a"b/1', "a\nb/1", "a\xff/1", "-ERR/1", " a/1", "L/x"]
)
async def test_no_channel_name_can_smuggle_a_second_command(channel):
    async with running(tesira()) as (device, script):
        before = len(script.sent)
        with pytest.raises(ValueError, match=r"INSTANCE_TAG/CHANNEL|no instance tag"):
            await device.set_mutes({channel: True})
        assert script.sent[before:] == []


@pytest.mark.parametrize("name", ['x" \nDEVICE reboot', "a\rb", "é", ""])
async def test_no_preset_name_can_smuggle_a_second_command(name):
    async with running(tesira()) as (device, script):
        before = len(script.sent)
        with pytest.raises(ValueError, match="name of a preset"):
            await device.preset(name)
        assert script.sent[before:] == []


# The verbs of the command line.


async def test_every_verb_is_a_method():
    assert all(callable(getattr(BiampTtp, verb)) for verb in BiampTtp.verbs)


async def test_fader_and_mute_set_and_give_what_the_device_reports_then():
    script = tesira()
    script.lines[b"Level1 set level 1 -3.0\n"] = b"+OK\r\n"
    script.lines[b"Level1 set mute 2 true\n"] = b"+OK\r\n"
    async with running(script) as (device, _):
        assert await device.fader("Level1/1", "-3 dB") == -3.0
        assert await device.fader("Level1/1") == -3.0
        assert await device.mute("Level1/2", True) is False


async def test_levels_and_meters_are_told_by_channel():
    async with running(tesira()) as (device, _):
        assert await device.levels() == {"Level1/1": "-3.0 dB, muted", "Level1/2": "0.0 dB"}
        assert await device.meters() == {"Level1/1": -52.0}


async def test_selectors_and_routers_give_the_input_they_report_then():
    script = tesira()
    script.lines |= {
        b"SourceSelector1 set sourceSelection 2\n": b"+OK\r\n",
        b"SourceSelector1 get sourceSelection\n": value("2"),
        b"Router1 set input 1 3\n": b"+OK\r\n",
        b"Router1 get input 1\n": value("3"),
    }
    async with running(script) as (device, _):
        assert await device.select_source("SourceSelector1", 2) == 2
        assert await device.route("Router1", 1, 3) == 3


async def test_the_devices_own_ramp_is_set_up_and_started():
    script = tesira()
    ramp = [
        b"Level1 set rampInterval 1 500\n",
        b"Level1 set rampStep 1 3\n",
        b"Level1 decrement level 1 12.0\n",
    ]
    script.lines |= dict.fromkeys(ramp, b"+OK\r\n")
    async with running(script) as (device, script):
        before = len(script.sent)
        await device.ramp("Level1/1", -12, 0.5, 3)
        assert script.sent[before:] == ramp
        with pytest.raises(ValueError, match="250 to 30000"):
            await device.ramp("Level1/1", -12, 0.3)


async def test_faults_are_told_as_lines_and_none_as_none():
    script = tesira()
    script.lines[b"DEVICE get activeFaultList\n"] = [data("faults_dante"), data("faults_none")]
    async with running(script) as (device, _):
        assert await device.faults() == [
            "Major Fault in Device: one or more Dante flows inactive (11122233)"
        ]
        assert await device.faults() == []


async def test_aliases_and_version_are_told():
    script = tesira()
    script.lines[b"SESSION get aliases\n"] = data("aliases_reply")
    async with running(script) as (device, _):
        assert await device.aliases() == ["123", "AecInput1", "AudioMeter1"]
        assert (await device.version())["serial"] == "01234567"


@pytest.mark.parametrize(
    "wrong",
    [
        {"channels": ["Level1/0"]},
        {"channels": ['Level"1/1']},
        {"meters": {"Level1": "AudioMeter1/1"}},
        {"meters": {"Level1/1": "AudioMeter1"}},
        {"meter_rate": 0},
        {"volume": 11},
    ],
)
def test_settings_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValidationError):
        BiampTtp.Settings(**wrong)

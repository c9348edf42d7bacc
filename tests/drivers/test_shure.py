"""The Shure driver in conversations over a line in memory, in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import ValidationError

from avctl.capabilities.microphone import RadioQuality, Transmitter
from avctl.capabilities.mixer import Fader, Meter, Mixer, Mute
from avctl.clock import Clock
from avctl.device import link
from avctl.drivers.shure import Shure
from avctl.errors import RefusedError
from avctl.testing import Script
from avctl.transport import parse_address

pytestmark = pytest.mark.virtual
ERR = b"< REP ERR >"


def reports(*texts: str) -> bytes:
    return b"".join(f"< REP {text} >".encode() for text in texts)


class Box(Script):
    """A device that tells its parameters, takes what it is set to, and refuses what it does not have."""

    def __init__(self, parameters: dict[str, str], tells: str = "all") -> None:
        super().__init__()
        self.parameters = parameters
        self.tells = tells  # in one answer: all, channels, nothing
        self.locked = False
        self.deaf = False

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        if not self.deaf:
            self.say(self._answer(data.decode().strip("<> ")))

    def _answer(self, text: str) -> bytes:
        verb, _, rest = text.partition(" ")
        if verb == "GET" and rest.endswith("ALL"):
            return self._all(rest.split()[0])
        if verb == "GET" and rest in self.parameters:
            return reports(f"{rest} {self.parameters[rest]}")
        key, _, value = rest.rpartition(" ")
        if verb == "SET" and key.endswith("METER_RATE") and key.startswith("0 "):
            for each in filter(lambda each: each.endswith("METER_RATE"), self.parameters):
                self.parameters[each] = value
            return reports(f"1 METER_RATE {value}")
        if verb == "SET" and key in self.parameters:
            if not self.locked:
                self.parameters[key] = value
            return reports(f"{key} {self.parameters[key]}")
        return ERR

    def _all(self, at: str) -> bytes:
        if self.tells == "nothing" or (at == "0" and self.tells != "all"):
            return ERR
        told = [
            f"{key} {value}"
            for key, value in self.parameters.items()
            if at == "0" or not key[0].isdigit() or key.split()[0] == at
        ]
        return reports(*told) or ERR


def receiver(**more: str) -> dict[str, str]:
    """A ULX-D with two channels, the second without a transmitter."""
    parameters = {"DEVICE_ID": "Rack 1", "FW_VER": "{2.4.25          }", "FLASH": "OFF"}
    for n, transmitter, bars, minutes in (
        (1, "ULXD2", "003", "00125"),
        (2, "UNKN", "255", "65535"),
    ):
        parameters |= {
            f"{n} CHAN_NAME": f"{{Mic {n}   }}",
            f"{n} METER_RATE": "0",
            f"{n} AUDIO_GAIN": "018",
            f"{n} AUDIO_MUTE": "OFF",
            f"{n} TX_TYPE": transmitter,
            f"{n} TX_MUTE_STATUS": "OFF" if n == 1 else "UNKN",
            f"{n} BATT_BARS": bars,
            f"{n} BATT_RUN_TIME": minutes,
            f"{n} RF_INT_DET": "NONE",
        }
    return parameters | more


def array(model: str = "MXA910") -> dict[str, str]:
    parameters = {"MODEL": f"{{{model:<32}}}", "FW_VER": "{4.1.0}", "SERIAL_NUM": "{123}"}
    parameters |= {"DEVICE_ID": "{Ceiling}", "METER_RATE": "00000", "DEVICE_AUDIO_MUTE": "OFF"}
    for n in (1, 2):
        parameters |= {f"{n:02d} AUDIO_GAIN_HI_RES": "1100", f"{n:02d} AUDIO_MUTE": "ON"}
    return parameters | {"PRESET": "06", "FLASH": "OFF", "LAST_ERROR_EVENT": "a fan stands still"}


@asynccontextmanager
async def running(box: Box, **settings: Any) -> AsyncIterator[tuple[Shure, Box]]:
    clock = Clock()
    device = Shure("mics", Shure.Settings(**settings), clock)
    line = link([device], parse_address("tcp://shure:2202"), clock, box.dial)
    task = asyncio.create_task(line.run())
    up = asyncio.Event()
    device.subscribe(lambda device, point: up.set() if device.up else None)
    try:
        async with asyncio.timeout(60):
            await up.wait()
        await asyncio.sleep(0.5)
        yield device, box
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def reported(device: Shure) -> dict[str, Any]:
    return {point.key: reading.value for point, reading in device.state.items()}


def said(box: Box, part: str) -> list[str]:
    return [data.decode() for data in box.sent if part in data.decode()]


async def test_everything_a_receiver_tells_is_there_when_it_is_up():
    async with running(Box(receiver())) as (device, box):
        assert reported(device) == {
            "fader/1": 0.0,
            "muted/1": False,
            "transmitter/1": True,
            "transmitter_muted/1": False,
            "battery/1": 125,
            "battery_bars/1": 3,
            "interference/1": False,
            "fader/2": 0.0,
            "muted/2": False,
            "transmitter/2": False,
            "transmitter_muted/2": None,
            "battery/2": None,
            "battery_bars/2": None,
            "interference/2": False,
        }
        assert device.identity == {
            "model": "Shure ULX-D",
            "firmware": "2.4.25",
            "name": "Rack 1",
        }
        assert isinstance(device, Mixer)
        assert set(device.state) < set(device.points())
        assert box.sent[0] == b"< GET 0 ALL >"
        assert box.sent[-1] == b"< SET 0 METER_RATE 500 >"


async def test_an_array_microphone_is_known_by_its_model_and_has_no_health():
    async with running(Box(array())) as (device, box):
        assert reported(device) == {
            "fader/1": 0.0,
            "fader/2": 0.0,
            "muted/1": True,
            "muted/2": True,
            "muted/device": False,
        }
        assert device.identity["model"] == "MXA910"
        assert device.identity["serial"] == "123"
        assert box.sent[-1] == b"< SET METER_RATE 00500 >"
        assert not any(isinstance(point, Transmitter) for point in device.points())


async def test_a_mixer_that_cannot_tell_everything_at_once_is_asked_point_by_point():
    box = Box(array("SCM820"), tells="nothing")
    box.parameters = {
        key.removeprefix("0"): value.replace("00000", "0") for key, value in box.parameters.items()
    }
    async with running(box) as (device, box):
        assert {"fader/1", "muted/1", "fader/2", "muted/2"} <= reported(device).keys()
        assert "fader/3" not in reported(device)
        assert box.sent[-1] == b"< SET METER_RATE 500 >"
        with pytest.raises(RefusedError, match="-110 to 18 dB"):
            await device.set_faders({"1": 18.1})


@pytest.mark.parametrize("channels", [(), ("1", "2")])
async def test_a_receiver_that_tells_everything_of_a_channel_only_is_asked_channel_by_channel(
    channels,
):
    box = Box(receiver(MODEL="SLXD4D+"), tells="channels")
    async with running(box, channels=channels) as (device, box):
        assert "< GET 2 ALL >" in said(box, "ALL")
        assert reported(device)["battery/1"] == 125
        assert reported(device)["fader/2"] == 0.0


async def test_what_a_receiver_does_not_have_is_no_point_of_it():
    parameters = {key: value for key, value in receiver().items() if "AUDIO_MUTE" not in key}
    async with running(Box(parameters)) as (device, _):
        assert Mute("1") not in device.points()
        assert Fader("1") in device.points()
        with pytest.raises(RefusedError, match="ERR"):
            await device.set_mutes({"1": True})


async def test_health_that_nothing_told_is_asked_for_under_each_of_its_names():
    parameters = {"1 AUDIO_GAIN": "018", "1 TX_MODEL": "AD2", "1 TX_BATT_MINS": "00095"}
    box = Box(parameters | {"MODEL": "AD4D"}, tells="nothing")
    async with running(box, channels=["1"]) as (device, box):
        await asyncio.sleep(3)
        assert device.state[Transmitter("1")].value is True
        assert reported(device)["battery/1"] == 95
        assert "battery_bars/1" not in {point.key for point in device.points()}


async def test_a_gain_is_sent_on_the_scale_that_the_device_reports():
    async with running(Box(receiver())) as (device, box):
        await Fader.drive(device, {Fader("1"): -6.0})
        assert box.sent[-1] == b"< SET 1 AUDIO_GAIN 012 >"
        assert await device.gain("1") == -6.0
    async with running(Box(array())) as (device, box):
        await Fader.drive(device, {Fader("2"): -6.5})
        assert box.sent[-1] == b"< SET 02 AUDIO_GAIN_HI_RES 1035 >"
        assert await device.gain("2", 30.0) == 30.0


async def test_a_gain_nobody_told_of_is_set_as_its_family_does():
    async with running(Box(receiver())) as (device, box):
        with pytest.raises(RefusedError, match="ERR"):
            await device.set_faders({"3": 0.0})
        assert box.sent[-1] == b"< SET 3 AUDIO_GAIN 018 >"


async def test_a_receiver_that_tells_its_gain_in_tenths_is_told_it_in_tenths():
    parameters = receiver() | {"1 AUDIO_GAIN_HI_RES": "1100"}
    del parameters["1 AUDIO_GAIN"]
    async with running(Box(parameters)) as (device, box):
        assert await device.gain("1", -20.5) == -20.5
        assert b"< SET 1 AUDIO_GAIN_HI_RES 0895 >" in box.sent


async def test_channels_are_spelled_as_the_device_spells_them():
    parameters = {key.removeprefix("0"): value for key, value in array().items()}
    async with running(Box(parameters), channels=[1]) as (device, box):
        await device.read([Mute("1")])
        assert box.sent[-1] == b"< GET 1 AUDIO_MUTE >"
    async with running(Box(array()), family="scm820", channels=[1]) as (device, box):
        await device.read([Mute("1")])
        assert box.sent[-1] == b"< GET 01 AUDIO_MUTE >"


@pytest.mark.parametrize("level", [-18.1, 42.5, 43.0, -6.5])
async def test_a_gain_that_a_receiver_cannot_have_is_refused_before_it_is_sent(level):
    async with running(Box(receiver())) as (device, box):
        with pytest.raises(RefusedError, match="dB"):
            await device.set_faders({"1": level})
        assert not said(box, "SET 1 AUDIO_GAIN")


@pytest.mark.parametrize(
    "channel", ["01", "0", "", "1 >< SET 2 AUDIO_MUTE OFF", "100", "-1", "²", "1\r"]
)
async def test_no_channel_smuggles_a_command(channel):
    async with running(Box(receiver())) as (device, box):
        before = len(box.sent)
        for attempt in (
            device.set_faders({channel: 0.0}),
            device.set_mutes({channel: True}),
            device.read([Fader(channel)]),
            device.verb_name(channel, "Podium"),
        ):
            with pytest.raises(ValueError, match="channel"):
                await attempt
        assert len(box.sent) == before


async def test_nothing_that_is_no_number_is_sent_as_a_gain():
    async with running(Box(receiver())) as (device, _):
        with pytest.raises(ValueError, match="no gain"):
            await device.set_faders({"1": float("nan")})


async def test_a_mute_is_set_and_read_anew():
    async with running(Box(receiver())) as (device, box):
        assert await device.mute("2", True) is True
        assert box.sent[-2:] == [b"< SET 2 AUDIO_MUTE ON >", b"< GET 2 AUDIO_MUTE >"]


async def test_the_whole_device_has_a_mute_of_its_own():
    async with running(Box(array())) as (device, box):
        await Mute.drive(device, {Mute("device"): True})
        assert box.sent[-1] == b"< SET DEVICE_AUDIO_MUTE ON >"
        await device.read([Mute("device")])
        assert device.state[Mute("device")].value is True


async def test_a_locked_device_accepts_and_reads_back_what_it_had():
    async with running(Box(receiver())) as (device, box):
        box.locked = True
        await device.set_faders({"1": 6.0})
        await device.read([Fader("1")])
        assert device.state[Fader("1")].value == 0.0


async def test_a_change_at_the_device_is_heard_at_once():
    async with running(Box(receiver())) as (device, box):
        box.say(reports("2 TX_TYPE ULXD1", "2 AUDIO_MUTE ON", "1 BATT_RUN_TIME 00012"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert reported(device)["transmitter/2"] is True
        assert reported(device)["muted/2"] is True
        assert reported(device)["battery/1"] == 12


async def test_a_change_that_was_not_announced_is_found_in_a_round():
    async with running(Box(receiver())) as (device, box):
        box.parameters["1 BATT_RUN_TIME"] = "00009"
        await asyncio.sleep(10)
        assert reported(device)["battery/1"] == 9


async def test_reading_asks_anew_and_leaves_meters_to_their_samples():
    async with running(Box(receiver())) as (device, box):
        before, at = len(box.sent), device.clock.now()
        await device.read([Fader("1"), Meter("1"), RadioQuality("1"), Transmitter("2")])
        assert box.sent[before:] == [b"< GET 1 AUDIO_GAIN >", b"< GET 2 TX_TYPE >"]
        assert device.state[Fader("1")].at >= at
        assert Meter("1") not in device.state


async def test_samples_of_a_receiver_are_meter_and_radio():
    async with running(Box(receiver())) as (device, box):
        box.say(b"< SAMPLE 1 ALL AX 100 035 >")
        await asyncio.sleep(0.1)
        assert await device.meters() == {"1": -15.0}
        assert reported(device)["radio/1"] == -28.0
        await asyncio.sleep(10)
        assert await device.meters() == {}


@pytest.mark.parametrize(
    ("model", "sample", "levels"),
    [
        ("MXA910", b"< SAMPLE 000 060 >", {"1": -60.0, "2": 0.0}),
        ("SCM820", b"< SAMPLE 000 120 >", {"1": -120.0, "2": 0.0}),
        ("P300", b"< SAMPLE_IN 010 060 >", {"1": -50.0, "2": 0.0}),
        (
            "P300",
            b"< SAMPLE_OUT 010 020 030 040 050 060 000 >",
            {
                "15": -50.0,
                "16": -40.0,
                "17": -30.0,
                "18": -20.0,
                "19": -10.0,
                "20": 0.0,
                "23": -60.0,
            },
        ),
        ("P300", b"< SAMPLE_IN" + 15 * b" 030" + b" >", {str(n): -30.0 for n in range(1, 15)}),
        ("MXA910", b"< SAMPLE_PROC 010 060 >", {}),
        ("MXA910", b"< SAMPLE 061 >", {}),
        ("ANI4IN", b"< SAMPLE 010 060 >", {}),
    ],
)
async def test_meters_are_on_the_scale_of_the_family_or_not_told(model, sample, levels):
    async with running(Box(array(model))) as (device, box):
        box.say(sample)
        await asyncio.sleep(0.1)
        assert await device.meters() == levels


async def test_a_stated_family_goes_before_what_the_device_answers():
    async with running(Box(array("NEW")), family="mxa") as (device, box):
        box.say(b"< SAMPLE 030 >")
        await asyncio.sleep(0.1)
        assert await device.meters() == {"1": -30.0}


async def test_only_the_channels_of_the_settings_are_points_until_others_are_asked_for():
    async with running(Box(receiver()), channels=[2]) as (device, box):
        box.say(b"< SAMPLE 1 ALL AX 100 035 >")
        await asyncio.sleep(0.1)
        assert {point.key[-2:] for point in device.points()} == {"/2"}
        assert await device.gain("1") == 0.0
    async with running(Box(receiver()), channels=[2]) as (device, _):
        await device.set_mutes({"1": True})
        assert reported(device)["muted/1"] is True
    async with running(Box(receiver()), channels=[2]) as (device, _):
        await device.set_faders({"1": 3.0})
        assert reported(device)["fader/1"] == 3.0


async def test_who_waits_for_a_change_is_woken_by_a_report():
    async with running(Box(receiver()), meter_rate=0) as (device, box):
        began = device.clock.now()
        waiting = asyncio.create_task(device.hinted(0.4))
        await asyncio.sleep(0.1)
        box.say(reports("1 AUDIO_MUTE ON"))
        await waiting
        assert device.clock.now() - began < 0.2


async def test_two_who_read_the_same_device_do_not_keep_each_other_awake():
    async def look(device: Shure, channel: str) -> None:
        while True:
            await device.read([Fader(channel)])
            await device.hinted(device.settle)

    async with running(Box(receiver()), meter_rate=0) as (device, box):
        before = len(box.sent)
        looking = [asyncio.create_task(look(device, channel)) for channel in ("1", "2")]
        await asyncio.sleep(10 * device.settle)
        for each in looking:
            each.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
        assert 18 <= len(box.sent) - before <= 30


async def test_the_line_is_used_every_second_and_the_meters_are_kept_on():
    async with running(Box(receiver())) as (_device, box):
        before = len(box.sent)
        box.say(reports("1 METER_RATE 0"))
        box.parameters["1 METER_RATE"] = "0"
        await asyncio.sleep(20)
        assert len(box.sent) - before >= 20
        assert box.parameters["1 METER_RATE"] == "500"
        assert "< GET 1 METER_RATE >" in said(box, "METER_RATE")


async def test_metering_is_left_as_it_is_where_it_is_not_wanted():
    async with running(Box(receiver()), meter_rate=0) as (_, box):
        await asyncio.sleep(20)
        assert not said(box, "SET")


async def test_a_silent_device_is_dialled_again_and_greeted_afresh():
    async with running(Box(receiver())) as (device, box):
        box.deaf = True
        await asyncio.sleep(5)
        assert not device.up
        box.deaf = False
        del box.parameters["1 AUDIO_GAIN"]
        box.parameters["1 AUDIO_GAIN_HI_RES"] = "1220"  # another device stands there now
        await asyncio.sleep(15)
        assert device.up
        assert await device.gain("1") == 12.0


async def test_nothing_that_was_told_before_the_line_went_down_counts_after_it():
    box = Box(receiver(), tells="nothing")
    async with running(box, family="ulxd", channels=[1]) as (device, box):
        box.hang_up()
        box.parameters["1 AUDIO_MUTE"] = "ON"
        box.parameters["1 AUDIO_GAIN"] = "030"
        await asyncio.sleep(0.3)
        assert device.up
        assert reported(device)["fader/1"] == 12.0
        assert reported(device)["muted/1"] is True


async def test_after_a_preset_everything_is_read_anew():
    async with running(Box(array())) as (device, box):
        assert await device.preset() == 6
        assert await device.preset(8) == 8
        for n in (1, 2):
            box.parameters |= {f"{n:02d} AUDIO_GAIN_HI_RES": "0900", f"{n:02d} AUDIO_MUTE": "OFF"}
        await asyncio.sleep(1.1)
        assert [reported(device)[f"fader/{n}"] for n in (1, 2)] == [-20.0, -20.0]
        assert [reported(device)[f"muted/{n}"] for n in (1, 2)] == [False, False]
        with pytest.raises(ValueError, match="preset"):
            await device.preset(0)


async def test_verbs_tell_batteries_errors_names_and_versions():
    async with running(Box(receiver())) as (device, box):
        box.say(b"< SAMPLE 1 ALL AX 100 035 >" + reports("1 TX_MUTE_STATUS ON"))
        box.parameters |= {"1 TX_MUTE_STATUS": "ON", "1 RF_INT_DET": "CRITICAL"}
        assert await device.batteries() == {
            "1": "125 min, 3 of 5 bars, -28 dBm, interference, muted at the body",
            "2": "no transmitter",
        }
        assert await device.verb_name("1", "Podium") == "Podium"
        assert box.sent[-1] == b"< SET 1 CHAN_NAME {Podium} >"
        assert (await device.version())["firmware"] == "2.4.25"
    async with running(Box(array())) as (device, box):
        assert await device.batteries() == {}
        assert await device.error() == "a fan stands still"
        await device.flash()
        assert box.sent[-1] == b"< SET FLASH ON >"


@pytest.mark.parametrize(
    "settings",
    [
        {"channels": ["01"]},
        {"channels": ["1 >"]},
        {"channels": [True]},
        {"meter_rate": 50},
        {"family": "sm58"},
        {"gain": 1},
    ],
)
def test_settings_that_fit_no_device_are_refused(settings):
    with pytest.raises(ValidationError):
        Shure.Settings(**settings)


def test_every_verb_is_a_method():
    for verb in Shure.verbs:
        assert callable(getattr(Shure, f"verb_{verb}", None) or getattr(Shure, verb))

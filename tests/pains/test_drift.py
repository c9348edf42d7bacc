"""Whether what is shown is what is so: changes made at the devices, lines cut, answers late, takes that overtake."""

import asyncio
from collections.abc import Iterator

import pytest

from avctl.capabilities.mixer import Mute
from avctl.capabilities.power import Power, PowerState
from avctl.scenes.take import Take, Verdict
from tests.conformance.benches import BENCHES, standing
from tests.pains.hall import CHANNELS, FAR_END, INPUTS, ended, hall
from tests.pains.table import pain
from tests.served import API
from tests.service.house import house

MICROPHONES = ("podium-mic", "podium-mic-backup", "chair-mic", "guest-mic")


@pain(
    "“Mute all” works, and the other buttons go on showing open microphones.",
    "bitfocus/companion-module-behringer-wing#174",
)
async def test_what_one_button_changes_is_shown_at_every_button():
    async with house() as here:
        real = here.real["19"].devices["mixer"]
        for on in (False, True):
            for channel in range(1, 5):
                real.press("mute", tag="Level1", channel=channel, on=on)
            await here.room.clock.sleep(1)
            shown = (await here.client.get(f"{API}/rooms/19")).json()["microphones"]
            assert {each["microphone"]: each["muted"] for each in shown} == dict.fromkeys(
                MICROPHONES, on
            )


@pain(
    "After a reconnect the mutes are never told again.",
    "bitfocus/companion-module-behringer-wing#116",
)
async def test_after_a_reconnect_what_changed_meanwhile_and_what_changes_next_is_shown():
    async with hall() as at:
        for fault in ("cut", "half_open"):
            at.fault("mixer", fault)
            await at.until_down("mixer")
            at.device("mixer").press("mute", tag="Level1", channel=2, on=False)
            at.mend()
            await at.until_up()
            assert at.muted(CHANNELS[1]) is False, fault
            at.device("mixer").press("mute", tag="Level1", channel=2, on=True)
            await at.until(lambda: at.muted(CHANNELS[1]) is True, 3.0)


@pain(
    "The status stays “connected” after the desk is switched off.",
    "bitfocus/companion-module-behringer-wing#126",
)
async def test_a_device_that_says_nothing_any_more_is_shown_as_gone_within_ten_seconds():
    for name, bench in BENCHES.items():
        async with standing(bench) as at:
            at.real.faults.set("half_open")
            async with asyncio.timeout(10):
                while at.device.up:
                    await at.device.hinted(0.1)
            assert at.device.reason, name


@pain(
    "Presets and power cannot be asked for, so the program remembers what it sent.",
    "bitfocus/companion-module-ptzoptics-visca#9",
)
async def test_power_switched_with_the_remote_control_is_shown_as_it_is():
    async with hall() as at:
        camera = at.room.devices["panorama-camera"]
        at.device("panorama-camera").press("power")
        await at.until(lambda: camera.state[PowerState()].value is Power.OFF, 5.0)
        at.device("panorama-camera").press("power")
        await at.until(lambda: camera.state[PowerState()].value is Power.ON, 60.0)


@pain(
    "“Preset 1” stays lit after the operator has moved the camera by hand.",
    "bitfocus/companion-module-canon-ptz#3",
)
async def test_a_preset_that_the_camera_has_left_is_not_shown_any_more():
    async with hall() as at:
        await at.take("speaker-close-up")
        assert at.preset("podium-camera") == 2
        at.device("podium-camera").press("drive", pan=-20.0, tilt=-3.4)
        await at.until(lambda: at.preset("podium-camera") is None, 5.0)
        at.device("podium-camera").press("preset", number=3)
        await at.until(lambda: at.preset("podium-camera") == 4, 10.0)


@pain(
    "Toggles get out of step: muting what somebody has muted already opens it.",
    "adelyte/crescendo-for-crestron#61",
    "adelyte/crescendo-for-crestron#33",
)
async def test_a_button_says_what_shall_be_so_and_never_the_opposite_of_what_is():
    async with hall() as at:
        real = at.device("mixer")
        for by_hand in (True, False):
            real.press("mute", tag="Level1", channel=1, on=by_hand)
            for _ in range(2):
                take = await at.set("podium-mic", "muted", True)
                assert take.verdict is Verdict.CONFIRMED
                assert real.truth()["blocks"]["Level1"]["mute 1"] is True


@pain(
    "A button flips back for two seconds, because the device is slower than the screen.",
    "home-assistant/frontend#10735",
    "home-assistant/core#47388",
    "home-assistant/core#2675",
    "home-assistant/core#169630",
)
async def test_a_slow_device_changes_what_is_shown_once_and_not_back_and_forth():
    async with hall() as at:
        at.fault("mixer", "late", 0.7)
        mixer = at.room.devices["mixer"]
        shown: list[object] = []
        mixer.subscribe(lambda device, point: shown.append(at.muted(CHANNELS[0])))
        for muted in (False, True, False):
            assert (await at.set("podium-mic", "muted", muted)).verdict in (
                Verdict.CONFIRMED,
                Verdict.UNKNOWN,
            )
            await at.wait(6)
        assert [value for value, before in zip(shown, [True, *shown], strict=False)
                if value != before] == [False, True, False]  # fmt: skip


@pain(
    "A switch is shown as on while the device is unplugged.",
    "home-assistant/core#21386",
)
async def test_an_unplugged_device_is_shown_as_away_with_the_reason_and_the_age_of_what_is_known():
    async with house() as here:
        here.real["19"].devices["mixer"].faults.set("cut")
        await here.until(lambda: not here.room.devices["mixer"].up)
        await here.room.clock.sleep(60)
        shown = (await here.client.get(f"{API}/rooms/19/devices/mixer")).json()
        assert shown["up"] is False
        assert shown["reason"]
        assert shown["since"] >= 59
        mute = Mute(CHANNELS[0]).key
        assert next(point["age"] for point in shown["points"] if point["key"] == mute) >= 59


@pain(
    "After somebody has cut by hand the next take sends nothing, because the program believes it is there already.",
    "Sofie-Automation/sofie-core#1368",
)
async def test_the_same_scene_again_after_a_cut_by_hand_cuts_back():
    async with hall() as at:
        await at.take("speaker-close-up")
        at.device("matrix").press("tie", input=INPUTS["laptop"], output=FAR_END)
        assert at.real.far_end_sees().source == "laptop"
        take = await at.take("speaker-close-up")
        assert take.verdict is Verdict.CONFIRMED
        assert at.real.far_end_sees().source == "podium-camera"


@pain(
    "A state wanted before the device was connected is taken as reached, and nothing is sent.",
    "Sofie-Automation/sofie-timeline-state-resolver#307",
)
async def test_a_tap_before_the_device_is_there_fails_and_the_next_one_after_it_drives():
    async with hall(up=False, before=lambda real: real.devices["matrix"].faults.set("cut")) as at:
        await at.wait(2)
        first = await at.set("far-end", "source", "laptop")
        assert first.verdict is Verdict.FAILED
        at.mend()
        await at.until_up()
        assert at.real.far_end_sees().source == "panorama-camera"
        second = await at.set("far-end", "source", "laptop")
        assert second.steps[0].verdict is Verdict.CONFIRMED
        assert at.real.far_end_sees().source == "laptop"


SLOW = "  laptop: {title: Laptop, deadline: 12 s, want: {far-end: {source: laptop}}}\n"


@pain(
    "A device comes back in the middle of a sequence, and nothing is sent to it again.",
    "Sofie-Automation/sofie-timeline-state-resolver#281",
)
async def test_a_device_that_comes_back_before_the_deadline_is_driven_again():
    async with hall(SLOW) as at:
        take = at.room.take("laptop", by="test")
        await at.until(lambda: take.steps[0].sent is not None, 1.0)
        at.fault("matrix", "cut")
        await at.wait(2)
        assert not at.room.devices["matrix"].up
        assert at.real.far_end_sees().source == "panorama-camera"
        at.mend()
        assert (await ended(take)).verdict is Verdict.CONFIRMED, take.steps[0].why
        assert at.real.far_end_sees().source == "laptop"


@pain(
    "An older state that arrives late makes the output go to B, back to A, and to B again.",
    "Sofie-Automation/sofie-timeline-state-resolver#378",
)
async def test_of_taps_in_quick_succession_none_comes_back_on_air_after_a_newer_one():
    async with hall() as at:
        sources = ["laptop", "audience-camera", "podium-camera", "panorama-camera"] * 3
        takes: list[Take] = []
        on_air: list[str | None] = []
        for source in sources:
            takes.append(at.room.set("far-end", "source", source, by="test"))
            for _ in range(3):
                await at.wait(0.005)
                on_air.append(at.real.far_end_sees().source)
        await ended(takes[-1])
        for _ in range(200):
            on_air.append(at.real.far_end_sees().source)
            await at.wait(0.01)
        changes = [new for new, old in zip(on_air[1:], on_air, strict=False) if new != old]
        wanted: Iterator[str | None] = iter(sources)
        assert all(change in wanted for change in changes), changes  # in the order of the taps
        assert on_air[-1] == "panorama-camera"


@pain(
    "What a person changed at the device is overwritten although nobody asked for anything.",
    "Sofie-Automation/sofie-timeline-state-resolver#419",
)
async def test_nothing_is_sent_to_a_device_that_was_changed_by_hand_until_somebody_taps():
    async with hall() as at:
        await at.take("speaker-close-up")
        at.device("matrix").press("tie", input=INPUTS["laptop"], output=FAR_END)
        at.device("mixer").press("level", tag="Level1", channel=1, db=-22.0)
        at.device("podium-camera").press("drive", pan=10.0, tilt=0.0)
        await at.wait(120)
        assert at.real.far_end_sees().source == "laptop"
        assert at.device("mixer").truth()["blocks"]["Level1"]["level 1"] == -22.0
        assert at.device("podium-camera").pose().pan == pytest.approx(10.0, abs=0.5)


@pain(
    "After an outage everything that was missed is run through at once.",
    "Sofie-Automation/sofie-core#1124",
)
async def test_what_was_tapped_during_an_outage_is_not_done_when_the_device_comes_back():
    async with hall() as at:
        at.fault("matrix", "cut")
        at.fault("mixer", "half_open")
        await at.until_down("mixer")
        for source in ("laptop", "audience-camera", "podium-camera"):
            await at.set("far-end", "source", source)
            await at.set("podium-mic", "muted", False)
        at.mend()
        await at.until_up()
        await at.wait(30)
        assert at.real.far_end_sees().source == "panorama-camera"
        assert at.device("mixer").truth()["blocks"]["Level1"]["mute 1"] is True

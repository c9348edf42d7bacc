"""The verbs and readings of the VISCA driver, on a scripted camera in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from avctl.capabilities.camera import (
    Aim,
    Focus,
    Focusing,
    FocusMode,
    Framing,
    Moving,
    Preset,
    TallyLamp,
)
from avctl.capabilities.camera import (
    Camera as CameraCapability,
)
from avctl.capabilities.power import Power, Powered, PowerState
from avctl.clock import Clock
from avctl.device import link
from avctl.drivers.visca import Visca, ViscaSettings
from avctl.errors import BusyError, LinkDownError, NoAnswerError, RefusedError
from avctl.points import Point
from avctl.transport import Resync, parse_address
from tests.drivers.visca_camera import VERSION, Camera, Chain

pytestmark = pytest.mark.virtual

h = bytes.fromhex
RECALL_3 = h("8101043f0203ff")
STOP = h("8101060118140303ff")
SONY_STOP = h("8101060118170303ff")
LENS_STOP = h("8101040700ff")
OEM = {"model": "ptzoptics"}
SONY = {"model": "srg-300h"}
TCP, BARE_UDP = "tcp://camera:5678", "udp://camera:1259"
UDP = "udp://camera:52381?bind=52381"


@asynccontextmanager
async def connected(camera: Camera, url: str = TCP, **settings: Any) -> AsyncIterator[Visca]:
    clock = Clock()
    device = Visca("cam", ViscaSettings(**(settings or OEM)), clock)
    line = link([device], parse_address(url), clock, camera.dial)
    running = asyncio.create_task(line.run())
    try:
        for _ in range(100):
            if device.up:
                break
            await clock.sleep(0.1)
        await clock.sleep(1.5)
        camera.said.clear()
        yield device
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def reading(device: Visca, point: Point, within: float, right: Any) -> Any:
    """Read as the engine does; gives the seconds until a fresh reading was ``right``, else None."""
    began = device.clock.now()
    while device.clock.now() - began < within:
        asked = device.clock.now()
        await device.read([point])
        found = device.state.get(point)
        if found and found.at >= asked and found.value == right:
            return device.clock.now() - began
        await device.hinted(device.settle)
    return None


def fresh(device: Visca, point: Point, since: float) -> bool:
    found = device.state.get(point)
    return found is not None and found.at > since


def at(pan: float, tilt: float = 0.0, units: float = 14.4) -> tuple[tuple[int, int], int]:
    return (round(pan * units), round(tilt * units)), 0


# Who it is and how it stands.


async def test_a_greeting_reads_every_point() -> None:
    async with connected(Camera()) as device:
        assert device.identity == {
            "model": "PTZOptics",
            "firmware": "0000",
            "version": "0001/0513",
        }
        values = {point.word: found.value for point, found in device.state.items()}
        assert values == {
            "power": Power.ON,
            "aim": Framing(0, 0, 0),
            "moving": False,
            "preset": None,
            "focus": Focus.AUTO,
        }
        assert isinstance(device, CameraCapability)
        assert isinstance(device, Powered)
        assert isinstance(device, Focusing)
        assert isinstance(device, TallyLamp)


async def test_the_model_is_taken_from_the_version_where_none_is_given() -> None:
    async with connected(Camera(), TCP, model="auto") as device:
        assert device.model.title == "Sony SRG-300H"


async def test_a_camera_that_knows_no_version_is_greeted_all_the_same() -> None:
    camera = Camera()
    camera.answers[VERSION] = h("906002ff")
    async with connected(camera) as device:
        assert device.up


async def test_an_inquiry_that_is_never_answered_does_not_keep_a_camera_away() -> None:
    camera = Camera()
    camera.answers[VERSION] = None
    async with connected(camera) as device:
        await device.clock.sleep(10)
        assert device.up


async def test_in_standby_only_power_is_asked() -> None:
    camera = Camera()
    camera.on = False
    async with connected(camera) as device:
        await device.clock.sleep(5)
        await device.read([Preset(), PowerState()])
        assert set(camera.said) == {h("81090400ff")}
        assert device.state[PowerState()].value is Power.OFF


async def test_a_reply_from_another_address_counts_on_a_line_of_its_own() -> None:
    camera = Camera()
    async with connected(camera) as device:
        camera.ack = h("a041ff")
        await device.focus(Focus.AUTO)


async def test_a_network_change_over_tcp_is_ignored() -> None:
    camera = Camera()
    async with connected(camera) as device:
        camera.say(h("8038ff"))
        await device.clock.sleep(0.1)
        assert device.up
        assert camera.dials == 1


# Recalls, and what is read back.


async def test_a_recall_is_done_when_the_position_says_so() -> None:
    camera = Camera()
    camera.presets[3] = at(20)
    framings = {3: {"pan": 20, "tilt": 0, "zoom": 0}}
    async with connected(camera, **OEM, framings=framings) as device:
        await device.recall(3)
        took = await reading(device, Preset(), 4, 3)
        assert took is not None
        assert 0.9 < took < 1.5


async def test_a_framing_is_learnt_from_a_recall_that_moved_the_camera() -> None:
    camera = Camera()
    camera.presets[3] = at(20)
    async with connected(camera) as device:
        await device.recall(3)
        assert await reading(device, Preset(), 4, 3) is not None
        assert device.framings[3].is_near(Framing(20, 0, 0))


async def test_a_recall_that_is_accepted_and_ignored_is_never_reported_as_done() -> None:
    camera = Camera()
    camera.ignores = True
    async with connected(camera) as device:
        await device.recall(3)
        began = device.clock.now()
        assert await reading(device, Preset(), 6, 3) is None
        assert not fresh(device, Preset(), began)
        assert device.framings == {}


async def test_an_ignored_recall_of_a_known_framing_shows_where_the_camera_is() -> None:
    camera = Camera()
    camera.ignores = True
    framings = {3: {"pan": 20, "tilt": 0, "zoom": 0}, 5: {"pan": 0, "tilt": 0, "zoom": 0}}
    async with connected(camera, **OEM, framings=framings) as device:
        await device.recall(3)
        assert await reading(device, Preset(), 3, 3) is None
        assert device.state[Preset()].value == 5


async def test_what_moves_long_after_an_ignored_recall_is_not_learnt_as_its_framing() -> None:
    camera = Camera()
    camera.ignores = True
    async with connected(camera) as device:
        await device.recall(3)
        await device.clock.sleep(10)
        camera.head = (288, 0)
        await device.clock.sleep(5)
        assert device.framings == {}
        assert device.state[Preset()].value is None


async def test_a_preset_where_the_camera_is_already_is_not_guessed() -> None:
    camera = Camera()
    camera.presets[3] = at(0)
    async with connected(camera) as device:
        await device.recall(3)
        began = device.clock.now()
        await reading(device, Preset(), 4, 3)
        assert not fresh(device, Preset(), began)


async def test_a_camera_that_says_what_it_recalled_teaches_without_moving() -> None:
    camera = Camera()
    camera.presets[2] = at(0)
    async with connected(camera, TCP, **SONY) as device:
        await device.recall(3)
        assert await reading(device, Preset(), 4, 3) is not None


async def test_the_same_recall_as_before_proves_nothing() -> None:
    camera = Camera()
    camera.ignores, camera.last_recalled = True, 2
    async with connected(camera, TCP, **SONY) as device:
        await device.recall(3)
        assert await reading(device, Preset(), 5, 3) is None


async def test_a_camera_that_passes_a_framing_is_not_at_it() -> None:
    camera = Camera()
    camera.presets[3], camera.takes = at(40), 4.0
    framings = {
        3: {"pan": 40, "tilt": 0, "zoom": 0},
        4: {"pan": 20, "tilt": 0, "zoom": 0},
    }
    async with connected(camera, **OEM, framings=framings) as device:
        seen: set[Any] = set()
        device.subscribe(lambda _, point: seen.add(device.state[Preset()].value))
        await device.recall(3)
        await reading(device, Preset(), 8, 3)
        assert seen == {None, 3}


async def test_of_two_presets_with_one_framing_the_recalled_one_is_shown() -> None:
    camera = Camera()
    camera.presets[7] = at(20)
    same = {"pan": 20, "tilt": 0, "zoom": 0}
    async with connected(camera, **OEM, framings={3: same, 7: same}) as device:
        await device.recall(7)
        assert await reading(device, Preset(), 4, 7) is not None


async def test_a_move_at_the_camera_itself_is_found_by_polling() -> None:
    camera = Camera()
    framings = {3: {"pan": 20, "tilt": 0, "zoom": 0}}
    async with connected(camera, **OEM, framings=framings) as device:
        camera.head = (288, 0)
        await device.clock.sleep(3)
        assert device.state[Preset()].value == 3
        assert device.state[Aim()].value == Framing(20, 0, 0)


async def test_a_store_teaches_the_framing() -> None:
    camera = Camera()
    camera.head = (288, 0)
    async with connected(camera) as device:
        await device.store(9)
        assert device.framings == {9: Framing(20, 0, 0)}


async def test_a_refused_recall_says_why_and_is_not_waited_for() -> None:
    camera = Camera()
    camera.rejects[RECALL_3] = h("906041ff")
    camera.answers["0606"] = h("905002ff")
    async with connected(camera) as device:
        with pytest.raises(RefusedError, match="its menu is open"):
            await device.recall(3)


@pytest.mark.parametrize("preset", [95, 255])
async def test_a_reserved_preset_is_not_sent(preset: int) -> None:
    camera = Camera()
    async with connected(camera) as device:
        with pytest.raises(ValueError, match="has no preset"):
            await device.recall(preset)
        assert not [frame for frame in camera.said if frame[1] == 1]


async def test_a_full_buffer_is_tried_again_and_then_reported() -> None:
    camera = Camera()
    camera.rejects[RECALL_3] = h("906003ff")
    async with connected(camera) as device:
        with pytest.raises(BusyError):
            await device.recall(3)
        assert camera.said.count(RECALL_3) == 2


# Late acknowledgements.


async def test_a_recall_acknowledged_late_is_accepted_at_once_and_costs_no_link() -> None:
    camera = Camera()
    camera.late, camera.takes = True, 3.0
    camera.presets[3] = at(20)
    async with connected(camera) as device:
        began = device.clock.now()
        await device.recall(3)
        assert device.clock.now() - began < 0.6
        assert await reading(device, Preset(), 6, 3) is not None
        assert camera.dials == 1


async def test_a_recall_never_acknowledged_costs_no_link() -> None:
    camera = Camera()
    camera.ack = None
    async with connected(camera) as device:
        await device.recall(3)
        await device.clock.sleep(20)
        assert device.up
        assert camera.dials == 1


async def test_a_late_acknowledgement_is_not_taken_for_the_stop_s() -> None:
    camera = Camera()
    camera.late, camera.takes = True, 3.0
    async with connected(camera) as device:
        await device.recall(3)
        await device.stop()
        assert camera.said[-2:] == [STOP, LENS_STOP]
        await device.clock.sleep(4)
        assert camera.dials == 1


async def test_a_refusal_is_not_lost_on_an_older_recall_that_was_never_acknowledged() -> None:
    camera = Camera()
    camera.ack = None
    async with connected(camera) as device:
        await device.recall(4)
        camera.rejects[RECALL_3] = h("906041ff")
        with pytest.raises(RefusedError):
            await device.recall(3)


async def test_a_completion_alone_is_an_acceptance() -> None:
    camera = Camera()
    async with connected(camera, TCP, **SONY) as device:
        camera.ack = h("9050ff")
        await device.focus(Focus.MANUAL)


# Stop and drive.


async def test_a_stop_goes_before_everything_that_waits() -> None:
    camera = Camera()
    async with connected(camera, TCP, **SONY) as device:
        waiting = [asyncio.create_task(device.focus(Focus.AUTO)) for _ in range(5)]
        await asyncio.sleep(0)
        await device.stop()
        assert camera.said.index(SONY_STOP) < 2
        assert h("8101043802ff") in camera.said[:2]
        await asyncio.gather(*waiting)


async def test_what_was_asked_for_before_a_stop_is_not_sent_after_it() -> None:
    camera = Camera()
    async with connected(
        camera, TCP, **SONY, framings={4: {"pan": 0, "tilt": 0, "zoom": 0}}
    ) as device:
        asking = [asyncio.create_task(device.focus(Focus.AUTO)) for _ in range(3)]
        recalled = asyncio.create_task(device.recall(4))
        driven = asyncio.create_task(device.drive(1, 0, 0))
        await asyncio.sleep(0)
        await device.stop()
        results = await asyncio.gather(recalled, driven, return_exceptions=True)
        await asyncio.gather(*asking)
        assert [type(result) for result in results] == [RefusedError, RefusedError]
        after = camera.said[camera.said.index(SONY_STOP) :]
        assert not [frame for frame in after if frame[2:4] in (b"\x06\x01", b"\x04\x3f")][1:]


async def test_on_a_lossy_line_a_stop_is_said_twice_50_ms_apart() -> None:
    camera = Camera(header=True)
    async with connected(camera, UDP, **SONY) as device:
        await device.stop()
        assert camera.said.count(SONY_STOP) == 2
        assert camera.said.count(LENS_STOP) == 2


async def test_a_lost_stop_is_made_good_in_50_ms() -> None:
    camera = Camera(header=True)
    async with connected(camera, UDP, **SONY) as device:
        camera.loses.append(SONY_STOP)
        began = device.clock.now()
        await device.stop()
        assert device.clock.now() - began < 0.2
        assert camera.said.count(SONY_STOP) == 1


async def test_of_a_stop_that_nobody_waits_for_any_more_nothing_more_is_sent() -> None:
    camera = Camera()
    async with connected(camera, TCP, **SONY) as device:
        camera.mute.append(SONY_STOP)
        stopping = asyncio.create_task(device.stop())
        await device.clock.sleep(0.1)
        stopping.cancel()
        await asyncio.gather(stopping, return_exceptions=True)
        await device.clock.sleep(5)
        assert LENS_STOP not in camera.said


async def test_a_drive_lost_before_a_stop_is_not_sent_again_after_it() -> None:
    camera = Camera(header=True)
    drive = h("8101060118010203ff")
    async with connected(camera, UDP, **SONY) as device:
        camera.loses.append(drive)
        driven = asyncio.create_task(device.drive(1, 0, 0))
        await device.clock.sleep(0.1)
        await device.stop()
        await device.clock.sleep(3)
        assert drive not in camera.said
        with pytest.raises((RefusedError, NoAnswerError)):
            await driven


async def test_a_stop_that_finds_no_socket_makes_room_and_is_said_again() -> None:
    camera = Camera()
    async with connected(camera, TCP, **SONY) as device:
        camera.rejects[SONY_STOP] = h("906003ff")
        camera.rejects[h("8121ff")] = camera.rejects[h("8122ff")] = h("906104ff")
        stopping = asyncio.create_task(device.stop())
        await device.clock.sleep(0.2)
        assert h("8121ff") in camera.said
        del camera.rejects[SONY_STOP]
        await stopping
        assert camera.said[-2:] == [SONY_STOP, LENS_STOP]


async def test_a_stop_ends_when_the_line_is_down() -> None:
    camera = Camera()
    async with connected(camera) as device:
        camera.hang_up()
        await device.clock.sleep(0.01)
        with pytest.raises(LinkDownError):
            await device.stop()


async def test_drives_map_to_the_speeds_of_the_model() -> None:
    camera = Camera()
    async with connected(camera) as device:
        await device.drive(1, -0.5, 0)
        await device.drive(-0.01, 0, 1)
        frames = [frame.hex() for frame in camera.said if frame[1] == 1]
        assert frames == [
            "81010601180b0202ff",
            "8101040700ff",
            "8101060101010103ff",
            "8101040727ff",
        ]


async def test_the_newest_drive_wins() -> None:
    camera = Camera()
    async with connected(camera) as device:
        speeds = [0.1, 0.3, 0.6, 1.0]
        await asyncio.gather(*(device.drive(speed, 0, 0) for speed in speeds))
        pans = [frame[4] for frame in camera.said if frame[1:4] == b"\x01\x06\x01"]
        assert pans == [3, 0x18]


@pytest.mark.parametrize("speed", [1.1, -2, float("nan")])
async def test_a_speed_beyond_1_is_not_sent(speed: float) -> None:
    async with connected(Camera()) as device:
        with pytest.raises(ValueError, match="-1 to 1"):
            await device.drive(speed, 0, 0)


async def test_an_aim_beyond_the_range_is_not_sent() -> None:
    async with connected(Camera()) as device:
        with pytest.raises(ValueError, match="cannot look there"):
            await device.aim(Framing(171, 0, 0))


async def test_an_aim_goes_to_head_and_lens() -> None:
    camera = Camera()
    async with connected(camera, TCP, model="brc-x400") as device:
        await device.aim(Framing(170, 90, 1))
        frames = [frame.hex() for frame in camera.said if frame[1] == 1]
        assert frames == ["8101060218000202000001020000ff", "8101044704000000ff"]


# Power.


async def test_an_aim_that_finds_no_room_for_its_zoom_does_not_cancel_its_own_move() -> None:
    camera = Camera()
    camera.rejects[h("8101044702000000ff")] = h("906003ff")
    async with connected(camera, TCP, **SONY) as device:
        with pytest.raises(BusyError):
            await device.aim(Framing(10, 0, 0.5))
        assert not [frame for frame in camera.said if frame[1] >> 4 == 2]


async def test_a_recall_that_finds_no_room_cancels_the_moves_it_overtakes() -> None:
    camera = Camera()
    recall = h("8101043f0202ff")
    camera.rejects[recall] = h("906003ff")
    camera.rejects[h("8121ff")] = camera.rejects[h("8122ff")] = h("906104ff")
    async with connected(camera, TCP, **SONY) as device:
        with pytest.raises(BusyError):
            await device.recall(3)
        moves = [frame for frame in camera.said if frame[1] != 0x09]
        assert moves == [recall, recall, h("8121ff"), h("8122ff"), recall]


async def test_power_is_accepted_at_once_and_warming_until_it_is_through() -> None:
    camera = Camera()
    camera.on = False
    async with connected(camera) as device:
        await device.power(True)
        await device.read([PowerState()])
        assert device.state[PowerState()].value is Power.WARMING
        camera.say(h("9051ff"))
        assert await reading(device, PowerState(), 1, Power.ON) is not None


async def test_a_camera_that_never_completes_is_on_when_its_boot_dance_is_over() -> None:
    camera = Camera()
    camera.on = False
    async with connected(camera) as device:
        await device.power(True)
        await device.clock.sleep(10)
        camera.head = (500, 0)
        await device.clock.sleep(1)
        await device.read([PowerState()])
        assert device.state[PowerState()].value is Power.WARMING
        assert await reading(device, PowerState(), 6, Power.ON) is not None


async def test_a_power_state_read_too_early_is_read_again() -> None:
    camera = Camera()
    async with connected(camera) as device:
        await device.power(False)
        camera.on = True
        await device.read([PowerState()])
        assert device.state[PowerState()].value is Power.ON
        camera.on = False
        assert await reading(device, PowerState(), 1, Power.OFF) is not None


async def test_a_camera_that_cannot_wake_over_the_network_says_so() -> None:
    async with connected(Camera(), TCP, model="aver") as device:
        with pytest.raises(RefusedError, match="over the network"):
            await device.power(True)


# Sony's header.


async def test_numbers_are_reset_before_the_greeting() -> None:
    camera = Camera(header=True)
    async with connected(camera, UDP, **SONY):
        assert camera.sent[0] == h("020000010000000001")
        assert camera.sent[1] == h("0110000500000001") + h("81090400ff")


async def test_a_lost_command_is_sent_again_with_its_number() -> None:
    camera = Camera(header=True)
    camera.presets[2] = at(20, units=51.2)
    framings = {3: {"pan": 20, "tilt": 0, "zoom": 0}}
    async with connected(camera, UDP, **SONY, framings=framings) as device:
        recall = h("8101043f0202ff")
        camera.loses.append(recall)
        await device.recall(3)
        assert camera.said.count(recall) == 1
        assert len({sent for sent in camera.sent if sent[8:] == recall}) == 1


async def test_a_lost_ack_counts_as_accepted_and_the_command_runs_once() -> None:
    camera = Camera(header=True)
    async with connected(camera, UDP, **SONY) as device:
        auto = h("8101043802ff")
        camera.mute.append(auto)
        await device.focus(Focus.AUTO)
        assert camera.said.count(auto) == 1


async def test_a_lost_answer_is_asked_for_with_a_new_number() -> None:
    camera = Camera(header=True)
    async with connected(camera, UDP, **SONY) as device:
        camera.mute.append(h("81090438ff"))
        began = device.clock.now()
        await device.read([FocusMode()])
        assert fresh(device, FocusMode(), began)


async def test_a_camera_that_was_silent_for_long_is_asked_all_that_it_has_answered_before() -> None:
    camera = Camera()
    async with connected(camera) as device:
        camera.mute += [h("81090438ff")] * 5
        with pytest.raises(NoAnswerError):
            await device.read([FocusMode()])
        await device.clock.sleep(60)
        assert device.up
        asked = camera.said.count(h("81090438ff"))
        await device.read([FocusMode()])
        assert camera.said.count(h("81090438ff")) == asked + 1


async def test_an_answer_with_a_foreign_number_is_dropped() -> None:
    camera = Camera(header=True)
    async with connected(camera, UDP, **SONY) as device:
        asked = asyncio.create_task(device.read([PowerState()]))
        await asyncio.sleep(0)
        camera.say(h("01110004000fffff905003ff"))
        await asked
        assert device.state[PowerState()].value is Power.ON


async def test_bare_datagrams_are_asked_again() -> None:
    camera = Camera(resync=Resync.DRAIN)
    async with connected(camera, BARE_UDP, **OEM) as device:
        camera.loses.append(h("81090447ff"))
        began = device.clock.now()
        await device.read([Aim()])
        assert fresh(device, Aim(), began)


async def test_moving_needs_two_positions() -> None:
    camera = Camera()
    async with connected(camera) as device:
        camera.head = (300, 0)
        await device.read([Moving()])
        assert device.state[Moving()].value is True
        assert await reading(device, Moving(), 1, False) is not None


async def test_no_word_smuggles_a_frame() -> None:
    camera = Camera()
    async with connected(camera) as device:
        with pytest.raises(ValueError, match="is not a valid Focus"):
            await device.verb_focus("auto\xff")
        with pytest.raises(ValueError, match="off"):
            await device.verb_menu("on")


async def test_every_verb_of_the_command_line_is_there() -> None:
    for verb in Visca.verbs:
        assert callable(getattr(Visca, f"verb_{verb}", None) or getattr(Visca, verb))


# Several cameras on one serial line.

SERIAL = "serial:///dev/ttyUSB0?baud=9600"


@asynccontextmanager
async def chained(chain: Chain, addresses: tuple[int, ...]) -> AsyncIterator[list[Visca]]:
    clock = Clock()
    cameras = [
        Visca(f"cam{address}", ViscaSettings(model="srg-300h", address=address), clock)
        for address in addresses
    ]
    line = link(cameras, parse_address(SERIAL), clock, chain.dial)
    running = asyncio.create_task(line.run())
    try:
        await clock.sleep(10)
        yield cameras
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_line_is_numbered_and_cleared_once_before_its_cameras_are_greeted() -> None:
    chain = Chain(Camera(), Camera())
    async with chained(chain, (1, 2)) as cameras:
        assert chain.sent[:3] == [h("883001ff"), h("88010001ff"), h("81090400ff")]
        assert sum(sent[0] == 0x88 for sent in chain.sent) == 2
        assert [camera.up for camera in cameras] == [True, True]


async def test_a_single_camera_on_a_serial_line_is_numbered_too() -> None:
    chain = Chain(Camera())
    async with chained(chain, (1,)) as (camera,):
        assert camera.up
        assert chain.sent[0] == h("883001ff")


async def test_each_camera_of_a_line_hears_what_is_its_own() -> None:
    first, second = Camera(), Camera()
    second.head = (512, 0)
    async with chained(Chain(first, second), (1, 2)) as cameras:
        assert [camera.state[Aim()].value.pan for camera in cameras] == [0, 10]
        await cameras[1].aim(Framing(0, 0, 0.5))
        assert not [frame for frame in first.said if frame[1] == 1]
        assert [frame[2:4] for frame in second.said if frame[1] == 1] == [b"\x06\x02", b"\x04\x47"]


async def test_a_missing_camera_costs_its_neighbour_nothing() -> None:
    async with chained(Chain(Camera()), (1, 2)) as cameras:
        assert [camera.up for camera in cameras] == [True, False]
        await cameras[0].focus(Focus.AUTO)


async def test_a_changed_line_is_numbered_again() -> None:
    chain = Chain(Camera(), Camera())
    async with chained(chain, (1, 2)) as cameras:
        chain.say(h("a038ff"))
        await cameras[0].clock.sleep(3)
        assert chain.sent.count(h("883001ff")) == 2
        assert [camera.up for camera in cameras] == [True, True]


async def test_a_line_that_changes_while_it_is_greeted_is_numbered_again() -> None:
    first, second = Camera(), Camera()
    chain = Chain(first, second)
    async with chained(chain, (1, 2)) as cameras:
        first.mute.append(h("81090400ff"))  # in the middle of starting
        chain.say(h("9038ff"))
        await cameras[0].clock.sleep(1)
        numbered = chain.sent.count(h("883001ff"))
        assert not cameras[0].link.up
        first.mute.clear()
        chain.say(h("9038ff"))
        await cameras[0].clock.sleep(3)
        assert chain.sent.count(h("883001ff")) == numbered + 1
        assert [camera.up for camera in cameras] == [True, True]


async def test_a_camera_that_has_started_unheard_is_numbered_again_and_nothing_is_cleared() -> None:
    class Forgetful(Chain):
        """Its second camera does not know its number until it is told."""

        knows = False

        def _hear(self, data: bytes) -> None:
            if data[:2] == b"\x88\x30":
                self.knows = True
            if self.knows or data[0] != 0x82:
                super()._hear(data)

    chain = Forgetful(Camera(), Camera())
    async with chained(chain, (1, 2)) as cameras:
        chain.knows = False
        await cameras[0].clock.sleep(8)
        assert [camera.up for camera in cameras] == [True, False]
        assert chain.sent.count(h("883001ff")) == 1
        await cameras[0].clock.sleep(10)
        assert [camera.up for camera in cameras] == [True, True]
        assert chain.sent.count(h("883001ff")) == 2
        assert chain.sent.count(h("88010001ff")) == 1


async def test_a_camera_that_takes_numbering_for_a_change_is_greeted_all_the_same() -> None:
    class Nervous(Chain):
        def _hear(self, data: bytes) -> None:
            super()._hear(data)
            if data == h("883001ff"):
                self.say(h("9038ff"))

    async with chained(Nervous(Camera()), (1,)) as (camera,):
        await camera.clock.sleep(10)
        assert camera.up

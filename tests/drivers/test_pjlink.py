"""The PJLink driver in conversations over a line in memory, in virtual time."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from avctl.capabilities.display import Freezing, Frozen, Input, Selecting, Shutter, Shuttered
from avctl.capabilities.health import Condition, Fault, Hours
from avctl.capabilities.power import Power, Powered, PowerState
from avctl.clock import Clock
from avctl.device import link
from avctl.drivers.pjlink import PJLink
from avctl.errors import BusyError, LinkDownError, NoAnswerError, RefusedError
from avctl.testing import Script
from avctl.transport import Address, Receiver, Stream, parse_address

pytestmark = pytest.mark.virtual

CLASS_1 = {
    "CLSS": "1", "POWR": "1", "INPT": "31", "AVMT": "30", "ERST": "000000", "LAMP": "1234 1",
    "INST": "11 31 32", "NAME": "Hall", "INF1": "Panasonic", "INF2": "RZ470", "INFO": "",
}  # fmt: skip
CLASS_2 = CLASS_1 | {
    "CLSS": "2", "SNUM": "SW1", "SVER": "1.04", "FILT": "500", "IRES": "1920x1080", "FREZ": "0",
    "RLMP": "ET-LAV400", "RFIL": "",
}  # fmt: skip
STANDBY = dict.fromkeys(("INPT", "AVMT", "INST", "NAME", "ERST", "IRES", "FREZ"), "ERR3")


class Projector(Script):
    """It tells its values by their commands, and takes what it is set to."""

    def __init__(self, values: dict[str, str], password: str = "") -> None:
        super().__init__(greeting=b"PJLINK 1 498e4a67\r" if password else b"PJLINK 0\r")
        self.values, self.password = dict(values), password
        self.known = False  # whether the password was said on this connection
        self.forgets = 0  # how many times it will
        self.silent: set[str] = set()  # to which commands
        self.hangs_up = False
        self.accepts = True  # or ignores
        self.second = {"INPT", "INST", "SNUM", "SVER", "FILT", "IRES", "FREZ", "RLMP", "RFIL"}
        self.said: list[str] = []

    async def dial(self, address: Address, receiver: Receiver) -> Stream:
        self.known = not self.password
        return await super().dial(address, receiver)

    def _hear(self, data: bytes) -> None:
        if not data:
            return
        self.sent.append(data)
        text = data.decode().rstrip("\r")
        if not self.known:
            digest = hashlib.md5(f"498e4a67{self.password}".encode()).hexdigest()
            if not text.startswith(digest) or self.forgets:
                self.forgets = max(0, self.forgets - 1)
                self.say(b"PJLINK ERRA\r")
                return
            self.known, text = True, text.removeprefix(digest)
        self.said.append(text)
        header, value = text.split(" ", 1)
        if header in self.silent or header[2:] in self.silent:
            return
        self.say(f"{header}={self._answer(header, value)}\r".encode())
        if self.hangs_up:
            self.hang_up()

    def _answer(self, header: str, value: str) -> str:
        body = header[2:]
        if body not in self.values or (header[1] == "2" and body not in self.second):
            return "ERR1"
        present = self.values[body]
        if value.startswith("?"):
            return present
        if present.startswith("ERR"):
            return present
        if self.accepts:
            self.values[body] = value
        return "OK"


@asynccontextmanager
async def dialled(box: Script, **settings: Any) -> AsyncIterator[PJLink]:
    clock = Clock()
    device = PJLink("beamer", PJLink.Settings(**settings), clock)
    line = link([device], parse_address("tcp://beamer:4352"), clock, box.dial)
    task = asyncio.create_task(line.run())
    try:
        yield device
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(device: PJLink, wanted: Callable[[], bool], seconds: float = 120) -> None:
    async with asyncio.timeout(seconds):
        while not wanted():
            await device.clock.sleep(0.05)


@asynccontextmanager
async def running(box: Script, **settings: Any) -> AsyncIterator[PJLink]:
    async with dialled(box, **settings) as device:
        await until(device, lambda: device.up)
        yield device


def reported(device: PJLink) -> dict[str, Any]:
    return {point.key: reading.value for point, reading in device.state.items()}


async def test_everything_a_class_2_projector_tells_is_there_when_it_is_up():
    async with running(Projector(CLASS_2)) as device:
        assert reported(device) == {
            "power": Power.ON,
            "input": "31",
            "shutter": False,
            "frozen": False,
            **{f"fault/{part}": Condition.GOOD for part in (
                "fan", "lamp", "temperature", "cover", "filter", "other"
            )},
            "hours/lamp": 1234,
            "lit/lamp": True,
            "hours/filter": 500,
            "input_signal": True,
            "resolution": "1920x1080",
        }  # fmt: skip
        assert device.identity == {
            "class": "PJLink class 2", "manufacturer": "Panasonic", "model": "RZ470", "name": "Hall",
            "serial": "SW1", "firmware": "1.04", "replacement lamp": "ET-LAV400",
        }  # fmt: skip
        for capability in (Powered, Selecting, Shuttered, Freezing):
            assert isinstance(device, capability)


async def test_a_class_1_projector_is_asked_nothing_of_class_2():
    box = Projector(CLASS_1)
    async with running(box) as device:
        await asyncio.sleep(20)
        assert not [text for text in box.said if text.startswith("%2")]
        assert Frozen() not in device.state
        with pytest.raises(RefusedError, match="class 1"):
            await device.freeze(True)


async def test_a_laser_projector_has_no_lamp():
    values = {body: value for body, value in CLASS_1.items() if body != "LAMP"}
    box = Projector(values)
    async with running(box) as device:
        before = len(box.said)
        await device.read([Hours("lamp")])
        await asyncio.sleep(20)
        assert "%1LAMP ?" not in box.said[before:]
        assert not [point for point in device.state if isinstance(point, Hours)]
        assert await device.lamps() == {}


async def test_hours_that_are_not_counted_are_not_told_as_none_used():
    async with running(Projector(CLASS_2 | {"LAMP": "0 1 77 0", "FILT": "0"})) as device:
        assert await device.lamps() == {
            "lamp": "not counted",
            "lamp 2": "77 h",
            "filter": "not counted",
        }


async def test_one_command_is_in_flight_and_the_next_comes_later():
    box = Projector(CLASS_1)
    async with running(box) as device:
        at: list[float] = []
        device.link.tap = lambda sign, data: (
            at.append(device.clock.now()) if sign == ">" and data else None
        )
        await asyncio.gather(*(device.read([PowerState()]) for _ in range(5)))
        assert all(later - earlier >= 0.199 for earlier, later in pairwise(at))


# Power.


async def test_power_is_accepted_at_once_and_read_back_as_it_warms():
    box = Projector(CLASS_2 | STANDBY | {"POWR": "0"})
    async with running(box) as device:
        assert device.state[Input()].value is None
        assert device.state[Fault("lamp")].value is None
        await PowerState.drive(device, {PowerState(): Power.ON})
        assert device.state[PowerState()].value is Power.OFF
        box.values["POWR"] = "3"
        await device.read([PowerState()])
        assert device.state[PowerState()].value is Power.WARMING


async def test_what_was_not_told_in_standby_is_learnt_when_it_is_on():
    box = Projector(CLASS_2 | STANDBY | {"POWR": "0"})
    async with running(box) as device:
        assert "name" not in device.identity
        asked = box.said.count("%2INST ?")
        box.values |= CLASS_2
        await asyncio.sleep(30)
        assert device.identity["name"] == "Hall"
        assert device.state[Input()].value == "31"
        assert box.said.count("%2INST ?") == asked + 1


@pytest.mark.parametrize(("state", "on"), [("2", True), ("3", False)])
async def test_a_power_command_that_would_be_lost_is_busy_and_not_sent(state, on):
    box = Projector(CLASS_1 | {"POWR": state})
    async with running(box) as device:
        with pytest.raises(BusyError, match=r"cooling|warming") as caught:
            await device.power(on)
        assert caught.value.wait > 0
        assert not [text for text in box.said if text.startswith("%1POWR ") and "?" not in text]


@pytest.mark.parametrize(("state", "on"), [("3", True), ("2", False)])
async def test_a_power_command_that_is_under_way_is_not_sent_again(state, on):
    box = Projector(CLASS_1 | {"POWR": state})
    async with running(box) as device:
        await device.power(on)
        assert not [text for text in box.said if text.startswith("%1POWR ") and "?" not in text]


async def test_a_projector_that_tells_its_power_only_when_on_is_unknown_not_off():
    box = Projector(CLASS_1 | {"POWR": "ERR3"})
    async with running(box) as device:
        assert device.state[PowerState()].value is Power.UNKNOWN


async def test_it_may_be_silent_for_a_while_after_its_power_was_changed():
    box = Projector(CLASS_1 | {"POWR": "0"})
    async with running(box) as device:
        await device.power(True)
        dials = box.dials
        box.silent = {"%1POWR"}
        for _ in range(4):
            asked = device.clock.now()
            await device.read([PowerState()])
            assert device.state[PowerState()].at < asked
        box.silent = set()
        box.values["POWR"] = "3"
        await device.read([PowerState()])
        assert device.state[PowerState()].value is Power.WARMING
        assert (box.dials, device.up) == (dials, True)
        box.hang_up()
        box.refuses = True
        await asyncio.sleep(3)
        assert device.up
        await asyncio.sleep(15)
        assert not device.up


async def test_a_failure_is_told_until_the_errors_say_more():
    box = Projector(CLASS_1)
    async with running(box, poll=5) as device:
        box.values["POWR"] = "ERR4"
        with pytest.raises(RefusedError, match="fault"):
            await device.power(True)
        assert device.state[Fault("other")].value is Condition.FAULT
        box.values["ERST"] = "020000"
        await asyncio.sleep(12)
        assert device.state[Fault("other")].value is Condition.GOOD
        assert device.state[Fault("lamp")].value is Condition.FAULT
        assert (await device.faults())["lamp"] == "fault"


# Inputs, shutter, freeze.


async def test_an_input_is_selected_as_its_class_asks_and_read_anew():
    for values, wire in ((CLASS_1, "%1INPT 32"), (CLASS_2, "%2INPT 32")):
        box = Projector(values)
        async with running(box) as device:
            await Input.drive(device, {Input(): "32"})
            assert box.said[-1] == wire
            assert device.state[Input()].value == "31"
            await device.read([Input()])
            assert device.state[Input()].value == "32"


async def test_what_is_accepted_and_ignored_reads_as_it_was():
    box = Projector(CLASS_2)
    box.accepts = False
    async with running(box) as device:
        await device.select("32")
        await device.shutter(True)
        await device.freeze(True)
        await device.read([Input(), Shutter(), Frozen()])
        assert reported(device)["input"] == "31"
        assert reported(device)["shutter"] is reported(device)["frozen"] is False


async def test_an_input_just_after_power_on_is_busy_until_it_holds():
    box = Projector(CLASS_1 | {"POWR": "3"})
    async with running(box) as device:
        box.values["POWR"] = "1"
        await until(device, lambda: device.state[PowerState()].value is Power.ON)
        with pytest.raises(BusyError) as caught:
            await device.select("32")
        await asyncio.sleep(caught.value.wait)
        await device.select("32")


async def test_an_input_that_was_on_for_long_is_switched_at_once():
    async with running(Projector(CLASS_1)) as device:
        await device.select("32")


async def test_an_input_in_standby_is_busy_and_one_that_is_not_there_refused():
    box = Projector(CLASS_1 | {"INPT": "ERR3"})
    async with running(box) as device:
        with pytest.raises(BusyError, match="not now"):
            await device.select("31")
        box.values["INPT"] = "ERR2"
        with pytest.raises(RefusedError, match="no such input"):
            await device.select("59")
        with pytest.raises(ValueError, match="an input is"):
            await device.select("31\r%1POWR 0")


async def test_a_shutter_holds_back_the_picture_alone_where_it_can():
    box = Projector(CLASS_1)
    async with running(box) as device:
        await Shutter.drive(device, {Shutter(): True})
        assert box.said[-1] == "%1AVMT 11"
        await device.read([Shutter()])
        assert device.state[Shutter()].value is True
        await device.shutter(False)
        assert box.said[-1] == "%1AVMT 10"


class NotSeparate(Projector):
    def _answer(self, header: str, value: str) -> str:
        if header == "%1AVMT" and value[0] in "12":
            return "ERR2"
        return super()._answer(header, value)


async def test_a_shutter_that_cannot_spare_the_sound_takes_both_from_then_on():
    box = NotSeparate(CLASS_1)
    async with running(box) as device:
        await device.shutter(True)
        assert box.said[-2:] == ["%1AVMT 11", "%1AVMT 31"]
        await device.shutter(False)
        assert box.said[-2:] == ["%1AVMT 31", "%1AVMT 30"]
    async with running(Projector(CLASS_1), mute="both") as device:
        await device.shutter(True)
        await device.read([Shutter()])
        assert device.state[Shutter()].value is True


async def test_inputs_are_told_with_their_names():
    box = Projector(CLASS_2 | {"INNM": "PC"})
    box.second.add("INNM")
    async with running(box) as device:
        assert await device.inputs() == {"11": "PC", "31": "PC", "32": "PC"}
        box.values["INNM"] = "ERR2"
        assert await device.inputs() == {"11": "", "31": "", "32": ""}
    async with running(Projector(CLASS_1)) as device:
        assert await device.inputs() == {"11": "", "31": "", "32": ""}


async def test_volumes_go_by_steps_and_are_never_sent_twice():
    box = Projector(CLASS_2 | {"SVOL": "", "MVOL": ""})
    box.second |= {"SVOL", "MVOL"}
    async with running(box) as device:
        await device.volume("up")
        await device.microphone("down")
        assert box.said[-2:] == ["%2SVOL 1", "%2MVOL 0"]
        del box.values["SVOL"]
        with pytest.raises(RefusedError, match="no such thing"):
            await device.volume("down")


# What it finds by itself.


@pytest.mark.parametrize(
    ("body", "value", "key", "read"),
    [
        ("POWR", "2", "power", Power.COOLING),
        ("INPT", "11", "input", "11"),
        ("AVMT", "31", "shutter", True),
        ("FREZ", "1", "frozen", True),
    ],
)
async def test_a_press_at_the_projector_is_found_by_the_next_look(body, value, key, read):
    box = Projector(CLASS_2)
    async with running(box) as device:
        box.values[body] = value
        await asyncio.sleep(2 * device.refresh_every)
        assert reported(device)[key] == read


async def test_health_is_looked_at_in_turn():
    box = Projector(CLASS_2)
    async with running(box) as device:
        box.values |= {"LAMP": "1235 0", "ERST": "100010", "FILT": "501", "IRES": "-"}
        await asyncio.sleep(15)
        told = reported(device)
        assert (told["hours/lamp"], told["lit/lamp"], told["hours/filter"]) == (1235, False, 501)
        assert (told["fault/fan"], told["fault/filter"]) == (Condition.WARNING, Condition.WARNING)
        assert told["input_signal"] is False
        assert told["resolution"] is None


async def test_a_notice_wakes_who_waits():
    box = Projector(CLASS_2)
    async with running(box) as device:
        waiting = asyncio.create_task(device.hinted(100))
        await asyncio.sleep(0.01)
        began = device.clock.now()
        box.say(b"%2LKUP=00:1b:78:aa:bb:cc\r")
        await waiting
        assert device.clock.now() - began < 1
        assert device.link.figures.unknown == 0


async def test_the_line_is_never_idle_for_the_30_seconds_after_which_it_is_dropped():
    box = Projector(CLASS_1 | {"POWR": "0"})
    async with running(box, poll=20) as device:
        at: list[float] = []
        device.link.tap = lambda sign, data: at.append(device.clock.now())
        await asyncio.sleep(300)
        assert all(later - earlier < 25 for earlier, later in pairwise(at))


# Passwords.


async def test_the_password_is_said_once_on_each_connection():
    box = Projector(CLASS_1, password="JBMIAProjectorLink")
    async with running(box, password="JBMIAProjectorLink") as device:
        assert box.sent[0] == b"5d8409bc1c3fa39749434aa3a5c38682%1CLSS ?\r"
        assert [data for data in box.sent[1:] if not data.startswith(b"%")] == []
        box.hang_up()
        await until(device, lambda: box.dials == 2 and device.up)
        assert len([data for data in box.sent if not data.startswith(b"%")]) == 2


async def test_a_password_that_is_forgotten_for_another_controller_is_said_anew_in_silence():
    box = Projector(CLASS_1, password="secret")
    async with running(box, password="secret") as device:
        changes: list[bool] = []
        device.subscribe(lambda device, point: changes.append(device.up) if not point else None)
        box.forgets, box.known = 1, False
        with pytest.raises(BusyError, match="ERRA"):
            await device.read([PowerState()])
        await asyncio.sleep(10)
        await device.read([PowerState()])
        assert changes == []


async def test_a_wrong_password_is_told_after_three_attempts_and_then_tried_seldom():
    box = Projector(CLASS_1, password="right")
    async with dialled(box, password="wrong") as device:
        await until(device, lambda: "3 times in a row" in device.reason)
        assert "`password`" in device.reason
        dials = box.dials
        await asyncio.sleep(50)
        assert box.dials == dials
        assert "wrong" not in repr(device.settings)


async def test_a_password_that_is_wanted_and_not_set_is_named():
    box = Projector(CLASS_1, password="secret")
    async with dialled(box) as device:
        await until(device, lambda: "set `password`" in device.reason)
        await asyncio.sleep(50)
        assert box.dials == 1
        assert box.sent == [b""] or box.sent == []


@pytest.mark.parametrize("password", ["", "x" * 33, "秘密", "a\r"])
def test_a_password_that_cannot_be_one_is_refused(password):
    with pytest.raises(ValidationError):
        PJLink.Settings(password=password)


# Lines.


async def test_a_device_that_does_not_greet_is_told_as_what_it_may_be():
    async with dialled(Script()) as device:
        await until(device, lambda: "does not greet" in device.reason)
        assert "another controller" in device.reason


async def test_a_projector_that_hangs_up_after_each_answer_is_never_told_to_be_down():
    box = Projector(CLASS_2)
    box.hangs_up = True
    async with running(box) as device:
        assert reported(device)["input"] == "31"
        assert device.identity["serial"] == "SW1"
        changes: list[bool] = []
        device.subscribe(lambda device, point: changes.append(device.up) if not point else None)
        for source in ("32", "11"):
            await device.select(source)
            await device.read([Input()])
            assert device.state[Input()].value == source
        box.values["POWR"] = "2"
        await asyncio.sleep(30)
        assert device.state[PowerState()].value is Power.COOLING
        assert changes == []
        assert device.link.figures.losses <= 2


async def test_a_press_at_a_projector_that_hangs_up_is_found_by_the_next_look():
    box = Projector(CLASS_2)
    box.hangs_up = True
    async with running(box) as device:
        await asyncio.sleep(5)
        box.values |= {"INPT": "11", "AVMT": "11", "FREZ": "1"}
        await asyncio.sleep(2 * device.refresh_every + 2)
        told = reported(device)
        assert (told["input"], told["shutter"], told["frozen"]) == ("11", True, True)


async def test_a_projector_that_hangs_up_is_soon_learnt():
    box = Projector(CLASS_2)
    box.hangs_up = True
    began = asyncio.get_running_loop().time()
    async with running(box) as device:
        assert device.clock.now() - began < 15


async def test_a_projector_that_hangs_up_and_goes_is_told_to_be_down():
    box = Projector(CLASS_2)
    box.hangs_up = True
    async with running(box) as device:
        box.refuses = True
        await until(device, lambda: not device.up, 15)
        gone = device.clock.now()
        with pytest.raises((LinkDownError, NoAnswerError)):
            await device.read([PowerState()])
        box.refuses = False
        await until(device, lambda: device.up, 30)
        assert device.state[PowerState()].at > gone


async def test_a_projector_that_stops_hanging_up_is_kept_on_the_line():
    box = Projector(CLASS_2)
    box.hangs_up = True
    async with running(box) as device:
        box.hangs_up = False
        await asyncio.sleep(10)
        dials = box.dials
        await asyncio.sleep(60)
        assert box.dials == dials
        box.hang_up()
        await until(device, lambda: not device.up, 1)


async def test_a_step_is_not_sent_again_to_a_projector_that_hangs_up():
    box = Projector(CLASS_2 | {"SVOL": ""})
    box.second.add("SVOL")
    box.hangs_up = True
    async with running(box) as device:
        box.silent = {"%2SVOL"}
        with pytest.raises(NoAnswerError):
            await device.volume("up")
        assert box.said.count("%2SVOL 1") == 1


async def test_what_a_class_2_projector_stays_silent_to_is_left_out():
    box = Projector(CLASS_2)
    box.silent = {"RLMP"}
    async with running(box) as device:
        assert box.said.count("%2RLMP ?") == 2
        assert device.identity["serial"] == "SW1"
        dials = box.dials
        await asyncio.sleep(60)
        assert box.dials == dials


async def test_an_input_that_is_silent_to_class_2_is_asked_as_class_1():
    box = Projector(CLASS_2)
    box.silent = {"%2INPT"}
    async with running(box) as device:
        assert device.state[Input()].value == "31"
        await device.select("32")
        assert box.said[-1] == "%1INPT 32"


async def test_a_lost_answer_closes_the_line_so_that_a_late_one_is_not_taken_for_another():
    box = Projector(CLASS_1)
    async with running(box) as device:
        dials = box.dials
        box.silent = {"AVMT"}
        with pytest.raises(NoAnswerError):
            await device.shutter(True)
        box.silent = set()
        await until(device, lambda: box.dials == dials + 1 and device.up)


async def test_verbs_have_methods():
    for verb in PJLink.verbs:
        assert callable(getattr(PJLink, f"verb_{verb}", None) or getattr(PJLink, verb))

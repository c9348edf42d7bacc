"""The Samsung MDC driver against the lines of its protocol, and in conversations in virtual time."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from avctl.capabilities.display import Input, InputSignal, Selecting
from avctl.capabilities.health import Condition, Fault, Temperature
from avctl.capabilities.power import Power, Powered, PowerState
from avctl.capabilities.volume import Sounding, SoundMuted, SoundMuting, Volume
from avctl.clock import Clock
from avctl.device import link
from avctl.drivers.samsung_mdc import SamsungMdc, commands
from avctl.drivers.samsung_mdc.wire import (
    Accepted,
    Ack,
    ErrorsRead,
    MdcDecoder,
    Nak,
    PowerRead,
    Secured,
    Status,
    TextRead,
    checksum,
)
from avctl.errors import NoAnswerError, RefusedError
from avctl.testing import Script
from avctl.transport import Resync, parse_address
from avctl.wire import Command, Message, Tagged, Unknown

FOLDER = Path(__file__).parents[1] / "transcripts"
LINES = {
    line["name"].removeprefix("samsung_mdc_"): line
    for name in ("samsung_mdc", "samsung_mdc_driver")
    for line in json.loads((FOLDER / f"{name}.json").read_text())
}
HEARD = [name for name, line in LINES.items() if line["direction"] == "from_device"]


def data(name: str) -> bytes:
    line = LINES[name]
    return bytes.fromhex(line["hex"]) if "hex" in line else line["ascii"].encode()


def decoded(*chunks: bytes) -> list[Message | Tagged]:
    decoder = MdcDecoder()
    return [message for chunk in chunks for message in decoder.feed(chunk)]


def reply(display: int, command: int, *values: int, ack: bool = True) -> bytes:
    body = bytes((0xFF, display, len(values) + 2, 0x41 if ack else 0x4E, command, *values))
    return bytes((0xAA, *body, checksum(body)))


# What it says.


def question(meaning: dict[str, Any]) -> Command:
    match meaning["type"]:
        case "status":
            return commands.read_all(meaning["id"])
        case "errors":
            return commands.read_errors_of(meaning["id"])
        case "text":
            return commands.read_text(meaning["id"], int(meaning["command"], 16))
    raise AssertionError(meaning)


def meant(meaning: dict[str, Any]) -> Message:
    said = dict(meaning)
    kind, display = said.pop("type"), said.pop("id", 1)
    match kind:
        case "status":
            return Status(display, said["on"], said["volume"], said["muted"], 0)
        case "errors":
            return ErrorsRead(display, **said)
        case "text":
            return TextRead(display, int(said["command"], 16), said["text"])
    raise AssertionError(meaning)


@pytest.mark.parametrize(
    "name",
    [name for name in HEARD if LINES[name]["meaning"]["type"] in ("status", "errors", "text")],
)
def test_each_answer_means_what_its_document_says(name):
    meaning = LINES[name]["meaning"]
    (said,) = decoded(data(name))
    assert isinstance(said, Ack)
    asked = question(meaning)
    assert asked.is_answered_by(said)
    told = asked.means(said)
    if isinstance(told, Status):
        assert commands.name_of(told.input) == meaning["input"]
        told = Status(told.display, told.on, told.volume, told.muted, 0)
    assert told == meant(meaning)


@pytest.mark.parametrize("name", [name for name in HEARD if "ack" in name])
def test_an_acknowledgement_answers_the_change_it_names_and_tells_nothing(name):
    (said,) = decoded(data(name))
    assert isinstance(said, Ack)
    assert said.command == int(LINES[name]["meaning"]["command"], 16)
    assert not commands.read_all(1).is_answered_by(said)


@pytest.mark.parametrize("name", [name for name in HEARD if "nak" in name])
def test_a_refusal_refuses_the_command_it_names(name):
    (said,) = decoded(data(name))
    assert isinstance(said, Nak)
    assert said.command == int(LINES[name]["meaning"]["command"], 16)
    assert said.refuses(commands.power(1, True)) == (name == "nak")
    assert not said.refuses(commands.power(2, True))


@pytest.mark.parametrize("name", [name for name in HEARD if "tls" in name])
def test_a_display_that_wants_tls_is_known(name):
    assert decoded(data(name)) == [Secured()]


def test_a_reply_may_come_byte_by_byte():
    chunks = [bytes((byte,)) for byte in data("status_on")]
    assert decoded(*chunks) == decoded(data("status_on"))


def test_noise_and_damage_cost_no_other_reply():
    damaged = bytearray(data("ack_on"))
    damaged[-1] ^= 1
    *noise, good = decoded(b"\0\xaa\x11", bytes(damaged), data("nak"))
    assert all(isinstance(each, Unknown) for each in noise)
    assert good == Nak(1, 0x11, 0)


def test_what_was_cut_off_dies_with_the_next_command():
    decoder = MdcDecoder()
    assert list(decoder.feed(data("status_on")[:6])) == []
    assert decoder.frame(commands.read_power(1))[0] == data("power_query")
    assert list(decoder.feed(data("ack_on"))) == [Ack(1, 0x11, b"\1")]


@pytest.mark.parametrize(
    "data", [b"", b"\1", b"\1\x14\0", b"\7\x14\0\x21"], ids=["empty", "power", "three", "no power"]
)
def test_a_status_that_is_none_answers_nothing(data):
    assert not commands.read_all(1).is_answered_by(Ack(1, commands.STATUS, data))


# What we say.


SAID: dict[str, Command] = {
    "power_query": commands.read_power(1),
    "power_on": commands.power(1, True),
    "power_off": commands.power(1, False),
    "status_query": commands.read_all(1),
    "error_query": commands.read_errors_of(1),
    "serial_query": commands.read_text(1, commands.SERIAL),
    "firmware_query": commands.read_text(1, commands.FIRMWARE),
    "model_query": commands.read_text(1, commands.MODEL),
    "volume_set": commands.volume(1, 30),
    "mute_on": commands.mute(1, True),
    "mute_off": commands.mute(1, False),
    "input_hdmi1": commands.select(1, "HDMI1"),
    "input_dp_of_display_2": commands.select(2, "display_port_1"),
}


@pytest.mark.parametrize("name", SAID)
def test_each_command_is_sent_as_the_document_has_it(name):
    assert SAID[name].wire == data(name)


def test_nothing_that_the_document_has_is_left_out_but_commands_to_all_displays():
    to_device = {name for name, line in LINES.items() if line["direction"] == "to_device"}
    assert to_device - SAID.keys() == {"power_on_any"}


@pytest.mark.parametrize("number", [-1, 254, 255, 256])
def test_a_number_that_means_all_displays_or_none_is_refused(number):
    with pytest.raises(ValidationError):
        SamsungMdc.Settings(id=number)


# Whatever comes.


@given(st.lists(st.sampled_from(HEARD)), st.data())
def test_any_cut_gives_the_same_messages(names, draw):
    stream = b"".join(map(data, names))
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(stream)))))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert decoded(*chunks) == decoded(stream)


@given(
    st.lists(st.sampled_from([b"\xaa", b"\xff", b"\1", b"\x09A\0", b"MDC", b"MDCSTART<<", b"x"]))
)
def test_pieces_in_any_order_raise_nothing_and_cuts_do_not_matter(pieces):
    assert decoded(*pieces) == decoded(b"".join(pieces))


@given(st.lists(st.binary(max_size=300)))
def test_garbage_is_unknown_or_nothing(chunks):
    for message in decoded(*chunks):
        assert isinstance(message, Unknown | Ack | Nak | Secured)


def test_endless_noise_does_not_pile_up():
    decoder = MdcDecoder()
    said = [
        message for _ in range(100) for message in decoder.feed(b"\xaa\xff\1\x80" + b"\0" * 200)
    ]
    assert all(isinstance(message, Unknown) and len(message.data) <= 64 for message in said)
    assert list(decoder.feed(b"\0" * 200 + data("nak")))[-1] == Nak(1, 0x11, 0)


# In conversation.


class Display(Script):
    """Displays on one line, by number: power, volume, mute, input; and errors."""

    def __init__(self, *numbers: int, resync: Resync = Resync.DRAIN) -> None:
        super().__init__(resync=resync)
        self.values = {number: {0x11: 1, 0x12: 20, 0x13: 0, 0x14: 0x21} for number in numbers}
        self.errors = [0, 0, 2, 0, 38, 0]
        self.away: set[int] = set()
        self.refused: set[int] = set()
        self.ignores = False
        self.held: list[bytes] | None = None  # answers that are under way

    def _hear(self, wire: bytes) -> None:
        self.sent.append(wire)
        _, command, number, length, *rest = wire
        if number not in self.values or number in self.away:
            return
        answer = self._answer(command, number, rest[:length])
        if self.held is not None:
            self.held.append(answer)
        else:
            self.say(answer)

    def _answer(self, command: int, number: int, given: list[int]) -> bytes:
        values = self.values[number]
        if command in self.refused:
            return reply(number, command, 1, ack=False)
        if given:
            if not self.ignores:
                values[command] = given[0]
            return reply(number, command, *given)
        match command:
            case 0x00:
                return reply(number, 0, *values.values(), 0x10, 0, 0)
            case 0x0D:
                return reply(number, 0x0D, *self.errors)
            case 0x11:
                return reply(number, 0x11, values[0x11])
            case 0x0B | 0x0E | 0x8A:
                return reply(number, command, *f"text {command:02X}".encode(), 0)
        return reply(number, command, 1, ack=False)


@asynccontextmanager
async def running(
    box: Display, *numbers: int, wait: bool = True
) -> AsyncIterator[list[SamsungMdc]]:
    clock = Clock()
    devices = [
        SamsungMdc(f"display-{number}", SamsungMdc.Settings(id=number), clock)
        for number in numbers or (1,)
    ]
    line = link(devices, parse_address("tcp://display:1515"), clock, box.dial)
    task = asyncio.create_task(line.run())
    try:
        if wait:
            await until(lambda: all(device.up for device in devices), clock)
        yield devices
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(wanted: Callable[[], bool], clock: Clock, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not wanted():
            await clock.sleep(0.05)


async def alone(device: SamsungMdc) -> None:
    """Until nothing but the test asks."""
    device.refresh_every = 1000
    await asyncio.sleep(2)


def reported(device: SamsungMdc) -> dict[str, Any]:
    return {point.key: reading.value for point, reading in device.state.items()}


@pytest.mark.virtual
async def test_everything_a_display_tells_is_there_when_it_is_up():
    async with running(Display(1)) as (device,):
        assert reported(device) == {
            "power": Power.ON,
            "input": "HDMI1",
            "volume": 20,
            "sound_muted": False,
            "input_signal": True,
            "temperature/inside": 38.0,
            "fault/lamp": Condition.GOOD,
            "fault/fan": Condition.GOOD,
            "fault/temperature": Condition.GOOD,
            "fault/other": Condition.GOOD,
        }
        assert device.identity == {"model": "text 8A", "serial": "text 0B", "firmware": "text 0E"}
        for capability in (Powered, Selecting, Sounding, SoundMuting):
            assert isinstance(device, capability)


@pytest.mark.virtual
@pytest.mark.parametrize(
    ("point", "value", "wire"),
    [
        (PowerState(), Power.OFF, "aa11010100"),
        (Input(), "HDMI2", "aa14010123"),
        (Volume(), 55, "aa12010137"),
        (SoundMuted(), True, "aa13010101"),
    ],
)
async def test_a_change_is_sent_and_read_back_from_the_status(point, value, wire):
    box = Display(1)
    async with running(box) as (device,):
        before = device.state[point].value
        await type(point).drive(device, {point: value})
        assert box.sent[-1][:-1].hex() == wire
        assert device.state[point].value == before
        await device.read([point])
        assert device.state[point].value == value


@pytest.mark.virtual
async def test_what_is_accepted_and_ignored_reads_as_it_was():
    box = Display(1)
    box.ignores = True
    async with running(box) as (device,):
        await device.set_volume(90)
        await device.select("DVI")
        await device.power(False)
        await device.read([Volume()])
        assert (reported(device)["volume"], reported(device)["input"]) == (20, "HDMI1")
        assert device.state[PowerState()].value is Power.ON


@pytest.mark.virtual
async def test_a_late_acknowledgement_is_never_taken_for_a_reading():
    box = Display(1)
    async with running(box) as (device,):
        await alone(device)
        box.ignores, box.held = True, []
        with pytest.raises(NoAnswerError):
            await device.power(False)
        late, box.held = box.held, None
        reading = asyncio.create_task(device.read([PowerState()]))
        for answer in late:
            box.say(answer)
        await reading
        await asyncio.sleep(1)
        assert device.state[PowerState()].value is Power.ON


@pytest.mark.virtual
async def test_a_late_status_is_never_taken_for_one_asked_later():
    box = Display(1)
    async with running(box) as (device,):
        await alone(device)
        box.held = []
        with pytest.raises(NoAnswerError):
            await device.read([Volume()])
        late, box.held = box.held, []
        asked = device.clock.now()
        box.values[1][0x12] = 77
        reading = asyncio.create_task(device.read([Volume()]))
        await asyncio.sleep(0.3)
        for answer in [*late, *box.held]:
            box.say(answer)
        box.held = None
        await reading
        assert device.state[Volume()].value == 77
        assert device.state[Volume()].at >= asked


@pytest.mark.virtual
async def test_a_press_at_the_display_is_found_by_the_next_look():
    box = Display(1)
    async with running(box) as (device,):
        box.values[1] |= {0x11: 0, 0x12: 5, 0x13: 1, 0x14: 0x25}
        await asyncio.sleep(1.5)
        told = reported(device)
        assert (told["power"], told["input"]) == (Power.OFF, "DISPLAY_PORT_1")
        assert (told["volume"], told["sound_muted"]) == (5, True)


@pytest.mark.virtual
async def test_health_is_looked_at_now_and_then():
    box = Display(1)
    async with running(box) as (device,):
        box.errors = [1, 0, 1, 1, 71, 1]
        await asyncio.sleep(12)
        told = reported(device)
        assert told["fault/lamp"] is told["fault/fan"] is told["fault/other"] is Condition.FAULT
        assert told["fault/temperature"] is Condition.GOOD
        assert told["temperature/inside"] == 71.0
        assert told["input_signal"] is False
        assert (await device.faults())["fan"] == "fault"


@pytest.mark.virtual
async def test_a_signal_is_not_told_in_standby_and_parts_that_are_not_there_are_no_points():
    box = Display(1)
    box.values[1] |= {0x11: 0, 0x12: 255, 0x13: 255}
    box.errors = [0, 0, 0, 0, 24, 2]
    async with running(box) as (device,):
        assert device.state[InputSignal()].value is None
        assert Fault("fan") not in device.state
        assert Volume() not in device.state
        assert SoundMuted() not in device.state
        await device.read([Temperature("inside")])
        assert device.state[Temperature("inside")].value == 24.0


@pytest.mark.virtual
async def test_a_display_that_refuses_its_status_tells_its_power():
    box = Display(1)
    box.refused = {0x00, 0x0D, 0x8A, 0x14}
    async with running(box) as (device,):
        assert reported(device) == {"power": Power.ON}
        assert device.identity["model"] == "Samsung display"
        with pytest.raises(RefusedError, match="NAK"):
            await device.select("HDMI1")


@pytest.mark.virtual
async def test_what_is_no_input_or_volume_is_not_sent():
    box = Display(1)
    async with running(box) as (device,):
        sent = len(box.sent)
        for attempt in (
            device.select("HDMI9"),
            device.select("HDMI1\xff"),
            device.select("0x21"),
            device.set_volume(101),
            device.set_volume(-1),
        ):
            with pytest.raises(ValueError, match=r"give a volume|one of"):
                await attempt
        assert len(box.sent) == sent


@pytest.mark.virtual
async def test_displays_on_one_line_hear_their_own_answers_alone():
    box = Display(1, 2)
    box.values[2] |= {0x11: 0, 0x14: 0x18}
    async with running(box, 1, 2) as (first, second):
        assert first.state[PowerState()].value is Power.ON
        assert second.state[PowerState()].value is Power.OFF
        await second.select("HDMI2")
        await second.read([Input()])
        assert (first.state[Input()].value, second.state[Input()].value) == ("HDMI1", "HDMI2")


@pytest.mark.virtual
async def test_a_display_that_is_away_costs_the_others_nothing_but_time():
    box = Display(1, 2)
    async with running(box, 1, 2) as (first, second):
        box.away = {1}
        await until(lambda: not first.up, first.clock)
        await asyncio.sleep(30)
        assert second.up
        assert box.dials == 1
        await second.set_volume(33)
        await second.read([Volume()])
        assert second.state[Volume()].value == 33
        box.away = set()
        await until(lambda: first.up, first.clock)


@pytest.mark.virtual
async def test_a_secured_display_is_told_as_that():
    box = Display(resync=Resync.CLOSE)
    box.greeting = b"MDCSTART<<TLS>>"
    async with running(box, wait=False) as (device,):
        await until(lambda: "TLS" in device.reason, device.clock)
        await asyncio.sleep(20)
        assert box.dials == 1


def test_verbs_have_methods():
    for verb in SamsungMdc.verbs:
        assert callable(getattr(SamsungMdc, f"verb_{verb}", None) or getattr(SamsungMdc, verb))


def test_answers_are_of_their_display():
    device = SamsungMdc("display", SamsungMdc.Settings(id=2), Clock())
    assert device.concerns(Accepted(2, 0x11))
    assert device.concerns(Secured())
    assert not device.concerns(PowerRead(1, True))
    assert not device.concerns(Nak(1, 0x11, 0))

"""What can be read and set: the parameters of a device and of a channel, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from hw_sim.shure.channel import Channel
from hw_sim.shure.models import WIRELESS, Model
from hw_sim.shure.transmitter import Transmitter
from hw_sim.shure.wire import Complaint, braced, number, on_off, switched, unbraced

if TYPE_CHECKING:
    from hw_sim.shure.device import ShureReceiver

SLOWEST, FASTEST = 99_999, 100  # ms between samples
PRESETS = 10

T = TypeVar("T")


@dataclass(frozen=True)  # slots and a subscripted Generic do not go together in 3.11
class Parameter(Generic[T]):
    """How it reads, and how to set it; ``write`` raises Complaint for a wrong value."""

    read: Callable[[T], str]
    write: Callable[[T, str], None] | None = None
    has: Callable[[T], bool] = lambda _: True


Device = Parameter["ShureReceiver"]


def of_device(model: Model) -> Mapping[str, Device]:
    known = {
        "DEVICE_ID": Device(lambda at: braced(at.name, model.device_name), _rename_device),
        "FW_VER": Device(lambda at: braced(at.firmware, model.firmware)),
        "FLASH": Device(
            lambda at: on_off(at.flashing), lambda at, word: at.flash(_plain_switch(word))
        ),
    }
    if model.tells_model:
        known["MODEL"] = Device(lambda at: braced(model.title, 32))
    if model.kind == WIRELESS:
        return known
    known |= {rate: _meter_rate(rate) for rate in model.meters}
    known["LAST_ERROR_EVENT"] = Device(lambda at: at.last_error)
    known["PRESET"] = Device(lambda at: f"{at.preset:02d}", _recall)
    if not model.gated:
        known["DEVICE_AUDIO_MUTE"] = Device(lambda at: on_off(at.muted), _mute_device)
    return known


def of_channel(model: Model) -> Mapping[str, Parameter[Channel]]:
    def rename(at: Channel, text: str) -> None:
        at.name = unbraced(text, model.channel_name)

    def set_gain(at: Channel, text: str) -> None:
        at.gain = _gain(at.gain, text, model.most_gain)

    known = {
        "CHAN_NAME": Parameter[Channel](lambda at: braced(at.name, model.channel_name), rename),
        "AUDIO_GAIN_HI_RES": Parameter[Channel](lambda at: f"{at.gain:04d}", set_gain),
        "AUDIO_MUTE": Parameter[Channel](lambda at: on_off(at.muted), _mute),
    }
    if model.gated:
        known["INPUT_AUDIO_GATE_A"] = Parameter[Channel](
            lambda at: on_off(at.gate), has=lambda at: at.number in model.gated
        )
    if model.kind == WIRELESS:
        known["METER_RATE"] = Parameter[Channel](lambda at: f"{at.rate:05d}", _rate)
        known["TX_TYPE"] = _radio(lambda sends: model.sends if sends.heard else "UNKN")
        known["TX_MUTE_STATUS"] = _radio(
            lambda sends: on_off(sends.muted) if sends.heard else "UNKN"
        )
        known["BATT_BARS"] = _radio(lambda sends: f"{sends.bars:03d}")
        known[model.minutes] = _radio(lambda sends: f"{sends.run_time:05d}")
        known["RF_INT_DET"] = _radio(lambda sends: "CRITICAL" if sends.disturbed else "NONE")
    return known


def _radio(read: Callable[[Transmitter], str]) -> Parameter[Channel]:
    def read_at(at: Channel) -> str:
        assert at.transmitter is not None
        return read(at.transmitter)

    return Parameter[Channel](read_at)


def _gain(now: int, text: str, most: int) -> int:
    verb, _, step = text.partition(" ")
    if verb in ("INC", "DEC"):
        by = number(step.strip(), 0, 9999)
        return min(max(now + (by if verb == "INC" else -by), 0), most)
    return number(text, 0, most)


def _mute(at: Channel, text: str) -> None:
    at.muted = switched(text, at.muted)


def _rate(at: Channel, text: str) -> None:
    at.rate = _milliseconds(text)


def _meter_rate(rate: str) -> Device:
    def write(at: "ShureReceiver", text: str) -> None:
        at.rates[rate] = _milliseconds(text)

    return Device(lambda at: f"{at.rates[rate]:05d}", write)


def _milliseconds(text: str) -> int:
    milliseconds = number(text, 0, SLOWEST)
    if 0 < milliseconds < FASTEST:
        raise Complaint
    return milliseconds


def _rename_device(at: "ShureReceiver", text: str) -> None:
    at.name = unbraced(text, at.kind.device_name)


def _recall(at: "ShureReceiver", text: str) -> None:
    at.recall(number(text, 1, PRESETS))


def _mute_device(at: "ShureReceiver", text: str) -> None:
    at.muted = switched(text, at.muted)


def _plain_switch(text: str) -> bool:
    if text == "TOGGLE":
        raise Complaint
    return switched(text, False)

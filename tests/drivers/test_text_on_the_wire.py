"""R47: text that people give never becomes another command: it is refused, or goes out as one text of one command."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from avctl.drivers.biamp_ttp import commands as biamp
from avctl.drivers.cisco_roomos import commands as cisco
from avctl.drivers.coriomaster import commands as corio
from avctl.drivers.extron_sis import commands as extron
from avctl.drivers.extron_sis.answers import Place
from avctl.drivers.huawei_te import commands as huawei
from avctl.drivers.pjlink import commands as pjlink
from avctl.drivers.samsung_mdc import commands as samsung
from avctl.drivers.shure import commands as shure
from avctl.drivers.wake_on_lan.device import parse_mac
from avctl.registry import names
from avctl.wire import Command

NASTY = "\r\n\0\x1b\x02\x03\xff\x85\u2028\u2029%{}<>\"'\\|;=*,!?& ９１"
TEXTS = st.text(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=40)
ATTACKS = (
    "x\r%1POWR 0\r",
    "a\nxCommand Dial",
    'x" y: "z',
    "1\x00",
    "ÿ\xff",
    "a} > < SET 1 X",
    "x\u2028y",
)

Encoder = Callable[[str], Command[Any]]
ENCODERS: dict[str, tuple[Encoder, bytes]] = {
    "biamp_ttp preset": (biamp.recall_preset_by_name, b"\n"),
    "cisco_roomos dial": (cisco.dial, b"\n"),
    "cisco_roomos peripheral": (cisco.connect_peripheral, b"\n"),
    "cisco_roomos heartbeat": (cisco.heartbeat, b"\n"),
    "coriomaster source": (lambda text: corio.put(1, text), b"\r\n"),
    "extron_sis name": (lambda text: extron.rename(Place.INPUT, 1, text), b"\r"),
    "huawei_te call": (huawei.call, b""),
    "pjlink input": (lambda text: pjlink.select(text, 2), b"\r"),
    "pjlink volume": (pjlink.volume_step, b"\r"),
    "pjlink microphone": (pjlink.microphone_step, b"\r"),
    "samsung_mdc source": (lambda text: samsung.select(1, text), b""),
    "shure name": (lambda text: shure.set_name(text, "1"), b""),
}
ENDS = (b"\r", b"\n", b"\0", b"\xff")


def test_the_encoders_that_take_text_are_of_drivers_that_there_are():
    assert {name.split()[0] for name in ENCODERS} <= set(names())


@pytest.mark.parametrize("name", ENCODERS)
def test_no_text_ends_its_command(name):
    encode, end = ENCODERS[name]

    def check(text: str) -> None:
        try:
            wire = encode(text).wire
        except ValueError:
            return
        said = wire.removesuffix(end)
        if not name.startswith("samsung"):  # whose frames are binary, and hold a number only
            assert not any(byte in said for byte in ENDS), wire
            assert said.count(b"%1") + said.count(b"%2") <= 1, wire
        assert said.count(b"< ") <= 1, wire

    for attack in ATTACKS:
        check(attack)
    given(TEXTS)(check)()


@given(TEXTS)
@example("００:11:22:33:44:55")
def test_an_address_is_twelve_ascii_digits_or_refused(text):
    try:
        assert len(parse_mac(text)) == 6
    except ValueError:
        return
    assert text.isascii()

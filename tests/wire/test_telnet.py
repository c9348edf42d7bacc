"""Telnet options are refused and the text comes through clean."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from avctl.telnet import Telnet

OPENING = b"\xff\xfd\x18\xff\xfb\x01\xff\xfd\x1fWelcome\r\n\xff\xff\xff\xfa\x18\x01\xff\xf0end"


def test_every_option_is_refused() -> None:
    telnet = Telnet()
    assert telnet.strip(OPENING) == b"Welcome\r\n\xffend"
    assert telnet.answers() == b"\xff\xfc\x18\xff\xfe\x01\xff\xfc\x1f"
    assert telnet.answers() == b""


@given(st.lists(st.integers(0, len(OPENING)), max_size=6))
def test_any_cut_gives_the_same_text_and_answers(cuts: list[int]) -> None:
    telnet = Telnet()
    edges = [0, *sorted(cuts), len(OPENING)]
    text = b"".join(telnet.strip(OPENING[a:b]) for a, b in itertools.pairwise(edges))
    assert text == b"Welcome\r\n\xffend"
    assert telnet.answers() == b"\xff\xfc\x18\xff\xfe\x01\xff\xfc\x1f"


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_garbage_is_taken_and_bounded(chunks: list[bytes]) -> None:
    telnet = Telnet()
    for chunk in chunks:
        telnet.strip(chunk)
        assert len(telnet._held) <= 256
        assert len(telnet._answers) < 300

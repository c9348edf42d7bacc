"""Any cut of the bytes gives the same answers; garbage does no harm."""

import json
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hw_sim.visca.models import MODELS
from hw_sim.visca.wire import Frames, nibbles, signed
from tests.sim.visca_rig import Rig

TRANSCRIPT = Path(__file__).parent.parent / "transcripts" / "visca.json"
MESSAGES = [
    bytes.fromhex(vector["hex"])
    for vector in json.loads(TRANSCRIPT.read_text("utf-8"))
    if vector["direction"] == "to_camera" and vector["transport"] == "serial"
]
MODEL_NAMES = st.sampled_from(sorted(MODELS))


def answers(model: str, chunks: list[bytes]) -> bytes:
    rig = Rig(model)
    for chunk in chunks:
        rig.line.receive(chunk)
    rig.clock.advance(300.0)
    return rig.ear.take()


@given(MODEL_NAMES, st.lists(st.sampled_from(MESSAGES), max_size=20), st.data())
@settings(max_examples=60, deadline=None)
def test_any_cut_gives_the_same_answers(model: str, said: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(said)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=12)))
    edges = [0, *cuts, len(stream)]
    chunks = [stream[start:end] for start, end in pairwise(edges)]
    assert answers(model, chunks) == answers(model, [stream])


garbage = st.binary(max_size=200)
almost = st.builds(
    lambda head, body: bytes((0x81, *head, *body, 0xFF)),
    st.sampled_from([m[1:4] for m in MESSAGES]),
    st.binary(max_size=14),
)


@given(
    MODEL_NAMES, st.sampled_from(["serial", "tcp", "udp"]), st.lists(garbage | almost, max_size=20)
)
@settings(max_examples=150, deadline=None)
def test_garbage_never_raises_and_the_camera_still_listens(
    model: str, kind: str, said: list[bytes]
) -> None:
    rig = Rig(model, kind)
    for chunk in said:
        rig.line.receive(chunk)
        rig.clock.advance(0.05)
    rig.clock.advance(3000.0)
    assert json.dumps(rig.camera.truth())
    rig.ear.take()
    rig.camera.line.sequence_mode = "ignore"
    header = "0110000500000001" if kind == "udp" and rig.camera.line.header else ""
    rig.send("ff" if kind != "udp" else "")
    rig.camera.address = 1
    assert "9050" in rig.ask(header + "81090400ff")


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=30))
def test_splitter_holds_no_more_than_a_frame(chunks: list[bytes]) -> None:
    frames = Frames()
    for chunk in chunks:
        for frame in frames.feed(chunk):
            assert 1 < len(frame) <= 18
        assert len(frames._part) <= 17


@given(st.integers(-0x80000, 0x7FFFF))
def test_nibbles_are_read_as_they_were_written(value: int) -> None:
    assert signed(nibbles(value, 5)) == value

"""The simulated Huawei terminal and bytes that are cut anywhere or make no sense."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.huawei_te import Terminal
from hw_sim.huawei_te.actions import CHANGES, QUERIES
from hw_sim.huawei_te.http import BODY, HEAD, Requests
from tests.sim.conftest import ManualClock
from tests.sim.huawei_rig import TOLD, Client, made, replies
from tests.sim.power_rig import wire


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /action.cgi?ActionID=WEB_IsSystemSleepAPI HTTP/1.1\r\n\r\n", 405),
        (b"POST /other HTTP/1.1\r\n\r\n", 404),
        (b"POST //[ HTTP/1.1\r\n\r\n", 400),
        (b"hello\r\n\r\n", 400),
        (b"POST /action.cgi HTTP/2\r\n\r\n", 400),
        (b"POST /action.cgi HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"POST /action.cgi HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /action.cgi HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (BODY + 1), 413),
        (b"POST /action.cgi HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
        (b"x" * (HEAD + 4), 431),
    ],
)
def test_what_is_no_request_of_the_api_gets_a_status(data: bytes, status: int, clock: ManualClock):
    client = Client(Terminal(clock=clock))
    client.line.receive(data)
    ((said, _, _),) = replies(client.ear.take())
    assert said == status


@pytest.mark.parametrize("keeps", [True, False])
def test_a_connection_stays_open_unless_the_client_wants_it_closed(keeps: bool, clock: ManualClock):
    client = Client(Terminal(clock=clock))
    headers = client.send("WEB_X", Connection="keep-alive" if keeps else "close")[1]
    assert headers["connection"] == ("keep-alive" if keeps else "close")
    assert client.ear.closed is not keeps


PIPELINE = b"".join(
    wire(TOLD[name]) for name in ("session_request", "login", "is_sleep", "session_request")
)


@given(st.lists(st.integers(0, len(PIPELINE))))
def test_any_cut_of_the_bytes_gives_the_same_answers(cuts: list[int]):
    whole, cut = Client(Terminal(clock=ManualClock())), Client(Terminal(clock=ManualClock()))
    whole.line.receive(PIPELINE)
    edges = [0, *sorted(cuts), len(PIPELINE)]
    for start, end in itertools.pairwise(edges):
        cut.line.receive(PIPELINE[start:end])
    said = whole.ear.take()
    assert cut.ear.take() == said
    assert len(replies(said)) == 4


SCRAPS = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([wire(row) for row in TOLD.values()]),
    st.sampled_from([b"\r\n", b"\r\n\r\n", b"POST ", b"Content-Length: 5\r\n", b'{"a":']),
)


@given(st.lists(SCRAPS, max_size=8))
def test_garbage_never_raises(scraps: list[bytes]):
    client = Client(Terminal(clock=ManualClock()))
    for scrap in scraps:
        client.line.receive(scrap)
    assert replies(client.ear.take()) is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
KEYS = ["speaker", "speakerValue", "camState", "camAction", "camPos", "camSrc", "szNumber",
        "ucValue", "stSiteInfo", "CfgItemInt", "CfgIDString", "M", "T", "type", "keyCode"]  # fmt: skip


@given(st.sampled_from([*QUERIES, *CHANGES]), st.dictionaries(st.sampled_from(KEYS), JSON))
def test_no_body_of_an_action_raises(action: str, body: dict[str, object]):
    _, client = made(ManualClock())
    client.ask(action, **body)


@given(st.lists(st.binary(min_size=1, max_size=5000), max_size=30))
def test_no_more_is_held_than_one_request(chunks: list[bytes]):
    client = Client(Terminal(clock=ManualClock()))
    requests: Requests = client.line._inner._requests  # type: ignore[attr-defined]  # to be measured
    for chunk in chunks:
        client.line.receive(chunk.replace(b"\n", b" "))
        assert len(requests._held) <= HEAD + 5000

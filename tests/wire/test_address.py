"""URLs of devices."""

import pytest

from avctl.transport import parse_address


@pytest.mark.parametrize(
    "url",
    [
        "serial:///dev/ttyUSB0?baud=9600",
        "tcp://192.168.19.22:5678",
        "udp://192.168.19.21:52381?bind=52381",
        "rfc2217://server:4001?baud=38400&parity=E",
    ],
)
def test_an_address_prints_as_it_was_written(url: str) -> None:
    assert str(parse_address(url)) == url


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://x:1", "the scheme is one of serial"),
        ("tcp://host", "write tcp://host:port"),
        ("tcp://host:99999", "Port out of range"),
        ("serial:", "write serial:///dev/ttyUSB0"),
        ("serial:///dev/ttyS0?bauds=9600", "no option bauds for serial"),
        ("serial:///dev/ttyS0?baud=fast", "baud is a whole number"),
    ],
)
def test_a_wrong_address_says_what_would_fit(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_address(url)

"""URLs of devices."""

import re
from dataclasses import replace

import pytest

from avctl.transport import Login, parse_address
from avctl.transport.trust import parse_verify


@pytest.mark.parametrize(
    "url",
    [
        "serial:///dev/ttyUSB0?baud=9600",
        "tcp://192.168.19.22:5678",
        "udp://192.168.19.21:52381?bind=52381",
        "rfc2217://server:4001?baud=38400&parity=E",
        "tls://terminal:443?ciphers=old",
        f"tls://terminal:443?verify={'0a' * 32}",
        f"tls://terminal:443?verify={':'.join(['0A'] * 32)}",
        "ssh://codec:22?verify=SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
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
        ("tls://host:443?verify=maybe", "verify is yes, no, or the SHA-256"),
        ("tls://host:443?verify=SHA256:short", "verify is yes, no, or the SHA-256"),
        ("tls://host:443?ciphers=new", "ciphers is old"),
    ],
)
def test_a_wrong_address_says_what_would_fit(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_address(url)


def test_a_login_in_an_address_is_not_taken_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="not written into an address") as raised:
        parse_address("ssh://admin:secret@codec:22")
    assert "secret" not in str(raised.value)


def test_a_login_is_no_part_of_what_is_shown_or_compared() -> None:
    plain = parse_address("ssh://codec:22")
    known = replace(plain, login=Login("admin", "secret"))
    assert known == plain
    assert "secret" not in f"{known} {known!r} {known.login!r}"


def test_a_fingerprint_is_the_same_however_it_is_written() -> None:
    digits = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert parse_verify("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU") == digits
    assert parse_verify(":".join(re.findall("..", digits.upper()))) == digits

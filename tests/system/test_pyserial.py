"""pyserial, with nothing of ours, at the other end of a simulator's pseudo-terminal."""

import contextlib
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import serial

from tests.processes import Simulated, simulated

pytestmark = pytest.mark.serial


@contextlib.contextmanager
def matrix(baud: int) -> Iterator[tuple[Simulated, serial.Serial]]:
    arguments = ["--model", "crosspoint-84", "--pty", "--baud", str(baud)]
    with (
        simulated("extron_sis", *arguments) as real,
        serial.Serial(urlsplit(real.url).path, baud, timeout=30) as port,
    ):
        yield real, port


def test_a_tie_typed_at_a_serial_port_is_made_and_answered():
    with matrix(9600) as (real, port):
        port.write(b"3*2!")
        assert port.read_until(b"\r\n") == b"Out02 In03 All\r\n"
        assert real.truth()["ties"]["video"]["2"] == 3


def quickest(baud: int) -> float:
    """Seconds of a tie and its answer, when the machine got least in the way."""
    took = []
    with matrix(baud) as (_, port):
        for _ in range(5):
            began = time.perf_counter()
            port.write(b"3*2!")
            answer = port.read_until(b"\r\n")
            took.append(time.perf_counter() - began)
            assert answer == b"Out02 In03 All\r\n"
    return min(took)


def test_bytes_take_the_time_that_they_take_at_their_rate():
    slow, quick = quickest(1200), quickest(9600)
    assert slow >= (4 + len(b"Out02 In03 All\r\n")) * 10 / 1200
    assert slow > 3 * quick


def test_a_port_that_is_unplugged_while_it_is_read_raises():
    with matrix(9600) as (real, port):
        real.set_fault("cut")
        with pytest.raises(serial.SerialException):
            port.read(1)

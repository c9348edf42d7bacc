"""The command line of the simulators, as another process meets it."""

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from hw_sim import catalogue
from hw_sim.faults import FAULTS

ECHO = "tests.sim.echo:Echo"
ROOT = Path(__file__).parents[2]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "hw_sim", *arguments]


def said(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What a run that ends by itself wrote."""
    return subprocess.run(
        command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )


@contextlib.contextmanager
def running(*arguments: str, ends: int = 1) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A simulator, and the URLs of its ends once it is ready."""
    with subprocess.Popen(
        command(*arguments), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            lines = [process.stdout.readline().split() for _ in range(ends)]
            assert [line[:1] for line in lines] == [["ready"]] * ends
            yield process, [line[1] for line in lines]
        finally:
            process.kill()


def dial(url: str) -> socket.socket:
    at = urlsplit(url)
    return socket.create_connection((at.hostname, at.port), timeout=30)


def test_a_simulator_says_where_it_is_and_is_there():
    with running(ECHO) as (_, (url,)), dial(url) as line:
        assert url.startswith("tcp://127.0.0.1:")
        line.sendall(b"hello")
        assert line.recv(100) == b"hello"


def test_every_end_has_a_ready_line(tmp_path: Path):
    link = str(tmp_path / "tty")
    arguments = [ECHO, "--tcp", "127.0.0.1:0", "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0"]
    with running(*arguments, "--pty", link, "--baud", "115200", ends=4) as (_, urls):
        assert [urlsplit(url).scheme for url in urls] == ["tcp", "tcp", "udp", "serial"]
        assert urls[3] == f"serial://{link}?baud=115200"


def test_secured_ends_have_ready_lines_too():
    with running(ECHO, "--tls", "127.0.0.1:0", "--ssh", "127.0.0.1:0", ends=2) as (_, urls):
        assert [urlsplit(url).scheme for url in urls] == ["tls", "ssh"]
        with dial(urls[1]) as line:
            assert line.recv(4) == b"SSH-"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(number: signal.Signals, tmp_path: Path):
    link = tmp_path / "tty"
    with running(ECHO, "--tcp", "127.0.0.1:0", "--pty", str(link), ends=2) as (process, urls):
        with dial(urls[0]) as line:
            line.sendall(b"x")
            assert line.recv(1) == b"x"
            process.send_signal(number)
            assert process.wait(30) == 0
            assert line.recv(1) == b""
        assert not link.is_symlink()
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_options_and_faults_hold_from_the_start():
    arguments = [ECHO, "--model", "polite", "--option", "greeting=hello", "--fault", "mute,times=1"]
    with running(*arguments) as (_, (url,)), dial(url) as first, dial(url) as second:
        assert second.recv(100) == b"hello"
        first.sendall(b"x")
        assert first.recv(100) == b"x"


def test_the_same_seed_garbles_the_same_bytes():
    def heard(seed: str) -> bytes:
        arguments = [ECHO, "--seed", seed, "--fault", "garbled=0.5"]
        with running(*arguments) as (_, (url,)), dial(url) as line:
            line.sendall(b"0123456789")
            return line.recv(100)

    assert heard("1") == heard("1") != heard("2")


def test_a_device_can_be_controlled_while_it_runs():
    with running(ECHO, "--control", "127.0.0.1:0", ends=2) as (process, (url, control)):
        with dial(url) as line:
            line.sendall(b"x")
            assert line.recv(1) == b"x"
            assert httpx.get(f"{control}/devices/echo/truth").json() == {"talks": 1}
            httpx.post(
                f"{control}/devices/echo/press/bell", json={"text": "dong"}
            ).raise_for_status()
            assert line.recv(100) == b"dong"
            httpx.put(f"{control}/devices/echo/faults/cut").raise_for_status()
            with pytest.raises(ConnectionResetError):
                line.recv(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "DRIVER"),
        (["no_such"], "no driver 'no_such', only visca"),
        (["no.such:Thing"], "no module no"),
        (["tests.sim.echo:Talk"], "no simulator Talk"),
        ([ECHO, "--model", "none"], "no model 'none', only plain, polite"),
        ([ECHO, "--option", "volume=3"], "no option volume"),
        ([ECHO, "--option", "greeting"], "not KEY=VALUE"),
        ([ECHO, "--fault", "gremlins"], "no fault 'gremlins', only late"),
        ([ECHO, "--fault", "late=soon"], "soon"),
        ([ECHO, "--fault", "late,often"], "only times=N and seconds=S"),
        ([ECHO, "--fault", "late,times=0"], "not positive"),
        ([ECHO, "--tcp", "localhost"], "not HOST:PORT"),
        ([ECHO, "--speed", "0"], "not positive"),
        ([ECHO, "--baud", "-9600"], "not positive"),
        ([ECHO, "--chain", "2"], "echo has no daisy chain"),
        (["visca", "--chain", "8"], "1 to 7"),
        (["room"], "FILE"),
        (["room", "no-such-room.yaml"], "no-such-room.yaml"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_would_fit(arguments: list[str], complaint: str):
    result = said(*arguments)
    assert result.returncode == 2
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_a_chain_of_cameras_answers_an_address_assignment_with_its_length():
    with running("visca", "--chain", "3", "--speed", "1000") as (_, (url,)), dial(url) as line:
        line.sendall(bytes.fromhex("88 30 01 FF"))
        assert line.recv(4) == bytes.fromhex("88 30 04 FF")


def test_a_port_that_is_taken_ends_with_1_and_names_it():
    with running(ECHO) as (_, (url,)):
        result = said(ECHO, "--tcp", urlsplit(url).netloc)
    assert result.returncode == 1
    assert "in use" in result.stderr
    assert urlsplit(url).netloc in result.stderr
    assert "Traceback" not in result.stderr


def test_help_lists_drivers_models_options_presses_and_faults():
    result = said("--help")
    assert result.returncode == 0
    for driver in catalogue.SIMULATORS:
        kind = catalogue.simulator(driver)
        for word in (driver, *kind.models, *kind.options, *kind.actions()):
            assert word in result.stdout
    for fault in FAULTS:
        assert fault in result.stdout


@pytest.mark.parametrize("driver", catalogue.SIMULATORS)
def test_every_driver_of_the_catalogue_can_be_run(driver: str):
    assert catalogue.simulator(driver).driver == driver
    with running(driver) as (process, (url,)):
        dial(url).close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0

"""The meter of the other tests here: it finds who holds the loop up, and does not blame it for the machine."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.processes import ROOT
from tests.system.lag import Lag, Late, own
from tests.system.lines import STALL

pytestmark = pytest.mark.serial

HELD = 0.2  # seconds


def sleeps() -> None:
    time.sleep(HELD)


def computes() -> None:
    began = time.thread_time()
    while time.thread_time() - began < HELD:
        pass


@pytest.mark.parametrize("holds_up", [sleeps, computes])
async def test_whatever_holds_the_loop_up_is_found(holds_up: Callable[[], None]) -> None:
    async with Lag() as lag:
        for _ in range(3):  # the machine may take its own time in one of them
            holds_up()
            await asyncio.sleep(0.05)
    assert lag.worst > STALL


async def test_a_loop_that_is_never_held_up_is_found_so() -> None:
    async with Lag() as lag:
        for _ in range(50):
            await asyncio.sleep(0.002)
    assert lag.worst < STALL


@pytest.mark.parametrize("both", [True, False], ids=["both", "only the loop"])
def test_a_pause_of_the_whole_machine_is_nobodys_fault(both: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.system.paused"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        loop, twin = map(int, process.stdout.readline().split())
        paused = (loop, twin) if both else (loop,)
        for _ in range(3):
            for sent in (signal.SIGSTOP, signal.SIGCONT):
                for each in paused:
                    os.kill(each, sent)
                time.sleep(HELD)
        told, _ = process.communicate("\n")
    assert (float(told) < STALL) == both


def test_only_what_was_late_at_the_same_time_is_the_machines() -> None:
    late = Late(1.0, 1.5, 0.5)
    assert own(late, []) == 0.5
    assert own(late, [Late(1.1, 1.3, 0.2)]) == pytest.approx(0.3)
    assert own(late, [Late(0.9, 1.1, 0.2)]) == pytest.approx(0.4)
    assert own(late, [Late(2.0, 2.5, 0.5)]) == 0.5

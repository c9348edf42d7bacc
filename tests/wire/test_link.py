"""Links over lines in memory, in virtual time."""

import asyncio
import logging
from functools import partial
from typing import Any

import pytest

from avctl.clock import Clock
from avctl.device import DriverSettings
from avctl.errors import BusyError, LinkDownError, NoAnswerError, RefusedError
from avctl.link import DIAL_TIMEOUT, Link
from avctl.testing import Script
from avctl.transport import Address, Receiver, Resync, Stream, parse_address
from avctl.wire import Command
from tests.wire.toy import Is, Lines, Number, Toy, get, linked, put, toy


def answering(**more: object) -> Script:
    return Script({b"get\n": b"is 3\n", b"put 5\n": b"is 5\n", **more})  # type: ignore[dict-item]


async def test_a_question_gets_its_answer_and_state_what_was_heard() -> None:
    device = toy()
    async with linked(device, answering()) as line:
        assert (await line.ask(put(5))).number == 5
        assert device.state[Number()].value == 5


async def test_nothing_waits_for_an_absent_device() -> None:
    script = answering()
    script.refuses = True
    device = toy()
    async with linked(device, script):
        before = device.clock.now()
        with pytest.raises(LinkDownError, match="refused"):
            await device.ask(get())
        assert device.clock.now() == before


async def test_an_answer_to_another_question_does_not_count() -> None:
    script = answering()
    script.lines[b"put 5\n"] = b"is 4\n"  # a press at the front panel
    device = toy()
    async with linked(device, script) as line:
        with pytest.raises(NoAnswerError):
            await line.ask(put(5))
        assert device.state[Number()].value == 4


async def test_a_refusal_ends_in_refused() -> None:
    script = answering()
    script.lines[b"put 5\n"] = b"no\n"
    async with linked(toy(), script) as line:
        with pytest.raises(RefusedError, match="put 5"):
            await line.ask(put(5))
        assert (await line.ask(get())).number == 3


async def test_silence_on_a_connection_closes_it_and_dials_again() -> None:
    script = answering()
    script.lines[b"put 5\n"] = None
    device = toy()
    async with linked(device, script) as line:
        with pytest.raises(NoAnswerError):
            await line.ask(put(5, timeout=1.0))
        await device.clock.sleep(1)
        assert script.dials == 2
        assert device.up


async def test_a_late_answer_on_a_wire_is_drained_and_never_taken_for_the_next() -> None:
    script = answering()
    script.resync = Resync.DRAIN
    script.lines[b"put 5\n"] = None
    device = toy()
    async with linked(device, script) as line:
        with pytest.raises(NoAnswerError):
            await line.ask(Command(b"put 5\n", Is, timeout=0.5))
        script.say(b"is 9\n")
        assert (await line.ask(get())).number == 3
        assert script.dials == 1


async def test_a_device_that_went_silent_on_a_wire_is_given_up_after_its_patience() -> None:
    script = answering()
    script.resync = Resync.DRAIN
    device = toy()
    async with linked(device, script) as line:
        script.lines[b"get\n"] = None
        for _ in range(device.patience):
            with pytest.raises(NoAnswerError):
                await line.ask(get(timeout=0.3))
        await device.clock.sleep(0.01)
        assert not device.up


async def test_an_urgent_command_overtakes_those_that_wait() -> None:
    script = answering()
    script.lines[b"slow\n"] = None
    device = toy()
    async with linked(device, script) as line:
        first = asyncio.create_task(line.ask(get()))
        waiting = asyncio.create_task(line.ask(put(5)))
        await asyncio.sleep(0)
        urgent = asyncio.create_task(line.ask(get(urgent=True)))
        await asyncio.gather(first, waiting, urgent)
        assert script.sent[-3:] == [b"get\n", b"get\n", b"put 5\n"]


async def test_an_urgent_command_goes_in_beside_the_one_in_flight_where_the_protocol_allows() -> (
    None
):
    script = answering()
    script.lines[b"put 5\n"] = None
    device = toy()
    device.overlap = True
    async with linked(device, script) as line:
        stuck = asyncio.create_task(line.ask(put(5, timeout=1.0)))
        await device.clock.sleep(0.1)
        before = device.clock.now()
        assert (await line.ask(get(urgent=True))).number == 3
        assert device.clock.now() - before < 0.01
        with pytest.raises(NoAnswerError):
            await stuck


async def test_a_cancelled_caller_leaves_the_line_in_order() -> None:
    script = answering()
    script.lines[b"put 5\n"] = None
    device = toy()
    async with linked(device, script) as line:
        caller = asyncio.create_task(line.ask(put(5, timeout=1.0)))
        await device.clock.sleep(0.1)
        caller.cancel()
        question = asyncio.create_task(line.ask(get()))
        await device.clock.sleep(0.1)
        assert (
            not question.done()
        )  # the exchange is not over: its answer would be taken for this one's
        script.say(b"is 5\n")
        await device.clock.sleep(0.1)
        assert (await question).number == 3
        assert script.dials == 1


async def test_silence_after_a_cancelled_caller_dials_again_too() -> None:
    script = answering()
    script.lines[b"put 5\n"] = None
    device = toy()
    async with linked(device, script) as line:
        caller = asyncio.create_task(line.ask(put(5, timeout=1.0)))
        await device.clock.sleep(0.1)
        caller.cancel()
        await device.clock.sleep(2.0)
        assert script.dials == 2
        assert device.up
        assert line.figures.unanswered == 1


async def test_a_cancelled_waiter_is_never_sent() -> None:
    script = answering()
    device = toy()
    async with linked(device, script) as line:
        script.lines[b"get\n"] = None
        first = asyncio.create_task(line.ask(get(timeout=0.5)))
        await asyncio.sleep(0)
        waiter = asyncio.create_task(line.ask(put(5)))
        await asyncio.sleep(0)
        waiter.cancel()
        with pytest.raises(NoAnswerError):
            await first
        await device.clock.sleep(1)
        assert b"put 5\n" not in script.sent


async def test_the_queue_is_bounded() -> None:
    script = answering()
    device = toy()
    async with linked(device, script) as line:
        script.lines[b"get\n"] = None
        asks = [asyncio.create_task(line.ask(get(timeout=0.5))) for _ in range(100)]
        results = await asyncio.gather(*asks, return_exceptions=True)
        assert sum(isinstance(result, BusyError) for result in results) == 100 - 65


async def test_commands_keep_their_distance() -> None:
    device = toy()
    device.gap = 0.05
    async with linked(device, answering()) as line:
        before = device.clock.now()
        for _ in range(10):
            await line.ask(get())
        assert 0.45 <= device.clock.now() - before < 0.6


async def test_reconnecting_never_gives_up_and_logs_one_line_down_and_one_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "avctl.link")
    script = answering()
    device = toy()
    async with linked(device, script):
        script.refuses = True
        script.hang_up()
        await device.clock.sleep(600)
        assert not device.up
        script.refuses = False
        await device.clock.sleep(7)
        assert device.up
    lines = [record.getMessage().split(":")[0] for record in caplog.records]
    assert lines == ["up", "down", "up"]


async def test_a_bug_in_a_driver_costs_its_own_connection_only() -> None:
    script = answering()
    device = toy()
    async with linked(device, script):
        script.say(b"bug\n")
        await device.clock.sleep(1)
        assert device.up
        assert script.dials == 2


async def test_a_flood_is_digested_in_slices_and_loses_nothing() -> None:
    script = answering()
    device = toy()
    async with linked(device, script) as line:
        script.say(b"noise\n" * 20_000 + b"is 8\n")
        await device.clock.sleep(0.01)
        assert device.state[Number()].value == 8
        assert line.figures.unknown == 20_000


async def test_endless_noise_is_bounded() -> None:
    script = answering()
    device = toy()
    async with linked(device, script) as line:
        for _ in range(100):
            script.say(b"x" * 5000)
        await device.clock.sleep(0.01)
        assert len(line._decoder._held) <= 8192 + 4096  # type: ignore[union-attr]


async def test_a_half_open_line_is_noticed_by_the_heartbeat() -> None:
    script = answering()
    device = toy()
    device.refresh_every = 1.0
    async with linked(device, script):
        script.lines[b"get\n"] = None
        await device.clock.sleep(2.2)
        assert not device.up


async def test_r29_a_driver_that_fails_every_time_is_put_out_of_service_and_tried_again_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    device = toy()
    greeted = 0

    async def fails(ask: object) -> None:
        nonlocal greeted
        greeted += 1
        raise KeyError("a bug in a driver")

    device.greet = fails  # type: ignore[method-assign]  # a driver that fails on every call
    async with linked(device, answering()):
        await device.clock.sleep(50)
        assert greeted == 5
        assert "out of service" in device.reason
        await device.clock.sleep(60)
        assert greeted > 5


class Tagging(Lines):
    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        return command.wire, 1


async def test_nothing_is_sent_again_for_a_caller_that_is_gone() -> None:
    device, script = toy(), answering()
    device.resends = 3, 0.1
    device.new_decoder = lambda scheme: Tagging()  # type: ignore[method-assign]  # one that tags
    async with linked(device, script) as line:
        script.lines[b"put 5\n"] = None
        asking = asyncio.create_task(line.ask(put(5)))
        await device.clock.sleep(0.15)
        assert script.sent.count(b"put 5\n") == 2
        asking.cancel()
        await device.clock.sleep(2)
        assert script.sent.count(b"put 5\n") == 2


async def test_a_port_that_is_back_is_in_service_within_a_third_of_a_second() -> None:
    script = answering()
    device = toy()
    link = Link(parse_address("serial:///dev/ttyS0"), device, device.clock, script.dial)
    running = asyncio.create_task(link.run())
    await device.clock.sleep(0.01)
    for away in (0.01, 1.0, 60.0):
        script.refuses = True
        script.hang_up()
        await device.clock.sleep(away)
        assert not device.up
        script.refuses = False
        await device.clock.sleep(0.33)
        assert device.up
    running.cancel()


async def test_a_host_that_swallows_connections_is_given_up_after_its_time() -> None:
    class Hole(Script):
        async def dial(self, address: Address, receiver: Receiver) -> Stream:
            return await asyncio.get_running_loop().create_future()

    device = toy()
    async with linked(device, Hole()):
        await device.clock.sleep(DIAL_TIMEOUT - 0.02)
        assert device.reason == "not dialled yet"
        await device.clock.sleep(0.02)
        assert device.reason == "TimeoutError"


@pytest.mark.parametrize("timeout", [0.15, 0.24, 0.26, 0.6])
async def test_a_slow_answer_comes_or_is_given_up_exactly_at_its_own_deadline(
    timeout: float,
) -> None:
    device, script = toy(), answering()

    def trickle() -> None:
        for number, byte in enumerate(b"is 3\n", 1):
            device.clock.later(0.05 * number, partial(script.say, bytes((byte,))))

    async with linked(device, script) as line:
        script.lines[b"get\n"] = trickle
        before = device.clock.now()
        if timeout > 0.25:
            assert (await line.ask(get(timeout))).number == 3
        else:
            with pytest.raises(NoAnswerError):
                await line.ask(get(timeout))
        assert device.clock.now() - before == pytest.approx(min(timeout, 0.25), abs=1e-6)


async def test_a_connection_that_ends_as_expected_is_no_loss_and_soon_dialled_again() -> None:
    device, script = toy(), answering()
    async with linked(device, script) as line:
        for dials in range(2, 8):
            line.expect_end()
            script.hang_up()
            await device.clock.sleep(0.2)
            assert (script.dials, device.up) == (dials, True)
        assert line.figures.losses == 0
        script.hang_up()
        await device.clock.sleep(0.2)
        assert line.figures.losses == 1


async def test_who_waits_for_an_answer_is_told_at_once_when_the_line_is_lost() -> None:
    device, script = toy(), answering()
    async with linked(device, script) as line:
        lost = device.clock.now()
        script.lines[b"get\n"] = [None, b"is 3\n"]
        waiting = asyncio.create_task(line.ask(get(timeout=30)))
        await device.clock.sleep(0.01)
        script.hang_up()
        with pytest.raises(NoAnswerError, match="went down"):
            await waiting
        assert device.clock.now() - lost < 0.1


async def test_a_line_that_is_lost_while_it_polls_is_dialled_again_at_once() -> None:
    device, script = toy(), answering()
    device.refresh_every = 0.1
    async with linked(device, script):
        script.lines[b"get\n"] = [None, b"is 3\n"]
        await device.clock.sleep(0.12)
        assert script.sent[-1] == b"get\n"
        script.hang_up()
        await device.clock.sleep(0.2)
        assert (script.dials, device.up) == (2, True)


class Polite(Toy):
    def farewell(self) -> bytes:
        return b"bye\n"


async def test_who_hangs_up_says_farewell() -> None:
    device, script = Polite("toy", DriverSettings(), Clock()), Script({b"get\n": b"is 1\n"})
    async with linked(device, script):
        assert b"bye\n" not in script.sent
    await device.clock.sleep(0.01)
    assert script.sent[-1] == b"bye\n"


async def test_a_line_that_is_lost_gets_no_farewell() -> None:
    device, script = Polite("toy", DriverSettings(), Clock()), Script({b"get\n": b"is 1\n"})
    async with linked(device, script) as line:
        line.drop("lost")
        await device.clock.sleep(0.01)
        assert not device.up
        assert b"bye\n" not in script.sent


async def test_who_is_silent_when_greeted_gets_no_farewell() -> None:
    device, script = Polite("toy", DriverSettings(), Clock()), Script()
    async with linked(device, script) as line:
        await device.clock.sleep(1)
        assert line.reason
        assert b"bye\n" not in script.sent

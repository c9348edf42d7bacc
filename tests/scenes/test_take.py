"""Takes: everything at once, read back, a verdict for every step by the deadline."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from avctl.scenes.scene import Order, Scene, Want
from avctl.scenes.take import Take, Verdict
from avctl.testing import Script
from tests.wire.toy import Number, Toy, linked, toy


class Stage:
    """Toy devices by name, and their scripts. Each obeys: what is put is what it then says."""

    def __init__(self, *names: str) -> None:
        self.devices: dict[str, Toy] = {name: toy(name) for name in names}
        self.scripts = {name: Script({b"get\n": b"is 0\n"}) for name in names}
        for name in names:
            self.obeys(name)

    def obeys(self, name: str, *numbers: int) -> None:
        script = self.scripts[name]
        for number in numbers or range(1, 10):

            def put(number: int = number) -> bytes:
                script.lines[b"get\n"] = b"is %d\n" % number
                return b"is %d\n" % number

            script.lines[b"put %d\n" % number] = put

    def ignores(self, name: str) -> None:
        """It says yes and does nothing."""
        for number in range(1, 10):
            self.scripts[name].lines[b"put %d\n" % number] = b"is %d\n" % number

    def hangs(self, name: str) -> None:
        self.scripts[name].lines.clear()

    @contextlib.asynccontextmanager
    async def up(self) -> AsyncIterator["Stage"]:
        async with contextlib.AsyncExitStack() as stack:
            for name, device in self.devices.items():
                await stack.enter_async_context(linked(device, self.scripts[name]))
            yield self

    def take(self, scene: Scene) -> Take:
        clock = next(iter(self.devices.values())).clock
        return Take(scene, self.devices, clock, identity="1", by="test")


def want(name: str, number: int = 5, after: tuple[str, ...] = ()) -> Want:
    return Want(name, "number", number, name, Number(), number, Order(after))


def scene(*wants: Want, deadline: float = 4.0, **more: Any) -> Scene:
    return Scene("test", {"zh": "试", "en": "test"}, deadline, wants, **more)


async def test_what_was_sent_and_read_back_is_confirmed() -> None:
    async with Stage("a", "b").up() as stage:
        take = stage.take(scene(want("a"), want("b")))
        await take.run()
        assert take.verdict is Verdict.CONFIRMED
        for step in take.steps:
            assert step.planned is not None
            assert step.sent is not None
            assert step.answered is not None
            assert step.confirmed is not None
            assert step.planned <= step.sent <= step.answered <= step.confirmed


async def test_an_echo_is_no_confirmation() -> None:
    async with Stage("a").up() as stage:
        stage.ignores("a")
        take = stage.take(scene(want("a"), deadline=2.0))
        await take.run()
        assert take.verdict is Verdict.FAILED
        assert take.steps[0].why == "reads 0, wanted 5"
        assert take.culprits == ("a",)


async def test_what_is_already_right_by_a_fresh_reading_is_skipped_and_not_sent() -> None:
    async with Stage("a").up() as stage:
        stage.scripts["a"].lines[b"get\n"] = b"is 5\n"
        take = stage.take(scene(want("a")))
        await take.run()
        assert take.verdict is Verdict.CONFIRMED
        assert take.steps[0].verdict is Verdict.SKIPPED
        assert b"put 5\n" not in stage.scripts["a"].sent


async def test_an_old_reading_does_not_count_as_already_right() -> None:
    async with Stage("a").up() as stage:
        stage.devices["a"].report(Number(), 5)  # as heard before the tap; since then it was turned
        await stage.devices["a"].clock.sleep(1)
        take = stage.take(scene(want("a")))
        await take.run()
        assert take.steps[0].verdict is Verdict.CONFIRMED


async def test_one_hung_device_costs_the_others_nothing_and_is_named_by_the_deadline() -> None:
    async with Stage("a", "b", "c").up() as stage:
        stage.hangs("b")
        take = stage.take(scene(want("a"), want("b"), want("c"), deadline=3.0))
        await take.run()
        assert take.duration is not None
        assert take.duration <= 3.05
        a, b, c = take.steps
        assert a.ended is not None
        assert c.ended is not None
        assert max(a.ended, c.ended) < 0.01
        assert b.verdict in (Verdict.UNKNOWN, Verdict.FAILED)
        assert take.culprits == ("b",)


async def test_an_absent_device_fails_at_once() -> None:
    stage = Stage("a", "b")
    stage.scripts["b"].refuses = True
    async with stage.up():
        take = stage.take(scene(want("a"), want("b")))
        await take.run()
        assert take.duration is not None
        assert take.duration < 0.01
        assert take.steps[1].verdict is Verdict.FAILED
        assert "not reachable" in take.steps[1].why


async def test_a_refusal_fails_with_the_devices_words() -> None:
    async with Stage("a").up() as stage:
        stage.scripts["a"].lines[b"put 5\n"] = b"no\n"
        take = stage.take(scene(want("a")))
        await take.run()
        assert take.steps[0].verdict is Verdict.FAILED
        assert "No()" in take.steps[0].why


async def test_what_comes_after_waits_for_what_must_be_right_before() -> None:
    async with Stage("a", "b").up() as stage:
        take = stage.take(scene(want("b", after=("a",)), want("a")))
        await take.run()
        b, a = take.steps
        assert take.verdict is Verdict.CONFIRMED
        assert a.confirmed is not None
        assert b.sent is not None
        assert b.sent >= a.confirmed


async def test_what_comes_after_a_failure_is_not_tried() -> None:
    async with Stage("a", "b").up() as stage:
        stage.ignores("a")
        take = stage.take(scene(want("b", after=("a",)), want("a"), deadline=2.0))
        await take.run()
        assert b"put 5\n" not in stage.scripts["b"].sent
        assert take.steps[0].verdict is Verdict.FAILED


async def test_a_lost_command_is_sent_once_more() -> None:
    async with Stage("a").up() as stage:
        script = stage.scripts["a"]
        obeys = script.lines[b"put 5\n"]
        script.lines[b"put 5\n"] = [None, obeys]
        take = stage.take(scene(want("a"), deadline=8.0))
        await take.run()
        assert take.verdict is Verdict.CONFIRMED
        assert script.sent.count(b"put 5\n") == 2


async def test_a_newer_take_supersedes_and_nothing_more_of_the_older_is_sent() -> None:
    async with Stage("a", "b").up() as stage:
        stage.ignores("a")
        older = stage.take(scene(want("a", 5), want("b", 5, after=("a",)), deadline=4.0))
        running = asyncio.create_task(older.run())
        await stage.devices["a"].clock.sleep(0.5)
        older.give_up(lambda want: want.device in ("a", "b"), "newer")
        sent = len(stage.scripts["a"].sent)
        await running
        await stage.devices["a"].clock.sleep(5)
        assert older.verdict is Verdict.SUPERSEDED
        assert older.duration == 0.5
        assert len(stage.scripts["a"].sent) == sent
        assert b"put 5\n" not in stage.scripts["b"].sent


async def test_a_verdict_for_every_step_whatever_breaks() -> None:
    async with Stage("a", "b").up() as stage:

        async def bug(points: object) -> None:
            raise RuntimeError("a bug in a driver")

        stage.devices["a"].read = bug  # type: ignore[method-assign]  # a driver that fails on every call
        take = stage.take(scene(want("a"), want("b")))
        await take.run()
        assert [step.verdict for step in take.steps] == [Verdict.FAILED, Verdict.CONFIRMED]
        assert "a bug in a driver" in take.steps[0].why

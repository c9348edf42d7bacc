"""Whose turn it is."""

import asyncio

import pytest

from avctl.turn import Rank, Turn


async def order_of(turn: Turn, *waiters: tuple[str, Rank]) -> list[str]:
    order: list[str] = []

    async def wait(name: str, rank: Rank) -> None:
        await turn.take(rank)
        order.append(name)
        await asyncio.sleep(0.01)
        turn.give()

    await turn.take()
    tasks = [asyncio.create_task(wait(name, rank)) for name, rank in waiters]
    await asyncio.sleep(0)
    turn.give()
    await asyncio.gather(*tasks)
    return order


async def test_urgent_waiters_go_first_idle_ones_last_and_the_others_in_order() -> None:
    waiters = (
        ("poll", Rank.IDLE), ("a", Rank.USUAL), ("b", Rank.USUAL), ("stop", Rank.URGENT),
    )  # fmt: skip
    order = await order_of(Turn(), *waiters)
    assert order == ["stop", "a", "b", "poll"]


async def test_a_spare_place_lets_an_urgent_one_in_beside_the_holder() -> None:
    turn = Turn(spare=1)
    await turn.take()
    await asyncio.wait_for(turn.take(Rank.URGENT), 1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(turn.take(Rank.URGENT), 1)


async def test_a_waiter_cancelled_as_its_turn_comes_passes_it_on() -> None:
    turn = Turn()
    await turn.take()
    waiter = asyncio.create_task(turn.take())
    await asyncio.sleep(0)
    turn.give()
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)
    await asyncio.wait_for(turn.take(), 1)

"""Run one simulated device, or a room of them, until SIGINT or SIGTERM."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from random import Random

from hw_sim import arguments, catalogue
from hw_sim.clock import Clock
from hw_sim.serve import serve
from hw_sim.simulator import Simulator
from hw_sim.web import served


def main(argv: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == ["room"]:
        from hw_sim.room import main as room

        return asyncio.run(room(given[1:]))
    wanted = arguments.parse(given)
    try:
        device = _device(wanted)
    except (ValueError, TypeError) as error:
        wanted.error(str(error))
    try:
        asyncio.run(_run(device, wanted))
    except OSError as error:
        print(f"{wanted.driver.driver}: {error}", file=sys.stderr)
        return 1
    return 0


def _device(wanted: argparse.Namespace) -> Simulator:
    kind: type[Simulator] = wanted.driver
    options = dict(wanted.option)
    if wanted.chain is not None:
        kind = catalogue.chain_of(kind)
        options["cameras"] = wanted.chain
    return kind(wanted.model, clock=Clock(wanted.speed), rng=Random(wanted.seed), **options)


async def _run(device: Simulator, wanted: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as opened:
        for order in wanted.fault:
            order.give(device.faults)
        ends = await opened.enter_async_context(
            serve(
                device,
                tcp=wanted.tcp,
                tls=wanted.tls,
                ssh=wanted.ssh,
                udp=wanted.udp,
                pty=wanted.pty,
                baud=wanted.baud,
            )
        )
        urls = list(ends.urls)
        if wanted.control:
            from hw_sim.control import create_control

            app = create_control({device.driver: device}, urls={device.driver: urls})
            urls = [*urls, await opened.enter_async_context(served(app, wanted.control))]
        for url in urls:
            print(f"ready {url}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    sys.exit(main())

"""A loop with nothing to do; tells the processes that measure it, then how long it was held up."""

import asyncio
import os
import sys

from tests.system.lag import Lag


async def main() -> None:
    async with Lag() as lag:
        print(os.getpid(), lag.twin.pid, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
    print(lag.worst)


if __name__ == "__main__":
    asyncio.run(main())

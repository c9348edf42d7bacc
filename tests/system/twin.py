"""Ticks as a loop does and tells, once its input ends, which ticks came late through no fault of its own."""

import select
import sys

from tests.system.lag import TICK, TOLD, Ticker


def main() -> None:
    print("ready", flush=True)
    ticker, told = Ticker(), []
    while not select.select([sys.stdin], [], [], TICK)[0]:
        late = ticker.late()
        if late.seconds > TOLD:
            told.append(late)
    for late in told:
        print(*late)


if __name__ == "__main__":
    main()

"""How often somebody may try to log in."""

import math
from collections import OrderedDict, deque

from avctl.clock import Clock
from service.problems import ApiError

WITHIN = 15 * 60.0  # seconds
PER_ACCOUNT, PER_ADDRESS = 10, 30
REMEMBERED = 20_000  # accounts and addresses; those that tried longest ago go first


class Attempts:
    """Attempts within the last quarter of an hour, by account and by address.

    A bound panel counts for itself: who guesses elsewhere cannot lock out the person who stands before it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tried: OrderedDict[tuple[str, ...], deque[float]] = OrderedDict()

    def count(self, account: str, address: str, panel: str = "") -> None:
        """Count one more. Raises ApiError instead where there were too many: this one is not evaluated."""
        mine, place = _keys(account, address, panel)
        now = self._clock.now()
        waits = [self._wait(mine, PER_ACCOUNT, now), self._wait(place, PER_ADDRESS, now)]
        if wait := max(waits):
            raise ApiError(
                "too-many",
                f"too many attempts: try again in {math.ceil(wait / 60)} min",
                f"尝试次数过多，请 {math.ceil(wait / 60)} 分钟后再试",
                {"Retry-After": str(math.ceil(wait))},
            )
        for key in (mine, place):
            self._tried.setdefault(key, deque()).append(now)
            self._tried.move_to_end(key)
        while len(self._tried) > REMEMBERED:
            self._tried.popitem(last=False)

    def give_back(self, account: str, address: str, panel: str = "") -> None:
        """The last one counted was not evaluated after all."""
        for key in _keys(account, address, panel):
            if tried := self._tried.get(key):
                tried.pop()

    def succeeded(self, account: str, panel: str = "") -> None:
        """Who knew the password was no guesser; the address still counts."""
        self._tried.pop(("account", account, panel), None)

    def _wait(self, key: tuple[str, ...], most: int, now: float) -> float:
        tried = self._tried.get(key)
        if tried is None:
            return 0.0
        while tried and now - tried[0] >= WITHIN:
            tried.popleft()
        if len(tried) < most:
            return 0.0
        return WITHIN - (now - tried[0])


def _keys(account: str, address: str, panel: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    # A panel is one address for everybody who stands before it.
    return ("account", account, panel), ("panel", panel) if panel else ("address", address)

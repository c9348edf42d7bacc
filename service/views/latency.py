"""Latencies as the API tells them."""

from pydantic import Field

from avctl.room import Room
from avctl.scenes.latency import Spread
from service.views.models import View
from service.views.values import rounded


class LatencyView(View):
    """A distribution of seconds between two moments."""

    scene: str
    device: str | None = Field(description="None for the take as a whole")
    word: str | None
    interval: str = Field(
        description="planned-sent, sent-answered, sent-confirmed, or tap-verdict of the whole"
    )
    count: int
    p50: float
    p95: float
    p99: float
    longest: float
    budget: float | None = Field(default=None, description="Of the scene, for the whole")


class LatenciesView(View):
    room: str
    latencies: list[LatencyView]


def latencies_view(room: Room) -> LatenciesView:
    scenes = room.scenes
    return LatenciesView(
        room=room.name,
        latencies=[
            _view(key, spread, scenes[key[0]].budget if not key[1] and key[0] in scenes else None)
            for key, spread in room.latencies.spreads().items()
        ],
    )


def _view(key: tuple[str, str, str, str], spread: Spread, budget: float | None) -> LatencyView:
    scene, device, word, interval = key
    p50, p95, p99, longest = (
        rounded(seconds) or 0.0 for seconds in (spread.p50, spread.p95, spread.p99, spread.longest)
    )
    return LatencyView(
        scene=scene, device=device or None, word=word or None, interval=interval,
        count=spread.count, p50=p50, p95=p95, p99=p99, longest=longest, budget=budget,
    )  # fmt: skip

"""Latencies as the API tells them."""

from pydantic import Field

from avctl.room import Room
from avctl.scenes.latency import Key, Spread
from service.views.models import SpreadView, View
from service.views.values import rounded


class LatencyView(SpreadView):
    """A distribution of seconds between two moments."""

    scene: str
    device: str | None = Field(description="None for the take as a whole")
    word: str | None
    interval: str = Field(
        description="planned-sent, sent-answered, sent-confirmed, or tap-verdict of the whole"
    )
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


def _view(key: Key, spread: Spread, budget: float | None) -> LatencyView:
    scene, device, word, interval = key
    return LatencyView(
        scene=scene, device=device or None, word=word or None, interval=interval, budget=budget,
        **spread_view(spread).model_dump(),
    )  # fmt: skip


def spread_view(spread: Spread) -> SpreadView:
    p50, p95, p99, longest = (
        rounded(seconds) or 0.0 for seconds in (spread.p50, spread.p95, spread.p99, spread.longest)
    )
    return SpreadView(count=spread.count, p50=p50, p95=p95, p99=p99, longest=longest)

"""Figures for Prometheus, in a registry of their own. Labels name rooms, devices and scenes, never runs or people."""

import platform
from collections.abc import Callable, Iterable
from weakref import WeakSet

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from avctl.clock import Clock
from avctl.pair import Fitness, Side
from avctl.room import Change, Room
from avctl.scenes.latency import intervals
from avctl.scenes.scene import Scope
from avctl.scenes.take import Take
from avctl.site import Site
from service.hub import Hub

DURATIONS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1, 1.5, 2, 3, 5, 10)
LAGS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)
LOOK = 0.25  # seconds between two looks at how late the loop is
BY_HAND = "by hand"  # instead of a scene's name, where one thing was set


class Figures:
    """Use it as a context manager, and run `watch_loop` beside."""

    def __init__(self, site: Site, hub: Hub, clock: Clock, version: str) -> None:
        self._site, self._clock = site, clock
        self._counted: WeakSet[Take] = WeakSet()
        self._been_up: set[tuple[str, str]] = set()
        self._leave: list[Callable[[], None]] = []
        self.registry = CollectorRegistry()
        self._runs = Counter(
            "avctl_scene_runs", "Takes by verdict", ("room", "scene", "outcome"),
            registry=self.registry,
        )  # fmt: skip
        self._durations = Histogram(
            "avctl_scene_duration_seconds", "From the tap to the verdict", ("room", "scene"),
            buckets=DURATIONS, registry=self.registry,
        )  # fmt: skip
        self._latencies = Histogram(
            "avctl_step_seconds", "Between two moments of a step",
            ("room", "scene", "device", "word", "interval"),
            buckets=DURATIONS, registry=self.registry,
        )  # fmt: skip
        self._reconnects = Counter(
            "avctl_device_reconnects", "Times a device came back", ("room", "device"),
            registry=self.registry,
        )  # fmt: skip
        self._lag = Histogram(
            "avctl_loop_lag_seconds", "How late the event loop is",
            buckets=LAGS, registry=self.registry,
        )  # fmt: skip
        panels = Gauge("avctl_panels", "Panels connected", registry=self.registry)
        panels.set_function(lambda: len(hub.clients))
        dropped = Gauge(
            "avctl_panels_dropped", "Panels that read too slowly", registry=self.registry
        )
        dropped.set_function(lambda: hub.dropped)
        build = Gauge(
            "avctl_build_info", "What runs", ("version", "python"), registry=self.registry
        )
        build.labels(version, platform.python_version()).set(1)
        self.registry.register(_Devices(site))

    def __enter__(self) -> "Figures":
        self._leave = [room.subscribe(self._changed) for room in self._site.rooms.values()]
        return self

    def __exit__(self, *exc: object) -> None:
        for leave in self._leave:
            leave()

    def text(self) -> bytes:
        return generate_latest(self.registry)

    async def watch_loop(self) -> None:
        while True:
            asked = self._clock.now()
            await self._clock.sleep(LOOK)
            self._lag.observe(max(0.0, self._clock.now() - asked - LOOK))

    def _changed(self, room: Room, change: Change) -> None:
        take, device = change.take, change.device
        if take and take.verdict and take.duration is not None and take not in self._counted:
            self._counted.add(take)
            scene = BY_HAND if take.scene.scope is Scope.POINTS else take.scene.name
            self._runs.labels(room.name, scene, take.verdict.value).inc()
            self._durations.labels(room.name, scene).observe(take.duration)
            for step in take.steps:
                of = (room.name, scene, step.want.device, step.want.word)
                for interval, seconds in intervals(step):
                    self._latencies.labels(*of, interval).observe(seconds)
        if device and change.point is None and device.up:
            if (room.name, device.name) in self._been_up:
                self._reconnects.labels(room.name, device.name).inc()
            self._been_up.add((room.name, device.name))


class _Devices(Collector):
    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily(
            "avctl_device_up", "Whether a device is reachable", labels=("room", "device", "driver")
        )
        for room in self._site.rooms.values():
            for name, device in room.devices.items():
                up.add_metric((room.name, name, room.file.devices[name].driver), float(device.up))
        yield up
        yield from self._pairs()

    def _pairs(self) -> Iterable[Metric]:
        backup = GaugeMetricFamily(
            "avctl_pair_on_backup", "Whether a pair uses its backup", labels=("room", "pair")
        )
        dead = GaugeMetricFamily(
            "avctl_pair_side_dead", "Whether a side is dead", labels=("room", "pair", "side")
        )
        for room in self._site.rooms.values():
            for name, pair in room.pairs.by_name.items():
                backup.add_metric((room.name, name), float(pair.watch.active is Side.BACKUP))
                for side, health in pair.health.items():
                    is_dead = health.fitness is Fitness.DEAD
                    dead.add_metric((room.name, name, side.value), float(is_dead))
        yield backup
        yield dead

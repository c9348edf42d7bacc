"""A pytest plugin: ``pytest --hil SITE`` runs the conformance suites on the real devices of a site's rooms.

Nothing moves or sounds before a person has said yes for that device; where nobody can be asked, the session is refused.
Every device is returned to what it was after each run. The wire is kept in files from which drivers are graded.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from avctl.testing.hil import Station

pytest.register_assert_rewrite("avctl.testing.conformance")

FILES = pytest.StashKey[dict[Path, str]]()  # room files to run on, and the rooms they hold
FOLDER = "hil"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("hil", "real devices (avctl)")
    group.addoption(
        "--hil", metavar="SITE", help="run the conformance suites on this site's devices"
    )
    group.addoption(
        "--hil-room", action="append", default=[], metavar="ROOM", help="only this room"
    )
    group.addoption(
        "--hil-device", action="append", default=[], metavar="DEVICE", help="only this device"
    )
    group.addoption(
        "--hil-yes", action="store_true", help="do not ask before something moves or sounds"
    )
    group.addoption(
        "--hil-wait", type=float, default=20.0, metavar="SECONDS", help="for a device to come up"
    )
    group.addoption(
        "--hil-out", default=FOLDER, metavar="FOLDER", help=f"where the wire is kept ({FOLDER})"
    )


def pytest_configure(config: pytest.Config) -> None:
    site = config.getoption("--hil")
    if not site:
        return
    from avctl.commission import room_file
    from avctl.errors import ConfigError
    from avctl.site import read_site

    path = (config.invocation_params.dir / site).resolve()
    try:
        rooms = {
            room_file(path, plan.file.room).resolve(): plan.file.room
            for plan in read_site(path)[1]
            if not config.getoption("--hil-room")
            or plan.file.room in config.getoption("--hil-room")
        }
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from error
    if not rooms:
        raise pytest.UsageError(f"--hil-room: {path} has no such room")
    config.stash[FILES] = rooms
    config.args = [str(file) for file in rooms]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.resolve() in parent.config.stash.get(FILES, {}):
        return RoomFile.from_parent(parent, path=file_path)
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    changing = [item for item in session.items if isinstance(item, RunItem) and item.run_.changes]
    if changing and not session.config.getoption("--hil-yes") and not _can_ask(session.config):
        raise pytest.UsageError(
            f"{len(changing)} runs move, show or sound something, and nobody can be asked here:"
            " give --hil-yes, or choose runs that only read (-k told)"
        )


class RoomFile(pytest.File):
    """A room. Its lines are opened at its first run, and closed when its last has ended."""

    station: "Station | None" = None

    def collect(self) -> Iterable[pytest.Collector]:
        from avctl.blueprint import read_room

        plan = read_room(self.path)
        only = self.config.getoption("--hil-device")
        for name in plan.file.devices:
            if not only or name in only:
                yield DeviceRuns.from_parent(self, name=name, plan=plan)

    def setup(self) -> None:
        from avctl.testing.hil import Station

        self.station = Station(self.path, self.config.getoption("--hil-wait"))
        self.addfinalizer(self._close)

    def _close(self) -> None:
        station, self.station = self.station, None
        if station is None:
            return
        folder = self.config.rootpath / self.config.getoption("--hil-out")
        kept = station.close(folder)
        reporter: Any = self.config.pluginmanager.get_plugin("terminalreporter")
        for path in kept if reporter else ():
            reporter.write_line(f"\nkept {path}")


class DeviceRuns(pytest.Collector):
    """The runs of one device."""

    def __init__(self, *, plan: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self.plan = plan
        self.allowed: bool | None = None  # to change something

    def collect(self) -> Iterator[pytest.Item]:
        from avctl.registry import driver
        from avctl.testing.conformance import suite
        from avctl.testing.real import trials

        kind = driver(self.plan.file.devices[self.name].driver)
        for run in suite(kind, tuple(trials(self.plan.file, self.name, kind))):
            yield RunItem.from_parent(self, name=run.name, run_=run)

    def ask(self) -> bool:
        """Whether the device may be changed: asked once, at its first run that would."""
        if self.allowed is None:
            self.allowed = bool(self.config.getoption("--hil-yes")) or self._asked()
        return self.allowed

    def _asked(self) -> bool:
        what: dict[str, list[str]] = {}
        for item in self.session.items:
            if isinstance(item, RunItem) and item.parent is self and item.run_.about is not None:
                points = what.setdefault(item.run_.about.does, [])
                points += [key for key in [item.run_.about.point.key] if key not in points]
        told = "; ".join(f"it {does}: {', '.join(points)}" for does, points in what.items())
        return _ask(self.config, f"{self.name} will be changed and returned ({told}). Go on?")


class RunItem(pytest.Item):
    """One sentence about one device."""

    parent: DeviceRuns

    def __init__(self, *, run_: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self.run_ = run_

    def runtest(self) -> None:
        room = self.parent.parent
        assert isinstance(room, RoomFile)
        assert room.station is not None
        if self.run_.changes and not self.parent.ask():
            room.station.capture(self.parent.name).verdicts[self.name] = "not allowed"
            pytest.skip("nobody said yes")
        room.station.carry_out(self.parent.name, self.run_)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.parent.name}: {self.name}"


# Asking.


def _can_ask(config: pytest.Config) -> bool:
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture:
        capture.suspend_global_capture(in_=True)
    try:
        return sys.stdin is not None and sys.stdin.isatty()
    finally:
        if capture:
            capture.resume_global_capture()


def _ask(config: pytest.Config, question: str) -> bool:
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture:
        capture.suspend(in_=True)
    try:
        print(f"\n{question} [y/N] ", end="", flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes", "是")
    finally:
        if capture:
            capture.resume()

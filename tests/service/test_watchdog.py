"""The watchdog: systemd hears from the loop, and who holds it up is named."""

import asyncio
import socket
import time
from pathlib import Path

import pytest

from avctl.clock import Clock
from service.watchdog import watchdog
from tests.processes import AT_ALL


async def test_r28_systemd_hears_from_the_loop_that_it_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(AT_ALL)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        async with watchdog(Clock()):
            said = [await asyncio.to_thread(systemd.recv, 100) for _ in range(2)]
        assert said == [b"WATCHDOG=1", b"WATCHDOG=1"]


async def test_r28_a_driver_that_blocks_the_loop_is_named_while_it_does(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "drivers" / "bad.py"
    path.parent.mkdir()
    path.write_text(
        "import time\n\ndef greet(over):\n    while not over():\n        time.sleep(0.01)\n",
        encoding="utf-8",
    )
    names: dict[str, object] = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    async with watchdog(Clock()):
        await asyncio.sleep(0.3)
        ends = time.monotonic() + AT_ALL
        # A driver that does not let go before it is named.
        names["greet"](lambda: caplog.text or time.monotonic() > ends)  # type: ignore[operator]  # as above
    assert "the loop is held up by driver bad" in caplog.text

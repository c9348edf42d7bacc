"""A serial port of a simulated device: a pseudo-terminal, plugged in and out like a USB adapter."""

import asyncio
import os
import tty
from urllib.parse import quote

from hw_sim.line import Line
from hw_sim.pace import BITS
from hw_sim.simulator import Simulator

AHEAD = (
    0.05  # seconds of the line's bytes taken from the client at once; the rest waits in the kernel
)


class PtyEnd:
    """A pseudo-terminal, with a link to it if one is wanted. A cut line is one that was unplugged.

    The device does not notice who opens and closes its line: it is one conversation, from `open` to `close`.
    """

    kind = "serial"

    def __init__(self, simulator: Simulator, link: str | None, baud: int | None) -> None:
        self.simulator = simulator
        self.baud = baud or simulator.baud
        self.link = os.path.abspath(link) if link else None
        self.path = ""  # of the pseudo-terminal, while plugged in
        self._master = self._slave = -1
        self._resume: asyncio.TimerHandle | None = None
        self._cut = False

    @property
    def url(self) -> str:
        return f"serial://{quote(self.link or self.path)}?baud={self.baud}"

    async def open(self) -> None:
        """Plug in. Raises OSError when there is no pseudo-terminal left or the link cannot be made."""
        self._loop = asyncio.get_running_loop()
        self.replug()
        self.line = Line(
            self.simulator,
            "serial",
            self.baud,
            send=self._write,
            close=lambda: None,
            peer=self.link or self.path,
            end=self.url,
        )
        self.simulator.faults.changed.append(self._changed)
        self.line.opened()
        self._changed()

    async def close(self) -> None:
        self.simulator.faults.changed.remove(self._changed)
        self.unplug()
        self.line.closed()

    def unplug(self) -> None:
        """Take the pseudo-terminal away, and the link to it. Nothing happens if it is away."""
        if self._master == -1:
            return
        if self._resume is not None:
            self._resume.cancel()
        self._loop.remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1
        if self.link and os.path.islink(self.link) and os.readlink(self.link) == self.path:
            os.unlink(self.link)
        self.path = ""

    def replug(self) -> None:
        """Make a new pseudo-terminal, under the same link. Nothing happens if there is one."""
        if self._master != -1:
            return
        # We keep the slave open too, else the master reports an error for as long as no client has it open.
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self._loop.add_reader(self._master, self._read)
        if self.link:
            try:
                _point(self.link, self.path)
            except OSError:
                self.unplug()
                raise

    def _changed(self) -> None:
        cut, self._cut = self._cut, self.simulator.faults.on("cut")
        if self._cut and not cut:
            self.unplug()
            if self.simulator.faults.counted("cut"):
                self.simulator.faults.strikes("cut")
        elif cut and not self._cut:
            self.replug()

    def _read(self) -> None:
        try:
            data = os.read(self._master, max(1, int(AHEAD * self.baud / BITS)))
        except OSError:
            return
        # Read no faster than the wire carries: a client that writes too much has to wait, as before a real port.
        self._loop.remove_reader(self._master)
        self._resume = self.simulator.clock.later(len(data) * BITS / self.baud, self._read_on)
        self.line.receive(data)

    def _read_on(self) -> None:
        self._loop.add_reader(self._master, self._read)

    def _write(self, data: bytes) -> None:
        """What the client has left no room for is lost."""
        try:
            written = os.write(self._master, data) if self._master != -1 else 0
        except OSError:
            written = 0
        self.line.overruns += len(data) - written


def _point(link: str, path: str) -> None:
    """Make ``link`` a symbolic link to ``path``; only another link is replaced."""
    if os.path.lexists(link) and not os.path.islink(link):
        raise FileExistsError(f"{link} is in the way: it is no link")
    made = f"{link}.{os.getpid()}"
    os.symlink(path, made)
    os.replace(made, link)

"""Real ends under a simulated device: TCP and UDP ports, bare or secured, and pseudo-terminals."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from hw_sim.pty import PtyEnd
from hw_sim.simulator import Simulator
from hw_sim.tcp import TcpEnd
from hw_sim.udp import UdpEnd

if TYPE_CHECKING:
    from hw_sim.ssh import SshEnd
    from hw_sim.tls import TlsEnd

LOOPBACK = "127.0.0.1:0"

End = TcpEnd | UdpEnd | PtyEnd
Addresses = str | Iterable[str] | None


class Ends:
    """The opened ends of one device, in the order TCP, TLS, SSH, UDP, serial."""

    def __init__(self, ends: tuple[End, ...]) -> None:
        self._ends = ends

    def __iter__(self) -> Iterator[End]:
        return iter(self._ends)

    @property
    def urls(self) -> tuple[str, ...]:
        """``tcp://127.0.0.1:40123``, ``udp://…``, ``serial:///dev/pts/5?baud=9600``: how to reach the device now."""
        return tuple(end.url for end in self._ends)

    @property
    def url(self) -> str:
        """The first of `urls`."""
        return self._ends[0].url

    @property
    def tcp(self) -> TcpEnd:
        return next(end for end in self._ends if type(end) is TcpEnd)

    @property
    def tls(self) -> "TlsEnd":
        kind = _tls_end()
        return next(end for end in self._ends if isinstance(end, kind))

    @property
    def ssh(self) -> "SshEnd":
        kind = _ssh_end()
        return next(end for end in self._ends if isinstance(end, kind))

    @property
    def udp(self) -> UdpEnd:
        return next(end for end in self._ends if isinstance(end, UdpEnd))

    @property
    def serial(self) -> PtyEnd:
        return next(end for end in self._ends if isinstance(end, PtyEnd))


@asynccontextmanager
async def serve(
    simulator: Simulator,
    *,
    tcp: Addresses = None,
    tls: Addresses = None,
    ssh: Addresses = None,
    udp: Addresses = None,
    pty: bool | str = False,
    baud: int | None = None,
) -> AsyncIterator[Ends]:
    """Open the ends of a device, and close them on leaving.

    ``tcp``, ``tls``, ``ssh`` and ``udp`` are one HOST:PORT or several, port 0 for any that is free. ``pty`` is True, or
    the path of a link to make to the pseudo-terminal; ``baud`` is the rate of that, by default the device's own.
    Without any end there is one TCP port on the loopback. Raises OSError when an end cannot be had or a package that
    it needs is missing, ValueError for a malformed address.
    """
    wanted: list[End] = [TcpEnd(simulator, where) for where in _several(tcp)]
    wanted += [_tls_end()(simulator, where) for where in _several(tls)]
    wanted += [_ssh_end()(simulator, where) for where in _several(ssh)]
    wanted += [UdpEnd(simulator, where) for where in _several(udp)]
    if pty:
        wanted.append(PtyEnd(simulator, pty if isinstance(pty, str) else None, baud))
    ends = tuple(wanted) or (TcpEnd(simulator, LOOPBACK),)
    async with AsyncExitStack() as opened:
        for end in ends:
            await end.open()
            opened.push_async_callback(end.close)
        yield Ends(ends)


def _several(addresses: Addresses) -> tuple[str, ...]:
    if addresses is None:
        return ()
    return (addresses,) if isinstance(addresses, str) else tuple(addresses)


# Devices without such an end run without the packages.


def _tls_end() -> "type[TlsEnd]":
    try:
        from hw_sim.tls import TlsEnd
    except ModuleNotFoundError as error:
        raise OSError(f"TLS needs the package {error.name}: pip install 'avctl[ssh]'") from error
    return TlsEnd


def _ssh_end() -> "type[SshEnd]":
    try:
        from hw_sim.ssh import SshEnd
    except ModuleNotFoundError as error:
        raise OSError(f"SSH needs the package {error.name}: pip install 'avctl[ssh]'") from error
    return SshEnd

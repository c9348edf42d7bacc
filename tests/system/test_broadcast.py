"""A magic packet to a broadcast address, over real sockets."""

import asyncio
import socket

import pytest

from avctl.drivers.wake_on_lan import WakeOnLan
from tests.system.lines import kept_up, until

pytestmark = pytest.mark.serial


async def test_a_broadcast_is_heard_by_who_listens_on_the_network():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.255.255.255", 0))
        ear.setblocking(False)
        url = f"udp://127.255.255.255:{ear.getsockname()[1]}"
        async with kept_up("wake_on_lan", url, mac="02:00:00:00:00:a1") as host:
            await until(lambda: host.up)
            assert isinstance(host, WakeOnLan)
            await host.wake()
            async with asyncio.timeout(10):
                heard = await asyncio.get_running_loop().sock_recv(ear, 2048)
    assert heard == b"\xff" * 6 + bytes.fromhex("0200000000a1") * 16

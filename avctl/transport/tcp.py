"""TCP."""

import asyncio

from avctl.transport.address import Address
from avctl.transport.connection import Connection
from avctl.transport.stream import Receiver, Resync, Stream


async def dial_tcp(address: Address, receiver: Receiver) -> Stream:
    loop = asyncio.get_running_loop()
    _, stream = await loop.create_connection(
        lambda: Connection(receiver, Resync.CLOSE), address.host, address.port
    )
    return stream

"""Serial ports of this machine."""

import asyncio
from typing import cast

import serial
import serial_asyncio_fast

from avctl.transport.address import Address, serial_settings
from avctl.transport.connection import Connection
from avctl.transport.stream import Receiver, Resync, Stream


class _SerialConnection(Connection):
    # The serial transport has pause_reading and resume_reading but no is_reading.
    def pause(self) -> None:
        if self._transport:
            self._transport.pause_reading()


async def dial_serial(address: Address, receiver: Receiver) -> Stream:
    try:
        _, stream = await serial_asyncio_fast.create_serial_connection(
            asyncio.get_running_loop(),
            lambda: _SerialConnection(receiver, Resync.DRAIN),
            address.path,
            exclusive=True,
            **serial_settings(address),
        )
    except serial.SerialException as error:
        raise OSError(str(error)) from error
    except ValueError as error:
        raise OSError(f"{address}: {error}") from error
    return cast(Stream, stream)

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


class _Transport(serial_asyncio_fast.SerialTransport):
    """Ends once, and tells its protocol alone: a pulled cable is no error of the program's to log."""

    def _fatal_error(self, exc: BaseException, message: str = "") -> None:
        self._abort(exc)

    def _abort(self, exc: BaseException | None) -> None:
        if not self.is_closing():
            super()._abort(exc)


async def dial_serial(address: Address, receiver: Receiver) -> Stream:
    try:
        port = await asyncio.to_thread(
            serial.serial_for_url, address.path, exclusive=True, **serial_settings(address)
        )
    except serial.SerialException as error:
        raise OSError(str(error)) from error
    except ValueError as error:
        raise OSError(f"{address}: {error}") from error
    stream = _SerialConnection(receiver, Resync.DRAIN)
    _Transport(asyncio.get_running_loop(), stream, port)
    return cast(Stream, stream)

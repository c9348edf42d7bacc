"""SSH, through asyncssh where it is installed."""

import asyncio
import importlib

from avctl.transport.address import Address
from avctl.transport.stream import Receiver, Stream


async def dial_ssh(address: Address, receiver: Receiver) -> Stream:
    """A shell. Raises OSError; Distrust before the login is shown to somebody else than the device."""
    if address.login is None:
        raise OSError(f"{address}: a login is needed over SSH")
    try:
        # Its import takes long enough to hold up every other device.
        shell = await asyncio.to_thread(importlib.import_module, "avctl.transport.ssh_shell")
    except ModuleNotFoundError as error:
        if error.name != "asyncssh":
            raise
        text = f"{address}: ssh:// needs the extra ssh: pip install 'avctl[ssh]'"
        raise OSError(text) from error
    stream: Stream = await shell.open_shell(address, address.login, receiver)
    return stream

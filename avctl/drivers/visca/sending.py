"""How a VISCA camera is told to do something, and to stop."""

from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from avctl.drivers.visca import commands, inquiries
from avctl.drivers.visca.conversation import ViscaConversation
from avctl.errors import BusyError, DeviceError, NoAnswerError, RefusedError
from avctl.wire import Command

A = TypeVar("A")

LATEST_ACK = 15.0  # seconds
PRESUMED = 0.2  # seconds in which a camera that acknowledges late still refuses at once
PRESUMED_REPEATED = 1.2  # the same where the command is sent again until then
AGAIN = 0.05  # seconds between the two stops on a line that loses datagrams
COMPLETES = 0.5  # seconds in which a camera without room for more may have finished something
AFTER_CANCEL = 0.2  # seconds a camera wants between a cancelled move and the next


class ViscaSending(ViscaConversation):
    """The commanding half of `Visca`."""

    _motion = 0  # counts stops: what was asked for before one is not sent after it

    async def _do(self, command: Command[A], harmless: bool = True) -> A:
        """Say it; once more where the camera is merely busy, since then nothing was done.

        What is ``harmless`` twice is also said again where datagrams get lost.
        """
        try:
            return await self._say(command)
        except BusyError as error:
            await self.hinted(error.wait)
        except NoAnswerError:
            if not (self._lossy and harmless and self.up):
                raise
        return await self._say(command)

    async def _say(self, command: Command[A]) -> A:
        try:
            return await self.ask(command)
        except RefusedError as error:
            raise RefusedError(self.name, self._why(error.text)) from error

    async def _go(
        self, command: Command[Any], asked: int, harmless: bool = True, alone: bool = True
    ) -> None:
        """`_move` to an end, which some cameras acknowledge only when they are there."""
        if self.model.late_ack:
            silence = PRESUMED_REPEATED if self._header else PRESUMED
            command = replace(command, timeout=LATEST_ACK, presumed=silence)
        before = self._gaze.framing
        answer = await self._move(command, asked, alone)
        if answer is None and self._lossy and harmless:
            with suppress(NoAnswerError):
                await self._look(self.ask)
                if self._gaze.framing == before:  # lost rather than late
                    await self._move(command, asked)

    async def _move(self, command: Command[A], asked: int, alone: bool = True) -> A | None:
        """Say what is not to be said any more once there was a stop since ``asked``.

        ``alone``: whether all other moves are overtaken by it, and may be cancelled to make room.
        """
        command = replace(command, still=lambda: self._motion == asked)
        self._driven = None
        try:
            return await self._say(command)
        except BusyError:
            await self.hinted(COMPLETES)
        try:
            return await self._say(command)
        except BusyError:
            if not (alone and self.model.cancels):
                raise
        await self._cancel_all()
        await self.clock.sleep(AFTER_CANCEL)
        return await self._say(command)

    async def _cancel_all(self) -> None:
        for socket in (1, 2):
            with suppress(RefusedError, NoAnswerError, BusyError):
                await self.ask(commands.cancel(self.settings.address, socket))

    async def _look_before(self) -> None:
        """Without knowing where it was, nobody can tell that it moved."""
        with suppress(DeviceError):
            if self.model.status:
                await self._optional(self.ask, inquiries.read_last_recalled(self.settings.address))
            await self._look(self.ask)

    async def _stop_blindly(self, *stops: Command[Any]) -> None:
        """Datagrams get lost: do not wait until the silence tells."""
        for command in stops:
            with suppress(DeviceError):
                await self.ask(replace(command, urgent=True, presumed=0.0))
        await self.clock.sleep(AGAIN)

    async def _stop(self, command: Command[Any]) -> None:
        command = replace(command, urgent=True)
        refusals = 0
        while True:
            try:
                await self._say(command)
                return
            except BusyError:
                await self.hinted(AGAIN)
                if self.model.cancels:
                    await self._cancel_all()
            except NoAnswerError:
                if not self.up:
                    raise
            except RefusedError:
                refusals += 1
                if refusals > 1:
                    raise
                await self.clock.sleep(AGAIN)

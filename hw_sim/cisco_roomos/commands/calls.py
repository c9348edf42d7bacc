"""Dialling, answering, holding, hanging up."""

from typing import TYPE_CHECKING

from hw_sim.cisco_roomos.calls import MOST, Call, Status
from hw_sim.cisco_roomos.rules import (
    Answer,
    Choice,
    FailedError,
    Given,
    Text,
    Whole,
    command,
    maybe,
)

if TYPE_CHECKING:
    from hw_sim.cisco_roomos.device import Codec

CALL_ID = maybe(Whole(0, 999_999_999))
STANDS = (Status.DIALLING, Status.RINGING, Status.CONNECTING, Status.CONNECTED, Status.ON_HOLD)


@command(
    "Dial",
    Number=Text(),
    Protocol=Choice(("Sip", "H320", "H323"), "Sip"),
    CallType=Choice(("Audio", "Auto", "Video"), "Auto"),
    CallRate=maybe(Whole(64, 6000)),
    DisplayName=maybe(Text()),
)
def dial(codec: "Codec", given: Given) -> Answer:
    if len(codec.calls) >= MOST:
        raise FailedError("Maximum number of calls reached")
    codec.standby.deactivate()
    call = codec.calls.dial(given.text("Number"))
    return {"CallId": str(call.id), "ConferenceId": "1"}


@command("Call Accept", CallId=CALL_ID)
def accept(codec: "Codec", given: Given) -> None:
    codec.calls.accept(_incoming(codec, given))


@command("Call Reject", CallId=CALL_ID)
def reject(codec: "Codec", given: Given) -> None:
    codec.calls.reject(_incoming(codec, given))


@command("Call Disconnect", CallId=CALL_ID)
def disconnect(codec: "Codec", given: Given) -> None:
    codec.calls.end(_call(codec, given, *STANDS))


@command("Call DisconnectAll")
def disconnect_all(codec: "Codec", given: Given) -> None:
    codec.calls.end_all()


@command("Call Hold", CallId=CALL_ID)
def hold(codec: "Codec", given: Given) -> None:
    codec.calls.hold(_call(codec, given, Status.CONNECTED))


@command("Call Resume", CallId=CALL_ID)
def resume(codec: "Codec", given: Given) -> None:
    codec.calls.resume(_call(codec, given, Status.ON_HOLD))


def _call(codec: "Codec", given: Given, *wanted: Status) -> Call:
    call = codec.calls.find(given.maybe_whole("CallId"), *wanted)
    if call is None:
        raise FailedError("No such call")
    return call


def _incoming(codec: "Codec", given: Given) -> Call:
    call = _call(codec, given, Status.RINGING)
    if not call.incoming:
        raise FailedError("No such call")
    return call

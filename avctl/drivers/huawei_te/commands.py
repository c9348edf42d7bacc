"""What we ask of a Huawei terminal: an action, and its body. The session is added where it is sent.

Source: Huawei "TE10, TE20 HTTP API" V600R019C00 (EDOC1100044503), TE40 to TE60 (EDOC1100074790).
"""

from typing import Any, TypeVar

from avctl.drivers.huawei_te.said import (
    LOUDEST,
    Audio,
    CallTypes,
    LoggedIn,
    Mail,
    Reply,
    SessionOpened,
    Sleeping,
)
from avctl.drivers.huawei_te.session import LOG_IN, LOG_OUT, compact
from avctl.wire import Command

R = TypeVar("R", bound=Reply)

PRESETS = 30
LONGEST_NUMBER = 64
VIDEO = 1  # ucMediaType; its values are not in the document
RECALL, STORE = 19, 18  # camAction

# Not to be repeated by themselves: twice is not once.
NOT_TWICE = ("WEB_CallNumberAPI", "WEB_IncomingCallProcAPI")


def open_session() -> Command[SessionOpened]:
    return _action("WEB_RequestSessionIDAPI", SessionOpened)


def log_in() -> Command[LoggedIn]:
    """User and password are added where it is sent."""
    return _action(LOG_IN, LoggedIn)


def change_session() -> Command[SessionOpened]:
    return _action("WEB_ChangeSessionIDAPI", SessionOpened)


def log_out() -> Command[Reply]:
    return _action(LOG_OUT, Reply)


def read_audio() -> Command[Audio]:
    return _action("WEB_InitAudioCtrlParamsAPI", Audio)


def read_sleep() -> Command[Sleeping]:
    return _action("WEB_IsSystemSleepAPI", Sleeping)


def read_mailbox() -> Command[Mail]:
    return _action("WEB_GetMailboxDataAPI", Mail)


def read_call_types() -> Command[CallTypes]:
    return _action("WEB_RequestCallTypeDataAPI", CallTypes)


def mute(on: bool) -> Command[Reply]:
    return _action("WEB_CloseMicAPI" if on else "WEB_OpenMicAPI", Reply)


def set_volume(steps: int) -> Command[Reply]:
    """Raises ValueError beyond 0 to 21."""
    if not 0 <= steps <= LOUDEST:
        raise ValueError(f"volume {steps}: give 0 to {LOUDEST}")
    return _action("WEB_SetSpeakVolumeAPI", Reply, speaker=1, speakerValue=steps)


def recall_preset(number: int) -> Command[Reply]:
    return _preset(RECALL, number)


def store_preset(number: int) -> Command[Reply]:
    return _preset(STORE, number)


def _preset(what: int, number: int) -> Command[Reply]:
    """Raises ValueError for a preset that there is not."""
    if not 1 <= number <= PRESETS:
        raise ValueError(f"preset {number}: give 1 to {PRESETS}")
    # The name is misspelled in the API.
    return _action(
        "WEB_CtrlCameraOpeateAPI", Reply,
        camState="localCam", camAction=what, camPos=number, camSrc=0,
    )  # fmt: skip


def sleep() -> Command[Reply]:
    return _action("WEB_StartTermSleepAPI", Reply)


def wake() -> Command[Reply]:
    return _action("WEB_SystemWakeUpAPI", Reply)


def present(on: bool) -> Command[Reply]:
    return _action("WEB_StartSendAuxStreamAPI" if on else "WEB_StopSendAuxStreamAPI", Reply)


def call(number: str) -> Command[Reply]:
    """Raises ValueError for what is no number or address."""
    text = number.strip()
    if not 0 < len(text) <= LONGEST_NUMBER or not text.isprintable() or set(text) & set('"\\<>&'):
        raise ValueError(f"{number!r}: give a number or an address, without quotes")
    return _action("WEB_CallNumberAPI", Reply, szNumber=text)


def answer() -> Command[Reply]:
    return _action("WEB_IncomingCallProcAPI", Reply, ucValue=1, ucMediaType=VIDEO)


def reject() -> Command[Reply]:
    return _action("WEB_IncomingCallProcAPI", Reply, ucValue=0, ucMediaType=VIDEO)


def cancel_call() -> Command[Reply]:
    return _action("WEB_CancelCallAPI", Reply)


def hang_up(site: int) -> Command[Reply]:
    return _action("WEB_HangupCallAPI", Reply, ucSiteHandle=site)


def is_harmless_twice(command: Command[Any]) -> bool:
    return command.wire.split(b" ")[0].decode() not in NOT_TWICE


def _action(name: str, answered_by: type[R], **body: Any) -> Command[R]:
    wire = f"{name} {compact(body)}" if body else name
    return Command(wire.encode(), answered_by, lambda said: said.action == name, timeout=3.0)

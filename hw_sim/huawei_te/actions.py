"""What the actions of the API read and do, by ActionID; misspelt as the makers spell them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hw_sim.huawei_te.calls import Phase
from hw_sim.huawei_te.knobs import PRESETS

if TYPE_CHECKING:
    from hw_sim.huawei_te.device import Terminal

LOUDEST = 21
CALL_TYPES = [3, 4, 8, 10]
MOVES = {  # camAction: axis and direction; 8 more stops it
    0: ("pan", 1), 1: ("pan", -1), 2: ("tilt", 1), 3: ("tilt", -1), 4: ("zoom", 1), 5: ("zoom", -1),
}  # fmt: skip
FOCUS = (6, 7, 14, 15, 17)
HOME, SAVE, RECALL, CLEAR = 16, 18, 19, 20
KEYS = {164: "mute", 24: "louder", 25: "softer", 26: "power"}  # from public control modules


class RefusedError(Exception):
    """The action answers success:0."""


class Wish:
    """The body of an action. Reading what is not there, or is no such thing, refuses it."""

    def __init__(self, body: Mapping[str, object]) -> None:
        self.body = body

    def whole(self, name: str, least: int, most: int, default: int | None = None) -> int:
        value = self.body.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise RefusedError(name)
        return value

    def text(self, name: str) -> str:
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise RefusedError(name)
        return value

    def several(self, name: str) -> list[object]:
        value = self.body.get(name, [])
        if not isinstance(value, list):
            raise RefusedError(name)
        return value

    def inside(self, name: str) -> "Wish":
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise RefusedError(name)
        return Wish(value)


# What is read.


def audio(terminal: "Terminal", wish: Wish) -> object:
    told: dict[str, object] = {
        "MicSwitch": int(not terminal.muted),
        "SpeakerSwitch": int(terminal.speaker),
        "speakerValue": terminal.volume,
    }
    for number in range(1, 4):
        told |= {f"mic{number}": 1, f"mic{number}Value": 0}
    return told


def is_asleep(terminal: "Terminal", wish: Wish) -> object:
    return {"isSystemSleep": "sleep" if terminal.asleep else "unsleep"}


def call_types(terminal: "Terminal", wish: Wish) -> object:
    return {"value": CALL_TYPES}


def specs(terminal: "Terminal", wish: Wish) -> object:
    """What this holds is not documented; the model is what the other replies call it."""
    return {"szTermType": terminal.kind.name}


def settings(terminal: "Terminal", wish: Wish) -> object:
    """The form of question and answer is from public control modules."""
    names = [str(each) for each in wish.several("CfgIDString")] or list(terminal.settings_kept)
    if unknown := set(names) - set(terminal.settings_kept):
        raise RefusedError(unknown)
    return {name: terminal.settings_kept[name] for name in names}


def is_presenting(terminal: "Terminal", wish: Wish) -> object:
    """From public control modules, as the next two."""
    return {"isSendAux": "auxOpen" if terminal.presenting else "auxClose"}


def line_state(terminal: "Terminal", wish: Wish) -> object:
    return {"sipStatusTxStr": "SIP_STATE_OK" if terminal.registered else "EMPTY"}


def version(terminal: "Terminal", wish: Wish) -> object:
    return {
        "model": terminal.kind.name,
        "softVersion": terminal.knobs.version,
        "micVersion": "",
    }


# What is changed.


def open_mic(terminal: "Terminal", wish: Wish) -> None:
    terminal.muted = False


def close_mic(terminal: "Terminal", wish: Wish) -> None:
    terminal.muted = True


def set_volume(terminal: "Terminal", wish: Wish) -> None:
    speaker, volume = wish.whole("speaker", 0, 1, 1), wish.whole("speakerValue", 0, LOUDEST)
    terminal.speaker, terminal.volume = bool(speaker), volume


def control_camera(terminal: "Terminal", wish: Wish) -> None:
    if wish.text("camState") != "localCam":  # the far end's camera is not simulated
        raise RefusedError("camState")
    source = wish.whole("camSrc", 0, len(terminal.eyes) - 1, 0)
    action = wish.whole("camAction", 0, CLEAR)
    eye, presets = terminal.eyes[source], terminal.presets[source]
    if action in MOVES:
        axis, direction = MOVES[action]
        eye.motors[axis].run(direction)
    elif action - 8 in MOVES:
        eye.motors[MOVES[action - 8][0]].run(0)
    elif action == HOME:
        eye.go_home()
    elif action not in FOCUS:
        number = wish.whole("camPos", PRESETS[0], PRESETS[-1])
        if action == SAVE:
            presets[number] = eye.pose
        elif number not in presets:
            raise RefusedError("camPos")
        elif action == RECALL:
            eye.go(presets[number])
        else:
            del presets[number]


def call_number(terminal: "Terminal", wish: Wish) -> None:
    _dial(terminal, wish.text("szNumber"))


def call_site(terminal: "Terminal", wish: Wish) -> None:
    """The form of the site is from public control modules."""
    site = wish.inside("stSiteInfo")
    _dial(terminal, site.text("szName"))


def _dial(terminal: "Terminal", number: str) -> None:
    if not terminal.call.is_free:
        raise RefusedError("there is a call")
    terminal.wake()
    terminal.call.dial(number)


def hang_up(terminal: "Terminal", wish: Wish) -> None:
    wish.whole("ucSiteHandle", 0, 255, 1)
    if terminal.call.phase is not Phase.CONNECTED:
        raise RefusedError("there is no call")
    terminal.call.end()


def cancel_call(terminal: "Terminal", wish: Wish) -> None:
    if terminal.call.phase not in (Phase.DIALLING, Phase.RINGING):
        raise RefusedError("nothing rings")
    terminal.call.end()


def answer(terminal: "Terminal", wish: Wish) -> None:
    takes = wish.whole("ucValue", 0, 1)
    wish.whole("ucMediaType", 0, 255, 0)
    if terminal.call.phase is not Phase.RINGING:
        raise RefusedError("nobody calls")
    if takes:
        terminal.call.connect()
    else:
        terminal.call.end()


def sleep(terminal: "Terminal", wish: Wish) -> None:
    if not terminal.call.is_free:
        raise RefusedError("there is a call")
    terminal.fall_asleep()


def wake(terminal: "Terminal", wish: Wish) -> None:
    terminal.wake()


def start_presenting(terminal: "Terminal", wish: Wish) -> None:
    terminal.presenting = True


def stop_presenting(terminal: "Terminal", wish: Wish) -> None:
    terminal.presenting = False


def view_site(terminal: "Terminal", wish: Wish) -> None:
    terminal.layout = {
        "M": wish.whole("M", 0, 65535),
        "T": wish.whole("T", 0, 65535),
        "type": wish.text("type"),
        "picID": wish.whole("picID", 0, 65535, 0),
    }
    terminal.logins.post({"msgId": "MSG_VIEW_SITE_RSP", "params": terminal.layout})


def press_key(terminal: "Terminal", wish: Wish) -> None:
    wish.whole("keyState", 0, 1, 0)
    terminal.key(KEYS.get(wish.whole("keyCode", 0, 999), ""))


def save_settings(terminal: "Terminal", wish: Wish) -> None:
    """Either a plain object, or the lists of public control modules."""
    items = [*wish.several("CfgItemInt"), *wish.several("CfgItemString")]
    given = {
        str(each.get("CfgItemID")): each.get("CfgItemInfo")
        for each in items
        if isinstance(each, dict)
    }
    if not items:
        given = {name: value for name, value in wish.body.items() if name != "acCSRFToken"}
    if not given or not set(given) <= set(terminal.settings_kept):
        raise RefusedError("no such setting")
    terminal.settings_kept.update(given)


def restart(terminal: "Terminal", wish: Wish) -> None:
    """From public control modules."""
    terminal.clock.later(0.0, terminal.reboot)


Action = Callable[["Terminal", Wish], object]
QUERIES: Mapping[str, Action] = {
    "WEB_InitAudioCtrlParamsAPI": audio,
    "WEB_IsSystemSleepAPI": is_asleep,
    "WEB_RequestCallTypeDataAPI": call_types,
    "WEB_GetTermSpecsInfoAPI": specs,
    "WEB_GetCfgParamAPI": settings,
    "WEB_IsSendAuxStreamAPI": is_presenting,
    "WEB_GetLineStateInfoAPI": line_state,
    "WEB_GetVersionInfoAPI": version,
}
CHANGES: Mapping[str, Action] = {
    "WEB_OpenMicAPI": open_mic,
    "WEB_CloseMicAPI": close_mic,
    "WEB_SetSpeakVolumeAPI": set_volume,
    "WEB_CtrlCameraOpeateAPI": control_camera,
    "WEB_CallNumberAPI": call_number,
    "WEB_CallSiteAPI": call_site,
    "WEB_HangupCallAPI": hang_up,
    "WEB_CancelCallAPI": cancel_call,
    "WEB_IncomingCallProcAPI": answer,
    "WEB_StartTermSleepAPI": sleep,
    "WEB_SystemWakeUpAPI": wake,
    "WEB_StartSendAuxStreamAPI": start_presenting,
    "WEB_StopSendAuxStreamAPI": stop_presenting,
    "WEB_ViewSiteAPI": view_site,
    "WEB_EmuRemoteKeyAPI": press_key,
    "WEB_SaveCfgParamAPI": save_settings,
    "WEB_RequestRebootAPI": restart,
}

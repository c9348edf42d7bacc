"""A terminal that takes HTTP requests over a line in memory, for the driver's tests."""

import json
from typing import Any

from avctl.testing import Script


def http(body: str, status: str = "200 OK", *headers: str) -> bytes:
    data = body.encode()
    head = (f"HTTP/1.1 {status}", "Content-Type: text/plain", *headers)
    return "\r\n".join((*head, f"Content-Length: {len(data)}", "", "")).encode() + data


NO = '{"success":0,"error":{"id":100666995,"code":33558532,"params":[]}}'


class Box(Script):
    """As much of a terminal as the driver has to do with."""

    def __init__(
        self, password: str = "secret", wants: str = "header", doubled: bool = True
    ) -> None:
        super().__init__()
        self.password, self.wants, self.doubled = password, wants, doubled
        self.by_cookie = True
        self.sessions: dict[str, bool] = {}  # and whether it is logged in
        self.room = 4
        self.frees_strangers = True  # whether a session that is not logged in can be ended
        self.refuses_all: set[str] = set()
        self.forgets_at = ""  # action at which it forgets all sessions
        self.silent = False
        self.ignores = False
        self.ends = False  # the connection, after each answer
        self.audio = {"MicSwitch": 1, "SpeakerSwitch": 1, "speakerValue": 15}
        self.mail: Any = {"callstate": 0, "conftype": 0}
        self.types = [3, 4, 8, 10]
        self.asleep = False
        self.actions: list[tuple[str, Any]] = []  # and their bodies
        self._count = 0

    def said(self, *names: str) -> list[Any]:
        return [body for action, body in self.actions if action in names]

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        head, _, text = data.decode().partition("\r\n\r\n")
        line, *rest = head.split("\r\n")
        headers = dict(each.split(": ", 1) for each in rest)
        action = line.split()[1].split("ActionID=")[1]
        body = json.loads(text) if text else None
        self.actions.append((action, body))
        if not self.silent:
            self.say(self._answer(action, body, headers))
            if self.ends:
                self.hang_up()

    def _answer(self, action: str, body: Any, headers: dict[str, str]) -> bytes:
        if action == self.forgets_at:
            self.forgets_at = ""
            self.sessions.clear()
        if action in self.refuses_all:
            return self._http(NO)
        if action == "WEB_RequestSessionIDAPI":
            return self._open()
        session = headers.get("Sessionid") or headers.get("Cookie", "=").split("=")[1]
        if session not in self.sessions:
            return self._http(NO)
        if action == "WEB_RequestCertificateAPI":
            self.sessions[session] = body == {"user": "api", "password": self.password}
            if not self.sessions[session]:
                return self._http(NO)
            return self._yes({"acCSRFToken": f"token-{session}"})
        if action == "WEB_LogoutAPI":
            if not (self.sessions[session] or self.frees_strangers):
                return self._http(NO)
            del self.sessions[session]
            return self._yes()
        if not self.sessions[session] or not self._has_token(f"token-{session}", body, headers):
            return self._http(NO)
        return self._act(action, body)

    def _open(self) -> bytes:
        if len(self.sessions) >= self.room:
            return self._http(NO)
        self._count += 1
        name = f"s{self._count}"
        self.sessions[name] = False
        fields = {"acSessionId": "" if self.by_cookie else name, "szTermType": "HUAWEI Box 300"}
        cookie = f"Set-Cookie: SessionID={name}; Path=/; Secure; HttpOnly"
        return self._yes(fields, *((cookie,) if self.by_cookie else ()))

    def _has_token(self, token: str, body: Any, headers: dict[str, str]) -> bool:
        places = {
            "header": headers.get("acCSRFToken") == token,
            "body": (body or {}).get("acCSRFToken") == token,
        }
        return places.get(self.wants, self.wants == "none")

    def _act(self, action: str, body: Any) -> bytes:
        match action:
            case "WEB_InitAudioCtrlParamsAPI":
                return self._yes(self.audio)
            case "WEB_IsSystemSleepAPI":
                return self._yes({"isSystemSleep": "sleep" if self.asleep else "unsleep"})
            case "WEB_RequestCallTypeDataAPI":
                return self._yes({"value": self.types})
            case "WEB_GetMailboxDataAPI":
                return self._yes({"state": self.mail})
        if not self.ignores:
            self._set(action, body)
        return self._yes()

    def _set(self, action: str, body: Any) -> None:
        match action:
            case "WEB_OpenMicAPI" | "WEB_CloseMicAPI":
                self.audio["MicSwitch"] = int(action == "WEB_OpenMicAPI")
            case "WEB_SetSpeakVolumeAPI":
                self.audio["speakerValue"] = body["speakerValue"]
            case "WEB_StartTermSleepAPI" | "WEB_SystemWakeUpAPI":
                self.asleep = action == "WEB_StartTermSleepAPI"
            case "WEB_CallNumberAPI":
                self.mail = {"callstate": 1, "conftype": 0, "szNumber": body["szNumber"]}
            case "WEB_HangupCallAPI" | "WEB_CancelCallAPI":
                self.mail = {"callstate": 2, "conftype": 0}

    def _yes(self, data: Any = "", *headers: str) -> bytes:
        text = json.dumps(data) if data != "" and self.doubled else data
        return self._http(json.dumps({"success": 1, "data": text}), *headers)

    def _http(self, body: str, *headers: str) -> bytes:
        return http(body, "200 OK", *headers, *(("Connection: close",) if self.ends else ()))

"""What the terminal gave at the login and wants to see again, and requests that carry it.

Source: Huawei "TE10, TE20 HTTP API" (EDOC1100044503), sessions; where the token is to be put is not in it.
"""

import json
from typing import Any

import h11

from avctl.drivers.huawei_te.settings import HuaweiSettings

LOG_IN = "WEB_RequestCertificateAPI"
LOG_OUT = "WEB_LogoutAPI"
TOKEN = "acCSRFToken"
PLACES = ("header", "body")  # where the token is tried


class Session:
    """Outlives connections: terminals have room for few, and forget them late."""

    def __init__(self, settings: HuaweiSettings) -> None:
        self._settings = settings
        self.host = ""
        self.place = PLACES[0] if settings.csrf == "auto" else settings.csrf
        self.forget()

    def forget(self) -> None:
        self.cookie = ""
        self.number = ""  # how older TE are told which session it is
        self.token = ""
        self.is_there = False  # as far as is known; logged in or not
        self.is_logged_in = False

    def opened(self, cookie: str, number: str) -> None:
        """The terminal named a session; it changes its name at times."""
        self.cookie, self.number = cookie or self.cookie, number or self.number
        self.is_there = True

    def logged_in(self, token: str) -> None:
        self.token, self.is_logged_in = token, True

    def request(self, wire: bytes) -> tuple[h11.Request, bytes]:
        """What ``wire`` (an action, and its body after a blank) is sent as."""
        action, _, body = wire.decode().partition(" ")
        sent = self._body(action, body)
        headers = [("Host", self.host)]
        if self.cookie:
            headers.append(("Cookie", f"SessionID={self.cookie}"))
        if self.number:
            headers.append(("Sessionid", self.number))
        if self.token and self.place == "header":
            headers.append((TOKEN, self.token))
        headers.append(("Content-Length", str(len(sent))))
        target = f"/action.cgi?ActionID={action}"
        return h11.Request(method="POST", target=target, headers=headers), sent

    def _body(self, action: str, body: str) -> bytes:
        if action == LOG_IN:
            # Only here: commands are quoted in errors and logs.
            password = self._settings.password.get_secret_value()
            body = compact({"user": self._settings.user, "password": password})
        if self.token and self.place == "body":
            body = compact({**(json.loads(body) if body else {}), TOKEN: self.token})
        return body.encode()


def compact(what: Any) -> str:
    return json.dumps(what, separators=(",", ":"))

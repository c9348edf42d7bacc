"""A client at a simulated Huawei terminal's web server."""

import json
from typing import Any

from hw_sim.huawei_te import Terminal
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import dial, rows

ROWS = {name.removeprefix("huawei_"): row for name, row in rows("huawei_te").items()}
TOLD = {name: row for name, row in ROWS.items() if row["direction"] == "to_device"}
SAID = {name: row["ascii"] for name, row in ROWS.items() if row["direction"] == "from_device"}

Reply = tuple[int, dict[str, str], str]


def replies(data: bytes) -> list[Reply]:
    """The replies that are in ``data``: status, headers in lower case, body."""
    found = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        size = int(headers["content-length"])
        found.append((int(first.split(" ")[1]), headers, rest[:size].decode()))
        data = rest[size:]
    return found


class Client:
    """Somebody at a terminal's web server, by the rules of the terminal's model."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.ear = terminal, Ear()
        self.line = dial(terminal, self.ear)
        self.headers: dict[str, str] = {}
        self.token = ""

    def send(self, action: str, body: object = None, **headers: str) -> Reply:
        data = b"" if body is None else json.dumps(body).encode()
        lines = [f"POST /action.cgi?ActionID={action} HTTP/1.1", f"Content-Length: {len(data)}"]
        lines += [f"{name}: {value}" for name, value in (self.headers | headers).items()]
        self.line.receive("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
        (reply,) = replies(self.ear.take())
        return reply

    def ask(self, action: str, **body: object) -> Any:
        """The data of a success, or None for a failure."""
        said = json.loads(
            self.send(action, body | ({"acCSRFToken": self.token} if self.token else {}))[2]
        )
        if not said["success"]:
            assert set(said["error"]) == {"id", "code", "params"}
            return None
        data = said["data"]
        return json.loads(data) if isinstance(data, str) and data else data

    def begin(self) -> bool:
        """Get a session."""
        _, headers, body = self.send("WEB_RequestSessionIDAPI")
        said = json.loads(body)
        if not said["success"]:
            return False
        data = json.loads(said["data"]) if isinstance(said["data"], str) else said["data"]
        if data["acSessionId"]:
            self.headers = {"Sessionid": data["acSessionId"]}
        else:
            self.headers = {"Cookie": headers["set-cookie"].partition(";")[0]}
        return True

    def log_in(self, password: str = "") -> "Client":
        assert self.begin()
        given = self.ask("WEB_RequestCertificateAPI", user="api", password=password)
        if given is not None:
            self.token = given["acCSRFToken"]
        return self

    @property
    def state(self) -> Any:
        return self.ask("WEB_GetMailboxDataAPI")["state"]


def made(clock: ManualClock, **options: Any) -> tuple[Terminal, Client]:
    terminal = Terminal(options.pop("model", None), clock=clock, **options)
    return terminal, Client(terminal).log_in(options.get("password", ""))

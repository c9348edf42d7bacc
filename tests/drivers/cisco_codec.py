"""A codec's shell over a line in memory, for the driver's tests."""

import json
import re
from typing import Any

from avctl.testing import Script

BANNER = (
    b"\r\nWelcome to room\r\nCisco Codec Release ce 9.2.2 3a892a1 2017-11-30\r\n"
    b"SW Release Date: 2017-11-30 13:06:59, matchbox\r\n*r Login successful\r\n\r\nOK\r\n\r\n"
)


def value(text: str) -> dict[str, str]:
    return {"Value": text}


def tree() -> dict[str, Any]:
    return {
        "Audio": {"Microphones": {"Mute": value("Off")}, "Volume": value("50")},
        "Standby": {"State": value("Off")},
        "SystemUnit": {
            "ProductId": value("Cisco Room Kit"),
            "Uptime": value("62974"),
            "Software": {"DisplayName": value("RoomOS 10.3"), "Version": value("ce10.3")},
            "Hardware": {
                "Temperature": value("64.0"),
                "TemperatureThreshold": value("85"),
                "Module": {"SerialNumber": value("FTT1234")},
                "Monitoring": {"Fan": [{"id": "1", "Status": value("2372 rpm")}]},
            },
            "State": {"NumberOfActiveCalls": value("0")},
        },
        "SIP": {"Registration": [{"id": "1", "Status": value("Registered")}]},
        "H323": {"Gatekeeper": {"Status": value("Inactive")}},
        "Diagnostics": {"Message": []},
    }


class Shell(Script):
    """As much of a codec as the driver has to do with."""

    def __init__(self, login: str = "") -> None:
        super().__init__(greeting=b"\r\nlogin: " if login else BANNER)
        self.login = login  # the password it asks for on the line
        self.tree = tree()
        self.calls: dict[str, dict[str, str]] = {}
        self.registered: set[str] = set()
        self.commands: list[str] = []
        self.refuses_paths: set[str] = set()
        self.refuses_commands = False
        self.silent = self.ignores = self.mutters = False
        self.tells_changes = True
        self.answers_mode = False
        self._asked = ""

    async def dial(self, address: Any, receiver: Any) -> Any:
        self.registered.clear()
        self._asked = "login" if self.login else ""
        return await super().dial(address, receiver)

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        if self.silent or not data:
            return
        text = data.decode().rstrip("\n")
        if self._asked:
            self.say(self._log_in(text))
            return
        match = re.fullmatch(r'(.*?)(?: \| resultId="(\d+)")?', text)
        assert match
        command, tag = match.groups()
        self.commands.append(command)
        if command == "echo off":
            self.say(b"\x1b[?1034h\r\nOK\r\n")
        elif command == "xpreferences outputmode json":
            self.say(b"\r\nOK\r\n" if self.answers_mode else b"")
        elif self.mutters:
            self.say(b"Command not recognized.\r\n")
        else:
            self.say(self._answer(command) | {"ResultId": tag})

    def say(self, said: Any) -> None:
        if isinstance(said, dict):
            said = json.dumps(said, indent=1).encode() + b"\n"
        if said:
            super().say(said)

    def _log_in(self, text: str) -> bytes:
        if self._asked == "login":
            self._asked = "password" if text else "login"
            return b"Password: " if text else b"\r\nlogin: "
        if text == self.login:
            self._asked = ""
            return BANNER
        self._asked = "login"
        return b"\r\nLogin incorrect\r\n\r\nlogin: "

    def _answer(self, command: str) -> dict[str, Any]:
        verb, _, rest = command.partition(" ")
        if verb == "xStatus":
            return self._status(rest)
        if verb == "xfeedback":
            self.registered.add(rest.removeprefix("register "))
            return {}
        words, parameters = _parted(rest)
        if self.refuses_commands:
            no = {"status": "Error", "Reason": value("Not allowed")}
            return {"CommandResponse": {f"{words[-1]}Result": no}}
        if not self.ignores:
            self._carry_out(" ".join(words), parameters)
        return {"CommandResponse": {f"{''.join(words[-2:])}Result": {"status": "OK"}}}

    def _status(self, path: str) -> dict[str, Any]:
        where = f"Status/{path.replace(' ', '/')}"
        reason = {"Reason": value("No match on address expression"), "XPath": value(where)}
        no = {"Status": {"status": "Error", **reason}}
        if path in self.refuses_paths:
            return no
        found: Any = {**self.tree, "Call": self._call_items()}
        for word in path.split():
            if word not in found or found[word] == []:
                return no
            found = found[word]
        for word in reversed(path.split()):
            found = {word: found}
        return {"Status": found}

    def _call_items(self) -> list[Any]:
        return [
            {"id": number, **{name: value(text) for name, text in call.items()}}
            for number, call in self.calls.items()
        ]

    def _carry_out(self, command: str, parameters: dict[str, str]) -> None:
        match command:
            case "Audio Microphones Mute" | "Audio Microphones Unmute":
                on = "On" if command.endswith(" Mute") else "Off"
                self.change({"Audio": {"Microphones": {"Mute": value(on)}}})
            case "Audio Volume Set":
                self.change({"Audio": {"Volume": value(parameters["Level"])}})
            case "Standby Activate" | "Standby Deactivate":
                on = "Standby" if command.endswith(" Activate") else "Off"
                self.change({"Standby": {"State": value(on)}})
            case "Dial":
                number = parameters["Number"]
                self.call("7", Status="Dialling", Direction="Outgoing", RemoteNumber=number)
            case "Call DisconnectAll" | "Call Reject":
                for number in list(self.calls):
                    self.end(number)
            case "Call Accept":
                for number in self.calls:
                    self.call(number, Status="Connected", AnswerState="Answered")

    # What happens at it, and is announced to who registered.

    def change(self, branch: dict[str, Any]) -> None:
        _merge(self.tree, branch)
        self._announce({"Status": branch})

    def call(self, number: str, **fields: str) -> None:
        self.calls[number] = self.calls.get(number, {}) | fields
        item = {"id": number, **{name: value(text) for name, text in fields.items()}}
        self._announce({"Status": {"Call": [item]}})

    def end(self, number: str) -> None:
        del self.calls[number]
        self._announce({"Status": {"Call": [{"id": int(number), "ghost": "True"}]}})

    def _announce(self, said: dict[str, Any]) -> None:
        top = next(iter(said["Status"]))
        if self.tells_changes and any(
            path.startswith(f"/Status/{top}") for path in self.registered
        ):
            self.say(said)


def _parted(text: str) -> tuple[list[str], dict[str, str]]:
    parameters = dict(re.findall(r'(\w+): "?([^" ]+)"?', text))
    words = re.sub(r'\w+: (?:"[^"]*"|\S+)', "", text).split()
    return words, parameters


def _merge(into: dict[str, Any], branch: dict[str, Any]) -> None:
    for name, below in branch.items():
        if isinstance(into.get(name), dict) and isinstance(below, dict):
            _merge(into[name], below)
        else:
            into[name] = below

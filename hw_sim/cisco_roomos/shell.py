"""One session with the shell: its lines in, text or JSON out, and what it wants to be told."""

from asyncio import TimerHandle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hw_sim.cisco_roomos.commands import RULES
from hw_sim.cisco_roomos.rules import LONGEST, FailedError, ParameterError, Rule
from hw_sim.cisco_roomos.speech import Speech
from hw_sim.cisco_roomos.status import exists
from hw_sim.cisco_roomos.tree import Flat, Path, holds, parsed, touches
from hw_sim.cisco_roomos.wire import Line, Lines, Order, TooLongError, order
from hw_sim.simulator import Conversation, Port

if TYPE_CHECKING:
    from hw_sim.cisco_roomos.device import Codec

UNKNOWN = "Command not recognized."
ESCAPE = "\x1b[?1034h"


@dataclass(frozen=True, slots=True)
class Registration:
    root: str  # status, configuration or event
    path: Path
    at: float  # simulated time


class Shell(Conversation):
    def __init__(self, codec: "Codec", port: Port) -> None:
        self._codec, self._port = codec, port
        self._lines = Lines(codec.knobs.input_limit)
        self._speech = Speech(codec.knobs, port)
        self._echoes = True
        self._bodied: tuple[Order, list[str]] | None = None  # a command whose body comes by lines
        self._body_size = 0
        self._wishes: list[Registration] = []
        self._closing = False
        self._silence: TimerHandle | None = None

    def opened(self) -> None:
        self._codec.shells.append(self)
        software, host = self._codec.knobs.software, self._codec.knobs.host
        self._speech.lines(
            "",
            f"Welcome to {host}",
            f"Cisco Codec Release {software}",
            "SW Release Date: 2017-11-30 13:06:59, matchbox",
            "*r Login successful",
            "",
            "OK",
            "",
        )
        self._wait()
        self.flush()

    def closed(self) -> None:
        self._closing = True
        if self in self._codec.shells:
            self._codec.shells.remove(self)
        if self._silence is not None:
            self._silence.cancel()

    def receive(self, data: bytes) -> None:
        if self._closing:
            return
        self._wait()
        try:
            for line in self._lines.feed(data):
                self._take(line)
                if self._closing:
                    return
        except TooLongError:
            self.drop()
        self.flush()

    def drop(self) -> None:
        """End the session."""
        self.flush()
        self._closing = True
        self._port.close()

    def flush(self) -> None:
        if not self._closing:
            self._speech.flush()

    def _wait(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
        if seconds := self._codec.knobs.idle_seconds:
            self._silence = self._codec.clock.later(seconds, self.drop)

    # Lines.

    def _take(self, line: Line) -> None:
        if self._echoes:
            self._speech.lines(line.text)
        if self._bodied is not None and line.body is None:
            self._take_body(line.text)
            return
        if len(line.text) > LONGEST:
            self._speech.lines(UNKNOWN)
            return
        wish = order(line.text)
        rule = RULES.get(_key(wish)) if wish.verb == "xcommand" else None
        if rule is not None and rule.takes_body and line.body is None:
            self._bodied, self._body_size = (wish, []), 0
            return
        self._obey(wish, line)

    def _take_body(self, text: str) -> None:
        """One more line of a body that a lone dot ends."""
        assert self._bodied is not None
        wish, lines = self._bodied
        if text == ".":
            self._bodied = None
            self._command(wish, "\n".join(lines))
            return
        self._body_size += len(text) + 1
        if self._body_size > self._codec.knobs.input_limit:
            raise TooLongError
        lines.append(text)

    def _obey(self, wish: Order, line: Line) -> None:
        match wish.verb:
            case "":
                pass
            case "xcommand":
                self._command(wish, line.body)
            case "xstatus":
                self._status(wish)
            case "xconfiguration":
                self._configuration(wish)
            case "xfeedback":
                self._feedback(wish)
            case "xpreferences" if wish.path.lower() in (
                "outputmode json", "outputmode terminal",
            ):  # fmt: skip
                self._speech.is_json = wish.path.lower().endswith("json")
            case "echo" if wish.path.lower() in ("on", "off"):
                self._echoes = wish.path.lower() == "on"
                if self._codec.knobs.escape:
                    self._speech.raw(ESCAPE)
                self._speech.lines("", "OK")
            case "bye" | "exit":
                self.drop()
            case _:
                self._speech.lines(UNKNOWN)

    # Commands.

    def _command(self, wish: Order, body: str | None) -> None:
        rule = RULES.get(_key(wish))
        if rule is None:
            path = "/" + "/".join(wish.path.split())
            self._speech.error("Result", "Unknown command", path, wish.id)
            return
        with self._codec.news.after_answer(self):
            answer = self._result(rule, wish, body)
            self._speech.result(rule.result, answer, wish.id)

    def _result(self, rule: Rule, wish: Order, body: str | None) -> Mapping[str, object]:
        try:
            given = rule.given(wish, body)
            faults = self._codec.faults
            if faults.strikes("busy"):
                raise FailedError("Busy")
            if faults.strikes("refuses"):
                raise FailedError("Not allowed")
            if faults.strikes("ignores"):
                return {"status": "OK"}
            return {"status": "OK"} | dict(rule.do(self._codec, given) or {})
        except ParameterError:
            return {"status": "ParameterError"}
        except FailedError as error:
            return {"status": "Error", "Reason": str(error)}

    # Reading and setting.

    def _status(self, wish: Order) -> None:
        self._say_tree("Status", self._codec.whole_status(), parsed(wish.path), wish.id)

    def _configuration(self, wish: Order) -> None:
        values, path = self._codec.configuration, parsed(wish.path)
        if not wish.given:
            self._say_tree("Configuration", values, path, wish.id)
            return
        wanted = (*path, *parsed(wish.leaf))
        found = next((each for each in values if holds(wanted, each) and holds(each, wanted)), None)
        if found is None:
            self._speech.no_match("Configuration", wanted, wish.id)
            return
        answer: dict[str, object] = {"status": "OK"}
        faults = self._codec.faults
        if faults.strikes("busy") or faults.strikes("refuses"):
            answer = {"status": "Error", "Reason": "Not allowed"}
        elif not faults.strikes("ignores") and not self._codec.configure(
            found, wish.given[wish.leaf.lower()][-1]
        ):
            answer = {"status": "ParameterError"}
        self._speech.result("Configuration", answer, wish.id)

    def _say_tree(self, root: str, values: Flat, path: Path, id: str | None) -> None:
        if not exists(path, values):
            self._speech.no_match(root, path, id)
            return
        found = {each: value for each, value in values.items() if holds(path, each)}
        self._speech.tree(root, found, (), id, asked=True)

    # Being told.

    def _feedback(self, wish: Order) -> None:
        verb, _, expression = wish.path.partition(" ")
        root, *path = parsed(expression) or ("",)
        at = self._codec.clock.now()
        one = Registration(str(root).lower(), tuple(path), at)
        self._forget_lost()
        match verb.lower():
            case "register" if one.root in ("status", "configuration", "event"):
                if len(self._wishes) >= self._codec.knobs.feedback_limit:
                    self._speech.error("Result", "Too many expressions", expression, wish.id)
                    return
                self._wishes.append(one)
            case "deregister" if one.root:
                self._wishes = [
                    each for each in self._wishes if (each.root, each.path) != (one.root, one.path)
                ]
            case "deregisterall":
                self._wishes.clear()
            case "list":
                pass
            case _:
                self._speech.error("Result", "Unknown command", f"/{wish.path}", wish.id)
                return
        self._speech.nothing(wish.id)

    def tell(self, news: Flat, gone: Iterable[Path]) -> None:
        """Say what of the news this session wants to hear; `flush` writes it."""
        self._forget_lost()
        wanted = [each.path for each in self._wishes if each.root == "status"]
        found = {
            path: value for path, value in news.items() if any(holds(one, path) for one in wanted)
        }
        lost = [path for path in gone if any(touches(one, path) for one in wanted)]
        if found or lost:
            self._speech.tree("Status", found, lost, None, asked=False)

    def _forget_lost(self) -> None:
        """Registrations may go by themselves, and nobody is told."""
        if seconds := self._codec.knobs.feedback_seconds:
            now = self._codec.clock.now()
            self._wishes = [each for each in self._wishes if now - each.at < seconds]


def _key(wish: Order) -> str:
    """A command's name, however its words are parted."""
    return " ".join(wish.path.replace("/", " ").split()).lower()

"""What a session says: results, trees and errors, as text or as JSON, and how they are written out."""

from collections.abc import Iterable, Mapping

from hw_sim.cisco_roomos.knobs import Knobs
from hw_sim.cisco_roomos.tree import Flat, Path, nested, written
from hw_sim.cisco_roomos.wire import EOL, json_text, plain
from hw_sim.simulator import Port

NO_MATCH = "No match on address expression"
Answer = Mapping[str, object]


class Speech:
    """Collects what is said until `flush`."""

    def __init__(self, knobs: Knobs, port: Port) -> None:
        self._knobs, self._port = knobs, port
        self.is_json = False
        self._out: list[str] = []

    def flush(self) -> None:
        """Write what was said since the last time, in pieces where the system does."""
        data = "".join(self._out).encode(errors="replace")
        self._out.clear()
        step = self._knobs.split_at or len(data) or 1
        for start in range(0, len(data), step):
            self._port.send(data[start : start + step])

    def lines(self, *lines: str) -> None:
        self._out += [line + EOL for line in lines]

    def raw(self, text: str) -> None:
        self._out.append(text)

    def result(self, name: str, answer: Answer, id: str | None) -> None:
        if self.is_json:
            self.json({"CommandResponse": {name: _leaves(answer)}}, id)
            return
        status = str(answer["status"])
        self.lines("OK" if status == "OK" else "ERROR", f"*r {name} (status={status}):")
        for path, value in _flat(answer):
            self.lines(f"*r {name} {path}: {plain(value)}")
        self._end(id)

    def error(
        self, name: str, reason: str, path: str, id: str | None, *, wrapped: bool = True
    ) -> None:
        answer = {"status": "Error", "Reason": reason, "XPath": path}
        if wrapped or not self.is_json:
            self.result(name, answer, id)
        else:
            self.json({name: _leaves(answer)}, id)

    def no_match(self, root: str, path: Path, id: str | None) -> None:
        reason = NO_MATCH + ("." if self._knobs.dotted_errors else "")
        where = "/".join(filter(None, (root, written(path))))
        self.error(root, reason, where, id, wrapped=self._knobs.wrapped_errors)

    def tree(
        self, root: str, found: Flat, gone: Iterable[Path], id: str | None, *, asked: bool
    ) -> None:
        """Values, and numbered branches that are gone; text ends with OK where it was ``asked`` for."""
        if self.is_json:
            self.json({root: nested(found, gone, numeric=self._knobs.numeric_ids)}, id)
            return
        mark = "*s" if root == "Status" else "*c xConfiguration"
        for path, value in found.items():
            self.lines(f"{mark} {' '.join(map(str, path))}: {plain(value)}")
        for path in gone:
            self.lines(f"{mark} {' '.join(map(str, path))} (ghost=True):")
        self._end(id)
        if asked:
            self.lines("", "OK")

    def nothing(self, id: str | None) -> None:
        """That something was heard, and no more."""
        if self.is_json:
            self.json({}, id)
        else:
            self._end(id)

    def json(self, body: Answer, id: str | None) -> None:
        self._out.append(json_text(body, id, compact=self._knobs.glued))

    def _end(self, id: str | None) -> None:
        if id is not None:
            self.lines(f'** resultId: "{id}"')
        self.lines("** end")


def _leaves(answer: Mapping[str, object]) -> dict[str, object]:
    """An answer as JSON has it: every value but the status in an object of its own."""
    found: dict[str, object] = {}
    for name, value in answer.items():
        if name == "status":
            found[name] = value
        elif isinstance(value, list):
            found[name] = [
                {"id": str(number), **_leaves(each)} for number, each in enumerate(value, 1)
            ]
        else:
            found[name] = {"Value": value}
    return found


def _flat(answer: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for name, value in answer.items():
        if isinstance(value, list):
            for number, each in enumerate(value, 1):
                for path, text in _flat(each):
                    yield f"{name} {number} {path}", text
        elif name != "status":
            yield name, str(value)

"""The calls of a codec, merged from what it tells of each."""

from collections.abc import Iterable, Mapping

from avctl.capabilities.terminal import CallState
from avctl.drivers.cisco_roomos.tree import Leaf

MOST_CALLS = 32
MOST_FIELDS = 64

STATES: Mapping[str, CallState] = {
    "Idle": CallState.IDLE,
    "Dialling": CallState.CALLING,
    "Ringing": CallState.CALLING,
    "Connecting": CallState.CALLING,
    "EarlyMedia": CallState.CALLING,
    "Connected": CallState.CONNECTED,
    # Until it is gone it may not be taken for ended.
    "Disconnecting": CallState.CONNECTED,
    "Preserved": CallState.CONNECTED,
    "RemotePreserved": CallState.CONNECTED,
    "OnHold": CallState.HELD,
}
MATTERS = (
    CallState.CONNECTED, CallState.HELD, CallState.RINGING, CallState.CALLING, CallState.IDLE,
)  # fmt: skip


class Calls:
    def __init__(self) -> None:
        self._calls: dict[str, dict[str, str]] = {}

    def stand(self, told: Iterable[Leaf]) -> None:
        """All calls there are, as asked for."""
        self._calls.clear()
        self.change(told)

    def change(self, told: Iterable[Leaf]) -> None:
        """Leaves below ``Call``: its number first."""
        for path, value in ((leaf.path, leaf.value) for leaf in told):
            if value is None:
                self._remove(path)
            elif len(path) >= 2:
                self._put(path[0], "/".join(path[1:]), value)

    def _remove(self, path: tuple[str, ...]) -> None:
        match path:
            case ():
                self._calls.clear()
            case (number,):
                self._calls.pop(number, None)
            case (number, *rest):
                self._calls.get(number, {}).pop("/".join(rest), None)

    def _put(self, number: str, name: str, value: str) -> None:
        if number not in self._calls and len(self._calls) >= MOST_CALLS:
            return
        call = self._calls.setdefault(number, {})
        if name in call or len(call) < MOST_FIELDS:
            call[name] = value

    @property
    def state(self) -> CallState:
        """Of the call that matters most."""
        return self._first()[0]

    @property
    def far_end(self) -> str | None:
        call = self._first()[1]
        return call.get("RemoteNumber") or call.get("DisplayName")

    def _first(self) -> tuple[CallState, Mapping[str, str]]:
        told = [(_state(call), call) for call in self._calls.values()]
        return min(told, key=lambda each: MATTERS.index(each[0]), default=(CallState.IDLE, {}))


def _state(call: Mapping[str, str]) -> CallState:
    comes_in = call.get("Direction") == "Incoming"
    if comes_in and (call.get("Status") == "Ringing" or call.get("AnswerState") == "Unanswered"):
        return CallState.RINGING
    # What is not known may be a call, and is not taken for none.
    return STATES.get(call.get("Status", ""), CallState.CONNECTED)

"""Who asks: a person, a panel, a machine with a token, or anybody where nobody has to log in."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from service.people.roles import MATRIX, Grant, Grants, Right, Role
from service.problems import ApiError

AUDITED = frozenset({"access", "people"})  # kinds of entries that only auditors read
CALLER = "avctl.caller"  # where a request's scope has it


class Kind(StrEnum):
    PERSON = "person"
    PANEL = "panel"
    MACHINE = "machine"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Caller:
    kind: Kind
    name: str  # as the journal has it; of an open caller whatever it calls itself
    grants: Grants
    person: int | None = None
    session: str = ""  # the key of its login
    panel: str = ""  # the bound panel it sits at
    must_change: bool = False  # the password, before anything else

    def may(self, right: Right, room: str | None = None) -> bool:
        """``room`` None: something of the whole site."""
        if right is Right.PUBLIC:
            return True
        if right is Right.OWN:
            return self.kind is Kind.PERSON
        return any(grant.covers(right, room) for grant in self.grants)

    def demand(self, right: Right, room: str | None = None) -> None:
        """Raises ApiError where it may not."""
        if self.may(right, room):
            return
        if self.must_change:
            raise ApiError("must-change", "change the password first", "请先修改密码")
        if right is Right.CRITICAL and self.panel:
            raise ApiError("pin-needed", "enter a PIN for this", "此操作需要输入 PIN")
        detail = f"{self.name or 'this caller'} may not {right.value} here"
        raise ApiError("forbidden", detail, f"{self.name}没有此操作的权限")

    def may_somewhere(self, right: Right) -> bool:
        return self.may(right) or any(
            self.may(right, grant.room) for grant in self.grants if grant.room
        )

    def sees(self, room: str | None) -> bool:
        return self.may(Right.VIEW, room)

    def rooms(self, rooms: Iterable[str]) -> list[str]:
        """Those of ``rooms`` that it may look at."""
        return [room for room in rooms if self.sees(room)]

    def reads(self, kind: str, room: str | None) -> bool:
        """Whether it may read entries of the journal of this kind and room."""
        return self.sees(room) and (kind not in AUDITED or self.may(Right.AUDIT))

    def rights(self, room: str | None = None) -> list[Right]:
        """Those it was given."""
        own = (Right.PUBLIC, Right.OWN)
        return [right for right in Right if right not in own and self.may(right, room)]


# Where nobody has to log in everybody may do everything but what needs people.
EVERYBODY = Caller(
    Kind.OPEN, "", tuple(Grant(role) for role in MATRIX if role is not Role.ADMINISTRATOR)
)

"""Who may do what: the matrix of roles and rights, the one place where it is said."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What a request may need."""

    PUBLIC = "public"  # nobody has to be known
    OWN = "own"  # to be known: one's own login, password, second factor
    VIEW = "view"  # rooms, devices, runs, pictures, the schedule
    OPERATE = "operate"  # scenes, settings by hand, cameras
    CRITICAL = "critical"  # scenes that ask whether they are meant
    EMERGENCY = "emergency"  # scenes of emergency
    RECORD = "record"  # meetings, incidents, what a person saw at an inspection
    MAINTAIN = "maintain"  # warm-ups, inspections, drills, jobs begun by hand
    CONFIGURE = "configure"  # what the room files and the ledger say, which pairs are armed
    REPORT = "report"  # reading reports
    DRAFT = "draft"  # making them and writing the text around their figures
    REVIEW = "review"  # approving or returning them
    AUDIT = "audit"  # who did what and who was refused
    ADMINISTER = "administer"  # people, panels and tokens


class Role(StrEnum):
    VIEWER = "viewer"
    OPERATOR = "operator"
    ENGINEER = "engineer"
    CLIENT = "client"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    PANEL = "panel"  # a bound panel with nobody logged in; no person has it


_OPERATES = {
    Right.VIEW, Right.OPERATE, Right.CRITICAL, Right.EMERGENCY, Right.RECORD, Right.MAINTAIN,
    Right.REPORT, Right.DRAFT,
}  # fmt: skip

# Nobody holds all: who commands does not audit, and who gives rights does neither.
MATRIX: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.VIEW}),
    Role.OPERATOR: frozenset(_OPERATES),
    Role.ENGINEER: frozenset(_OPERATES | {Right.CONFIGURE}),
    Role.CLIENT: frozenset({Right.VIEW, Right.REPORT, Right.REVIEW}),
    Role.AUDITOR: frozenset({Right.VIEW, Right.REPORT, Right.AUDIT}),
    Role.ADMINISTRATOR: frozenset({Right.VIEW, Right.ADMINISTER}),
    Role.PANEL: frozenset({Right.VIEW, Right.OPERATE, Right.EMERGENCY, Right.RECORD}),
}

TITLES: Mapping[Role, tuple[str, str]] = {
    Role.VIEWER: ("观看者", "Viewer"),
    Role.OPERATOR: ("操作员", "Operator"),
    Role.ENGINEER: ("工程师", "Engineer"),
    Role.CLIENT: ("甲方", "Client"),
    Role.AUDITOR: ("审计员", "Auditor"),
    Role.ADMINISTRATOR: ("管理员", "Administrator"),
    Role.PANEL: ("控制面板", "Panel"),
}

GIVEN = tuple(role for role in Role if role is not Role.PANEL)  # roles that a person may have
MACHINES = tuple(role for role in GIVEN if role is not Role.ADMINISTRATOR)  # that a token may have


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role, in one room or in the whole site."""

    role: Role
    room: str = ""  # all of the site, where it is empty

    def covers(self, right: Right, room: str | None) -> bool:
        """``room`` None: something of the whole site."""
        return right in MATRIX[self.role] and (not self.room or self.room == room)


Grants = tuple[Grant, ...]


def written(grants: Iterable[Grant]) -> str:
    return json.dumps([[grant.role, grant.room] for grant in sorted(set(grants))])


def read(text: str) -> Grants:
    """Roles of another version are passed over."""
    known = set(Role)
    return tuple(Grant(Role(role), room) for role, room in json.loads(text) if role in known)

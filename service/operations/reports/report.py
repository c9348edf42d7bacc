"""One report, from its draft to its approval."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from service.operations.reports.kinds import Asked
from service.views.models import Title

State = Literal["draft", "submitted", "returned", "approved"]


@dataclass(frozen=True, slots=True)
class Step:
    seq: int  # of the journal's entry
    event: str
    at: str
    by: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was submitted: facts by their hash, as they stood at a time, and the files made of them."""

    facts: str
    at: str
    through: int
    files: Mapping[str, str]  # zh.pdf → SHA-256


@dataclass(eq=False, slots=True)
class Report:
    """Its identity is the number of the journal's entry that began it."""

    identity: int
    asked: Asked
    by: str
    made: str
    state: State = "draft"
    texts: dict[str, Title] = field(default_factory=dict)
    frozen: Frozen | None = None  # while it is submitted, and once it is approved
    submitted_by: str = ""
    submitted: str = ""
    reviewed_by: str = ""  # who approved or returned it last
    reviewed: str = ""
    remarks: str = ""  # why it was returned, or what was said with the approval
    digest: str = ""  # of an approved one: SHA-256 over the hashes of facts and files
    history: list[Step] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether its texts may be edited."""
        return self.state in ("draft", "returned")

    @property
    def number(self) -> str:
        return f"{self.asked.kind}-{self.asked.period}-{self.identity}"

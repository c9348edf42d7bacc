"""What a report says beside its figures: who made and approved it, its number, the texts that people wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from service.views.models import Title

Language = Literal["zh", "en"]
State = Literal["copy", "draft", "submitted", "returned", "approved"]

STATES: Mapping[str, Title] = {
    "copy": Title(zh="未经审批", en="not reviewed"),
    "draft": Title(zh="草稿", en="draft"),
    "submitted": Title(zh="送审稿", en="submitted"),
    "returned": Title(zh="退回修改", en="returned"),
    "approved": Title(zh="已批准", en="approved"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    name: str = ""
    at: str = ""  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Cover:
    state: State = "copy"
    number: str = ""
    organisation: Title = field(default_factory=lambda: Title(zh="", en=""))
    client: Title = field(default_factory=lambda: Title(zh="", en=""))
    prepared: Signature = Signature()
    reviewed: Signature = Signature()
    approved: Signature = Signature()
    # Written by people: "summary", "remarks", or the name of a section.
    texts: Mapping[str, Title] = field(default_factory=dict)

    def text(self, name: str, language: Language) -> str:
        """In the other language where it was written in that alone."""
        found = self.texts.get(name)
        if found is None:
            return ""
        return (found.zh or found.en) if language == "zh" else (found.en or found.zh)

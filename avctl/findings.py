"""What an examination finds: how bad it is, and in plain words what it is and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    GOOD = "good"
    WATCH = "watch"  # works, but not as it should
    FAULT = "fault"  # does not work, or will not when it is needed


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found of one device. Texts are for people; ``todo`` is empty where nothing needs to be done."""

    device: str
    level: Level
    about: str  # line, login, model, names, signal, pace
    en: str
    zh: str
    todo_en: str = ""
    todo_zh: str = ""

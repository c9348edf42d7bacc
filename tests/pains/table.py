"""What users of comparable systems suffer from, where they said so, and our test: kept at the tests, shown in docs/pains.md.

``python -m tests.pains.table`` writes the page anew.
"""

import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "pains.md"
SOURCE = re.compile(r"^[\w.-]+/[\w.-]+(#\d+)?$")

Test = TypeVar("Test", bound=Callable[..., Any])

OPENING = """\
# What users of comparable systems suffer from

Each line is something that users of other control systems reported in public, in our words, with the place where they
said it, and the test that shows avctl not having it. All tests but one run real drivers against simulated devices (the
one uses a driver that is broken on purpose): nothing here was measured on hardware. Where a report is of a product that
avctl does not drive, the test shows the same with one that it does. What is not on this page is not claimed.
"""
FILES = {
    "no_confirmation": "No confirmation that the action happened",
    "drift": "Screen and device drift apart",
    "hangs": "Hangs, queues, delays",
    "recovery": "Connections that do not come back",
    "main_backup": "Main and backup",
    "safety": "Safety and ways back",
    "simulators": "Simulators and tests",
    "operations": "Operations",
}


@dataclass(frozen=True)
class Pain:
    """What hurts, in one sentence, and the public threads that say so: ``owner/repository#number``.

    Without a number: the repository's read-me or source.
    """

    text: str
    sources: tuple[str, ...]


def pain(text: str, *sources: str) -> Callable[[Test], Test]:
    """Mark a test as the one that shows a pain not to be ours."""

    def mark(test: Test) -> Test:
        test.pain = Pain(text, sources)  # type: ignore[attr-defined]  # functions take attributes
        return test

    return mark


def marked(file: str) -> Iterator[tuple[str, Pain | None]]:
    """The tests of ``test_<file>.py`` as written, by name, with the pain that each is marked with."""
    module = importlib.import_module(f"tests.pains.test_{file}")
    for name, value in vars(module).items():
        if name.startswith("test_"):
            yield name, getattr(value, "pain", None)


def page() -> str:
    parts = [OPENING]
    for file, title in FILES.items():
        rows = [
            f"| {pain.text} | {_threads(pain.sources)} | `{name}` |"
            for name, pain in marked(file)
            if pain
        ]
        head = "| what hurts elsewhere | said in | our test |\n|---|---|---|"
        where = f"Tests: `tests/pains/test_{file}.py`"
        parts.append("\n".join((f"## {title}", "", where, "", head, *rows, "")))
    return "\n".join(parts)


def _threads(sources: tuple[str, ...]) -> str:
    return ", ".join(f"[{each}]({_address(each)})" for each in sources)


def _address(source: str) -> str:
    repository, _, number = source.partition("#")
    return f"https://github.com/{repository}" + (f"/issues/{number}" if number else "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

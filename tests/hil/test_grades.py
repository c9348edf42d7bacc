"""What the drivers' pages say of their grade is what the kept wire of real devices says."""

import re
from pathlib import Path

import pytest

from avctl.registry import names
from avctl.testing.capture import grade
from tests.processes import ROOT

PAGES = sorted((ROOT / "docs" / "drivers").glob("*.md"))
GRADE = re.compile(r"Grade: \*\*(\w+)\*\*")


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.stem in names()], ids=lambda p: p.stem
)
def test_a_drivers_page_tells_the_grade_it_has_earned(page: Path) -> None:
    told = GRADE.search(page.read_text(encoding="utf-8"))
    assert told, f"{page.name} does not tell the driver's grade"
    assert told[1] == grade(page.stem, ROOT / "hil").word

"""The page for users and the tests here say the same."""

import pytest

from tests.pains.table import FILES, HERE, PAGE, SOURCE, marked, page


def test_the_page_names_every_test_here_and_nothing_else() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.pains.table"


def test_every_file_here_has_its_part_of_the_page() -> None:
    files = {path.stem.removeprefix("test_") for path in HERE.glob("test_*.py")}
    assert files == {*FILES, "table"}


@pytest.mark.parametrize("file", FILES)
def test_every_test_is_marked_with_a_pain_and_its_source(file: str) -> None:
    for name, pain in marked(file):
        assert pain is not None, name
        assert pain.text.endswith("."), name
        assert pain.sources, name
        assert all(SOURCE.match(source) for source in pain.sources), name


def test_no_pain_is_told_twice() -> None:
    told = [pain.text for file in FILES for _, pain in marked(file) if pain]
    sources = [each for file in FILES for _, pain in marked(file) if pain for each in pain.sources]
    assert len(told) == len(set(told))
    assert len(sources) == len(set(sources))

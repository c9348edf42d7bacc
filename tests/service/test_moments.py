"""Times that callers send: written out, with a zone, and such as can be reckoned with."""

import pytest
from pydantic import TypeAdapter, ValidationError

from service.views.moments import Day, Moment


@pytest.mark.parametrize(
    "given",
    [
        1790000000, "1790000000", "2026", 2.7e-276, "2026-12-01T00:00:00", "now",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused(given):
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(given)


@pytest.mark.parametrize("given", [1790000000, "20261201", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_refused(given):
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(given)


def test_moments_and_days_are_described_as_such():
    assert TypeAdapter(Moment).json_schema()["format"] == "date-time"
    assert TypeAdapter(Day).validate_json('"2026-12-01"').isoformat() == "2026-12-01"
    assert TypeAdapter(Moment).validate_json('"2026-12-01T08:00:00+08:00"').hour == 8

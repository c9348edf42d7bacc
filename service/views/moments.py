"""Times as callers send them: written out, with their zone, in years that can be reckoned with."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

YEARS = range(1970, 9000)


def _written(given: Any) -> Any:
    """Pydantic takes bare numbers too, for seconds since 1970: a year alone would be half an hour after that."""
    if isinstance(given, str) and given[4:5] == "-":
        return given
    raise ValueError("write it out, like 2026-12-01T00:00:00+08:00")


def _reckoned(at: Any) -> Any:
    if at.year in YEARS:
        return at
    raise ValueError(f"the year has to be within {YEARS[0]} and {YEARS[-1]}")


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_reckoned)]
Day = Annotated[date, BeforeValidator(_written), AfterValidator(_reckoned)]

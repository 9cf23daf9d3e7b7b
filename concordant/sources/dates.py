"""Dates: a day, a month or a year as ISO 8601 writes them, and whether there is such a one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

HINT = "write a day as 2026-05-31, a month as 2026-05, a year as 2026"
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.+)?)?)?")
# A date of EDTF, which may be about so, with a month and perhaps a day.
_EDTF = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?[~?%]?")
_SEASONS = range(21, 25)  # which EDTF writes in place of a month
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


def moment_of(text: str) -> datetime | None:
    """Return the moment at which a day, a month or a year begins; None for what is none."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = found.groups("01")
    try:
        return datetime.fromisoformat(text if found[3] else f"{year}-{month}-{day}")
    except ValueError:
        return None


def impossible_date(value: object) -> str:
    """Return what is no date in one of CSL, a text of EDTF or `date-parts`; "" if there is nothing."""
    for parts in _dates_in(value):
        if not _exists(*parts):
            return "-".join(f"{each:02}" for each in parts)
    return ""


def _dates_in(value: Any) -> Iterator[list[int]]:
    """Yield the years with a month, and perhaps a day."""
    if isinstance(value, str):
        for each in value.split("/"):
            if found := _EDTF.fullmatch(each.strip()):
                yield [int(part) for part in found.groups() if part]
    elif isinstance(value, list):
        for each in value:
            yield from _dates_in(each)
    elif isinstance(value, dict):
        listed = value.get("date-parts") or [[value.get(n) for n in ("year", "month", "day")]]
        for parts in filter(lambda each: isinstance(each, list), listed):
            numbers = [int(each) for each in parts if re.fullmatch(r"\d+", str(each))]
            if len(numbers) == len([each for each in parts if each is not None]) > 1:
                yield numbers[:3]


def _exists(year: int, month: int, day: int = 0) -> bool:
    if not day:
        return 1 <= month <= 12 or month in _SEASONS
    try:
        date(max(1, min(year, 9999)), month, day)
    except ValueError:
        return False
    return True


def with_dates_as_text(loader: Any) -> Any:
    """Return a loader of YAML that leaves dates as they are written: one that there is not is told with its place."""
    resolvers = {
        sign: [each for each in known if each[0] != _TIMESTAMP]
        for sign, known in loader.yaml_implicit_resolvers.items()
    }
    return type(loader.__name__, (loader,), {"yaml_implicit_resolvers": resolvers})

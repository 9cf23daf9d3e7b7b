"""Dates: which there are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from concordant.sources.dates import impossible_date, moment_of


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-31", datetime(2026, 5, 31)),
        ("2026-05", datetime(2026, 5, 1)),
        ("2026", datetime(2026, 1, 1)),
        ("2024-02-29", datetime(2024, 2, 29)),
        ("2026-05-31T10:00:00Z", datetime(2026, 5, 31, 10, tzinfo=UTC)),
        ("2026-02-29", None),
        ("2026-13", None),
        ("2026-13-45", None),
        ("2026-5-3", None),
        ("20260531", None),
        ("0000", None),
        ("Mai 2026", None),
        ("", None),
    ],
)
def test_a_day_a_month_and_a_year_are_dates(text: str, moment: datetime | None) -> None:
    assert moment_of(text) == moment


@pytest.mark.parametrize(
    ("value", "impossible"),
    [
        ("2026-05-31", ""),
        ("2026-22", ""),  # summer
        ("2026~", ""),
        ("2026-04/2026-05-31", ""),
        ("2026-04/..", ""),
        ("in press", ""),
        (2026, ""),
        (None, ""),
        ({"date-parts": [[2026, 5, 31]]}, ""),
        ({"date-parts": [["2026", "2"]]}, ""),
        ({"date-parts": [[2026, 23]]}, ""),
        ({"date-parts": [[0], [2026]]}, ""),
        ({"date-parts": []}, ""),
        ({"literal": "in press"}, ""),
        ([{"year": 2026, "month": 2, "day": 28}], ""),
        ("2026-13", "2026-13"),
        ("2026-22-01", "2026-22-01"),
        ("2026-04/2026-04-31", "2026-04-31"),
        ({"date-parts": [[2026, 5], [2026, 0]]}, "2026-00"),
        ({"date-parts": [["2026", "2", "30"]]}, "2026-02-30"),
        ([{"year": 2026, "month": 13}], "2026-13"),
    ],
)
def test_a_date_that_there_is_not_is_found(value: object, impossible: str) -> None:
    assert impossible_date(value) == impossible

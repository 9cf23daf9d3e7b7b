"""What stands in for a function while something is loaded does so in one thread alone, and no longer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import tinycss2

from concordant.editions.press.exchange import exchanged, nothing_here
from tests.processes import output_of

SHEET = "p { color: red }"


def test_others_read_style_sheets_meanwhile() -> None:
    with ThreadPoolExecutor(1) as other, exchanged("parse_stylesheet", nothing_here, tinycss2):
        assert tinycss2.parse_stylesheet(SHEET) == []
        assert other.submit(lambda: tinycss2.parse_stylesheet(SHEET)).result()
    assert tinycss2.parse_stylesheet(SHEET)


def test_the_sheets_of_weasyprint_are_not_read_twice() -> None:
    """In a process of its own, as others may have loaded WeasyPrint here."""
    code = (
        "from concordant.editions.press import weasy; from weasyprint import html, CSS; "
        "sheets = (html.UA_STYLESHEET, weasy._USER_AGENT, CSS(string='p { color: red }')); "
        "print(*[bool(list(each.matcher.lower_local_name_selectors)) for each in sheets], 'decimal' in html.UA_COUNTER_STYLE)"
    )
    assert output_of(code).split() == ["False", "True", "True", "True"]

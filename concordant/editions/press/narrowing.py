"""Narrowing: in a table that is wider than the column long words may break, then it is set smaller, as far as it can be read.

How, the style sheet says. Each step costs another layout, which only parts with such tables need.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import islice

from concordant.editions.elements import Element, add_class, without, words_of
from concordant.editions.press.printing import WideTable
from concordant.editions.press.weasy import Layout, Press

_LONG_WORD = re.compile(r"\S{20}")


def lay_out_narrowed(press: Press, root: Element) -> Layout:
    """Lay out a part, its tables narrowed step by step as long as they are too wide."""
    layout = press.lay_out(root)
    for step in _STEPS:
        tables = list(root.iter("table"))
        changed = [step(tables[index]) for index in layout.wide]
        if any(changed):
            layout = press.lay_out(root)
    return layout


def told(layout: Layout, root: Element) -> tuple[WideTable, ...]:
    """Return the tables of a part that stay too wide."""
    beginnings = [(_section(table), _first_cells(table)) for table in root.iter("table")]
    return tuple((*beginnings[at], beginnings[:at].count(beginnings[at])) for at in layout.wide)


def _section(table: Element) -> str:
    sections = (each.get("id") for each in table.iterancestors("section"))
    return next(filter(None, sections), "")


def _first_cells(table: Element) -> tuple[str, ...]:
    cells = (cell for row in islice(table.iter("tr"), 1) for cell in row)
    return tuple(words_of(without(cell, "noteref", "footnote")) for cell in cells)


def _let_words_break(table: Element) -> bool:
    """Let long words break, where there are any."""
    cells = [each for each in table.iter("th", "td") if _LONG_WORD.search(words_of(each))]
    for each in cells:
        add_class(each, "breaking")
    return bool(cells)


def _set_smaller(name: str, table: Element) -> bool:
    add_class(table, name)
    return True


_STEPS: tuple[Callable[[Element], bool], ...] = (
    _let_words_break,
    partial(_set_smaller, "narrow"),
    partial(_set_smaller, "narrowest"),
)

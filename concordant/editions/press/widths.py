"""Widths: which tables of a layout stand out of the column, as WeasyPrint sets no table narrower than its words are.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from weasyprint.formatting_structure import boxes

_TOLERANCE = 1  # CSS px


def wide_tables(pages: Sequence[Any], root: Any) -> tuple[int, ...]:
    """Return the index of each table element of a document whose box on a page ends behind the column."""
    tables = list(root.iter("table"))
    if not tables:
        return ()
    wide = {id(box.element) for page in pages for box in _standing_out(page._page_box)}
    return tuple(index for index, each in enumerate(tables) if id(each) in wide)


def _standing_out(page: Any) -> Iterator[Any]:
    end = page.content_box_x() + page.width + _TOLERANCE
    for table in _tables(page):
        if table.border_box_x() + table.border_width() > end:
            yield table


def _tables(box: Any) -> Iterator[Any]:
    """Yield the tables in a box, but for those in others; none stands in a line."""
    box = getattr(box, "_box", box)  # of what is out of the flow, a placeholder stands here
    if isinstance(box, boxes.TableBox):
        yield box
    elif isinstance(box, boxes.ParentBox) and not isinstance(box, boxes.LineBox):
        for child in box.children:
            yield from _tables(child)

"""Widths: which tables of a layout stand out of the column, as WeasyPrint sets no table narrower than its words are, and which
formulas are set too small, as a style sheet keeps them within it.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from weasyprint.formatting_structure import boxes

from concordant.editions.press.formulas import TEX

_TOLERANCE = 1  # CSS px
_LEAST = 0.6  # of a formula's size: what can be read


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


def small_formulas(pages: Sequence[Any], root: Any) -> tuple[str, ...]:
    """Return the TeX of each formula of a document that is set much smaller than the text around it."""
    if all(TEX not in each.attrib for each in root.iter()):
        return ()
    return tuple(
        box.element.get(TEX)
        for page in pages
        for box in _formulas(page._page_box)
        if box.width < _LEAST * _full_width(box)
    )


def _full_width(formula: Any) -> float:
    ems = float(formula.element.get("width").removesuffix("em"))
    return ems * float(formula.style["font_size"])


def _formulas(box: Any) -> Iterator[Any]:
    box = getattr(box, "_box", box)
    if isinstance(box, boxes.ReplacedBox) and TEX in box.element.attrib:
        yield box
    for child in getattr(box, "children", ()):
        yield from _formulas(child)

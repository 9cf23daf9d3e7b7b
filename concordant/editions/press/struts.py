"""Struts: how high the lines of a look are at least is asked once (CSS 2.2, 10.8.1).

WeasyPrint asks for each text of each line, and writes down anew each time what decides the answer. What is printed is the same.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from weasyprint.layout import inline

from concordant.editions.press.blankdrawing import GLYPHS

Strut = Callable[[Any], tuple[float, float]]
_LOOK = ("line_height", *GLYPHS)  # what decides how high a line is


@contextmanager
def struts_kept() -> Iterator[None]:
    """Let struts be kept in the layouts that are made in this block."""
    strut = inline.strut
    inline.strut = _keeping(strut)
    try:
        yield
    finally:
        inline.strut = strut


def _keeping(strut: Strut) -> Strut:
    """Return WeasyPrint's function, which is asked once for each look."""
    look_of = itemgetter(*_LOOK)
    known: dict[Hashable, tuple[float, float]] = {}

    def keep(style: Any) -> tuple[float, float]:
        look = (style.font_config, *look_of(style))
        try:
            found = known.get(look)
        except TypeError:  # the style of a drawing's text has lists
            return strut(style)
        if found is None:
            found = known[look] = strut(style)
        return found

    return keep

"""Copying lines: the Pango layout of a line is a copy of the first that looks the same.

WeasyPrint makes a context, a font description and features for each line, and again when it draws the line. A book has
thousands of lines, which look one of a few dozen ways. What is printed is the same.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, gobject, pango

from concordant.editions.press.blankdrawing import GLYPHS
from concordant.editions.press.exchange import exchanged
from concordant.editions.press.looks import once_a_look

SetUp = Callable[[Any, Any], None]
_LOOK = ("direction", "text_decoration_line", *GLYPHS)  # what decides how a line is set up
ffi.cdef("PangoLayout * pango_layout_copy (PangoLayout *layout);")


def lines_copied() -> AbstractContextManager[None]:
    """Let lines be set up so in the layouts that are made or drawn in this block."""
    return exchanged("setup", _copying, line_break.Layout)


def _copying(set_up: SetUp) -> SetUp:
    """Return WeasyPrint's method that sets up a line, which is asked once for each look."""

    def set_up_one(style: Any) -> Any:
        first = object.__new__(line_break.Layout)
        set_up(first, style)
        return first

    first_of = once_a_look(_LOOK, set_up_one)

    def copy(line: Any, style: Any) -> None:
        first = first_of(style)
        line.__dict__.update(first.__dict__)
        line.style = style
        line.layout = ffi.gc(pango.pango_layout_copy(first.layout), gobject.g_object_unref)

    return copy

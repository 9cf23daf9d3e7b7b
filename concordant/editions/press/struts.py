"""Struts: how high the lines of a look are at least is asked once (CSS 2.2, 10.8.1).

WeasyPrint asks for each text of each line, and writes down anew each time what decides the answer. What is printed is the same.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import partial

from weasyprint.layout import inline

from concordant.editions.press.blankdrawing import GLYPHS
from concordant.editions.press.exchange import exchanged
from concordant.editions.press.looks import once_a_look

_LOOK = ("line_height", *GLYPHS)  # what decides how high a line is


def struts_kept() -> AbstractContextManager[None]:
    """Let struts be kept in the layouts that are made in this block."""
    return exchanged("strut", partial(once_a_look, _LOOK), inline)

"""Line keeping: where the first line of a text ends is asked once for the same text, look and room.

WeasyPrint asks again whenever it sets a page anew (for a note, a heading that must not stand alone, another length of the
chapter) and for each word of a table's cells when it looks for the width of columns. What is printed is the same.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from typing import Any

from weasyprint.layout import inline, preferred
from weasyprint.text.line_break import Layout

from concordant.editions.press.blankdrawing import GLYPHS
from concordant.editions.press.exchange import exchanged
from concordant.editions.press.looks import once_a_look

_LOOK = (  # what of a style decides where a line ends
    *("direction", "letter_spacing", "word_spacing", "tab_size", "text_decoration_line"),
    *("white_space", "overflow_wrap", "word_break", "hyphens"),
    *(f"hyphenate_{each}" for each in ("character", "limit_chars", "limit_zone")),
    *GLYPHS,
)
_MOST = 10_000_000  # bytes, roughly, that all lines take
_EACH = 600  # bytes, roughly, that a line takes beside its text
Split = Callable[..., tuple[Any, ...]]


class KeptLines:
    """The first lines that were found, by text, look and room; when they are many, they are forgotten."""

    def __init__(self) -> None:
        self._look_of = once_a_look(_LOOK, lambda _: object())
        self._known: dict[Hashable, tuple[Any, ...]] = {}
        self._size = 0

    def asked_once(self, split: Split) -> Split:
        """Return WeasyPrint's function that splits the first line off a text, which is asked for what is not known."""

        def split_first_line(text: str, style: Any, context: Any, *room: Any, **more: Any) -> Any:
            key = (text, self._look_of(style), room, *more.items())
            found = self._known.get(key)
            if found is None:
                found = split(text, style, context, *room, **more)
                self._keep(key, found, len(text) + _EACH)
            first, *facts = found
            line = object.__new__(Layout)  # each box has its own, and may change it
            line.__dict__.update(first.__dict__)
            return line, *facts

        return split_first_line

    def _keep(self, key: Hashable, found: tuple[Any, ...], size: int) -> None:
        if self._size > _MOST:
            self._known.clear()
            self._size = 0
        self._known[key] = found
        self._size += size


def lines_kept(kept: KeptLines) -> AbstractContextManager[None]:
    """Let lines be kept in the layouts that are made in this block, and with those for which the same was given."""
    return exchanged("split_first_line", kept.asked_once, inline, preferred)

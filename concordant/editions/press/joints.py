"""Joints: the call of a note stays with the sign behind which it stands.

Where two boxes meet without a space, WeasyPrint asks Pango whether a line may end between the one's last character and
the other's first. Pango lets it end between a full stop and a number. It is asked once for the same two.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from weasyprint.layout import inline

_CLOSING = frozenset(".,:;?!…")


@contextmanager
def joints_kept() -> Iterator[None]:
    """Let no line end between a closing sign and a number in the layouts that are made in this block."""
    can_break = inline.can_break_text

    @cache
    def can_break_here(text: str, lang: str | None) -> bool:
        kept = text[:1] in _CLOSING and text[1:].isdigit()
        return not kept and bool(can_break(text, lang))

    inline.can_break_text = can_break_here
    try:
        yield
    finally:
        inline.can_break_text = can_break

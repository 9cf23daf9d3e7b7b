"""Joints: the call of a note stays with the sign behind which it stands.

Where two boxes meet without a space, WeasyPrint asks Pango whether a line may end between the one's last character and
the other's first. Pango lets it end between a full stop and a number. It is asked once for the same two.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from weasyprint.layout import inline

from concordant.editions.press.exchange import exchanged

_CLOSING = frozenset(".,:;?!…")


def joints_kept() -> AbstractContextManager[None]:
    """Let no line end between a closing sign and a number in the layouts that are made in this block."""
    return exchanged("can_break_text", _keeping, inline)


def _keeping(can_break: Callable[[str, str | None], Any]) -> Callable[[str, str | None], bool]:
    @cache
    def can_break_here(text: str, lang: str | None) -> bool:
        kept = text[:1] in _CLOSING and text[1:].isdigit()
        return not kept and bool(can_break(text, lang))

    return can_break_here

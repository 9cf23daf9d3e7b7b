"""Fitting: as a compositor does, a chapter runs a line long or short where that spares the reader a nearly empty page.

How, the style sheet says: it leaves the lines of a page and the sink of a chapter's opening to custom properties.
"""

from __future__ import annotations

from concordant.editions.fragments import Element
from concordant.editions.weasy import Layout, Press

_CHANGES = ("--extra-lines: 1", "--extra-lines: -1", "--extra-lines: 1; --sink: 0")
_FULL = 0.8  # of a page's height: what a page is filled to before it looks broken off
_ENDING = 0.17  # what a last page should hold at least


def fit(press: Press, root: Element) -> Layout:
    """Lay out a part; where a page comes out nearly empty, try other lengths and take the best."""
    layout = press.lay_out(root, first_folio=1)
    if _loss(layout) == layout.page_count:
        return layout
    others = [
        press.lay_out(root, first_folio=1, style=f":root {{ {change} }}") for change in _CHANGES
    ]
    return min([layout, *others], key=_loss)


def _loss(layout: Layout) -> float:
    """Return how much paper a layout takes: its pages, and what is left white on them without need."""
    *inner, last = layout.fills
    white = sum(_FULL - fill for fill in inner if fill < _FULL)
    if inner and last < _ENDING:
        white += _FULL - last
    return layout.page_count + white

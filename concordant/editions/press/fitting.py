"""Fitting: as a compositor does, a chapter runs a line long or short where that spares the reader a nearly empty page.

How, the style sheet says: it leaves the lines of a page and the sink of a chapter's opening to custom properties.
Each change costs another layout, so the likeliest come first, and the first that leaves too little white for another is taken.

The layout engine now and then loses a note that is called beside a page break, in a table or a definition. Pages that are
a line longer or shorter break elsewhere, and so bring it back.
"""

from __future__ import annotations

from concordant.editions.elements import Element, classes
from concordant.editions.press.narrowing import lay_out_narrowed
from concordant.editions.press.printing import NotesLost
from concordant.editions.press.weasy import Layout, Press

_CHANGES = ("--extra-lines: 1", "--extra-lines: 1; --sink: 0", "--extra-lines: -1")
_FULL = 0.8  # of a page's height: what a page is filled to before it looks broken off
_ENDING = 0.17  # what a last page should hold at least
_WORTH = 0.25  # of a page: what has to be white before another layout is worth its time
_LONGEST = 40  # pages; in a longer part a nearly empty one is no matter


def fit(press: Press, root: Element) -> Layout:
    """Lay out a part; where a page comes out nearly empty or a note is lost, try other lengths and take the best.

    Raises:
        NotesLost: notes are lost, whatever the length.
    """
    notes = frozenset(str(each.get("id")) for each in root.iter() if "footnote" in classes(each))

    def loss(layout: Layout) -> tuple[int, float]:
        return len(notes - layout.anchors.keys()), layout.page_count + _white(layout)

    def is_good(layout: Layout) -> bool:
        is_full = _white(layout) < _WORTH or layout.page_count > _LONGEST
        return notes <= layout.anchors.keys() and is_full

    best = lay_out_narrowed(press, root)
    if is_good(best):
        return best
    for change in _CHANGES:
        other = press.lay_out(root, style=f":root {{ {change} }}")
        best = min(best, other, key=loss)
        if best is other and is_good(other):
            break
    if lost := notes - best.anchors.keys():
        raise NotesLost(sorted(lost))
    return best


def _white(layout: Layout) -> float:
    """Return how much of its pages is left white without need."""
    *inner, last = layout.fills
    white = sum(_FULL - fill for fill in inner if fill < _FULL)
    return white + _FULL - last if inner and last < _ENDING else white

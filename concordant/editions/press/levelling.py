"""Levelling: the pages of a stretch of a list are filled alike, so that none is left half empty at its end.

Each may be a few lines short, as the pages of a list of entries that are kept whole are anyway.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise, takewhile
from typing import Any

from concordant.editions.elements import Element
from concordant.editions.press.stretches import LIST, continues

_CLOSE = 0.01  # pixels


def printed_pages(root: Element, pages: Sequence[Any]) -> list[Any]:
    """Return those of WeasyPrint's pages of a stretch that are printed: all that have entries, filled alike, and what comes before."""
    opening = [*takewhile(lambda page: _list_on(page) is None, pages)]
    if len(opening) == len(pages):  # a style hides the list
        return opening
    listed = _levelled([*pages[len(opening) :]])
    return listed if continues(root) else [*opening, *listed]


def _levelled(pages: list[Any]) -> list[Any]:
    """Return pages with the entries spread over them evenly; as they are, where anything could be wrong with that."""
    lists = [_list_on(page) for page in pages]
    if not all(lists) or not _can_move([each.children for each in lists]):
        return pages
    boxes = [box for each in lists for box in each.children]
    tops = [each.children[0].position_y for each in lists]
    spread = _spread(boxes, tops[0], tops[-1], max(_end(each.children[-1]) for each in lists))
    if len(spread) != len(pages):
        return pages
    for each, top, (first, last) in zip(lists, tops, spread, strict=True):
        each.children = boxes[first:last]
        heights = accumulate((box.margin_height() for box in each.children), initial=top)
        for box, start in zip(each.children, heights, strict=False):
            box.translate(0, start - box.position_y)
    return [type(page)(page._page_box) for page in pages]  # which notes down where links are


def _list_on(page: Any) -> Any:
    """Return the box of the list on a page, or None."""
    found = (box for box in page._page_box.children[0].descendants() if _is_list(box))
    return next(found, None)


def _is_list(box: Any) -> bool:
    element = getattr(box, "element", None)
    return element is not None and LIST in str(element.get("class", "")).split()


def _can_move(lists: Sequence[Sequence[Any]]) -> bool:
    """Tell whether the boxes of lists stand one below the other, are whole, and have nothing behind them that stays."""
    every = [box for each in lists for box in each]
    return (
        all(lists)
        and len({box.position_y for box, *_ in lists[1:]}) < 2
        and len({id(box.element) for box in every}) == len(every)
        and all(
            abs(after.position_y - box.position_y - box.margin_height()) < _CLOSE
            for each in lists
            for box, after in pairwise(each)
        )
        and not any(
            getattr(each, "background", None) for box in every for each in box.descendants()
        )
    )


def _end(box: Any) -> float:
    """Return where a box ends on its page, without the space below."""
    end: float = box.position_y + box.margin_height() - box.margin_bottom
    return end


def _spread(
    entries: Sequence[Any], first_top: float, top: float, end: float
) -> list[tuple[int, int]]:
    """Return which boxes, from and to, go on each page; pages begin at `top`, and the fullest ends at `end`.

    The squares of what is left white are least, so all pages are as full as each other, give or take an entry.
    """
    depths = [0.0, *accumulate(box.margin_height() for box in entries)]
    least = [0.0]  # the sum of squares up to each entry
    begins = [0]  # and which of them is the first on the last page
    for last in range(1, len(depths)):
        bottom = depths[last] - entries[last - 1].margin_bottom
        tried: list[tuple[float, int]] = []
        for first in range(last - 1, -1, -1):
            white = end - ((top if first else first_top) + bottom - depths[first])
            if white < -_CLOSE and tried:
                break
            tried.append((least[first] + white * white, first))
        squares, first = min(tried)
        least.append(squares)
        begins.append(first)
    pages = []
    last = len(entries)
    while last:
        pages.append((begins[last], last))
        last = begins[last]
    return pages[::-1]

"""Stretches: a long reference list is laid out in stretches, so that several workers print it at once.

One stretch ends where a page does, and the next begins overleaf. So that no page is left half empty between them, the
entries of a stretch are spread over its pages, which are filled alike: each may be a few lines short, as the pages of a list of
entries that are kept whole are anyway. Where one ends the entries themselves decide, so that after a new one most stretches
are as they were.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from concordant.editions.elements import HEADINGS, Element, classes, remove

CONTINUES = "data-continues"  # of a list: it begins in another document
CONTINUED = "data-continued"  # of a list: it goes on in another document
_LIST = "references"
_LONG = 400  # entries: some twenty pages
_LEAST = 160  # entries of a stretch; it has twice as many as a rule
_CLOSE = 0.01  # pixels


def in_stretches(root: Element) -> list[Element]:
    """Return a chapter as one document, or, if it ends with a long reference list, as several; `root` itself is the first."""
    found = _list_in(root)
    if found is None or len(found) <= _LONG or not _is_end(found) or _has_notes(root):
        return [root]
    entries = list(found)
    bounds = [0, *_cuts(entries), len(entries)]
    found[:] = []
    follower = _follower(root)
    stretches = [root, *(copy.deepcopy(follower) for _ in bounds[2:])]
    lists = [each for each in map(_list_in, stretches) if each is not None]
    for each, (start, end) in zip(lists, pairwise(bounds), strict=True):
        each.extend(entries[start:end])
    for each in lists[:-1]:
        each.set(CONTINUED, "true")
    return stretches


def _cuts(entries: Sequence[Element]) -> Iterator[int]:
    """Yield where stretches begin: at the entries whose hash is the least far and wide, so that a new one moves none of those
    that stand farther away.
    """
    hashes = [zlib.crc32((each.get("id") or "").encode()) for each in entries]
    for index in range(_LEAST, len(hashes) - _LEAST):
        if hashes[index] == min(hashes[index - _LEAST : index + _LEAST + 1]):
            yield index


def is_stretch(root: Element) -> bool:
    """Tell whether a document is a stretch of a chapter."""
    return _says(root, CONTINUES) or _says(root, CONTINUED)


def _says(root: Element, attribute: str) -> bool:
    found = _list_in(root)
    return found is not None and attribute in found.attrib


def _list_in(root: Element) -> Element | None:
    return next((each for each in root.iter("ol") if _LIST in classes(each)), None)


def _is_end(element: Element) -> bool:
    """Tell whether nothing follows an element in the document."""
    around = [element, *element.iterancestors()]
    return not any((each.tail or "").strip() or each.getnext() is not None for each in around[:-2])


def _has_notes(root: Element) -> bool:
    return any("footnote" in classes(each) for each in root.iter())


def _follower(root: Element) -> Element:
    """Return a document for further entries: its headings, which running heads repeat, stand on a page that is left out."""
    follower = copy.deepcopy(root)
    found = _list_in(follower)
    assert found is not None
    for around in [found, *found.iterancestors()]:
        for before in list(around.itersiblings(preceding=True)):
            if before.tag not in (*HEADINGS, "head"):
                remove(before)
    for each in follower.iter():
        if "id" in each.attrib:
            del each.attrib["id"]
    found.set(CONTINUES, "true")
    found.set("style", "break-before: page")
    return follower


def pages_of(root: Element, pages: Sequence[Any]) -> list[Any]:
    """Return those of WeasyPrint's pages of a stretch that are printed, filled alike."""
    continues = _says(root, CONTINUES)
    return _levelled([page for page in pages if not continues or _list_on(page) is not None])


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
    return element is not None and _LIST in str(element.get("class", "")).split()


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
    least, begins = (
        [0.0],
        [0],
    )  # up to each entry: the sum of squares, and the first on the last page
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

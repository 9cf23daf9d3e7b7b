"""Stretches: a long reference list is laid out in stretches, so that several workers print it at once.

One stretch ends where a page does, and the next begins overleaf (see `levelling`). Where one ends the entries themselves
decide, so that after a new one most stretches are as they were.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

from concordant.editions.elements import HEADINGS, Element, classes, remove

CONTINUES = "data-continues"  # of a list: it begins in another document
CONTINUED = "data-continued"  # of a list: it goes on in another document
LIST = "references"
_LONG = 400  # entries: some twenty pages, which take as long as two or three chapters
_LEAST = 160  # entries of a stretch; it has twice as many as a rule


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
    found = [
        index
        for index in range(_LEAST, len(hashes) - _LEAST)
        if hashes[index] == min(hashes[index - _LEAST : index + _LEAST + 1])
    ]
    for start, end in pairwise((0, *found, len(hashes))):
        yield from _halved(hashes, start, end)
        if end < len(hashes):
            yield end


def _halved(hashes: Sequence[int], start: int, end: int) -> Iterator[int]:
    """Yield where a stretch is cut that is still long: where the hash is the least that is not too near its ends."""
    if end - start > max(_LONG, 2 * _LEAST):
        cut = min(range(start + _LEAST, end - _LEAST), key=hashes.__getitem__)
        yield from _halved(hashes, start, cut)
        yield cut
        yield from _halved(hashes, cut, end)


def is_stretch(root: Element) -> bool:
    """Tell whether a document is a stretch of a chapter."""
    found = _list_in(root)
    return found is not None and not {CONTINUES, CONTINUED}.isdisjoint(found.attrib)


def continues(root: Element) -> bool:
    """Tell whether a document goes on with the list of another."""
    found = _list_in(root)
    return found is not None and CONTINUES in found.attrib


def _list_in(root: Element) -> Element | None:
    return next((each for each in root.iter("ol") if LIST in classes(each)), None)


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

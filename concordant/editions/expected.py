"""What is expected: what the last build of a document found, so that the next one can begin before it knows.

It decides nothing: what turns out otherwise is made as if nothing had been expected.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import astuple
from functools import cached_property
from pathlib import Path
from typing import Any

from concordant.cache import Kept, at_hand
from concordant.editions.fragments import Fragment
from concordant.editions.pagemarks import PageStart, found_again, openings
from concordant.editions.press.printing import Outfit, get_ready, outfit
from concordant.editions.typefaces.fonts import CutFace, Face

_ANCHOR = re.compile(r' id="([^"]*)"')
_Pages = tuple[Sequence[tuple[str, int]], Sequence[str]]  # where pages began, and what with
_UNKNOWN: _Pages = ((), ())
_FEW = 8  # chapters that an edit touches
Starts = Mapping[str, Sequence[PageStart]]  # where the pages of each chapter begin, by its anchor


class Expected:
    """What the last build of the document in `root` found, which a memory keeps; without one, nothing."""

    def __init__(self, memory: Kept | None, root: Path) -> None:
        self._memory, self._root = memory, str(root.resolve())
        self._outfit = ""

    def make_ready(self, workers: Executor, count: int) -> bool:
        """Have so many workers make a press ready, as each needs one before it can lay out anything; tell whether it is known which."""
        for style, *fonts in self._look_up("outfit"):
            cut = [CutFace(Face(*face), data) for *face, data in fonts]
            of = outfit(style, cut, self._memory)
            self._outfit = of.digest
            for _ in range(count):
                workers.submit(get_ready, of)
        return bool(self._outfit)

    def new(self, fragments: Sequence[Fragment]) -> list[Fragment]:
        """Return those that do not read as any chapter did then, if they are few."""
        for known, _ in self._pages:
            found = [each for each in fragments if _digest(each.body) not in known]
            return found if len(found) <= _FEW else []
        return []

    def are_numbered_alike(self, fragments: Sequence[Fragment]) -> bool:
        """Tell whether the numbers that are set at last are the same as then, in all chapters."""
        return self._look_up("numbers") == (_numbers(fragments),)

    def starts(self, fragments: Sequence[Fragment]) -> Starts:
        """Return where the pages begin in chapters that read as they did then; in others, where what they opened with stands now.

        Of a chapter without some of that, nothing is expected. If the last build is not known at all, that is an empty mapping.
        """
        for known, by_anchor in self._pages:
            return {
                each.chapter.anchor: _starts(known.get(_digest(each.body), _UNKNOWN))
                or _found_again(each, known.get(by_anchor.get(each.chapter.anchor), _UNKNOWN))
                for each in fragments
            }
        return {}

    def folios(self, fragments: Sequence[Fragment]) -> Mapping[str, str]:
        """Return the folio of every anchor's page; a new anchor is taken to stand on the page of the one before.

        If the last build is not known at all, that is an empty mapping.
        """
        for known in self._look_up("folios"):
            folios = dict(known)
            last = ""
            for anchor in (anchor for each in fragments for anchor in _anchors(each.body)):
                last = folios.setdefault(anchor, last)
            return folios
        return {}

    def note(
        self, of: Outfit, fragments: Sequence[Fragment], starts: Starts, folios: Mapping[str, str]
    ) -> None:
        """Note what a build has found; the fragments are without marks of pages."""
        if of.digest != self._outfit:
            fonts = [(*astuple(cut.face), cut.data) for cut in of.fonts]
            self._keep("outfit", (of.style, *fonts))
        known, by_anchor = {}, {}
        for each in fragments:
            pages = starts[each.chapter.anchor]
            digest = by_anchor[each.chapter.anchor] = _digest(each.body)
            known[digest] = [astuple(start) for start in pages], openings(each, pages)
        self._keep("starts", (known, by_anchor))
        self._keep("numbers", _numbers(fragments))
        self._keep("folios", dict(folios))

    @cached_property
    def _pages(self) -> tuple[Any, ...]:
        """By the digest of its text, where a chapter's pages began and what with; these digests by anchor."""
        return self._look_up("starts")

    def _look_up(self, what: str) -> tuple[Any, ...]:
        return (self._memory and self._memory.look_up(self._key(what))) or ()

    def _keep(self, what: str, value: Any) -> None:
        if self._memory:
            self._memory.keep(self._key(what), value)

    def _key(self, what: str) -> bytes:
        return f"the last build's {what} in {self._root}".encode()


def _starts(pages: _Pages) -> tuple[PageStart, ...]:
    return tuple(PageStart(*start) for start in pages[0])


def _found_again(fragment: Fragment, pages: _Pages) -> tuple[PageStart, ...]:
    return found_again(fragment.body, _starts(pages), pages[1])


def _numbers(fragments: Sequence[Fragment]) -> bytes:
    told = repr([each.chapter.numbers for each in fragments])
    return hashlib.blake2b(told.encode(), digest_size=16).digest()


@at_hand
def _anchors(body: str) -> tuple[str, ...]:
    return tuple(_ANCHOR.findall(body))


@at_hand
def _digest(body: str) -> bytes:
    return hashlib.blake2b(body.encode(), digest_size=16).digest()

"""Joins what was recognised of the pieces of an edition to one reading."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, islice

from concordant.checks.contents import entry
from concordant.checks.flow import Bookmark, Flow
from concordant.checks.found import Found
from concordant.checks.memory import Memory
from concordant.checks.model import (
    Aside,
    BackLink,
    Drawing,
    Entry,
    Kept,
    LineRows,
    Page,
    PageMention,
    Passage,
    Reading,
    Spot,
    Words,
)
from concordant.checks.pieces.cut import KINDS, NOWHERE, OUTSIDE, CannotCut, Cut, Piece
from concordant.checks.pieces.pointing import mention_of
from concordant.checks.pieces.recognised import Recognised, recognised
from concordant.checks.pieces.shelf import kept_words
from concordant.checks.pointers import one_of
from concordant.checks.recognise import FIRST_WORDS


def recognise_in_pieces(flow: Flow, memory: Memory) -> Reading | None:
    """Read an edition as `recognise` does, recalling pieces that are as they were; places and contexts are left out.

    None where it has to be read as a whole: where its pieces tell what stands in them in different ways, where a note is called
    from another piece, a number stands twice, or two pieces have a page in common.
    """
    if not flow.stretches:
        return None
    try:
        return _Joined(flow, recognised(Cut(flow), memory), memory).reading()
    except CannotCut:
        return None


class _Joined:
    """What was recognised of an edition's pieces, put together."""

    def __init__(self, flow: Flow, pieces: Recognised, memory: Memory) -> None:
        self._flow, self._pieces, self._memory = flow, pieces, memory
        self._cut, self._things = pieces.cut, pieces.things
        self._standing, self._pointing = pieces.standing, pieces.pointing
        self._printed = {
            id(thing): row[-1]
            for things, each in zip(self._things, self._standing, strict=True)
            for thing, row in zip(things, each.things, strict=True)
        }
        self._met = [
            {at: {(KINDS[kind], label) for kind, label in met} for at, met in each.met.items()}
            for each in self._pointing
        ]

    def reading(self) -> Reading:
        """Join what was recognised."""
        flow, pieces = self._flow, list(enumerate(self._pointing))
        return Reading(
            edition=flow.edition,
            name=flow.name,
            identity=flow.identity,
            in_pieces=True,
            declarations=tuple(
                self._things[index][place].declaration
                for index, each in pieces
                for place in each.order
            ),
            mentions=tuple(map(mention_of, self._mentions())),
            pages=tuple(self._sheets() if flow.sheets else self._marks()),
            page_mentions=tuple(self._page_mentions()),
            entries=tuple(self._entries()),
            backlinks=tuple(self._backlinks()),
            passages=tuple(self._passages()),
            asides=tuple(self._asides()),
            drawings=tuple(
                Drawing(words, Spot()) for each in self._standing for words in each.drawings
            ),
        )

    def _mentions(self) -> Iterator[tuple[str, str, bool, bool, bool, str, str]]:
        for each in self._pointing:
            yield from each.mentions
        for each in self._pointing:
            yield from each.dead

    def _target(self, piece: Piece, target: int) -> int | None:
        """Return the offset of the flow that a target in a piece stands for."""
        if target >= OUTSIDE:
            return piece.outside[target - OUTSIDE]
        return None if target == NOWHERE else piece.start + target

    def _sheets(self) -> Iterator[Page]:
        words: dict[int, tuple[str, ...]] = {}
        for piece, each in zip(self._cut.pieces, self._standing, strict=True):
            for page, (_, first, _) in enumerate(each.pages, piece.base + 1):
                if first and words.setdefault(page, first) is not first:
                    raise CannotCut
        for sheet in self._flow.sheets:
            yield Page(sheet.folio, words.get(sheet.spot.page, ()), Spot(), sheet.label)

    def _marks(self) -> Iterator[Page]:
        for index, each in enumerate(self._standing):
            for label, words, _ in each.pages:
                yield Page(label, self._with_following(index, words), Spot())

    def _with_following(self, index: int, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the first words behind a mark, which are not all in its piece if it stands near the end of that."""
        for each in islice(self._standing, index + 1, None):
            if len(words) >= FIRST_WORDS:
                break
            words = (*words, *each.opening)[:FIRST_WORDS]
        return words

    def _folio(self, target: int | None, named: str = "") -> str:
        """Return the folio of the page that holds an offset, as `folio_at` does."""
        if target is None:
            return ""
        places = self._flow.places
        if isinstance(places.rows, LineRows):
            index = max(bisect_right(places.starts, target) - 1, 0)
            return self._flow.folios.get(places.rows.pages[index] + 1, "") if places.starts else ""
        starts, folios = self._marked
        index = bisect_right(starts, target)
        first = bisect_left(starts, starts[index - 1]) if index else 0
        return one_of(folios[first:index], named)

    @cached_property
    def _marked(self) -> tuple[list[int], list[str]]:
        """Where pages are marked, and as which."""
        pieces = zip(self._cut.pieces, self._standing, strict=True)
        marks = [(piece.start + at, label) for piece, e in pieces for label, _, at in e.pages]
        return [at for at, _ in marks], [label for _, label in marks]

    def _page_mentions(self) -> Iterator[PageMention]:
        each = zip(self._cut.pieces, self._standing, self._pointing, strict=True)
        for piece, stands, points in each:
            for label, target in chain(stands.folios, points.pages):
                yield PageMention(label, self._folio(self._target(piece, target)), Spot())

    def _entries(self) -> Iterator[Entry]:
        for piece, each in zip(self._cut.pieces, self._standing, strict=True):
            for source, text, target in each.lines:
                yield from self._entry(Bookmark(source, text, self._target(piece, target)))
        for mark in self._flow.bookmarks:
            yield from self._entry(mark)

    def _entry(self, mark: Bookmark) -> Iterator[Entry]:
        if mark.target is None:
            yield from entry(mark, (), lambda *_: "", self._folio)
            return
        index, offset = self._cut.at(mark.target)
        landing, things = self._standing[index].landings[offset], self._things[index]

        def lands(thing: Found | None, _: int) -> str:
            return landing.heading or (self._printed[id(thing)] if thing else landing.words)

        yield from entry(mark, [things[place] for place in landing.listed], lands, self._folio)

    def _backlinks(self) -> Iterator[BackLink]:
        for piece, each in zip(self._cut.pieces, self._pointing, strict=True):
            for kind, label, target, meets in each.backs:
                named = KINDS[kind], label
                if target >= OUTSIDE:
                    index, offset = self._cut.at(piece.outside[target - OUTSIDE])
                    meets = named in self._met[index][offset]  # noqa: PLW2901
                yield BackLink(*named, meets, Spot())

    def _passages(self) -> Iterator[Passage]:
        last: Passage | None = None
        for index, each in enumerate(self._standing):
            for place, tally in enumerate(each.passages):
                counts = tally.digest, tally.tokens, tally.words
                kept = Kept(self._pieces.words[index], place, *counts)
                passage = Passage(tally.heading, Words(), kept, tally.level)
                if last and not tally.heading:  # it goes on from the piece before
                    last = self._both(last, passage)
                    continue
                if last:
                    yield last
                last = passage
        if last:
            yield last

    def _both(self, first: Passage, second: Passage) -> Passage:
        left, right = (
            kept_words(each.kept, self._memory) if each.kept else each.words
            for each in (first, second)
        )
        if left is None or right is None:
            raise CannotCut
        words = Words(left.texts + right.texts, left.broken + right.broken)
        return Passage(first.heading, words, level=first.level)

    def _asides(self) -> Iterator[Aside]:
        counts: Counter[str] = Counter()
        for each in self._standing:
            counts.update(dict(each.asides))
        return (Aside(role, words) for role, words in sorted(counts.items()))

"""Joins what was recognised of the pieces of an edition to one reading."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import chain

from concordant.checks.contents import entry
from concordant.checks.flow import Bookmark, Flow
from concordant.checks.found import Found, Outside
from concordant.checks.memory import Memory
from concordant.checks.model import (
    Aside,
    BackLink,
    Drawing,
    Entry,
    Kept,
    Kind,
    LineRows,
    Page,
    PageMention,
    Passage,
    Reading,
    Spot,
    Words,
)
from concordant.checks.pieces.cut import NOWHERE, OUTSIDE, CannotCut, Cut, Piece, hash_of
from concordant.checks.pieces.pointing import Pointing, mention_of, pointing
from concordant.checks.pieces.shelf import kept_words
from concordant.checks.pieces.standing import (
    Standing,
    Stood,
    Ways,
    stand,
    standing,
    thing_of,
)
from concordant.checks.pointers import Around

_KINDS = {kind.value: kind for kind in Kind}
_AT_HAND = (
    200  # pieces in which is known what stands, while what points is read: each takes some 300 kB
)


def recognise_in_pieces(flow: Flow, memory: Memory) -> Reading | None:
    """Read an edition as `recognise` does, recalling pieces that are as they were; places and contexts are left out.

    None where it has to be read as a whole: where its pieces tell what stands in them in different ways, where a note is called
    from another piece, or two have a page in common.
    """
    if not flow.stretches:
        return None
    try:
        return _Pieces(flow, memory).reading()
    except CannotCut:
        return None


class _Pieces:
    """The pieces of one edition, and what was recognised of each."""

    def __init__(self, flow: Flow, memory: Memory) -> None:
        self._flow, self._memory = flow, memory
        self._cut = Cut(flow)
        self._stood: dict[int, Stood] = {}
        self._inbound = self._cut.inbound()
        self._keys = [
            hash_of(self._cut.key_of(index), inbound.tobytes())
            for index, inbound in enumerate(self._inbound)
        ]
        self._standing = [self._stand(index) for index in range(len(self._keys))]
        _must_be_alike([each.ways for each in self._standing])
        self._must_call_no_others()
        self._things = [list(map(thing_of, each.things)) for each in self._standing]
        self._printed = {
            id(thing): row[-1]
            for things, each in zip(self._things, self._standing, strict=True)
            for thing, row in zip(things, each.things, strict=True)
        }
        every = [(thing.kind, thing.label) for things in self._things for thing in things]
        names = set(every)
        if len(names) < len(every):  # which of the two is meant the whole tells
            raise CannotCut
        self._names, self._names_key = frozenset(names), hash_of(sorted(map(str, names)))
        self._pointing = [self._point(index) for index in range(len(self._keys))]
        self._must_call_their_own()
        self._met = [
            {at: {(_KINDS[kind], label) for kind, label in met} for at, met in each.met.items()}
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

    def _stand(self, index: int) -> Standing:
        key = hash_of("standing", self._keys[index])
        if known := self._memory.look_up(key):
            return Standing.of(known[0])
        stood = stand(self._cut.flow_of(index))
        if len(self._stood) < _AT_HAND:
            self._stood[index] = stood
        made, words = standing(stood, self._inbound[index])
        self._memory.keep(key, made.plain())
        self._memory.keep(self._words_key(index), [(each.texts, each.broken) for each in words])
        return made

    def _words_key(self, index: int) -> bytes:
        return hash_of("words", self._keys[index])

    def _point(self, index: int) -> Pointing:
        piece = self._cut.pieces[index]
        met = [self._cut.at(target) for target in piece.outside]
        outside = [self._outside(*each) for each in met]
        told = [
            ([(thing.kind.value, thing.label) for thing in each.things], each.title)
            for each in outside
        ]
        key = hash_of("pointing", self._keys[index], self._names_key, told)
        if known := self._memory.look_up(key):
            return Pointing(*known[0])
        stood = self._stood.pop(index, None) or stand(self._cut.flow_of(index))
        around = Around(self._names, dict(enumerate(outside, OUTSIDE)))
        made = pointing(stood, around, self._inbound[index])
        self._memory.keep(key, tuple(made))
        return made

    def _must_call_no_others(self) -> None:
        """See to it that, where no notes are told by structure, there are none that only links between pieces would tell.

        Raises `CannotCut`.
        """
        if any(each.ways.notes for each in self._standing):
            return
        for piece, each in zip(self._cut.pieces, self._standing, strict=True):
            for number in each.numbers:
                index, offset = self._cut.at(piece.outside[number - OUTSIDE])
                if self._standing[index].landings[offset].numbered:
                    raise CannotCut

    def _must_call_their_own(self) -> None:
        """See to it that notes are called where they stand: what a note mentions follows its call.

        Raises `CannotCut`.
        """
        for things, each in zip(self._things, self._pointing, strict=True):
            notes = {thing.label for thing in things if thing.kind is Kind.FOOTNOTE}
            if notes != {label for kind, label, *_ in each.mentions if kind == Kind.FOOTNOTE.value}:
                raise CannotCut

    def _outside(self, index: int, offset: int) -> Outside:
        landing = self._standing[index].landings[offset]
        things = (self._things[index][place] for place in landing.things)
        return Outside(tuple(things), landing.title)

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
        for each in self._standing:
            for label, words, _ in each.pages:
                yield Page(label, words, Spot())

    def _folio(self, target: int | None) -> str:
        """Return the folio of the page that holds an offset, as `folio_at` does."""
        if target is None:
            return ""
        places = self._flow.places
        if isinstance(places.rows, LineRows):
            index = max(bisect_right(places.starts, target) - 1, 0)
            return self._flow.folios.get(places.rows.pages[index] + 1, "") if places.starts else ""
        index = bisect_right(self._marked[0], target)
        return self._marked[1][index - 1] if index else ""

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
                named = _KINDS[kind], label
                if target >= OUTSIDE:
                    index, offset = self._cut.at(piece.outside[target - OUTSIDE])
                    meets = named in self._met[index][offset]  # noqa: PLW2901
                yield BackLink(*named, meets, Spot())

    def _passages(self) -> Iterator[Passage]:
        last: Passage | None = None
        for index, each in enumerate(self._standing):
            for place, (heading, digest, tokens, words) in enumerate(each.passages):
                kept = Kept(self._words_key(index), place, digest, tokens, words)
                passage = Passage(heading, Words(), kept)
                if last and not heading:  # it goes on from the piece before
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
        return Passage(first.heading, Words(left.texts + right.texts, left.broken + right.broken))

    def _asides(self) -> Iterator[Aside]:
        counts: Counter[str] = Counter()
        for each in self._standing:
            counts.update(dict(each.asides))
        return (Aside(role, words) for role, words in sorted(counts.items()))


def _must_be_alike(every: list[Ways]) -> None:
    """See to it that what was found in pieces is what would be found in the whole.

    Raises `CannotCut` where it may be something else.
    """
    ways = {each.entries for each in every} - {""}
    alike = (
        len(ways) == 1 or (not ways and not any(each.loose_entries for each in every)),
        any(each.notes for each in every) or not any(each.loose_notes for each in every),
        any(each.captions for each in every) or not any(each.loose_captions for each in every),
        sum(each.sections for each in every) > sum(each.plain_sections for each in every)
        or not any(each.by_print for each in every),
    )
    if not all(alike):
        raise CannotCut

"""The plan: which object gets which number in the whole file. Ranges have room, so that a change in one part moves no other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from concordant.cache import Kept
from concordant.editions.binding.facefont import NUMBERS, PartFont
from concordant.editions.binding.front import Front
from concordant.editions.binding.layer import NONE, Layer
from concordant.editions.binding.loose import Shared
from concordant.editions.binding.part import (
    AFTER,
    BEFORE,
    DOCUMENT,
    LIST,
    OUTLINES,
    PAGES,
    Place,
    Survey,
    folio_name,
)
from concordant.editions.binding.syntax import streams_for

CATALOG, METADATA, INFORMATION, TREE, OWNERS, DESTINATIONS, ELEMENTS = range(1, 8)
NUMBER_OF = {PAGES: 8, DOCUMENT: 9, OUTLINES: 10}
_FONTS = 11
_FACES, _COMMON, _PART, _LAYER, _KEYS = 8, 64, 128, 16, 64  # what ranges are rounded up to


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers that a part has: its objects, from `first` on, its page numbers' forms behind them, its keys."""

    survey: Survey
    first: int
    room: int
    first_form: int
    form_room: int
    first_key: int

    @property
    def first_child(self) -> int:
        """The first of its structure elements: behind the nodes of its pages and of its parent tree."""
        return self.first + 2

    @property
    def first_bookmark(self) -> int:
        """The first of its bookmarks."""
        return self.first_child + self.survey.children

    @property
    def list(self) -> int | None:
        """The list with which it ends, if it does."""
        return None if self.survey.list is None else self.first + self.survey.list


class Plan:
    """The numbers of all that is in the file: `numbers` those of what has a name, `ranges` those of the parts."""

    def __init__(self, surveys: Sequence[Survey], layers: Sequence[Layer], front: Front) -> None:
        self.fonts: dict[str, list[PartFont]] = {}
        self.shared: dict[str, Shared] = {each[0]: each for each in front.shared}
        havings: list[Survey | Layer] = [*surveys, *layers]
        for having in havings:
            for name, font in having.fonts:
                self.fonts.setdefault(name, []).append(font)
            self.shared |= {each[0]: each for each in having.shared}
        common = _FONTS + NUMBERS * _rounded(len(self.fonts), _FACES)
        self.numbers = dict(NUMBER_OF)
        self.numbers |= {name: _FONTS + NUMBERS * turn for turn, name in enumerate(self.fonts)}
        self.numbers |= {name: common + turn for turn, name in enumerate(self.shared)}
        common += len(self.shared)
        self.room = _rounded(common + streams_for(common), _COMMON)
        self.ranges = _ranges(self.room, surveys, layers)
        self.pages = sum(each.pages for each in surveys)
        self.lines = sum(each.lines for each in surveys)

    @property
    def nodes(self) -> list[int]:
        """The page tree's nodes."""
        return [each.first for each in self.ranges]

    @property
    def owners(self) -> list[int]:
        """The parent tree's nodes."""
        return [each.first + 1 for each in self.ranges]

    @property
    def children(self) -> list[int]:
        """The children of the structure's root element."""
        return [
            number
            for each in self.ranges
            if not each.survey.goes_on
            for number in range(each.first_child, each.first_bookmark)
        ]

    @cached_property
    def bookmarks(self) -> list[int]:
        """The outline's highest level."""
        return [number for each in self.ranges for number in _bookmarks(each)]

    @property
    def next_key(self) -> int:
        """The first key that the parent tree does not have."""
        last = self.ranges[-1]
        return last.first_key + last.survey.keys

    def places(
        self,
        parts: Sequence[bytes],
        numbers: Sequence[tuple[str, ...]],
        memory: Kept | None = None,
    ) -> list[Place]:
        """Return where each part goes, with the numbers for its blanks, and a memory that all who write parts find."""
        return [
            Place(
                part,
                blanks,
                each.survey.own,
                self._others(each, opener),
                tuple((every.first_child, every.survey.children) for every in followers),
                each.first,
                each.room,
                each.first_key,
                bool(each.form_room),
                memory,
            )
            for part, blanks, (each, opener, followers) in zip(
                parts, numbers, _with_followers(self.ranges), strict=True
            )
        ]

    def _others(self, part: Range, opener: Range) -> tuple[tuple[int, int | None], ...]:
        """Return the numbers of what a part refers to and does not have; nothing else can make it another."""
        own, bookmarks = _bookmarks(part), self.bookmarks
        at = bisect_left(bookmarks, own.start)
        before = bookmarks[at - 1] if at else None
        after = bookmarks[at + len(own)] if at + len(own) < len(bookmarks) else None
        known: dict[str, int | None] = {**self.numbers, BEFORE: before, AFTER: after}
        known[LIST] = opener.list
        known |= {folio_name(at): part.first_form + at for at in range(part.survey.pages)}
        return tuple((number, known[name]) for number, name in part.survey.named)


def _with_followers(ranges: Sequence[Range]) -> Iterator[tuple[Range, Range, list[Range]]]:
    """Yield each part, the one that has its list if it goes on with one, and those that go on with its own."""
    opener = ranges[0]
    for at, each in enumerate(ranges):
        if each.survey.goes_on:
            yield each, opener, []
        else:
            opener = each
            behind = takewhile(lambda part: part.survey.goes_on, ranges[at + 1 :])
            yield each, each, list(behind)


def _ranges(start: int, surveys: Sequence[Survey], layers: Sequence[Layer]) -> list[Range]:
    ranges = []
    first, key = start, 0
    for survey, layer in zip(surveys, layers, strict=True):
        if layer is not NONE and len(layer.forms) != survey.pages:
            raise ValueError(f"{survey.pages} pages cannot have {len(layer.forms)} numbers")
        room = _rounded(survey.numbers, _PART)
        forms = _rounded(len(layer.forms), _LAYER)
        ranges.append(Range(survey, first, room, first + room, forms, key))
        first, key = first + room + forms, key + _rounded(survey.keys, _KEYS)
    return ranges


def _bookmarks(each: Range) -> range:
    return range(each.first_bookmark, each.first_bookmark + each.survey.bookmarks)


def _rounded(count: int, to: int) -> int:
    return -(-count // to) * to

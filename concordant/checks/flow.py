"""The printed text of an edition as one line of characters, with its structures as spans over it.

Each reader makes a flow out of the structures that its format defines; what the numbers mean is then
read from the flow, by the same rules for all formats (`recognise`). Blocks end with a line feed, a
line that the layout ends inside a block with U+2028.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import chain, islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from concordant.checks.model import Edition, Identity, Places, Spot

LINE = "\u2028"
Made = TypeVar("Made")


class Role(StrEnum):
    """What a stretch of the flow is, as far as the format itself says it."""

    BLOCK = "block"
    HEADING = "heading"
    FIGURE = "figure"
    TABLE = "table"
    CODE = "code"
    VERBATIM = "verbatim"
    CAPTION = "caption"
    MATH = "math"
    PICTURE = "picture"
    ENTRY = "entry"
    NOTE = "note"
    NOTE_AREA = "notes"
    MARKER = "marker"
    OWN = "own element"
    CALL = "call of a note"
    NAVIGATION = "navigation"
    CONTENTS = "contents"
    FURNITURE = "furniture"
    COLOPHON = "colophon"
    TITLE_PAGE = "title page"
    BACKLINK = "back-link"
    PAGE_MARK = "page mark"
    BIBLIOGRAPHY = "bibliography"
    UNTAGGED = "outside the structure"


class Span(NamedTuple):
    """A structure over [start, end) of the flow; `value` is a page mark's label or a list's name."""

    role: Role
    start: int
    end: int
    level: int = 0
    value: str = ""

    def holds(self, offset: int) -> bool:
        """Whether the offset lies in the span."""
        return self.start <= offset < self.end


class Link(NamedTuple):
    """A link inside the edition. `target` is an offset of the flow, or None when it leads nowhere."""

    start: int
    end: int
    target: int | None
    href: str = ""
    back: bool = False


_START, _END, _LEVEL = itemgetter(1), itemgetter(2), itemgetter(3)
_ROLES = tuple(Role)
_CODES = {role: code for code, role in enumerate(Role)}


class SpanColumns(NamedTuple):
    """Spans in columns, as plain data: codes of roles, starts, ends and levels, and those of the values that say something, by index."""

    roles: bytes
    starts: bytes
    ends: bytes
    levels: bytes
    values: list[tuple[int, str]]

    @classmethod
    def of(cls, spans: Sequence[Span]) -> SpanColumns:
        """Return spans in columns."""
        roles = bytes([_CODES[span.role] for span in spans])
        starts, ends, levels = (
            array("I", each).tobytes()
            for each in (map(_START, spans), map(_END, spans), map(_LEVEL, spans))
        )
        values = [(index, span.value) for index, span in enumerate(spans) if span.value]
        return cls(roles, starts, ends, levels, values)

    def spans(self, at: int) -> list[Span]:
        """Return the spans, of a flow that begins at an offset."""
        values = [""] * len(self.roles)
        for index, value in self.values:
            values[index] = value
        rows = zip(
            map(_ROLES.__getitem__, self.roles),
            [start + at for start in array("I", self.starts)],
            [end + at for end in array("I", self.ends)],
            array("I", self.levels),
            values,
            strict=True,
        )
        return list(map(Span._make, rows))

    def have(self, role: Role) -> bool:
        """Whether there is one of a role."""
        return _CODES[role] in self.roles

    def of_role(self, role: Role, at: int) -> Iterator[tuple[int, int]]:
        """Yield where those of a role begin and end, in a flow that begins at an offset."""
        if self.have(role):
            starts, ends, code = array("I", self.starts), array("I", self.ends), _CODES[role]
            for index, each in enumerate(self.roles):
                if each == code:
                    yield starts[index] + at, ends[index] + at

    def begin_at(self, offset: int) -> bool:
        """Whether one begins at an offset."""
        return offset in array("I", self.starts)


class Recalled(NamedTuple):
    """Spans that were recalled together: how many others come before them, and from where in the flow their places are told."""

    after: int
    at: int
    columns: SpanColumns


class Spans(Collection[Span]):
    """The spans of a flow: those that were recalled are many, and made when they are asked for."""

    def __init__(self, others: list[Span], recalled: list[Recalled]) -> None:
        self.others, self.recalled = others, recalled

    def __len__(self) -> int:
        return len(self.others) + sum(len(each.columns.roles) for each in self.recalled)

    def __iter__(self) -> Iterator[Span]:
        done = 0
        for each in self.recalled:
            yield from islice(self.others, done, each.after)
            yield from each.columns.spans(each.at)
            done = each.after
        yield from islice(self.others, done, None)

    def __contains__(self, span: object) -> bool:
        return any(span == each for each in self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Collection) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class Stretch(NamedTuple):
    """A stretch [start, end) of the flow that a reader can recall by itself, such as a chapter.

    Stretches with equal keys have the same text, the same spans in it, and links at the same places with the same
    hrefs, all told from where they begin, and in a PDF the same lines, their pages told from the first.
    """

    start: int
    end: int
    key: bytes


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of an outline or a navigation document that is no part of the running text."""

    source: str
    text: str
    target: int | None
    spot: Spot = field(default_factory=Spot)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a PDF: where it begins in the flow, its printed folio and the file's label for it."""

    start: int
    folio: str
    label: str = ""
    spot: Spot = field(default_factory=Spot)


def outer_first(spans: Iterable[Span]) -> list[Span]:
    """Return spans in reading order, outer ones first; in two steps, each of which compares plain numbers."""
    inner_last = sorted(spans, key=_END, reverse=True)
    inner_last.sort(key=_START)
    return inner_last


@dataclass(frozen=True)
class Flow:
    """One edition's printed text in reading order."""

    edition: Edition
    name: str
    text: str
    identity: Identity
    spans: Collection[Span] = ()
    links: tuple[Link, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    places: Places = field(default_factory=Places)
    stretches: tuple[Stretch, ...] = ()

    @cached_property
    def _by_role(self) -> dict[Role, list[Span]]:
        by_role: dict[Role, list[Span]] = {}
        for span in self.spans:
            by_role.setdefault(span.role, []).append(span)
        return by_role

    @cached_property
    def _known(self) -> dict[tuple[object, tuple[Role, ...]], Any]:
        return {}

    def _once(self, make: Callable[[list[Span]], Made], *roles: Role) -> Made:
        """Return what is made of the spans of some roles, made when it is first asked for: spans are many."""
        if (make, roles) not in self._known:
            self._known[make, roles] = make(self.of(*roles))
        made: Made = self._known[make, roles]
        return made

    @cached_property
    def ordered_links(self) -> list[Link]:
        """The links by where they begin."""
        return sorted(self.links, key=lambda link: link.start)

    @cached_property
    def _link_starts(self) -> list[int]:
        return [link.start for link in self.ordered_links]

    @cached_property
    def folios(self) -> dict[int, str]:
        """The folio of each page of a PDF (1-based), or else what the file calls the page."""
        return {sheet.spot.page: sheet.folio or sheet.label for sheet in self.sheets}

    def of(self, *roles: Role) -> list[Span]:
        """Return the spans of the given roles, in reading order, outer ones first."""
        distinct = tuple(dict.fromkeys(roles))
        if (list, distinct) not in self._known:
            every = [self._by_role.get(role, ()) for role in distinct]
            self._known[list, distinct] = outer_first(chain(*every))
        found: list[Span] = self._known[list, distinct]
        return found[:]

    def cover(self, *roles: Role) -> Cover:
        """Return what the spans of the given roles cover."""
        return self._once(Cover, *roles)

    def innermost(self, *roles: Role) -> Innermost:
        """Return the spans of the given roles, by what they hold."""
        return self._once(Innermost, *roles)

    def links_from(self, start: int, end: int) -> list[Link]:
        """Return the links that begin in [start, end), in reading order."""
        first, last = (bisect_left(self._link_starts, each) for each in (start, end))
        return self.ordered_links[first:last]

    def spot(self, offset: int) -> Spot:
        """Return the place of an offset in the file."""
        return self.places.at(offset)

    def with_spans(self, more: Iterable[Span]) -> Flow:
        """Return the flow with more spans."""
        new = tuple(more)
        flow = replace(self, spans=(*self.spans, *new))
        other = {span.role for span in new}
        flow._known.update(
            (key, made) for key, made in self._known.items() if other.isdisjoint(key[1])
        )
        return flow

    def skip_space(self, offset: int) -> int:
        """Return the offset of the first printed character at or after `offset`."""
        while offset < len(self.text) and self.text[offset].isspace():
            offset += 1
        return offset


def outermost(spans: Iterable[Span]) -> list[Span]:
    """Return those of the spans, which come in reading order, that no other holds."""
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


class Cover:
    """A set of spans that answers quickly which offsets they cover."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        last = -1
        for _, start, end, _, _ in sorted(spans, key=_START):
            if start <= last:
                if end > last:
                    self._ends[-1] = last = end
            elif end > start:
                self._starts.append(start)
                self._ends.append(end)
                last = end

    def __contains__(self, offset: int) -> bool:
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._ends[index]

    def gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the stretches of [start, end) that are not covered."""
        index = max(bisect_right(self._starts, start) - 1, 0)
        while index < len(self._starts) and self._starts[index] < end:
            if self._ends[index] > start:
                if self._starts[index] > start:
                    yield start, self._starts[index]
                start = self._ends[index]
            index += 1
        if start < end:
            yield start, end

    def remaining(self, text: str, start: int, end: int) -> str:
        """Return the text of [start, end) that is not covered."""
        first = bisect_right(self._ends, start)
        if first == len(self._starts) or self._starts[first] >= end:  # as most stretches are
            return text[start:end]
        return "".join([text[a:b] for a, b in self.gaps(start, end)])


class Innermost:
    """Finds the smallest of a set of spans that holds an offset."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = outer_first(spans)
        self._starts = list(map(_START, self._spans))
        self._ends = list(map(_END, self._spans))
        self._parents: list[int] = []
        stack: list[int] = []
        ends = self._ends
        for index, start in enumerate(self._starts):
            while stack and ends[stack[-1]] <= start:
                stack.pop()
            self._parents.append(stack[-1] if stack else -1)
            stack.append(index)

    def at(self, offset: int) -> Span | None:
        """Return the smallest span that holds the offset, or None."""
        return next(self.around(offset), None)

    def around(self, offset: int) -> Iterator[Span]:
        """Yield the spans that hold the offset, from the smallest outwards."""
        index = bisect_right(self._starts, offset) - 1
        while index >= 0:
            if offset < self._ends[index]:  # it begins before
                yield self._spans[index]
            index = self._parents[index]

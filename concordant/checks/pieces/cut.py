"""Cuts a flow into pieces: the stretches that its reader recalls, and what stands between them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from concordant.checks.flow import Flow, Link, Recalled, Role, Sheet, Span, Spans, Stretch
from concordant.checks.memory import hash_of
from concordant.checks.model import Identity, Kind, LineRows, Places, Spot

# Targets of links from here on are outside of the piece, counted by it; -1 is one that is nowhere.
OUTSIDE = 1 << 31
NOWHERE = -1
KINDS = {kind.value: kind for kind in Kind}  # by their names, as plain data have them


class CannotCut(Exception):
    """The flow does not fall into pieces that could be recognised one by one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece [start, end) of a flow, and its links [first, last) in the order of the flow.

    `targets` has for each link the offset in the piece that it leads to, or `OUTSIDE` and an index of `outside`, the flow's offsets.
    `key` is its stretch's, empty where it is none; `extra` are spans that also others hold, told from the piece's start; `base` is the first page (0-based) of a PDF's piece.
    """

    start: int
    end: int
    first: int
    last: int
    key: bytes
    targets: array[int]
    outside: tuple[int, ...]
    extra: tuple[Span, ...] = ()
    base: int = 0


class Cut:
    """A flow in pieces, in order; together they are the whole.

    Raises `CannotCut` where a link stands in two of them.
    """

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._bounds = list(_bounds(flow))
        self._starts = [start for start, _, _ in self._bounds]
        self._recalled, self._others = self._told_apart()
        self._within, self._extra = self._share_out()
        self._link_starts = [link.start for link in flow.ordered_links]
        self.pieces = [self._piece(index) for index in range(len(self._bounds))]

    def at(self, target: int) -> tuple[int, int]:
        """Return the index of the piece that an offset of the flow lies in, and the offset there."""
        index = max(bisect_right(self._starts, target) - 1, 0)
        return index, target - self._starts[index]

    def inbound(self) -> list[array[int]]:
        """Return for each piece the offsets in it that links of others, and bookmarks, lead to, in order."""
        every: list[set[int]] = [set() for _ in self.pieces]
        marks = {mark.target for mark in self.flow.bookmarks if mark.target is not None}
        for target in marks.union(*(piece.outside for piece in self.pieces)):
            index, offset = self.at(target)
            every[index].add(offset)
        return [array("q", sorted(each)) for each in every]

    def flow_of(self, index: int) -> Flow:
        """Return a piece as a flow of its own, from 0 on, with pages from 1 on."""
        piece = self.pieces[index]
        start, end = piece.start, piece.end
        places = self._places(piece)
        links = [
            Link(link.start - start, link.end - start, None if to < 0 else to, link.href, link.back)
            for link, to in zip(self._links(piece), piece.targets, strict=True)
        ]
        return Flow(
            edition=self.flow.edition,
            name=self.flow.name,
            text=self.flow.text[start:end],
            identity=Identity(),
            spans=(*self._spans(index), *piece.extra),
            links=tuple(links),
            sheets=tuple(self._sheets(places)),
            places=places,
        )

    def key_of(self, index: int) -> bytes:
        """Return a hash of all that decides what a piece's flow is."""
        piece = self.pieces[index]
        own = piece.key or self._content(index)
        extra = [(span.role.value, *span[1:]) for span in piece.extra]
        told = (self.flow.edition.value, bool(self.flow.sheets), own, extra)
        return hash_of(*told, piece.targets.tobytes())

    def _content(self, index: int) -> bytes:
        piece = self.pieces[index]
        spans = [(span.role.value, *span[1:]) for span in self._spans(index)]
        links = [
            (link.start - piece.start, link.end - piece.start, link.href, link.back)
            for link in self._links(piece)
        ]
        places = self._places(piece)
        pages = places.rows.pages.tobytes() if isinstance(places.rows, LineRows) else b""
        text = self.flow.text[piece.start : piece.end]
        return hash_of(text, spans, links, places.starts.tobytes(), pages)

    def _links(self, piece: Piece) -> list[Link]:
        return self.flow.ordered_links[piece.first : piece.last]

    def _piece(self, index: int) -> Piece:
        start, end, key = self._bounds[index]
        first, last = (bisect_left(self._link_starts, each) for each in (start, end))
        targets, outside = array("q"), dict[int, int]()
        for link in self.flow.ordered_links[first:last]:
            to = link.target
            if link.end > end:
                raise CannotCut
            if to is None:
                targets.append(NOWHERE)
            elif start <= to < end:
                targets.append(to - start)
            else:
                targets.append(OUTSIDE + outside.setdefault(to, len(outside)))
        extra = tuple(self._extra.get(index, ()))
        base = self._first_page(start, end)
        return Piece(start, end, first, last, key, targets, tuple(outside), extra, base)

    def _told_apart(self) -> tuple[dict[int, Recalled], Collection[Span]]:
        """Return the spans that were recalled with a stretch, by where that begins, and all others."""
        spans, starts = self.flow.spans, {start for start, _, key in self._bounds if key}
        if not isinstance(spans, Spans):
            return {}, spans
        # Of those that begin at one place the last is a stretch, the others have no text.
        recalled = {each.at: each for each in spans.recalled if each.at in starts}
        left = (each for each in spans.recalled if recalled.get(each.at) is not each)
        moved = (each.columns.spans(each.at) for each in left)
        return recalled, [*spans.others, *chain.from_iterable(moved)]

    def _share_out(self) -> tuple[list[list[Span]], dict[int, list[Span]]]:
        """Return the spans that lie within pieces, but for those that were recalled, and by piece those that it shares with others.

        Shared is what goes beyond a piece, cut off, and what is empty where one ends and the next begins. Blocks that
        hold several pieces are left out: what stands in them stands in smaller ones.
        """
        within: list[list[Span]] = [[] for _ in self._bounds]
        shared: dict[int, list[Span]] = {}
        edges = self._starts[1:]
        for span in (*self._others, *self._at_ends()):
            role, start, end, level, value = span
            first = bisect_right(edges, start)
            low, high, _ = self._bounds[first]
            if start == end == low:
                shared.setdefault(first, []).append(Span(role, 0, 0, level, value))
            elif end <= high:
                within[first].append(span)
            elif role is not Role.BLOCK:
                for index in range(first, bisect_left(edges, end) + 1):
                    low, high, _ = self._bounds[index]
                    cut = Span(role, max(start, low) - low, min(end, high) - low, level, value)
                    shared.setdefault(index, []).append(cut)
        return within, shared

    def _at_ends(self) -> Iterator[Span]:
        """Yield what was recalled and is empty at the end of its stretch: it belongs to what comes next."""
        for start, end, _ in self._bounds:
            recalled = self._recalled.get(start)
            if recalled and recalled.columns.begin_at(end - start):
                yield from (span for span in recalled.columns.spans(start) if span.start == end)

    def _spans(self, index: int) -> Iterator[Span]:
        """Yield the spans that lie within a piece, told from its start, but for those in its `extra`."""
        start, end, _ = self._bounds[index]
        yield from _moved(self._within[index], -start)
        if start in self._recalled:
            spans = self._recalled[start].columns.spans(0)
            yield from (span for span in spans if span.start < end - start)

    def _lines(self, start: int, end: int) -> tuple[int, int]:
        starts = self.flow.places.starts
        return bisect_left(starts, start), bisect_left(starts, end)

    def _first_page(self, start: int, end: int) -> int:
        rows = self.flow.places.rows
        first, last = self._lines(start, end)
        return min(rows.pages[first:last], default=0) if isinstance(rows, LineRows) else 0

    def _places(self, piece: Piece) -> Places:
        """Return the lines of a piece of a PDF; places of other editions are not looked up in pieces."""
        rows = self.flow.places.rows
        if not isinstance(rows, LineRows):
            return Places()
        first, last = self._lines(piece.start, piece.end)
        starts = array("I", [start - piece.start for start in self.flow.places.starts[first:last]])
        pages = array("I", [page - piece.base for page in rows.pages[first:last]])
        return Places(starts, LineRows(pages, rows.boxes[4 * first : 4 * last], {}))

    def _sheets(self, places: Places) -> Iterator[Sheet]:
        if isinstance(places.rows, LineRows):
            for page in range(max(places.rows.pages, default=0) + 1):
                yield Sheet(0, "", "", Spot(page=page + 1))


def _bounds(flow: Flow) -> Iterator[Stretch]:
    at = 0
    for stretch in sorted(flow.stretches):
        if stretch.start > at:
            yield Stretch(at, stretch.start, b"")
        if stretch.end > stretch.start >= at:
            yield stretch
            at = stretch.end
    if at < len(flow.text) or not at:
        yield Stretch(at, len(flow.text), b"")


def _moved(spans: Iterable[Span], by: int) -> Iterator[Span]:
    for role, start, end, level, value in spans:
        yield Span(role, start + by, end + by, level, value)

"""From a flow to a reading: declarations, mentions, ways back, contents, pages, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from concordant.checks.contents import Row, contents, contents_pages, contents_spans, rows_of
from concordant.checks.flow import LINE, Cover, Flow, Role, Span, outermost
from concordant.checks.found import Found, Text, captioned, equations, sections
from concordant.checks.lists import calls, entries, notes
from concordant.checks.model import Drawing, Kind, Page, Reading
from concordant.checks.pointers import Pointers
from concordant.checks.words import asides, passages, running, set_apart, words_in

FIRST_WORDS = 8


def recognise(flow: Flow) -> Reading:
    """Read the numbers, the links and the words from an edition's flow."""
    text, rows = with_contents(flow)
    references = entries(text)
    footnotes = not_listed(notes(text), references)
    text = Text(text.flow.with_spans(calls(text, footnotes)))
    found = [*sections(text), *captioned(text), *equations(text), *references, *footnotes]
    found.sort(key=lambda thing: thing.start)
    pointers = Pointers(text, found)
    apart, declared = set_apart(text, found)
    return Reading(
        edition=flow.edition,
        name=flow.name,
        identity=flow.identity,
        declarations=tuple(thing.declaration for thing in in_order(found, pointers)),
        mentions=(*pointers.mentions(), *pointers.dead()),
        pages=pages_in(text, found, declared),
        page_mentions=(*contents_pages(text, rows), *pointers.page_mentions()),
        entries=tuple(contents(text, found, rows)),
        backlinks=pointers.backlinks(),
        passages=passages(text, apart),
        running=running(text, apart),
        asides=asides(text, declared),
        drawings=tuple(drawings(flow)),
        places=flow.places,
    )


def with_contents(flow: Flow) -> tuple[Text, list[Row]]:
    """Return a flow's text, in which signs and lists of contents are set apart, and the lines of these."""
    text = Text(flow.with_spans(_signs(flow)))
    rows = rows_of(text)
    return Text(text.flow.with_spans(contents_spans(text, rows))), rows


def not_listed(footnotes: Iterable[Found], references: Iterable[Found]) -> list[Found]:
    """Return the notes that stand in no entry of the reference list."""
    listed = Cover(Span(Role.ENTRY, f.start, f.end) for f in references)
    return [note for note in footnotes if note.start not in listed]


def in_order(found: list[Found], pointers: Pointers) -> list[Found]:
    """Return the things as they are read, and a figure of several parts before its parts."""
    ordered = sorted(found, key=pointers.read_at)
    wholes = {(thing.kind, thing.label): thing for thing in ordered}
    order: dict[int, Found] = {}
    for thing in ordered:
        whole = wholes.get((thing.kind, thing.label.rstrip("abcdefghijklmnopqrstuvwxyz")), thing)
        for each in (whole, thing):
            order.setdefault(id(each), each)
    return list(order.values())


def _apart_on_pages(found: list[Found], declared: list[Span]) -> Cover:
    """Return what is not looked at where a page begins: what is set apart, notes, labels and ways back."""
    spans = [Span(Role.NOTE, f.start, f.end) for f in found if f.kind is Kind.FOOTNOTE]
    for entry in (f for f in found if f.kind is Kind.REFERENCE):
        spans.append(Span(Role.MARKER, entry.start, entry.label_end))
        spans.append(Span(Role.BACKLINK, entry.tail, entry.end))
    return Cover([*declared, *spans])


def drawings(flow: Flow) -> Iterator[Drawing]:
    """Yield what pictures print, if it is anything."""
    for span in outermost(flow.of(Role.PICTURE)):
        words = " ".join(flow.text[span.start : span.end].replace(LINE, " ").split())
        if any(map(str.isalnum, words)):
            yield Drawing(words, flow.spot(span.start))


def _signs(flow: Flow) -> list[Span]:
    """Return the links that print no letter and no digit: permalinks, arrows back."""
    spans = []
    for link in flow.links:
        printed = flow.text[link.start : link.end]
        if printed.strip() and not re.search(r"\w", printed):
            spans.append(Span(Role.BACKLINK, link.start, link.end))
    return spans


def pages_in(text: Text, found: list[Found], declared: list[Span]) -> tuple[Page, ...]:
    """Return the pages of a PDF, or the page marks of another edition; `declared` is what is set apart by role."""
    apart, flow = _apart_on_pages(found, declared), text.flow
    if not flow.sheets:
        return tuple(
            Page(mark.value, _first(text, apart, mark.start), flow.spot(mark.start))
            for mark in flow.of(Role.PAGE_MARK)
        )
    begins = _page_starts(text, apart)
    words: dict[int, tuple[str, ...]] = {}
    for index, (begin, page) in enumerate(begins):
        # What the layout puts on this page may follow, in the order of reading, what is on a later one.
        later = (at for at, other in islice(begins, index + 1, None) if other > page)
        words[page] = _first(text, apart, begin, next(later, len(flow.text)))
    return tuple(
        Page(
            sheet.folio,
            words.get(sheet.spot.page, ()),
            sheet.spot._replace(folio=sheet.folio),
            sheet.label,
        )
        for sheet in flow.sheets
    )


def opening(text: Text, found: list[Found], declared: list[Span]) -> tuple[str, ...]:
    """Return the words with which a text begins, of those that are looked at where pages begin."""
    return _first(text, _apart_on_pages(found, declared), 0)


def _page_starts(text: Text, apart: Cover) -> list[tuple[int, int]]:
    """Return where the pages of a PDF begin (offset, 1-based page), in the order of reading."""
    flow = text.flow
    starts = flow.places.starts
    ends = [*starts[1:], len(flow.text)] if starts else []
    begins: dict[int, int] = {}
    for offset, end, (_, _, _, page, *_) in zip(starts, ends, flow.places.rows, strict=True):
        if page and page not in begins:
            word = next(words_in(text, apart, offset, end), None)
            if word:
                begins[page] = word[1]
    return [(offset, page) for page, offset in begins.items()]


def _first(text: Text, apart: Cover, offset: int, end: int | None = None) -> tuple[str, ...]:
    end = len(text.flow.text) if end is None else end
    return tuple(word for word, _ in islice(words_in(text, apart, offset, end), FIRST_WORDS))

"""From a flow to a reading: declarations, mentions, ways back, contents, pages, words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from concordant.checks.contents import contents, contents_pages, contents_spans, rows_of
from concordant.checks.flow import LINE, Cover, Flow, Role, Span, outermost
from concordant.checks.found import Found, Text, captioned, equations, sections
from concordant.checks.lists import calls, entries, notes
from concordant.checks.model import Declaration, Drawing, Kind, Page, Reading
from concordant.checks.pointers import Pointers
from concordant.checks.words import asides, passages, running, set_apart, words_in

FIRST_WORDS = 8


def recognise(flow: Flow) -> Reading:
    """Read the numbers, the links and the words from an edition's flow."""
    text = Text(flow.with_spans(_signs(flow)))
    flow = text.flow
    rows = rows_of(text)
    flow = flow.with_spans(contents_spans(text, rows))
    text = Text(flow)
    references = entries(text)
    listed = Cover(Span(Role.ENTRY, f.start, f.end) for f in references)
    footnotes = [note for note in notes(text) if note.start not in listed]
    text = Text(flow.with_spans(calls(text, footnotes)))
    found = [*sections(text), *captioned(text), *equations(text), *references, *footnotes]
    found.sort(key=lambda thing: thing.start)
    pointers = Pointers(text, found)
    apart, declared = set_apart(text, found)
    return Reading(
        edition=flow.edition,
        name=flow.name,
        identity=flow.identity,
        declarations=_in_order(sorted(found, key=pointers.read_at)),
        mentions=(*pointers.mentions(), *pointers.dead()),
        pages=_pages(text, _apart_on_pages(found, declared)),
        page_mentions=(*contents_pages(text, rows), *pointers.page_mentions()),
        entries=tuple(contents(text, found, rows)),
        backlinks=pointers.backlinks(),
        passages=passages(text, apart),
        running=running(text, apart),
        asides=asides(text, declared),
        drawings=tuple(_drawings(flow)),
        places=flow.places,
    )


def _in_order(found: list[Found]) -> tuple[Declaration, ...]:
    """Return the declarations as they are read, and a figure of several parts before its parts."""
    wholes = {(thing.kind, thing.label): thing for thing in found}
    order: dict[int, Declaration] = {}
    for thing in found:
        whole = wholes.get((thing.kind, thing.label.rstrip("abcdefghijklmnopqrstuvwxyz")), thing)
        for each in (whole, thing):
            order.setdefault(id(each), each.declaration)
    return tuple(order.values())


def _apart_on_pages(found: list[Found], declared: list[Span]) -> Cover:
    """Return what is not looked at where a page begins: what is set apart, notes, labels and ways back."""
    spans = [Span(Role.NOTE, f.start, f.end) for f in found if f.kind is Kind.FOOTNOTE]
    for entry in (f for f in found if f.kind is Kind.REFERENCE):
        spans.append(Span(Role.MARKER, entry.start, entry.label_end))
        spans.append(Span(Role.BACKLINK, entry.tail, entry.end))
    return Cover([*declared, *spans])


def _drawings(flow: Flow) -> Iterator[Drawing]:
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


def _pages(text: Text, apart: Cover) -> tuple[Page, ...]:
    flow = text.flow
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


def _page_starts(text: Text, apart: Cover) -> list[tuple[int, int]]:
    """Return where the pages of a PDF begin (offset, 1-based page), in the order of reading."""
    flow = text.flow
    starts = flow.places.starts
    ends = [*starts[1:], len(flow.text)]
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

"""From a flow to a reading: declarations, mentions, ways back, contents, pages, words."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from concordant.checks.contents import contents, contents_pages, contents_spans, rows_of
from concordant.checks.flow import Cover, Flow, Role, Span
from concordant.checks.found import Found, Text, captioned, equations, sections
from concordant.checks.lists import entries, notes
from concordant.checks.model import Declaration, Page, Reading
from concordant.checks.pointers import Pointers
from concordant.checks.words import asides, passages, set_apart, words_in

FIRST_WORDS = 8


def recognise(flow: Flow) -> Reading:
    """Read the numbers, the links and the words from an edition's flow."""
    text = Text(flow.with_spans(_signs(flow)))
    flow = text.flow
    rows = rows_of(text, [])
    text = Text(flow.with_spans(contents_spans(text, rows)))
    references = entries(text)
    listed = Cover(Span(Role.ENTRY, f.start, f.end) for f in references)
    footnotes = [note for note in notes(text) if note.start not in listed]
    found = [*sections(text), *captioned(text), *equations(text), *references, *footnotes]
    found.sort(key=lambda thing: thing.start)
    pointers = Pointers(text, found)
    apart, declared = set_apart(text, found)
    return Reading(
        edition=flow.edition,
        name=flow.name,
        identity=flow.identity,
        declarations=_in_order(found),
        mentions=(*pointers.mentions(), *pointers.dead()),
        pages=_pages(text, apart),
        page_mentions=(*contents_pages(text, rows), *pointers.page_mentions()),
        entries=tuple(contents(text, found, rows)),
        backlinks=pointers.backlinks(),
        passages=passages(text, apart),
        asides=asides(text, declared),
        spots=flow.spots,
    )


def _in_order(found: list[Found]) -> tuple[Declaration, ...]:
    return tuple(thing.declaration for thing in found)


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
        marks = flow.of(Role.PAGE_MARK)
        return tuple(
            Page(mark.value, _first(text, apart, mark.start), flow.spot(mark.start))
            for mark in marks
        )
    begins: dict[int, int] = {}
    for offset, spot in flow.spots:
        gap = next(apart.gaps(offset, offset + 1), None)
        if spot.page and gap and flow.text[offset : offset + 1].strip():
            begins.setdefault(spot.page, offset)
    pages = []
    for sheet in flow.sheets:
        begin = begins.get(sheet.spot.page)
        following = (at for page, at in begins.items() if page > sheet.spot.page)
        end = next((at for at in following if begin is not None and at > begin), None)
        words = _first(text, apart, begin, end) if begin is not None else ()
        spot = replace(sheet.spot, folio=sheet.folio)
        pages.append(Page(sheet.folio, words, spot, sheet.label))
    return tuple(pages)


def _first(text: Text, apart: Cover, offset: int, end: int | None = None) -> tuple[str, ...]:
    end = min(offset + 4000, len(text.flow.text)) if end is None else end
    return tuple(word.text for word in islice(words_in(text, apart, offset, end), FIRST_WORDS))

"""Reads lists of contents, of figures and of tables, bookmarks and page lists: what they say, where they lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from concordant.checks.flow import LINE, Bookmark, Cover, Link, Role, Span
from concordant.checks.found import Arrivals, Found, Text
from concordant.checks.labels import folio_value
from concordant.checks.model import FORMULA, Entry, Kind, PageMention
from concordant.checks.pointers import folio_at, stands_in
from concordant.checks.terms import KIND_OF_TERM, part_named_by

_LEADER = re.compile(rf"(?:[\s\u00a0{LINE}]*[.…·_⋅]){{3,}}")
_LEADERS = re.compile(rf"{_LEADER.pattern}[\s\u00a0{LINE}]*|[\s\u00a0{LINE}]+")
_FOLIO_AT_END = re.compile(r"^(.*?\S)[\s\u00a0]*(?<![\w.,])(\d{1,4}|[ivxlcdm]{1,15})$", re.DOTALL)
_MORE = re.compile(r"\w")
_LISTED = (Kind.SECTION, Kind.FIGURE, Kind.TABLE, Kind.LISTING, Kind.EQUATION)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the flow that is a link from end to end, but for leaders and a folio."""

    start: int
    end: int
    target: int
    text: str
    folio: str


def rows_of(text: Text) -> list[Row]:
    """Find the lines that only lead elsewhere: the lists at the front of a PDF, which no format marks."""
    flow = text.flow
    if not flow.sheets:
        return []
    rows = []
    offset = 0
    for line in flow.text.split("\n"):
        start, end = offset, offset + len(line)
        offset = end + 1
        inside = [link for link in flow.links_from(start, end) if link.end <= end]
        row = _row(text, start, end, inside) if inside else None
        if row:
            rows.append(row)
    return rows


def _row(text: Text, start: int, end: int, links: list[Link]) -> Row | None:
    targets = {link.target for link in links}
    target = links[0].target
    if len(targets) != 1 or target is None:
        return None
    cover = Cover(Span(Role.OWN, link.start, link.end) for link in links)
    outside = cover.remaining(text.flow.text, start, end)
    printed = " ".join(_LEADERS.sub(" ", text.flow.text[start:end]).split())
    match = _FOLIO_AT_END.match(printed)
    folio = match[2] if match and folio_value(match[2]) else ""
    leftover = re.sub(rf"[\s\u00a0\u2028.…·_{FORMULA}]", "", outside)
    if leftover not in ("", folio) and not leftover.isdigit():
        return None
    if not folio and not re.search(r"[^\W\d_]{2}", printed):
        return None
    named = match[1].strip() if match and folio else printed
    led = _LEADER.search(text.flow.text, start, end)
    if folio and not led and KIND_OF_TERM.get(named.strip(".").casefold()) in _LISTED:
        return None  # a mention in a line of its own: "Table 1"
    return Row(start, end, target, named, folio)


def contents_spans(text: Text, rows: list[Row]) -> list[Span]:
    """Return the spans of the lists that the rows make up, with the headings over them."""
    kept = [row for row in rows if row.folio]
    spans = [Span(Role.CONTENTS, row.start, row.end) for row in kept]
    starts = sorted(row.start for row in kept)
    for heading in text.flow.of(Role.HEADING):
        following = text.skip(heading.end)
        named = part_named_by(text.printed(heading.start, heading.end)) == "contents"
        if following in starts or (named and any(0 <= s - following < 40 for s in starts)):
            spans.append(Span(Role.CONTENTS, heading.start, heading.end))
    return spans


def contents(text: Text, found: list[Found], rows: list[Row]) -> Iterator[Entry]:
    """Yield the lines of contents and of bookmarks, each with what stands where it leads."""
    arrivals = Arrivals(text, list(filter(is_listed, found)))
    for mark in [*lines_of(text, rows), *text.flow.bookmarks]:
        things = [] if mark.target is None else arrivals.at(mark.target)
        yield from entry(mark, things, partial(landing, text), partial(folio_at, text.flow))


def is_listed(thing: Found) -> bool:
    """Whether contents or a list may have a line for a thing."""
    return thing.kind in _LISTED


def lines_of(text: Text, rows: Iterable[Row]) -> Iterator[Bookmark]:
    """Yield the lines of contents and of navigation."""
    for row in (row for row in rows if row.folio):
        yield Bookmark("contents", row.text, row.target, text.flow.spot(row.start))
    yield from _navigation(text)


def entry(
    mark: Bookmark,
    things: Sequence[Found],
    lands: Callable[[Found | None, int], str],
    folio: Callable[[int | None, str], str],
) -> Iterator[Entry]:
    """Yield a line with what stands where it leads, if it is compared: `things`, and what is printed there."""
    if "page" in mark.source:
        dead = mark.target is None
        yield Entry(mark.source, mark.text, folio(mark.target, mark.text), mark.spot, None, dead)
    elif mark.target is None:
        yield Entry(mark.source, mark.text, "", mark.spot, dead=True)
    elif "landmarks" not in mark.source:
        named = (t for t in things if stands_in(t.label, mark.text, but_not_before=_MORE))
        thing = next(named, None) or next(iter(things), None)
        declared = thing.declaration if thing else None
        yield Entry(mark.source, mark.text, lands(thing, mark.target), mark.spot, declared)


def _navigation(text: Text) -> Iterator[Bookmark]:
    """Yield the links of navigation; a list of pages may stand inside a list of contents."""
    flow = text.flow
    pages = Cover(span for span in flow.of(Role.NAVIGATION) if "page" in span.value)
    cover = Cover(span for span in flow.of(Role.NAVIGATION))
    for link in flow.links:
        printed = tidy(text.printed(link.start, link.end))
        if link.start in cover and re.search(r"\w", printed):
            source = "page-list" if link.start in pages else "navigation"
            yield Bookmark(source, printed, link.target, flow.spot(link.start))


def contents_pages(text: Text, rows: list[Row]) -> Iterator[PageMention]:
    """Yield the folios printed in contents lists, each with the folio of the page where its line leads."""
    for row in (row for row in rows if row.folio):
        lands = folio_at(text.flow, row.target)
        yield PageMention(row.folio, lands, text.flow.spot(row.start), row.text)


def landing(text: Text, thing: Found | None, target: int) -> str:
    """Return the printed heading or caption at a target, or else the words there."""
    return heading_at(text, target) or (told(text, thing) if thing else words_at(text, target))


def heading_at(text: Text, target: int) -> str:
    """Return the heading that begins at a target, or nothing."""
    begin = text.skip(target)
    heading = text.headings.at(begin)
    begins = heading is not None and begin - text.skip(heading.start) <= 1
    return tidy(text.told(heading.start, heading.end)) if heading and begins else ""


def told(text: Text, thing: Found) -> str:
    """Return a thing's label and text as they are printed."""
    return tidy(text.told(thing.start, thing.end))


def words_at(text: Text, target: int) -> str:
    """Return the words that follow a target."""
    begin = text.skip(target)
    end = text.flow.text.find("\n", begin)
    return tidy(text.printed(begin, min(end, begin + 80)))


def tidy(printed: str) -> str:
    """Return text on one line, with single spaces."""
    return " ".join(printed.replace(LINE, " ").split())

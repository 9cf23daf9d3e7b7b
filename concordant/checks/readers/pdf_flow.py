"""The flow of a PDF, put together from what its pages draw, what the file says, and what is remembered of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from concordant.checks.flow import Bookmark, Flow, Role, Sheet, Span, Spans
from concordant.checks.model import Edition, Spot
from concordant.checks.readers.pdf_bidi import has_right_to_left, in_reading_order
from concordant.checks.readers.pdf_file import Content
from concordant.checks.readers.pdf_glyphs import Run, is_marked, runs_on
from concordant.checks.readers.pdf_layout import by_place, folios_of, margin_runs, possible_folios
from concordant.checks.readers.pdf_links import PageLines, Traced, links, traced, with_links
from concordant.checks.readers.pdf_material import Material, Order
from concordant.checks.readers.pdf_order import Ordering
from concordant.checks.readers.pdf_recall import keep_parts, known_goals, recalled_links
from concordant.checks.readers.pdf_said import Said
from concordant.checks.readers.pdf_survey import Aside
from concordant.checks.readers.pdf_text import Sheetwork
from concordant.problem import CannotRun

_NEAR = 20  # pages whose runs are at hand


def flow_of(read: Material) -> Flow:
    """Return the flow; what pages draw is used up. Raises `CannotRun` if the pages hold pictures instead of text."""
    _must_have_text(read)
    work = Sheetwork()
    order = _put_in_order(read, work)
    work.end_block()
    read.drawn.clear()  # they take much room
    labels = read.said.labels
    folios = folios_of([order.asides[page].folios for page in range(read.count)], labels)
    lines = PageLines(work, dict(known_goals(read, order.placed)))
    by_page = _traced(lines, read.said)
    recalled = recalled_links(read, order.placed)
    found = links(lines, chain(*by_page.values(), recalled))
    bookmarks = []
    for item in read.said.bookmarks:
        target = lines.offset(item.goal) if item.goal else None
        bookmarks.append(Bookmark("outline", item.title, target, _goal_spot(item.goal)))
    keep_parts(read, order, by_page, lines)
    stretches = [each.stretch() for each in order.placed]
    if not _have_headings(work):
        work.spans += _headings_by_outline(work, bookmarks)
        stretches = []  # they have spans more
    text, furniture = _with_margins(work, (order.asides[page].text for page in range(read.count)))
    sheets = [
        Sheet(0, folios.get(index, ""), labels.get(index, ""), Spot(page=index + 1))
        for index in range(read.count)
    ]
    return Flow(
        edition=Edition.PDF,
        name=read.name,
        text=text,
        identity=read.said.identity,
        spans=Spans([*work.spans, *furniture], work.recalled),
        links=tuple(found),
        bookmarks=tuple(bookmarks),
        sheets=tuple(sheets),
        places=work.places(folios),
        stretches=tuple(with_links(stretches, found)),
    )


def _must_have_text(read: Material) -> None:
    printed = len(read.printed) + sum(each.known.printed for each in read.recalled.values())
    if printed == 0:
        raise CannotRun(
            f"{read.name}: no text was found in this PDF: its pages are pictures or empty"
        )
    if printed * 2 < read.count:
        raise CannotRun(f"{read.name}: only {printed} of {read.count} pages of this PDF hold text")


def _put_in_order(read: Material, work: Sheetwork) -> Order:
    """Fill the sheetwork."""
    if read.recalled or (len(read.said.steps) and any(map(is_marked, read.drawn.values()))):
        ordering = _ordering(read)
        ordering.put(work)
        if work.length:
            return _outside(read, work, ordering)
    runs = [list(runs_on(index, page)) for index, page in read.drawn.items()]
    margins = margin_runs(runs)
    by_place(work, runs, margins)
    return Order(dict(zip(read.drawn, map(_aside, margins), strict=True)))


def _ordering(read: Material) -> Ordering:
    steps, pages = read.said.steps, read.drawn

    @lru_cache(_NEAR)
    def numbered(page: int) -> dict[int, list[Run]]:
        runs: dict[int, list[Run]] = {}
        for run in runs_on(page, pages[page]) if page in pages else ():
            runs.setdefault(run.mcid, []).append(run)
        return runs

    if not any(has_right_to_left(text) for text, *_ in pages.values()):
        return Ordering(
            steps,
            lambda content: numbered(content[0]).get(content[1], ()),
            read.memory,
            read.recalled,
        )
    every: dict[Content, list[Run]] = {}
    for page, drawn in pages.items():
        for run in runs_on(page, drawn, with_lefts=True):
            if run.mcid >= 0:
                every.setdefault((page, run.mcid), []).append(run)
    ordered = in_reading_order(steps, every)
    return Ordering(steps, lambda content: ordered.get(content, ()))


def _outside(read: Material, work: Sheetwork, ordering: Ordering) -> Order:
    """Return what is beside a tagged file's text; what its tree forgets stays text, for a reader sees it."""
    left = {
        index: list(runs_on(index, page, but=ordering.used)) for index, page in read.drawn.items()
    }
    forgotten = [
        [run for run in page if not run.artifact and run.text.strip()] for page in left.values()
    ]
    margins = margin_runs(forgotten) if any(forgotten) else forgotten
    start = work.length
    by_place(work, forgotten, margins)
    if work.length > start:
        work.spans.append(Span(Role.UNTAGGED, start, work.length))
    asides = {
        index: _aside([run for run in page if run.artifact or run in margin])
        for (index, page), margin in zip(left.items(), margins, strict=True)
    }
    for each in read.recalled.values():
        asides |= zip(each.own, (Aside(*aside) for aside in each.known.asides), strict=True)
    pages = {index for index, runs in zip(left, forgotten, strict=True) if runs}
    return Order(asides, ordering.placed, pages, read.printed)


def _aside(margin: list[Run]) -> Aside:
    work = Sheetwork()
    for run in margin:
        work.put(run)
    return Aside(work.text(), possible_folios(margin))


def _with_margins(work: Sheetwork, margins: Iterable[str]) -> tuple[str, list[Span]]:
    """Return the text with what the margins print, and that as furniture after it: nothing is hidden."""
    texts, spans, at = [work.text()], [], work.length
    for margin in filter(None, margins):
        spans.append(Span(Role.FURNITURE, at, at + len(margin)))
        texts.append(margin if margin.endswith("\n") else f"{margin}\n")
        at += len(texts[-1])
    return "".join(texts), spans


def _traced(lines: PageLines, said: Said) -> dict[int, list[Traced]]:
    """Return where links are drawn, by page."""
    by_page: dict[int, list[Traced]] = {}
    for area in said.areas:
        by_page.setdefault(area.page, []).extend(traced(lines, area))
    return by_page


def _have_headings(work: Sheetwork) -> bool:
    recalled = any(each.columns.have(Role.HEADING) for each in work.recalled)
    return recalled or any(span.role is Role.HEADING for span in work.spans)


def _headings_by_outline(work: Sheetwork, bookmarks: list[Bookmark]) -> Iterator[Span]:
    text = work.text()
    for mark in bookmarks:
        if mark.target is None:
            continue
        words = [re.escape(word) for word in mark.text.split()]
        match = re.compile(r"\s*".join(words)).match(text, mark.target) if words else None
        if match:
            yield Span(Role.HEADING, match.start(), match.end(), 1)
            yield Span(Role.BLOCK, match.start(), match.end())


def _goal_spot(goal: object) -> Spot:
    page = getattr(goal, "page", None)
    return Spot() if page is None else Spot(page=page + 1)

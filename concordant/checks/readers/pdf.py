"""Reads a PDF edition: drawn text, link rectangles, destinations, bookmarks, folios, metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import pikepdf
import pypdfium2

from concordant.checks.ahead import ahead, give_back
from concordant.checks.flow import Bookmark, Flow, Role, Sheet, Span, Stretch
from concordant.checks.memory import Memory
from concordant.checks.model import Edition, Spot
from concordant.checks.readers.pdf_bidi import has_right_to_left, in_reading_order
from concordant.checks.readers.pdf_glyphs import (
    Drawn,
    Run,
    drawn_on,
    is_marked,
    page_count,
    runs_on,
)
from concordant.checks.readers.pdf_keys import page_keys
from concordant.checks.readers.pdf_layout import by_place, folios_of, margin_runs
from concordant.checks.readers.pdf_links import PageLines, links, with_links
from concordant.checks.readers.pdf_order import Ordering
from concordant.checks.readers.pdf_said import Said, what_is_said
from concordant.checks.readers.pdf_structure import Content, Walk
from concordant.checks.readers.pdf_text import Sheetwork
from concordant.problem import CannotRun

Thing = TypeVar("Thing")
_PARTS = 8  # in which workers read a file's pages
_NEAR = 20  # pages whose runs are at hand
_LEAST = 10  # pages in a part


class PdfReading:
    """A PDF file that is being read: workers begin with what it says, and with the keys of its pages.

    Raises `CannotRun`, when it is begun or when its flow is asked for, if it is encrypted, damaged, no PDF, or holds
    pictures instead of text.
    """

    def __init__(
        self, path: Path, executor: Executor | None = None, memory: Memory | None = None
    ) -> None:
        data = path.read_bytes()
        if b"%PDF-" not in data[:1024]:
            raise CannotRun(f"{path.name}: this is not a PDF file")
        if b"%%EOF" not in data[-2048:]:
            raise CannotRun(f"{path.name}: this PDF is truncated: its end is missing")
        self._path, self._executor, self._memory = path, executor, memory
        self._keys = ahead(executor, _keys, path, memory is not None)
        self._said = ahead(executor, what_is_said, path)
        self._drawn: Callable[[], Iterator[Drawn]] | None = None

    def go_on(self, waiting: bool) -> bool:
        """Have workers read the pages, if the keys are here or waited for; tell whether they are to."""
        if waiting or self._keys.is_here:
            with suppress(Exception):  # which the flow tells
                self._pages()
        return waiting or self._drawn is not None

    def flow(self) -> Flow:
        """Wait for what workers read, and put it in order; it is used up."""
        with _told(self._path.name):
            drawn, keys, said = self._pages(), self._keys(), self._said()
            del self._drawn, self._keys, self._said
            return _read(said, drawn(), self._path.name, keys, self._memory)

    def _pages(self) -> Callable[[], Iterator[Drawn]]:
        if self._drawn is None:
            self._drawn = _start_pages(self._path, self._keys(), self._executor, self._memory)
        return self._drawn


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Tell what is wrong with the file as an author knows it."""
    try:
        yield
    except pikepdf.PasswordError as error:
        raise CannotRun(f"{name}: this PDF is encrypted and needs a password") from error
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise CannotRun(f"{name}: this PDF is damaged: {error}") from error


def _keys(path: Path, wanted: bool) -> list[bytes | None]:
    """Return the keys of the pages, under which they may be remembered, if they are wanted; opens the file as both libraries do."""
    with pikepdf.open(path, attempt_recovery=False) as pdf:
        keys = page_keys(pdf) if wanted else []
    del pdf
    give_back()
    count = page_count(path)
    return keys if len(keys) == count else [None] * count


def _start_pages(
    path: Path, keys: list[bytes | None], executor: Executor | None, memory: Memory | None
) -> Callable[[], Iterator[Drawn]]:
    """Look up what pages draw, and have workers read the others; return what gives it for each page."""
    count = len(keys)
    known = [memory.look_up(key) if memory and key else None for key in keys]
    wanted = [index for index in range(count) if known[index] is None]
    share = max(-(-len(wanted) // _PARTS), _LEAST) if executor else count
    begun = [
        ahead(executor, drawn_on, path, {index: keys[index] for index in part}, memory)
        for part in (wanted[at : at + share] for at in range(0, len(wanted), share))
    ]

    def pages() -> Iterator[Drawn]:
        read = (page for part in begun for page in _released(part()))
        return (next(read) if page is None else page[0] for page in _released(known))

    return pages


def _released(things: list[Thing]) -> Iterator[Thing]:
    """Yield things that are many, keeping none of them."""
    things.reverse()
    while things:
        yield things.pop()


def _read(
    said: Said,
    drawn: Iterator[Drawn],
    name: str,
    keys: Sequence[bytes | None] = (),
    memory: Memory | None = None,
) -> Flow:
    pages = list(drawn)
    _must_have_text(pages, name)
    work = Sheetwork()
    margins, kept = _put_in_order(said.steps, work, pages, keys, memory)
    count = len(pages)
    pages.clear()  # they take much room
    folios = folios_of(margins, said.labels)
    lines = PageLines(work)
    found = links(lines, said.areas)
    bookmarks = []
    for item in said.bookmarks:
        target = lines.offset(item.goal) if item.goal else None
        bookmarks.append(Bookmark("outline", item.title, target, _goal_spot(item.goal)))
    if not any(span.role is Role.HEADING for span in work.spans):
        work.spans += _headings_by_outline(work, bookmarks)
        kept = []  # they have spans more
    places = work.places(folios)
    _add_margins(work, margins)
    sheets = [
        Sheet(0, folios.get(index, ""), said.labels.get(index, ""), Spot(page=index + 1))
        for index in range(count)
    ]
    return Flow(
        edition=Edition.PDF,
        name=name,
        text=work.text(),
        identity=said.identity,
        spans=tuple(work.spans),
        links=tuple(found),
        bookmarks=tuple(bookmarks),
        sheets=tuple(sheets),
        places=places,
        stretches=tuple(with_links(kept, found)),
    )


def _must_have_text(pages: list[Drawn], name: str) -> None:
    printed = sum(1 for text, *_ in pages if text.strip())
    if printed == 0:
        raise CannotRun(f"{name}: no text was found in this PDF: its pages are pictures or empty")
    if printed * 2 < len(pages):
        raise CannotRun(f"{name}: only {printed} of {len(pages)} pages of this PDF hold text")


def _put_in_order(
    steps: Walk,
    work: Sheetwork,
    pages: list[Drawn],
    keys: Sequence[bytes | None],
    memory: Memory | None,
) -> tuple[list[list[Run]], list[Stretch]]:
    """Fill the sheetwork; return the runs of each page's margins, and the stretches that are remembered."""
    if len(steps) and any(map(is_marked, pages)):
        ordering = _ordering(steps, pages, keys, memory)
        ordering.put(work)
        if work.length:
            return _outside(work, pages, ordering.used), ordering.kept
    runs = [list(runs_on(index, page)) for index, page in enumerate(pages)]
    margins = margin_runs(runs)
    by_place(work, runs, margins)
    return margins, []


def _ordering(
    steps: Walk, pages: list[Drawn], keys: Sequence[bytes | None], memory: Memory | None
) -> Ordering:
    @lru_cache(_NEAR)
    def numbered(page: int) -> dict[int, list[Run]]:
        runs: dict[int, list[Run]] = {}
        for run in runs_on(page, pages[page]) if 0 <= page < len(pages) else ():
            runs.setdefault(run.mcid, []).append(run)
        return runs

    if not any(has_right_to_left(text) for text, *_ in pages):
        return Ordering(
            steps, lambda content: numbered(content[0]).get(content[1], ()), keys, memory
        )
    every = {
        (page, mcid): runs
        for page in range(len(pages))
        for mcid, runs in numbered(page).items()
        if mcid >= 0
    }
    read = in_reading_order(steps, every)
    return Ordering(steps, lambda content: read.get(content, ()))


def _outside(work: Sheetwork, pages: list[Drawn], used: set[Content]) -> list[list[Run]]:
    """Return the margins of a tagged file; what its tree forgets stays text, for a reader sees it."""
    left = [list(runs_on(index, page, but=used)) for index, page in enumerate(pages)]
    forgotten = [[run for run in page if not run.artifact and run.text.strip()] for page in left]
    margins = margin_runs(forgotten) if any(forgotten) else forgotten
    by_place(work, forgotten, margins)
    return [
        [run for run in page if run.artifact or run in margin]
        for page, margin in zip(left, margins, strict=True)
    ]


def _add_margins(work: Sheetwork, margins: list[list[Run]]) -> None:
    """Keep what the margins print, as furniture after the text: nothing is hidden."""
    for margin in margins:
        work.end_block()
        start = work.length
        for run in margin:
            work.put(run)
        if work.length > start:
            work.spans.append(Span(Role.FURNITURE, start, work.length))
    work.end_block()


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

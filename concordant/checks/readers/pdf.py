"""Reads a PDF edition, with workers where there are some: drawn text, links, destinations, bookmarks, folios, metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pikepdf
import pypdfium2

from concordant.checks.ahead import ahead, give_back
from concordant.checks.flow import Flow
from concordant.checks.memory import Memory
from concordant.checks.readers.pdf_file import OpenFile, opened
from concordant.checks.readers.pdf_flow import flow_of
from concordant.checks.readers.pdf_glyphs import Drawn, drawn_on, page_count
from concordant.checks.readers.pdf_keys import all_page_keys, page_keys
from concordant.checks.readers.pdf_material import Material
from concordant.checks.readers.pdf_said import what_is_said
from concordant.checks.readers.pdf_survey import Recalled, Survey, survey
from concordant.problem import CannotRun

Thing = TypeVar("Thing")
# What gives each page that is not known, with what it draws, and the keys of all.
_Pages = tuple[Callable[[], Iterator[tuple[int, Drawn]]], list[bytes | None]]
_PARTS = 8  # in which workers read a file's pages
_LEAST = 10  # pages in a part
_LARGE = 20_000_000  # bytes of a file that another process surveys, as that takes ten times as much room: some 2,500 pages


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
        surveyor = executor if len(data) > _LARGE else None
        del data
        self._surveyed = ahead(surveyor, _survey, path, memory)
        self._is_begun = False
        if surveyor is None:
            self._begin(*self._surveyed())

    def _begin(self, found: Survey | None, recalled: dict[int, Recalled]) -> None:
        self._is_begun = True
        self._found, self._recalled = found, recalled
        wanted = self._memory is not None
        self._keys = ahead(self._executor, _keys, self._path, wanted, found)
        self._said = ahead(self._executor, what_is_said, self._path, found)
        self._drawn: _Pages | None = None

    @property
    def new_pages(self) -> int | None:
        """How many pages are not as they were in an earlier check, if that is known before they are read."""
        found = self._found
        return len(found.pages) - len(found.claimed) if found else None

    def go_on(self, waiting: bool) -> bool:
        """Have workers read the pages, if the keys are here or waited for; tell whether they are to."""
        if not self._is_begun and (waiting or self._surveyed.is_here):
            self._begin(*self._surveyed())
        if waiting or (self._is_begun and self._keys.is_here):
            with suppress(Exception):  # which the flow tells
                self._pages()
        return waiting or (self._is_begun and self._drawn is not None)

    def flow(self) -> Flow:
        """Wait for what workers read, and put it in order; it is used up."""
        if not self._is_begun:
            self._begin(*self._surveyed())
        with _told(self._path.name):
            read = self._read()
            if not read.agrees:
                self._begin(None, {})
                read = self._read()
            del self._drawn, self._keys, self._said, self._recalled
            return flow_of(read)

    def _read(self) -> Material:
        (drawn, keys), said = self._pages(), self._said()
        return Material(
            name=self._path.name,
            said=said,
            count=len(keys),
            drawn=dict(drawn()),
            keys=keys,
            memory=self._memory,
            found=self._found,
            recalled=self._recalled,
        )

    def _pages(self) -> _Pages:
        if self._drawn is None:
            claimed = self._found.claimed if self._found else frozenset()
            keys = self._keys()
            unknown = {page: key for page, key in enumerate(keys) if page not in claimed}
            drawn = _start_pages(self._path, unknown, self._executor, self._memory)
            self._drawn = drawn, keys
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


def _survey(path: Path, memory: Memory | None) -> tuple[Survey | None, dict[int, Recalled]]:
    """Return what a file is found to hold, and what of it is recalled: nothing without a memory, or where it is not plain."""
    return (survey(path, memory) if memory else None) or (None, {})


def _keys(path: Path, wanted: bool, found: Survey | None) -> list[bytes | None]:
    """Return the keys of the pages, under which they may be remembered, if they are wanted; opens the file as both libraries do.

    Pages of parts that are known need none.
    """
    with opened(path, inherit=found is None) as file:
        keys = (_surveyed_keys(file, found) if found else all_page_keys(file.pdf)) if wanted else []
    give_back()
    count = page_count(path)
    return keys if len(keys) == count else [None] * count


def _surveyed_keys(file: OpenFile, found: Survey) -> list[bytes | None]:
    unknown = [page for page in range(len(found.pages)) if page not in found.claimed]
    pages = (file.at((found.pages[page], 0)) for page in unknown)
    keys = dict(zip(unknown, page_keys(file.pdf, pages, found.edges), strict=True))
    return [keys.get(page) for page in range(len(found.pages))]


def _start_pages(
    path: Path,
    keys: dict[int, bytes | None],
    executor: Executor | None,
    memory: Memory | None,
) -> Callable[[], Iterator[tuple[int, Drawn]]]:
    """Look up what pages draw, and have workers read the others; return what gives it for each page."""
    known = {page: memory.look_up(key) if memory and key else None for page, key in keys.items()}
    wanted = [page for page, drawn in known.items() if drawn is None]
    share = max(-(-len(wanted) // _PARTS), _LEAST) if executor else max(len(wanted), 1)
    begun = [
        ahead(executor, drawn_on, path, {page: keys[page] for page in part}, memory)
        for part in (wanted[at : at + share] for at in range(0, len(wanted), share))
    ]

    def pages() -> Iterator[tuple[int, Drawn]]:
        read = (drawn for part in begun for drawn in _released(part()))
        for page, drawn in _released(list(known.items())):
            yield page, (next(read) if drawn is None else drawn[0])

    return pages


def _released(things: list[Thing]) -> Iterator[Thing]:
    """Yield things that are many, keeping none of them."""
    things.reverse()
    while things:
        yield things.pop()

"""Reads a PDF edition, with workers where there are some: drawn text, links, destinations, bookmarks, folios, metadata."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import pikepdf
import pypdfium2

from concordant.checks.ahead import ahead
from concordant.checks.flow import Flow
from concordant.checks.memory import Memory
from concordant.checks.readers.pdf_file import OpenFile, opened
from concordant.checks.readers.pdf_flow import flow_of
from concordant.checks.readers.pdf_glyphs import Drawn, drawn_but, drawn_on, page_count
from concordant.checks.readers.pdf_material import Material
from concordant.checks.readers.pdf_said import Said, what_is_new, what_is_said
from concordant.checks.readers.pdf_survey import Recalled, Survey, survey
from concordant.problem import CannotRun

Thing = TypeVar("Thing")
# What gives the number of pages, and what each page draws that is not known.
_Pages = Callable[[], tuple[int, dict[int, Drawn]]]
_Surveyed = tuple[Survey | None, dict[int, Recalled]]
_PARTS = 8  # in which workers read a file's pages
_LEAST = 10  # pages in a part
_LARGE = 20_000_000  # bytes of a file that another process surveys, as that takes ten times as much room: some 2,500 pages


class PdfReading:
    """A PDF file that is being read: workers begin with what it says, and with its pages.

    What `memory` has of it is not read again, unless it is `anew`: then workers need not wait until that is known.
    Where there are no workers, the file may be open already.

    Raises `CannotRun`, when it is begun or when its flow is asked for, if it is encrypted, damaged, no PDF, or holds
    pictures instead of text.
    """

    def __init__(
        self,
        path: Path,
        executor: Executor | None = None,
        memory: Memory | None = None,
        *,
        anew: bool = False,
        file: OpenFile | None = None,
    ) -> None:
        data = path.read_bytes()
        if b"%PDF-" not in data[:1024]:
            raise CannotRun(f"{path.name}: this is not a PDF file")
        if b"%%EOF" not in data[-2048:]:
            raise CannotRun(f"{path.name}: this PDF is truncated: its end is missing")
        self._path, self._executor, self._memory, self._file = path, executor, memory, file
        self._is_begun = False
        if memory is None or anew:
            self._begin(None, {}, look_for_parts=memory is not None)
            return
        surveyor = executor if len(data) > _LARGE else None
        del data
        self._surveyed = ahead(surveyor, _survey, path, memory, file)
        if surveyor is None:
            self._begin(*self._surveyed())

    def _begin(
        self,
        found: Survey | None,
        recalled: dict[int, Recalled],
        *,
        look_for_parts: bool = False,
    ) -> None:
        self._is_begun = True
        self._found, self._recalled = found, recalled
        self._said = ahead(self._executor, _said, self._path, found, look_for_parts, self._file)
        self._drawn: _Pages | None = None
        with suppress(pypdfium2.PdfiumError):  # which the flow tells
            self._pages()

    @property
    def new_pages(self) -> int | None:
        """How many pages are not as they were in an earlier check, if that is known before they are read."""
        found = self._found
        return len(found.pages) - len(found.claimed) if found else None

    def go_on(self, waiting: bool) -> bool:
        """Have workers begin, if what is known is here or waited for; tell whether they have."""
        if not self._is_begun and (waiting or self._surveyed.is_here):
            self._begin(*self._surveyed())
        return self._is_begun

    def flow(self) -> Flow:
        """Wait for what workers read, and put it in order; it is used up."""
        self.go_on(waiting=True)
        with _told(self._path.name):
            read = self._read()
            if not read.agrees:
                self._begin(None, {})
                read = self._read()
            del self._drawn, self._said, self._recalled
            return flow_of(read)

    def _read(self) -> Material:
        found, said = self._said()
        count, drawn = self._pages()()
        return Material(
            name=self._path.name,
            said=said,
            count=count,
            drawn=drawn,
            memory=self._memory,
            found=found,
            recalled=self._recalled,
        )

    def _pages(self) -> _Pages:
        if self._drawn is None:
            claimed = self._found.claimed if self._found else frozenset()
            self._drawn = _start_pages(self._path, claimed, self._executor)
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


def read_what_is_little(path: Path, memory: Memory, most: int) -> Flow | None:
    """Read a file of which at most so many pages are not as they were in an earlier check; else return None.

    Raises `CannotRun` as a `PdfReading` does.
    """
    with _told(path.name), opened(path, inherit=False) as file:
        pdf = PdfReading(path, memory=memory, file=file)
        if pdf.new_pages is None or pdf.new_pages > most:
            return None
        return pdf.flow()


def _survey(path: Path, memory: Memory, file: OpenFile | None) -> _Surveyed:
    """Return what a file is found to hold, and what `memory` has of it: nothing where it is not plain."""
    return survey(path, memory, file) or (None, {})


def _said(
    path: Path, found: Survey | None, look_for_parts: bool, file: OpenFile | None
) -> tuple[Survey | None, Said]:
    """Return what a file says, and what it is found to hold: that may have to be looked for first."""
    return what_is_new(path) if look_for_parts else (found, what_is_said(path, found, file))


def _start_pages(path: Path, claimed: Container[int], executor: Executor | None) -> _Pages:
    """Have workers, if there are any, read the pages that are not claimed; return what gives what each of them draws."""
    if executor is None:
        return partial(drawn_but, path, claimed)
    count = page_count(path)
    pages = [page for page in range(count) if page not in claimed]
    share = max(-(-len(pages) // _PARTS), _LEAST)
    parts = [pages[at : at + share] for at in range(0, len(pages), share)]
    begun = [(part, ahead(executor, drawn_on, path, part)) for part in parts]

    def drawn() -> Iterator[tuple[int, Drawn]]:
        for part, read in _released(begun):
            yield from _released(list(zip(part, read(), strict=True)))

    return lambda: (count, dict(drawn()))


def _released(things: list[Thing]) -> Iterator[Thing]:
    """Yield things that are many, keeping none of them."""
    things.reverse()
    while things:
        yield things.pop()

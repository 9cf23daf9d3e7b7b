"""Pool: parts of a document laid out and printed by several processes, each part a plain function on values.

What a worker needs comes with the work, so any `concurrent.futures.Executor` will do. A worker makes its press
ready once for each style and set of fonts.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from concordant.editions.fitting import fit
from concordant.editions.fonts import CutFace
from concordant.editions.weasy import Press


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a press is made of: a style sheet and fonts; `digest` tells one outfit from another."""

    style: str
    fonts: tuple[CutFace, ...]
    digest: str

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outfit) and self.digest == other.digest


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part to be printed: its name among the document's parts, and its `html` element as XML."""

    name: str
    html: bytes


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A printed part, without its page numbers: a PDF for `joining`, and the facts of its layout.

    Those are the kind of each page, the page (from 0) of each anchor, and how many of the part's tokens stand
    before each page, and the style that had the last word.
    """

    pdf: bytes
    kinds: tuple[str, ...]
    anchors: Mapping[str, int]
    starts: tuple[int, ...]
    style: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """The page numbers of a part: the kinds of its pages, the first number, and its layout's last style."""

    kinds: tuple[str, ...]
    first_folio: int
    style: str


def outfit(style: str, fonts: Iterable[CutFace]) -> Outfit:
    """Make an outfit."""
    cut = tuple(fonts)
    digest = hashlib.sha256(style.encode())
    for each in cut:
        digest.update(repr(each.face).encode() + hashlib.sha256(each.data).digest())
    return Outfit(style, cut, digest.hexdigest())


def print_sheet(sheet: Sheet, of: Outfit) -> PrintedPart:
    """Lay out and print one part."""
    press = _press(of)
    layout = fit(press, etree.fromstring(sheet.html), 1)
    pdf = press.print_part(layout, sheet.name)
    printed = PrintedPart(pdf, layout.kinds, layout.anchors, layout.starts, layout.style)
    del layout
    gc.collect()  # a layout is full of cycles; without this a worker holds several
    return printed


def print_numbering(numbering: Numbering, of: Outfit) -> bytes:
    """Print the page numbers of one part."""
    return _press(of).print_folios(numbering.kinds, numbering.first_folio, numbering.style)


def print_all(sheets: Sequence[Sheet], of: Outfit, executor: Executor) -> list[PrintedPart]:
    """Print parts, the longest first, so that no worker is left with a long one at the end."""
    order = sorted(range(len(sheets)), key=lambda index: -len(sheets[index].html))
    futures = {index: executor.submit(print_sheet, sheets[index], of) for index in order}
    return [futures[index].result() for index in range(len(sheets))]


def number_all(numberings: Sequence[Numbering], of: Outfit, executor: Executor) -> list[bytes]:
    """Print the page numbers of parts."""
    return list(executor.map(print_numbering, numberings, [of] * len(numberings), chunksize=8))


@contextmanager
def local_workers(count: int = 0) -> Iterator[Executor]:
    """Give as many processes as this machine has cores for us, or `count`.

    They come from a server process without threads, which has loaded the layout engine once for all of them.
    """
    count = count or len(os.sched_getaffinity(0))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(count, context) as executor:
        yield executor


@lru_cache(maxsize=2)
def _press(of: Outfit) -> Press:
    press = Press(of.style, of.fonts)
    gc.collect()
    gc.freeze()  # what a press is made of stays: the collector need not look at it after each part
    return press

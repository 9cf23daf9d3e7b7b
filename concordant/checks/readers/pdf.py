"""Reads a PDF edition: drawn text, link rectangles, destinations, bookmarks, folios, metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pikepdf
import pypdfium2
from lxml import etree

from concordant.checks.ahead import ahead
from concordant.checks.flow import Bookmark, Flow, Role, Sheet, Span
from concordant.checks.labels import roman
from concordant.checks.memory import Memory
from concordant.checks.model import Edition, Identity, Places, Spot
from concordant.checks.readers.pdf_bidi import has_right_to_left, in_reading_order
from concordant.checks.readers.pdf_glyphs import Drawn, Run, drawn_on, page_count, runs_on
from concordant.checks.readers.pdf_keys import page_keys
from concordant.checks.readers.pdf_layout import by_place, folios_of, margin_runs
from concordant.checks.readers.pdf_links import (
    Area,
    Destinations,
    OutlineItem,
    PageLines,
    areas,
    links,
    outline,
)
from concordant.checks.readers.pdf_structure import Step, walk
from concordant.checks.readers.pdf_text import Sheetwork, by_structure
from concordant.problem import CannotRun

Thing = TypeVar("Thing")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP_IDENTIFIERS = ("identifier", "DocumentID")
_PARTS = 8  # in which workers read a file's pages
_LEAST = 10  # pages in a part
_XMP_VERSIONS = ("VersionID", "versionIdentifier", "version", "hasVersion")


def start_pdf(
    path: Path, executor: Executor | None = None, memory: Memory | None = None
) -> Callable[[], Flow]:
    """Have workers read what the pages of a PDF file draw; return what reads the rest and gives its flow.

    Both raise `CannotRun` when it is encrypted, damaged, no PDF, or holds pictures instead of text.
    """
    data = path.read_bytes()
    if b"%PDF-" not in data[:1024]:
        raise CannotRun(f"{path.name}: this is not a PDF file")
    if b"%%EOF" not in data[-2048:]:
        raise CannotRun(f"{path.name}: this PDF is truncated: its end is missing")
    with _told(path.name):
        pdf = pikepdf.open(path, attempt_recovery=False)
        drawn = _start_pages(pdf, path, executor, memory)

    def read() -> Flow:
        with _told(path.name):
            with pdf:  # it is large, and not needed any more once the pages come
                said = _said(pdf)
            return _read(said, drawn(), path.name)

    return read


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says beside what its pages draw: its structure, page labels, links, bookmarks and metadata."""

    steps: list[Step]
    labels: dict[int, str]
    areas: list[Area]
    bookmarks: list[OutlineItem]
    identity: Identity


def _said(pdf: pikepdf.Pdf) -> Said:
    destinations = Destinations(pdf)
    links_in = list(areas(pdf, destinations))
    bookmarks = list(outline(pdf, destinations))
    return Said(walk(pdf), page_labels(pdf), links_in, bookmarks, _identity(pdf))


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Tell what is wrong with the file as an author knows it."""
    try:
        yield
    except pikepdf.PasswordError as error:
        raise CannotRun(f"{name}: this PDF is encrypted and needs a password") from error
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise CannotRun(f"{name}: this PDF is damaged: {error}") from error


def _start_pages(
    pdf: pikepdf.Pdf, path: Path, executor: Executor | None, memory: Memory | None
) -> Callable[[], Iterator[Drawn]]:
    """Look up what pages draw, and have workers read the others; return what gives it for each page."""
    count = page_count(path)
    keys: list[bytes | None] = [None] * count
    if memory and count == len(pdf.pages):
        keys = page_keys(pdf)
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


def _read(said: Said, drawn: Iterator[Drawn], name: str) -> Flow:
    pages = [list(runs_on(index, page)) for index, page in enumerate(drawn)]
    _must_have_text(pages, name)
    work = Sheetwork()
    margins = _put_in_order(said.steps, work, pages)
    folios = folios_of(margins, said.labels)
    lines = PageLines(work)
    found = links(work, lines, said.areas)
    bookmarks = []
    for item in said.bookmarks:
        target = lines.offset(item.goal) if item.goal else None
        bookmarks.append(Bookmark("outline", item.title, target, _goal_spot(item.goal)))
    if not any(span.role is Role.HEADING for span in work.spans):
        work.spans += _headings_by_outline(work, bookmarks)
    spots = work.spots(folios)
    _add_margins(work, margins)
    sheets = [
        Sheet(0, folios.get(index, ""), said.labels.get(index, ""), Spot(page=index + 1))
        for index in range(len(pages))
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
        places=Places.of(spots),
    )


def _must_have_text(pages: list[list[Run]], name: str) -> None:
    printed = sum(1 for page in pages if any(run.text.strip() for run in page))
    if printed == 0:
        raise CannotRun(f"{name}: no text was found in this PDF: its pages are pictures or empty")
    if printed * 2 < len(pages):
        raise CannotRun(f"{name}: only {printed} of {len(pages)} pages of this PDF hold text")


def _put_in_order(steps: list[Step], work: Sheetwork, pages: list[list[Run]]) -> list[list[Run]]:
    """Fill the sheetwork; return the runs of each page's margins."""
    numbered: dict[tuple[int, int], list[Run]] = {}
    for page in pages:
        for run in page:
            if run.mcid >= 0:
                numbered.setdefault((run.page, run.mcid), []).append(run)
    if numbered and steps:
        if any(has_right_to_left(page) for page in pages):
            numbered = in_reading_order(steps, numbered)
        used = by_structure(work, steps, numbered)
        if work.length:
            return _outside(work, pages, used)
    margins = margin_runs(pages)
    by_place(work, pages, margins)
    return margins


def _outside(
    work: Sheetwork, pages: list[list[Run]], used: set[tuple[int, int]]
) -> list[list[Run]]:
    """Return the margins of a tagged file; what its tree forgets stays text, for a reader sees it."""
    left = [[run for run in page if (run.page, run.mcid) not in used] for page in pages]
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


def page_labels(pdf: pikepdf.Pdf) -> dict[int, str]:
    """Return the file's own labels of its pages, by 0-based page (ISO 32000-1, 12.4.2)."""
    tree = pdf.Root.get("/PageLabels")
    if tree is None:
        return {}
    numbers = list(_numbers(tree, 0))
    labels = {}
    for (first, rule), (last, _) in zip(
        numbers, [*numbers[1:], (len(pdf.pages), None)], strict=True
    ):
        for index in range(first, last):
            labels[index] = _page_label(rule, int(rule.get("/St", 1)) + index - first)
    return labels


def _numbers(node: pikepdf.Object, depth: int) -> Iterator[tuple[int, pikepdf.Object]]:
    flat = list(node.get("/Nums", []))
    yield from ((int(key), value) for key, value in zip(flat[::2], flat[1::2], strict=False))
    for kid in node.get("/Kids", []) if depth < 40 else []:
        yield from _numbers(kid, depth + 1)


def _page_label(rule: pikepdf.Object, number: int) -> str:
    style = str(rule.get("/S", ""))[1:]
    prefix = str(rule.get("/P", ""))
    digits = {"D": str(number), "r": roman(number), "R": roman(number).upper()}
    letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    digits |= {"a": letter, "A": letter.upper()}
    return prefix + digits.get(style, "")


def _identity(pdf: pikepdf.Pdf) -> Identity:
    values: dict[str, str] = {}
    metadata = pdf.Root.get("/Metadata")
    if metadata is not None:
        values = _xmp(bytes(metadata.read_bytes()))
    info = pdf.trailer.get("/Info")
    named = str(info.get("/Title", "")) if info is not None else ""
    return Identity(
        title=values.get("title", "") or " ".join(named.split()),
        identifier=next((values[name] for name in _XMP_IDENTIFIERS if values.get(name)), ""),
        version=next((values[name] for name in _XMP_VERSIONS if values.get(name)), ""),
        source=values.get("source", ""),
        modified=values.get("ModifyDate", ""),
        language=str(pdf.Root.get("/Lang", "")),
    )


def _xmp(packet: bytes) -> dict[str, str]:
    """Return the properties of an XMP packet by local name, elements and attributes alike."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(packet.strip(), parser)
    except etree.XMLSyntaxError:
        return {}
    values: dict[str, str] = {}
    for each in () if root is None else root.iter(f"{_RDF}Description"):
        for key, value in each.attrib.items():
            values.setdefault(str(key).rpartition("}")[2], str(value))
        for child in each:
            if isinstance(child.tag, str):
                text = "".join(str(part) for part in child.itertext())
                values.setdefault(child.tag.rpartition("}")[2], " ".join(text.split()))
    return values

"""Reads a PDF edition: drawn text, link rectangles, destinations, bookmarks, folios, metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path

import pikepdf
import pypdfium2
from lxml import etree

from concordant.checks.ahead import ahead
from concordant.checks.flow import Bookmark, Flow, Role, Sheet, Span
from concordant.checks.labels import roman
from concordant.checks.model import Edition, Identity, Spot
from concordant.checks.readers.pdf_bidi import has_right_to_left, in_reading_order
from concordant.checks.readers.pdf_glyphs import Drawn, Run, drawn_on
from concordant.checks.readers.pdf_layout import by_place, folios_of, margin_runs
from concordant.checks.readers.pdf_links import Destinations, PageLines, areas, links, outline
from concordant.checks.readers.pdf_structure import Step, walk
from concordant.checks.readers.pdf_text import Sheetwork, by_structure
from concordant.problem import CannotRun

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP_IDENTIFIERS = ("identifier", "DocumentID")
_PARTS = 8  # of a file whose pages workers read
_XMP_VERSIONS = ("VersionID", "versionIdentifier", "version", "hasVersion")
Pages = Callable[[], Iterable[list[Drawn]]]


def start_pages(path: Path, executor: Executor | None = None) -> Pages:
    """Have workers read what the pages of a PDF file draw; return what gives it, page by page."""
    parts = _PARTS if executor else 1
    begun = [ahead(executor, drawn_on, path, part, parts) for part in range(parts)]
    return lambda: (page for part in begun for page in part())


def read_pdf(path: Path, pages: Pages | None = None) -> Flow:
    """Read a PDF file; `pages` gives what its pages draw, if others read that.

    Raises `CannotRun` when it is encrypted, damaged, no PDF, or holds pictures instead of text.
    """
    data = path.read_bytes()
    if b"%PDF-" not in data[:1024]:
        raise CannotRun(f"{path.name}: this is not a PDF file")
    if b"%%EOF" not in data[-2048:]:
        raise CannotRun(f"{path.name}: this PDF is truncated: its end is missing")
    try:
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            return _read(pdf, pages or start_pages(path), path.name)
    except pikepdf.PasswordError as error:
        raise CannotRun(f"{path.name}: this PDF is encrypted and needs a password") from error
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise CannotRun(f"{path.name}: this PDF is damaged: {error}") from error


def _read(pdf: pikepdf.Pdf, drawn: Pages, name: str) -> Flow:
    steps = walk(pdf)  # while the workers are reading
    pages = [[Run.of(index, run) for run in page] for index, page in enumerate(drawn())]
    _must_have_text(pages, name)
    labels = page_labels(pdf)
    work = Sheetwork()
    margins = _put_in_order(steps, work, pages)
    folios = folios_of(margins, labels)
    lines = PageLines(work)
    destinations = Destinations(pdf)
    found = links(work, lines, areas(pdf, destinations))
    bookmarks = []
    for item in outline(pdf, destinations):
        target = lines.offset(item.goal) if item.goal else None
        bookmarks.append(Bookmark("outline", item.title, target, _goal_spot(item.goal)))
    if not any(span.role is Role.HEADING for span in work.spans):
        work.spans += _headings_by_outline(work, bookmarks)
    spots = work.spots(folios)
    _add_margins(work, margins)
    sheets = [
        Sheet(0, folios.get(index, ""), labels.get(index, ""), Spot(page=index + 1))
        for index in range(len(pages))
    ]
    return Flow(
        edition=Edition.PDF,
        name=name,
        text=work.text(),
        identity=_identity(pdf),
        spans=tuple(work.spans),
        links=tuple(found),
        bookmarks=tuple(bookmarks),
        sheets=tuple(sheets),
        spots=tuple(sorted(spots, key=lambda pair: pair[0])),
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

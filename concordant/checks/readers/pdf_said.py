"""What a PDF says beside what its pages draw: structure, page labels, links, bookmarks and metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pikepdf
from lxml import etree

from concordant.checks.labels import roman
from concordant.checks.model import Identity
from concordant.checks.readers.pdf_file import Address, OpenFile, opened
from concordant.checks.readers.pdf_links import (
    Area,
    Destinations,
    Goal,
    Item,
    OutlineItem,
    areas,
    outline,
)
from concordant.checks.readers.pdf_structure import Walk, walk
from concordant.checks.readers.pdf_survey import Survey, survey_anew

_MANY = 2000  # pages, whose links take about 200 MB
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP_IDENTIFIERS = ("identifier", "DocumentID")
_XMP_VERSIONS = ("VersionID", "versionIdentifier", "version", "hasVersion")


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says; `labels` are by 0-based page, `goals` by names, and `areas` those on pages that are not known.

    `items` are those of the outline that are new and plain, by their numbers.
    """

    steps: Walk
    labels: dict[int, str]
    areas: list[Area]
    goals: dict[str, Goal | None]
    bookmarks: list[OutlineItem]
    identity: Identity
    items: dict[int, Item] = field(default_factory=dict)


def what_is_said(path: Path, found: Survey | None = None, file: OpenFile | None = None) -> Said:
    """Return what a PDF file says of itself, but for the parts that are known; one that was surveyed may still be open.

    Raises `pikepdf.PdfError` when it is damaged or encrypted.
    """
    with opened(path, inherit=found is None, already=file) as each:
        return _said(each, found, path.read_bytes() if found else b"")


def what_is_new(path: Path) -> tuple[Survey | None, Said]:
    """Return what a PDF file is found to hold, if it is plain, and all that it says of itself. Raises as `what_is_said`."""
    with opened(path, inherit=False) as file:
        data = path.read_bytes()
        if found := survey_anew(file, data):
            return found, _said(file, found, data)
    return None, what_is_said(path)


def _said(file: OpenFile, found: Survey | None, data: bytes) -> Said:
    pages = _pages(file.pdf, found)
    index = {address: page for page, address in enumerate(pages)}
    said = _beside_structure(file, pages, index, found)
    if len(pages) - (len(found.claimed) if found else 0) > _MANY:
        file.renew()
    return replace(said, steps=walk(file, index, found, data))


def _beside_structure(
    file: OpenFile, pages: list[Address], index: Mapping[Address, int], found: Survey | None
) -> Said:
    destinations = Destinations(file.pdf, index)
    claimed = found.claimed if found else frozenset()
    read = ((page, file.at(each)) for page, each in enumerate(pages) if page not in claimed)
    items = list(outline(file.pdf, found.items if found else {}))
    return Said(
        steps=Walk(),
        labels=page_labels(file.pdf, len(pages)),
        areas=list(areas(read, destinations)),
        goals=destinations.by_name() if claimed else {},
        bookmarks=[OutlineItem(item.title, destinations.goal(item.aim)) for _, item in items],
        identity=_identity(file.pdf),
        items={number: item for number, item in items if isinstance(item, Item)},
    )


def _pages(pdf: pikepdf.Pdf, found: Survey | None) -> list[Address]:
    return [(page, 0) for page in found.pages] if found else [page.obj.objgen for page in pdf.pages]


def page_labels(pdf: pikepdf.Pdf, count: int) -> dict[int, str]:
    """Return the file's own labels of its pages, of which there are so many, by 0-based page (ISO 32000-1, 12.4.2)."""
    tree = pdf.Root.get("/PageLabels")
    if tree is None:
        return {}
    numbers = list(_numbers(tree, 0))
    labels = {}
    for (first, rule), (last, _) in zip(numbers, [*numbers[1:], (count, None)], strict=True):
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
    written = _STYLES[style](number) if style in _STYLES else ""
    return prefix + written


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


_STYLES: dict[str, Callable[[int], str]] = {
    "D": str,
    "r": roman,
    "R": lambda number: roman(number).upper(),
    "a": _letters,
    "A": lambda number: _letters(number).upper(),
}


def _identity(pdf: pikepdf.Pdf) -> Identity:
    values: dict[str, str] = {}
    metadata = pdf.Root.get("/Metadata")
    if metadata is not None:
        values = _xmp(bytes(metadata.read_bytes()))
    info = pdf.trailer.get("/Info")
    named = " ".join(str(info.get("/Title", "")).split()) if info is not None else ""
    return Identity(
        title=values.get("title", "") or named,
        shown=named if values.get("title") else "",
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

"""What a PDF says beside what its pages draw: structure, page labels, links, bookmarks and metadata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from lxml import etree

from concordant.checks.labels import roman
from concordant.checks.model import Identity
from concordant.checks.readers.pdf_file import opened
from concordant.checks.readers.pdf_links import Area, Destinations, OutlineItem, areas, outline
from concordant.checks.readers.pdf_structure import Walk, walk

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP_IDENTIFIERS = ("identifier", "DocumentID")
_XMP_VERSIONS = ("VersionID", "versionIdentifier", "version", "hasVersion")


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says; `labels` are by 0-based page."""

    steps: Walk
    labels: dict[int, str]
    areas: list[Area]
    bookmarks: list[OutlineItem]
    identity: Identity


def what_is_said(path: Path) -> Said:
    """Return what a PDF file says of itself.

    Raises `pikepdf.PdfError` when it is damaged or encrypted.
    """
    with opened(path) as file:
        labels, linked, bookmarks, identity = _beside_structure(file.pdf)
        return Said(walk(file), labels, linked, bookmarks, identity)


def _beside_structure(
    pdf: pikepdf.Pdf,
) -> tuple[dict[int, str], list[Area], list[OutlineItem], Identity]:
    destinations = Destinations(pdf)
    linked = list(areas(pdf, destinations))
    return page_labels(pdf), linked, list(outline(pdf, destinations)), _identity(pdf)


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

"""Reads an HTML edition: one file, its structure and its printed text."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from concordant.checks.flow import Flow, Spans
from concordant.checks.memory import Memory
from concordant.checks.model import Edition, Identity, Places
from concordant.checks.readers.markup import address, name_of, read_document
from concordant.checks.readers.tape import Tape
from concordant.problem import CannotRun

_IDENTIFIERS = ("dc.identifier", "dcterms.identifier", "citation_doi", "identifier")
_VERSIONS = ("version", "dcterms.hasversion", "dc.hasversion", "citation_version", "revision")
_SOURCES = ("dcterms.source", "dc.source")
_DATES = ("dcterms.modified",)


def read_html(path: Path, memory: Memory | None = None) -> Flow:
    """Read an HTML file.

    Raises `CannotRun` when it cannot be read or is no HTML document with text.
    """
    root = parse_html(path.read_bytes(), path.name)
    tape = Tape()
    read_document(tape, root, "", memory)
    if not tape.text().strip():
        raise CannotRun(f"{path.name}: no text was found in this HTML file")
    return Flow(
        edition=Edition.HTML,
        name=path.name,
        text=tape.text(),
        identity=identity_of(root),
        spans=Spans(tape.spans, tape.recalled),
        links=tuple(tape.links(_inside)),
        places=Places.of(tape.spots),
        stretches=tuple(tape.stretches),
    )


def parse_html(data: bytes, name: str) -> etree._Element:
    """Return the root element of an HTML document.

    Raises `CannotRun` when the data is binary or holds no HTML elements.
    """
    if b"\0" in data[:4096] or not re.search(
        rb"<(!doctype\s+html|html|body|p|h1)\b", data[:65536], re.I
    ):
        raise CannotRun(f"{name}: this is not an HTML file")
    try:
        encoding = None if re.search(rb"charset|encoding=", data[:2048], re.I) else "utf-8"
        return etree.fromstring(data, etree.HTMLParser(encoding=encoding, huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise CannotRun(f"{name}: this HTML file cannot be parsed ({error})") from error


def identity_of(root: etree._Element) -> Identity:
    """Return what the head of a document says of the edition."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        key = (meta.get("name") or meta.get("property") or "").lower()
        metas.setdefault(key, (meta.get("content") or "").strip())
    title = next((each for each in root.iter() if name_of(each) == "title"), None)
    shown = " ".join(("" if title is None else title.text or "").split())
    named = metas.get("dc.title") or metas.get("dcterms.title") or metas.get("citation_title")
    return Identity(
        title=named or shown,
        shown=shown if named else "",
        identifier=_first(metas, _IDENTIFIERS),
        version=_first(metas, _VERSIONS),
        source=_first(metas, _SOURCES),
        modified=_first(metas, _DATES),
        language=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
    )


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str:
    return next((metas[name] for name in names if metas.get(name)), "")


def _inside(document: str, href: str) -> tuple[str, str] | None:
    return address(document, href) if href.startswith("#") else None

"""Reads an EPUB as a reading system does: container, package document, spine, navigation document.

EPUB 3.3: OCF (container), Package document, Navigation document; NCX for EPUB 2.
"""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from concordant.checks.flow import Bookmark, Flow, Spans
from concordant.checks.memory import Memory, hash_of
from concordant.checks.model import Edition, Identity, Places, Spot
from concordant.checks.readers.markup import (
    EPUB_TYPE,
    address,
    line_of,
    name_of,
    read_document,
    text_in,
)
from concordant.checks.readers.tape import Tape
from concordant.problem import CannotRun

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_VERSIONS = ("schema:version", "dcterms:hasVersion", "schema:softwareVersion", "version")


@dataclass(frozen=True, slots=True)
class Package:
    """The package document: where it lies, its manifest by identifier, and the spine's documents."""

    root: etree._Element
    path: str
    manifest: dict[str, etree._Element]
    spine: tuple[str, ...]
    navigation: str


def read_epub(path: Path, memory: Memory | None = None) -> Flow:
    """Read an EPUB file.

    Raises `CannotRun` when it is no zip file, no EPUB, encrypted, damaged, or without text.
    """
    try:
        with zipfile.ZipFile(path) as container:
            return _read(container, path.name, memory)
    except (zipfile.BadZipFile, EOFError) as error:
        raise CannotRun(f"{path.name}: this is not a readable EPUB: {error}") from error
    except (KeyError, etree.XMLSyntaxError, RuntimeError) as error:
        raise CannotRun(f"{path.name}: this EPUB is damaged: {error}") from error


def _read(container: zipfile.ZipFile, name: str, memory: Memory | None) -> Flow:
    names = set(container.namelist())
    if "META-INF/container.xml" not in names:
        raise CannotRun(f"{name}: this zip file is no EPUB: META-INF/container.xml is missing")
    package = _package(container, name)
    tape = Tape()
    locked = _locked(container, names)
    for document in package.spine:
        if document in locked:
            raise CannotRun(f"{name}: {document} is encrypted")
        _read_document(tape, container, document, memory)
    if not tape.text().strip():
        raise CannotRun(f"{name}: no text was found in the spine of this EPUB")
    bookmarks = _bookmarks(container, package, tape) if package.navigation else []
    return Flow(
        edition=Edition.EPUB,
        name=name,
        text=tape.text(),
        identity=_identity(package.root),
        spans=Spans(tape.spans, tape.recalled),
        links=tuple(tape.links(address)),
        bookmarks=tuple(bookmarks),
        places=Places.of(tape.spots),
        stretches=tuple(tape.stretches),
    )


def _read_document(
    tape: Tape, container: zipfile.ZipFile, document: str, memory: Memory | None
) -> None:
    """Add a document of the spine to the tape, as it is remembered under its bytes."""
    if memory is None:
        read_document(tape, _xml(container, document), document)
        return
    key = hash_of("document", container.read(document))
    known = memory.look_up(key)
    if known is None:
        own = Tape()
        read_document(own, _xml(container, document), document)
        known = (own.plain(0),)
        memory.keep(key, known[0])
    tape.end_block()
    tape.anchors[document, ""] = tape.length
    tape.add(known[0], document, 0, key)


def _xml(container: zipfile.ZipFile, path: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=False)
    return etree.fromstring(container.read(path), parser)


def _package(container: zipfile.ZipFile, name: str) -> Package:
    pointer = _xml(container, "META-INF/container.xml")
    path = next(
        (each.get("full-path") for each in pointer.iter() if name_of(each) == "rootfile"), None
    )
    if not path:
        raise CannotRun(f"{name}: META-INF/container.xml names no package document")
    root = _xml(container, path)
    manifest = {item.get("id", ""): item for item in root.iter(f"{_OPF}item")}
    base = posixpath.dirname(path)
    spine = []
    for itemref in root.iter(f"{_OPF}itemref"):
        item = manifest.get(itemref.get("idref", ""))
        if item is None:
            raise CannotRun(
                f"{name}: the spine names {itemref.get('idref')!r}, which is in no manifest"
            )
        if itemref.get("linear", "yes") != "no":
            spine.append(posixpath.normpath(posixpath.join(base, unquote(item.get("href", "")))))
    navigation = next(
        (each for each in manifest.values() if "nav" in each.get("properties", "").split()),
        manifest.get(next((s.get("toc", "") for s in root.iter(f"{_OPF}spine")), "")),
    )
    where = "" if navigation is None else posixpath.join(base, unquote(navigation.get("href", "")))
    return Package(root, path, manifest, tuple(spine), posixpath.normpath(where) if where else "")


def _locked(container: zipfile.ZipFile, names: set[str]) -> set[str]:
    if "META-INF/encryption.xml" not in names:
        return set()
    listed = _xml(container, "META-INF/encryption.xml")
    return {
        unquote(each.get("URI", "")) for each in listed.iter() if name_of(each) == "cipherreference"
    }


def _bookmarks(container: zipfile.ZipFile, package: Package, tape: Tape) -> list[Bookmark]:
    root = _xml(container, package.navigation)
    if name_of(root) == "ncx":
        return _ncx(root, package.navigation, tape)
    found = []
    for nav in (each for each in root.iter() if name_of(each) == "nav"):
        source = nav.get(EPUB_TYPE) or nav.get("role") or "nav"
        for link in (each for each in nav.iter() if name_of(each) == "a" and each.get("href")):
            text = " ".join(text_in(link).split())
            spot = Spot(package.navigation, line_of(link))
            found.append(_bookmark(source, text, link.get("href", ""), tape, spot))
    return found


def _ncx(root: etree._Element, path: str, tape: Tape) -> list[Bookmark]:
    found = []
    for point in (each for each in root.iter() if name_of(each) in ("navpoint", "pagetarget")):
        label = next((each for each in point.iter() if name_of(each) == "text"), None)
        content = next((each for each in point if name_of(each) == "content"), None)
        if label is not None and content is not None:
            source = "toc" if name_of(point) == "navpoint" else "page-list"
            text = " ".join((label.text or "").split())
            spot = Spot(path, line_of(point))
            found.append(_bookmark(source, text, content.get("src", ""), tape, spot))
    return found


def _bookmark(source: str, text: str, href: str, tape: Tape, spot: Spot) -> Bookmark:
    where = address(spot.file, href)
    return Bookmark(source, text, tape.anchors.get(where) if where else None, spot)


def _identity(root: etree._Element) -> Identity:
    unique = root.get("unique-identifier", "")
    identifiers = {
        each.get("id", ""): (each.text or "").strip() for each in root.iter(f"{_DC}identifier")
    }
    metas: dict[str, str] = {}
    for meta in root.iter(f"{_OPF}meta"):
        metas.setdefault(meta.get("property") or meta.get("name") or "", (meta.text or "").strip())
    return Identity(
        title=_text(root, f"{_DC}title"),
        identifier=identifiers.get(unique, ""),
        version=next((metas[name] for name in _VERSIONS if metas.get(name)), ""),
        source=metas.get("dcterms:source", "") or _text(root, f"{_DC}source"),
        modified=metas.get("dcterms:modified", ""),
        language=_text(root, f"{_DC}language"),
    )


def _text(root: etree._Element, tag: str) -> str:
    found = next(root.iter(tag), None)
    return "" if found is None else " ".join((found.text or "").split())

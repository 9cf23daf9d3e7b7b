"""Carries faults in markup into the bytes of an HTML file or an EPUB, and adds those of the package."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from random import Random

from lxml import etree, html

from concordant.checks.model import Edition
from tests.checks.mutations import markup as m
from tests.checks.mutations import text_faults
from tests.checks.mutations.base import Change, Fault, Hit
from tests.checks.mutations.markup_faults import FAULTS

_STAMP = (2024, 1, 1, 0, 0, 0)


def read_zip(data: bytes) -> dict[str, bytes]:
    """Return the files of an EPUB in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {name: container.read(name) for name in container.namelist()}


def write_zip(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return an EPUB with these files; stored, because that is quicker to write and to read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name, data in files.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else compression
            container.writestr(zipfile.ZipInfo(name, _STAMP), data, kind)
    return out.getvalue()


def package_name(files: dict[str, bytes]) -> str:
    """Return the path of the package document."""
    return next(name for name in files if name.endswith(".opf"))


def parse_page(data: bytes) -> etree._Element:
    """Parse an HTML file."""
    return html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def page_bytes(root: etree._Element) -> bytes:
    """Serialise an HTML file."""
    return bytes(html.tostring(root, doctype="<!doctype html>", encoding="utf-8"))


def in_html(fault: m.MarkupFault) -> Change:
    """Let a fault in markup change an HTML file."""

    def change(data: bytes, random: Random) -> tuple[bytes, Hit] | None:
        root = parse_page(data)
        hit = fault({"": root}, random)
        return (page_bytes(root), hit) if hit else None

    return change


def in_epub(fault: m.MarkupFault) -> Change:
    """Let a fault in markup change the documents of an EPUB's spine, or its navigation document."""

    def change(data: bytes, random: Random) -> tuple[bytes, Hit] | None:
        files = read_zip(data)
        names = content_documents(files)
        docs = {name: etree.fromstring(files[name]) for name in names}
        hit = fault(docs, random)
        if hit is None:
            return None
        for name in names:
            files[name] = etree.tostring(docs[name], encoding="utf-8", xml_declaration=True)
        return write_zip(files), hit

    return change


def content_documents(files: dict[str, bytes]) -> list[str]:
    """Return the spine's documents in order, then the navigation document."""
    path = package_name(files)
    root = etree.fromstring(files[path])
    items = {item.get("id"): item for item in root.iter("{*}item")}
    listed = [items[ref.get("idref")] for ref in root.iter("{*}itemref")]
    listed += [item for item in items.values() if "nav" in item.get("properties", "").split()]
    folder = posixpath.dirname(path)
    return list(dict.fromkeys(posixpath.join(folder, item.get("href", "")) for item in listed))


def _package(edit: Callable[[str, Random], str | None], hit: Hit | None = None) -> Change:
    def change(data: bytes, random: Random) -> tuple[bytes, Hit] | None:
        files = read_zip(data)
        path = package_name(files)
        changed = edit(files[path].decode(), random)
        if changed is None:
            return None
        files[path] = changed.encode()
        return write_zip(files), hit or Hit()

    return change


def _spine_exchanged(opf: str, random: Random) -> str | None:
    refs = (
        re.findall(r"<itemref[^>]*>", opf)[-5:-1]
        if opf.count("<itemref") > 4
        else re.findall(r"<itemref[^>]*>", opf)[:2]
    )
    first = random.randrange(len(refs) - 1)
    a, b = refs[first], refs[first + 1]
    return opf.replace(a, "\0").replace(b, a).replace("\0", b)


def _spine_cut(opf: str, random: Random) -> str | None:
    refs = re.findall(r"<itemref[^>]*>", opf)
    ref = random.choice(refs[-4:] if len(refs) > 4 else refs)
    return opf.replace(ref, "")


def _replace(pattern: str, new: str) -> Callable[[str, Random], str | None]:
    def edit(source: str, random: Random) -> str | None:
        changed, count = re.subn(pattern, new, source, count=1, flags=re.S)
        return changed if count else None

    return edit


def _in_head(pattern: str, new: str) -> Change:
    def change(data: bytes, random: Random) -> tuple[bytes, Hit] | None:
        changed, count = re.subn(pattern, new, data.decode(), count=1, flags=re.S)
        return (changed.encode(), Hit()) if count else None

    return change


_ORDER = frozenset(
    ("declaration-order", "number-order", "number-gap", "declaration-label", "declaration-missing")
)
_GONE = frozenset(("declaration-missing", "kind-missing", "words-missing"))
_STALE = frozenset(("identity-differs", "identity-missing"))
_IDENTIFIER = r"(<dc:identifier[^>]*>)[^<]*"

PACKAGE_FAULTS = (
    Fault("spine out of order", Edition.EPUB, _ORDER, _package(_spine_exchanged)),
    Fault("spine without a chapter", Edition.EPUB, _GONE, _package(_spine_cut)),
    Fault(
        "another identifier",
        Edition.EPUB,
        _STALE,
        _package(_replace(_IDENTIFIER, r"\1urn:x:another")),
    ),
    Fault(
        "another title",
        Edition.EPUB,
        _STALE,
        _package(_replace(r"(<dc:title[^>]*>)[^<]*", r"\1Another")),
    ),
    Fault(
        "an older version",
        Edition.EPUB,
        _STALE,
        _package(
            _replace(r'(property="(?:schema:version|dcterms:hasVersion)"[^>]*>)[^<]*', r"\g<1>0.9")
        ),
    ),
    Fault("no identifier", Edition.EPUB, _STALE, _package(_replace(_IDENTIFIER, r"\1"))),
    Fault(
        "another identifier",
        Edition.HTML,
        _STALE,
        _in_head(
            r'(<meta[^>]*name="(?i:dc(?:terms)?.identifier)"[^>]*content=")[^"]*',
            r"\1urn:x:another",
        ),
    ),
    Fault(
        "another title in the window",
        Edition.HTML,
        _STALE,
        _in_head(r"(<title>)[^<]*", r"\1Another"),
    ),
    Fault(
        "an older version",
        Edition.HTML,
        _STALE,
        _in_head(r'(name="(?:version|dcterms.hasVersion)"[^>]*content=")[^"]*', r"\g<1>0.9"),
    ),
)


def markup_faults() -> tuple[Fault, ...]:
    """Return every fault of the HTML edition and of the EPUB."""
    assert text_faults, "its import enters its faults"
    made = [
        Fault(name, edition, codes, carry(function))
        for name, (function, codes) in FAULTS.items()
        for edition, carry in ((Edition.HTML, in_html), (Edition.EPUB, in_epub))
    ]
    return (*made, *PACKAGE_FAULTS)

"""HTML and XHTML as a flow: elements, DPUB-ARIA roles and `epub:type`, as the formats define them.

HTML Living Standard; DPUB-ARIA 1.1; EPUB 3.3, structural semantics.
"""

from __future__ import annotations

import posixpath
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from concordant.checks.flow import Role, Span
from concordant.checks.memory import Memory, hash_of
from concordant.checks.readers.tape import Tape

EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "br",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "template",
        "head",
        "noscript",
        "iframe",
        "object",
        "audio",
        "video",
        "canvas",
        "datalist",
        "title",
        "desc",
        "meta",
        "annotation",
        "annotation-xml",
        "rp",
    ]
)
_IN_A_SENTENCE = frozenset(("a", "br", "em", "strong", "code", "kbd", "samp", "cite", "q"))
_HOLD_PARTS = frozenset(("body", "main"))  # whose blocks may be remembered one by one
_LARGE = 5_000  # bytes: what is smaller is read faster than looked up
_NO_ROLES = frozenset(("presentation", "none"))
_SECTIONING = frozenset(("article", "main", "section", "aside", "figure", "blockquote", "nav"))
_ROLES = {
    "doc-biblioentry": Role.ENTRY,
    "biblioentry": Role.ENTRY,
    "doc-bibliography": Role.BIBLIOGRAPHY,
    "bibliography": Role.BIBLIOGRAPHY,
    "doc-footnote": Role.NOTE,
    "doc-endnote": Role.NOTE,
    "footnote": Role.NOTE,
    "endnote": Role.NOTE,
    "rearnote": Role.NOTE,
    "doc-endnotes": Role.NOTE_AREA,
    "footnotes": Role.NOTE_AREA,
    "endnotes": Role.NOTE_AREA,
    "rearnotes": Role.NOTE_AREA,
    "doc-toc": Role.NAVIGATION,
    "toc": Role.NAVIGATION,
    "lof": Role.NAVIGATION,
    "lot": Role.NAVIGATION,
    "doc-pagelist": Role.NAVIGATION,
    "navigation": Role.NAVIGATION,
    "banner": Role.FURNITURE,
    "contentinfo": Role.FURNITURE,
    "search": Role.FURNITURE,
    "tooltip": Role.FURNITURE,
    "dialog": Role.FURNITURE,
    "doc-cover": Role.TITLE_PAGE,
    "cover": Role.TITLE_PAGE,
    "titlepage": Role.TITLE_PAGE,
    "halftitlepage": Role.TITLE_PAGE,
    "doc-colophon": Role.COLOPHON,
    "colophon": Role.COLOPHON,
    "imprint": Role.COLOPHON,
    "copyright-page": Role.COLOPHON,
    "doc-backlink": Role.BACKLINK,
    "backlink": Role.BACKLINK,
    "doc-pagebreak": Role.PAGE_MARK,
    "pagebreak": Role.PAGE_MARK,
    "math": Role.MATH,
}
_ELEMENTS = {
    **{f"h{level}": Role.HEADING for level in range(1, 7)},
    "figure": Role.FIGURE,
    "table": Role.TABLE,
    "pre": Role.CODE,
    **dict.fromkeys(("code", "kbd", "samp"), Role.VERBATIM),
    "figcaption": Role.CAPTION,
    "caption": Role.CAPTION,
    "math": Role.MATH,
    "svg": Role.PICTURE,
    "nav": Role.NAVIGATION,
    "button": Role.FURNITURE,
    "select": Role.FURNITURE,
    "dialog": Role.FURNITURE,
}


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace, or "" for comments and the like."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(1000)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


# A path inside the edition and an identifier, which need no decoding.
_SIMPLE = re.compile(r"((?!//)[\w./-]*)(?:#([\w.-]*))?", re.ASCII)


def line_of(element: etree._Element) -> int:
    """Return the line of the file where an element begins."""
    line: Any = element.sourceline
    return line or 0


def text_in(element: etree._Element) -> str:
    """Return all text inside an element."""
    return "".join(str(part) for part in element.itertext())


def roles_of(element: etree._Element, name: str) -> list[Role]:
    """Return what the element's name, `role` and `epub:type` say it is."""
    said = element.get("role", ""), element.get(EPUB_TYPE, element.get("epub:type", ""))
    words = " ".join(said).split()
    roles = [_ROLES[word] for word in words if word in _ROLES]
    if name in _ELEMENTS and not _NO_ROLES.intersection(words):
        roles.append(_ELEMENTS[name])
    if name in ("header", "footer") and not any(
        name_of(parent) in _SECTIONING for parent in element.iterancestors()
    ):
        roles.append(Role.FURNITURE)
    if element.get("aria-hidden") == "true" and name not in ("math", "svg"):
        roles.append(Role.FURNITURE)
    return list(dict.fromkeys(roles)) if len(roles) > 1 else roles


def read_document(
    tape: Tape, root: etree._Element, document: str, memory: Memory | None = None
) -> None:
    """Add one document's body to the tape; `document` is its name inside the edition ("" for a lone file).

    The parts of the body that `memory` has are not read again.
    """
    body = next((child for child in root.iter() if name_of(child) == "body"), root)
    tape.end_block()
    tape.anchors[document, ""] = tape.length
    _element(tape, body, name_of(body), Inherited(document, memory=memory))
    tape.end_block()


@dataclass(frozen=True, slots=True)
class Inherited:
    """What an element has from those around it: its document, the nearest identifier, its number in a list."""

    document: str
    anchor: str = ""
    preformatted: bool = False
    number: str = ""
    memory: Memory | None = None


def _element(tape: Tape, element: etree._Element, name: str, around: Inherited) -> None:
    if not name or name in _SILENT or element.get("hidden") is not None:
        return
    block = name in _BLOCKS
    if block:
        tape.end_block()
    start = tape.length
    document, own = around.document, element.get("id")
    near = own or around.anchor
    anchor = own or (element.get("name") if name == "a" else None)
    if anchor:
        tape.anchors.setdefault((document, anchor), start)
    if anchor or block:
        tape.spots.append((start, (document, line_of(element), near, 0, "", None)))
    roles = roles_of(element, name)
    if around.number and name == "li":
        tape.spans.append(Span(Role.MARKER, start, start, value=around.number))
    inside = around
    if own or around.number or name == "pre" or (around.memory and name not in _HOLD_PARTS):
        memory = around.memory if name in _HOLD_PARTS else None
        inside = Inherited(document, near, around.preformatted or name == "pre", memory=memory)
    _content(tape, element, name, inside)
    end = tape.length
    if block:
        tape.end_block()
    _record(tape, element, roles, (start, end), document)


def _content(tape: Tape, element: etree._Element, name: str, inside: Inherited) -> None:
    add = tape.put if inside.preformatted else tape.flow_in
    add(element.text)
    numbers = _numbers(element) if name == "ol" else None
    for child in element:
        its = name_of(child)
        number = next(numbers) if numbers and its == "li" else ""
        if inside.memory and its in _BLOCKS:
            _recall(tape, child, its, inside, inside.memory)
        else:
            _element(tape, child, its, replace(inside, number=number) if number else inside)
        add(child.tail)


def _recall(tape: Tape, part: etree._Element, name: str, around: Inherited, memory: Memory) -> None:
    """Add a block as it is remembered under all that decides what is read of it."""
    hidden = part.get("hidden") is not None
    whole = name in _HOLD_PARTS or hidden
    written = b"" if whole else etree.tostring(part, encoding="utf-8", with_tail=False)
    if len(written) < _LARGE:
        _element(tape, part, name, around)
        return
    first = line_of(part)
    # Where lines end inside of tags is not written.
    lines = array("i", [line_of(each) - first for each in part.iter()])
    sheltered = any(name_of(each) in _SECTIONING for each in part.iterancestors())
    told = (around.anchor, around.preformatted, sheltered, lines.tobytes(), written)
    key = hash_of("markup", *told)
    known = memory.look_up(key)
    if known is None:
        own = Tape()
        _element(own, part, name, replace(around, memory=None))
        known = (own.plain(first),)
        memory.keep(key, known[0])
    tape.end_block()
    tape.add(known[0], around.document, first, key)


def _numbers(ordered: etree._Element) -> Iterator[str]:
    """Yield the number that a reader sees before each item of an ordered list (HTML, 4.4.8)."""
    number = int(ordered.get("start", "1"))
    for item in (child for child in ordered if name_of(child) == "li"):
        value = item.get("value", "")
        number = int(value) if value.lstrip("-").isdigit() else number
        yield str(number)
        number += 1


def _record(
    tape: Tape,
    element: etree._Element,
    roles: list[Role],
    extent: tuple[int, int],
    document: str,
) -> None:
    (start, end), name = extent, name_of(element)
    for role in roles:
        level = int(name[1]) if role is Role.HEADING else 0
        value = _mark_label(element) if role is Role.PAGE_MARK else _list_name(element)
        tape.spans.append(Span(role, start, end, level, value))
    if name in _BLOCKS and end > start:
        tape.spans.append(Span(Role.BLOCK, start, end))
    elif end > start and name not in _IN_A_SENTENCE:
        tape.spans.append(Span(Role.OWN, start, end))
    href = element.get("href")
    if name == "a" and href is not None:
        tape.pending.append((start, end, document, href, Role.BACKLINK in roles))


def _mark_label(element: etree._Element) -> str:
    label = element.get("aria-label") or element.get("title") or text_in(element)
    words = label.split()
    return words[-1].strip(".:") if words else ""


def _list_name(element: etree._Element) -> str:
    return element.get(EPUB_TYPE) or element.get("role") or ""


def address(document: str, href: str) -> tuple[str, str] | None:
    """Return (document, identifier) that a link leads to, or None when it leaves the edition."""
    if simple := _SIMPLE.fullmatch(href):
        return _document(document, simple[1]), simple[2] or ""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return None
    return _document(document, unquote(parts.path)), unquote(parts.fragment)


@lru_cache(10_000)
def _document(base: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) if path else base

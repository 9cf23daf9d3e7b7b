"""HTML and XHTML as a flow: elements, DPUB-ARIA roles and `epub:type`, as the formats define them.

HTML Living Standard; DPUB-ARIA 1.1; EPUB 3.3, structural semantics.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from lxml import etree

from concordant.checks.flow import Link, Role, Span
from concordant.checks.model import SpotRow

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
        "meta",
        "annotation",
        "annotation-xml",
        "rp",
    ]
)
_IN_A_SENTENCE = frozenset(("a", "br", "em", "strong", "code", "kbd", "samp", "cite", "q"))
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


_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass
class Tape:
    """Collects the printed text of one or more documents."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    last: str = "\n"
    spans: list[Span] = field(default_factory=list)
    anchors: dict[tuple[str, str], int] = field(default_factory=dict)
    spots: list[tuple[int, SpotRow]] = field(default_factory=list)
    pending: list[tuple[int, int, str, str, bool]] = field(default_factory=list)

    def put(self, text: str | None) -> None:
        """Add text as it is."""
        if text:
            self.parts.append(text)
            self.length += len(text)
            self.last = text[-1]

    def flow_in(self, text: str | None) -> None:
        """Add text with its white space collapsed, as CSS does for `white-space: normal`."""
        if text:
            collapsed = _WHITE_SPACE.sub(" ", text)
            self.put(collapsed.lstrip(" ") if self.last in " \n" else collapsed)

    def end_block(self) -> None:
        """End the current block, if anything stands in it."""
        if self.last != "\n":
            self.put("\n")

    def text(self) -> str:
        """Return everything that was collected."""
        return "".join(self.parts)

    def links(self, resolve: Callable[[str, str], tuple[str, str] | None]) -> list[Link]:
        """Return the links inside the edition, with their targets as offsets."""
        found = []
        for start, end, document, href, back in self.pending:
            address = resolve(document, href)
            if address is not None:
                found.append(Link(start, end, self.anchors.get(address), href, back))
        return found


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace, or "" for comments and the like."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(1000)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def line_of(element: etree._Element) -> int:
    """Return the line of the file where an element begins."""
    return int(str(element.sourceline or 0))


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


def read_document(tape: Tape, root: etree._Element, document: str) -> None:
    """Add one document's body to the tape; `document` is its name inside the edition ("" for a lone file)."""
    body = next((child for child in root.iter() if name_of(child) == "body"), root)
    tape.end_block()
    tape.anchors[document, ""] = tape.length
    _element(tape, body, name_of(body), Inherited(document))
    tape.end_block()


@dataclass(frozen=True, slots=True)
class Inherited:
    """What an element has from those around it: its document, the nearest identifier, its number in a list."""

    document: str
    anchor: str = ""
    preformatted: bool = False
    number: str = ""


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
    if own or around.number or name == "pre":
        inside = Inherited(document, near, around.preformatted or name == "pre")
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
        _element(tape, child, its, replace(inside, number=number) if number else inside)
        add(child.tail)


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
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    target = (
        posixpath.normpath(posixpath.join(posixpath.dirname(document), path)) if path else document
    )
    return target, unquote(parts.fragment)

"""Folios: printed page numbers as a layer of their own, so that a chapter is laid out without knowing its first.

What stands on a chapter's pages does not depend on where the chapter begins, the page numbers apart. They
are left out when the chapter is printed, and printed on blank pages of the same kinds, by the same style
sheet; `joining` lays those over. So nothing is set again when the chapters before grow or shrink.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree
from weasyprint.formatting_structure import boxes

from concordant.editions.fragments import Element

_COUNTERS = {"counter()", "counters()"}
_OF_THE_TEXT = {"string()", "element()"}


def kinds_of(document: Any) -> tuple[str, ...]:
    """Return the kind of each page of a laid-out document: the name by which `@page` rules know it."""
    return tuple(str(page._page_box.page_type.name or "auto") for page in document.pages)


def blank_pages(kinds: Sequence[str], lang: str = "en") -> Element:
    """Return a document of blank pages of these kinds, in their order."""
    root = etree.Element("html", {"lang": lang})
    body = etree.SubElement(root, "body")
    for kind in kinds:
        etree.SubElement(body, "div", {"style": f"page: {kind}; break-after: page"})
    return root


def leave_out_folios(document: Any) -> None:
    """Take the page numbers out of a laid-out document.

    Raises:
        ValueError: one margin box prints the page number together with what is taken from the text.
    """
    for box in _margin_boxes(document):
        if _counts(box):
            if _said(box) & _OF_THE_TEXT:
                raise ValueError(f"{box.at_keyword} prints a page number and a text; part them")
            box.children = []


def leave_only_folios(document: Any) -> None:
    """Take everything but the page numbers out of the margins of laid-out blank pages."""
    for box in _margin_boxes(document):
        if not _counts(box):
            box.children = []


def _margin_boxes(document: Any) -> list[Any]:
    return [
        box
        for page in document.pages
        for box in page._page_box.children
        if isinstance(box, boxes.MarginBox)
    ]


def _content(box: Any) -> list[Any]:
    content = box.style["content"]
    return [] if isinstance(content, str) else [*content]


def _said(box: Any) -> set[str]:
    return {kind for kind, _ in _content(box)}


def _counts(box: Any) -> bool:
    return any(kind in _COUNTERS and value[0] == "page" for kind, value in _content(box))

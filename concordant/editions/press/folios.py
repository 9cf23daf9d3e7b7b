"""Folios: printed page numbers as a layer of their own, so that a chapter is laid out without knowing its first.

What stands on a chapter's pages does not depend on where the chapter begins, the page numbers apart. They
are left out when the chapter is printed. Blank pages of the same kinds are laid out by the same style sheet, a few
samples of each kind, and their numbers are set anew for every page; `binding` lays those over. So nothing
is set again when the chapters before grow or shrink.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree
from weasyprint.formatting_structure import boxes
from weasyprint.html import UA_COUNTER_STYLE
from weasyprint.text.line_break import split_first_line

from concordant.editions.elements import Element
from concordant.problem import CannotRun

_COUNTERS = {"counter()", "counters()"}
_OF_THE_TEXT = {"string()", "element()"}
_ANCHORS = {"left": 0.0, "start": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}


def kinds_of(document: Any) -> tuple[str, ...]:
    """Return the kind of each page of a laid-out document: the name by which `@page` rules know it."""
    return tuple(str(page._page_box.page_type.name or "auto") for page in document.pages)


def sample_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of the sample pages for pages of these kinds: the first, then each kind left and right."""
    return (kinds[0], *(kind for each in sorted({*kinds}) for kind in (each, each)))


def blank_pages(kinds: Sequence[str]) -> Element:
    """Return a document of blank pages of these kinds, in their order."""
    root = etree.Element("html", {"lang": "en"})
    # Pages do not end where a style sheet sets the text in columns.
    body = etree.SubElement(root, "body", {"style": "display: block; columns: auto"})
    for kind in kinds:
        etree.SubElement(body, "div", {"style": f"page: {kind}; break-after: page"})
    return root


def number_pages(samples: Any, kinds: Sequence[str], first_folio: int) -> list[Any]:
    """Return pages of these kinds, numbered from `first_folio`, with nothing on them but their numbers.

    `samples` is the laid-out document of `blank_pages(sample_kinds(kinds))`.
    """
    places = {kind: 1 + 2 * index for index, kind in enumerate(sorted({*kinds}))}
    pages = []
    for index, kind in enumerate(kinds):
        sample = samples.pages[places[kind] + (index + 1) % 2 if index else 0]
        page = copy.copy(sample)
        page._page_box = sample._page_box.copy()
        page._page_box.children = [
            _numbered(box, first_folio + index) for box in _margin_boxes(sample) if _counts(box)
        ]
        pages.append(page)
    return pages


def _numbered(box: Any, folio: int) -> Any:
    """Return a copy of a margin box that prints another number; it stays at its end of the margin."""
    box = box.deepcopy()
    text = next(each for each in box.descendants() if isinstance(each, boxes.TextBox))
    before = text.width
    text.text = "".join(_words(box, folio))
    text.pango_layout, _, _, text.width, _, _ = split_first_line(
        text.text, text.style, None, None, 0
    )
    shift = (before - text.width) * _ANCHORS.get(_anchor(box), 0.0)
    if box.style["width"] == "auto":
        box.width += text.width - before
        box.translate(shift, 0)
    else:
        text.translate(shift, 0)
    return box


def _anchor(box: Any) -> str:
    """Return which end of a margin box stays: one of no given width is as wide as its text."""
    end = str(box.at_keyword).rpartition("-")[2]
    return end if box.style["width"] == "auto" and end in _ANCHORS else box.style["text_align_all"]


def _words(box: Any, folio: int) -> Iterator[str]:
    for kind, value in _content(box):
        if kind == "string":
            yield value
        elif kind in _COUNTERS and value[0] == "page":
            yield UA_COUNTER_STYLE.render_value(folio, value[-1])


def leave_out_folios(document: Any) -> None:
    """Take the page numbers out of a laid-out document.

    Raises:
        CannotRun: one margin box prints the page number together with what is taken from the text.
    """
    for box in [box for page in document.pages for box in _margin_boxes(page)]:
        if _counts(box):
            if _said(box) & _OF_THE_TEXT:
                raise CannotRun(
                    f"{box.at_keyword} prints a page number and a text of the chapter; part them"
                )
            box.children = []


def _margin_boxes(page: Any) -> list[Any]:
    return [box for box in page._page_box.children if isinstance(box, boxes.MarginBox)]


def _content(box: Any) -> list[Any]:
    content = box.style["content"]
    return [] if isinstance(content, str) else [*content]


def _said(box: Any) -> set[str]:
    return {kind for kind, _ in _content(box)}


def _counts(box: Any) -> bool:
    return any(kind in _COUNTERS and value[0] == "page" for kind, value in _content(box))

"""Page marks: where each page of the PDF begins, marked in the fragments at that very character.

A chapter is a stream of tokens: every letter and digit of its text, and every picture or formula, in reading
order. Hyphens, spaces and punctuation are no tokens, because a layout adds and drops them; neither are
footnotes and back-links, which stand elsewhere in print. Page n begins at the same token in every edition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lxml import etree

from concordant.editions.elements import Element, classes, inner, parse

if TYPE_CHECKING:  # processes that print count tokens, and do without what writes fragments
    from concordant.editions.fragments import Fragment

PICTURES = {"img", "{http://www.w3.org/2000/svg}svg", "{http://www.w3.org/1998/Math/MathML}math"}
APART = {"backlinks", "footnote"}


@dataclass(frozen=True, slots=True)
class PageStart:
    """Where a page begins: its folio as printed, and how many tokens of the chapter stand before it."""

    folio: str
    tokens: int


@dataclass(frozen=True, slots=True)
class _Run:
    """A text of the tree: before an element's first child, or (`tail`) behind an element."""

    element: Element
    tail: bool
    text: str


def mark_pages(fragment: Fragment, starts: Sequence[PageStart]) -> Fragment:
    """Return the fragment with an empty `span` (DPUB-ARIA 1.1, doc-pagebreak) where each page begins.

    Raises:
        ValueError: the layout and the fragment are not the same text.
    """
    root = parse(fragment.body)
    for start in reversed(starts):  # from the end, so that a mark does not move those before it
        _mark(root, start)
    return replace(fragment, body=inner(root))


def count_tokens(text: str) -> int:
    """Return how many tokens a text has."""
    return sum(map(str.isalnum, text))


def _mark(root: Element, start: PageStart) -> None:
    passed = 0
    for each in _stream(root):
        size = 1 if isinstance(each, etree._Element) else count_tokens(each.text)
        if passed + size > start.tokens:
            _insert(each, start, start.tokens - passed)
            return
        passed += size
    if passed != start.tokens:
        raise ValueError(f"page {start.folio} begins after token {start.tokens} of {passed}")
    root[-1].append(
        _page_mark(start)
    )  # the page holds only what stands apart, such as a long footnote


def _stream(element: Element) -> Iterator[_Run | Element]:
    if element.text:
        yield _Run(element, False, element.text)
    for child in element:
        if child.tag in PICTURES:
            yield child
        elif not APART & set(classes(child)):
            yield from _stream(child)
        if child.tail:
            yield _Run(child, True, child.tail)


def _insert(where: _Run | Element, start: PageStart, skip: int) -> None:
    mark = _page_mark(start)
    if isinstance(where, etree._Element):
        where.addprevious(mark)
        return
    at = _position(where.text, skip)
    before, mark.tail = where.text[:at], where.text[at:]
    if where.tail:
        where.element.tail = before
        parent = where.element.getparent()
        assert parent is not None
        parent.insert(parent.index(where.element) + 1, mark)
    else:
        where.element.text = before
        where.element.insert(0, mark)


def _position(text: str, skip: int) -> int:
    """Return the index of the token after `skip` others, or of the marks that open its word."""
    tokens = [index for index, character in enumerate(text) if character.isalnum()]
    at = tokens[skip]
    while at and not text[at - 1].isalnum() and not text[at - 1].isspace():
        at -= 1
    # What closes the word before belongs to it: only what follows a space opens a word.
    return at if at == 0 or text[at - 1].isspace() else tokens[skip]


def _page_mark(start: PageStart) -> Element:
    attributes = {"id": f"page-{start.folio}", "class": "page", "role": "doc-pagebreak"}
    return etree.Element("span", attributes | {"aria-label": start.folio})

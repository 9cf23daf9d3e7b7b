"""Page marks: where each page of the PDF begins, marked in the fragments at that very character.

A chapter is a stream of tokens: every letter and digit of its text, and every picture or formula, in reading
order. Hyphens, spaces and punctuation are no tokens, because a layout adds and drops them; neither are
footnotes and back-links, which stand elsewhere in print. Page n begins at the same token in every edition.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from lxml import etree

from concordant.cache import at_hand, remembered
from concordant.editions.elements import Element, classes, inner, parse

if TYPE_CHECKING:  # processes that print count tokens, and do without what writes fragments
    from concordant.editions.fragments import Fragment

PICTURES = {"img", "{http://www.w3.org/2000/svg}svg", "{http://www.w3.org/1998/Math/MathML}math"}
APART = {"backlinks", "footnote"}
_PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"
_OPENING = 40  # tokens by which a page's beginning is found again


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
    return replace(fragment, body=_marked(fragment.body, tuple(starts))[0])


def openings(fragment: Fragment, starts: Sequence[PageStart]) -> tuple[str, ...]:
    """Return the first tokens of each page, by which `found_again` finds it in another text. Raises as `mark_pages` does."""
    return _marked(fragment.body, tuple(starts))[1]


def found_again(
    body: str, starts: Sequence[PageStart], opened: Sequence[str]
) -> tuple[PageStart, ...]:
    """Return where in this text pages begin that began and opened so in another; nothing if one of them no longer opens so."""
    text = "".join(_tokens(_stream(parse(body))))
    found: list[PageStart] = []
    moved = 0
    for start, opening in zip(starts, opened, strict=True):
        at = _nearest(text, opening, start.tokens + moved) if start.tokens else 0
        if at is None or (found and at < found[-1].tokens):
            return ()
        found.append(replace(start, tokens=at))
        moved = at - start.tokens
    return tuple(found)


def _nearest(text: str, opening: str, near: int) -> int | None:
    """Return where a text holds this, as near as can be; a page that opens with nothing begins at the end."""
    if not opening:
        return len(text)
    places = text.rfind(opening, 0, near + len(opening)), text.find(opening, near)
    return min((each for each in places if each >= 0), key=lambda at: abs(at - near), default=None)


@at_hand
@remembered
def _marked(body: str, starts: tuple[PageStart, ...]) -> tuple[str, tuple[str, ...]]:
    """Return a text with its pages marked, and how each of them opens."""
    root = parse(body)
    stream = list(_stream(root))
    ends = list(accumulate(map(_size, stream)))  # the tokens up to each one's end
    opened = tuple(_opening(stream, ends, start.tokens) for start in starts)
    marks: dict[int, Element] = {}
    for start in reversed(starts):  # from the end, so that a mark does not move those before it
        at, mark = bisect_right(ends, start.tokens), _page_mark(start)
        if start.tokens in marks:  # the page has no tokens
            marks[start.tokens].addprevious(mark)
        elif at == len(stream):
            _append(root, mark, start, ends[-1] if ends else 0)
        elif rest := _insert(stream[at], mark, start.tokens - (ends[at - 1] if at else 0)):
            stream[at], ends[at] = rest, start.tokens
        marks[start.tokens] = mark
    return inner(root), opened


def _opening(stream: Sequence[_Run | Element], ends: Sequence[int], tokens: int) -> str:
    """Return the first tokens of a stream after so many others."""
    at = bisect_right(ends, tokens)
    skip = tokens - (ends[at - 1] if at else 0)
    return "".join(islice(_tokens(stream[at:]), skip, skip + _OPENING))


def _tokens(stream: Iterable[_Run | Element]) -> Iterator[str]:
    """Yield the tokens of a stream; for a picture stands a sign of its own."""
    for each in stream:
        yield from (
            _PICTURE if isinstance(each, etree._Element) else filter(str.isalnum, each.text)
        )


def count_tokens(text: str) -> int:
    """Return how many tokens a text has."""
    return sum(map(str.isalnum, text))


def _append(root: Element, mark: Element, start: PageStart, tokens: int) -> None:
    """Mark a page at the end: it holds only what stands apart, such as a long footnote."""
    if tokens != start.tokens:
        raise ValueError(f"page {start.folio} begins after token {start.tokens} of {tokens}")
    root[-1].append(mark)


def _size(each: _Run | Element) -> int:
    return 1 if isinstance(each, etree._Element) else count_tokens(each.text)


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


def _insert(where: _Run | Element, mark: Element, skip: int) -> _Run | None:
    """Put a mark before a picture or into a text; return the text before it."""
    if isinstance(where, etree._Element):
        where.addprevious(mark)
        return None
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
    return replace(where, text=before)


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

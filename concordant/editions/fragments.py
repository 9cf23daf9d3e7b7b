"""Fragments: each chapter once as HTML, the same for the three editions."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lxml import etree

from concordant import pandoc
from concordant.cache import remembered
from concordant.editions.speech import speak
from concordant.numbered.chapter import Chapter
from concordant.numbered.decorate import PARAGRAPH
from concordant.tree import Node, attribute, div

Element = etree._Element
_NOTES = "chapter-notes"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"


@dataclass(frozen=True, slots=True)
class Fragment:
    """One chapter as well-formed HTML: its `section` element, and one `div` for each footnote."""

    chapter: Chapter
    body: str
    notes: tuple[str, ...]


def write_fragments(chapters: Iterable[Chapter], lang: str) -> tuple[Fragment, ...]:
    """Write every chapter with pandoc, several at a time."""
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(lambda chapter: write_fragment(chapter, lang), chapters))


def write_fragment(chapter: Chapter, lang: str) -> Fragment:
    """Write one chapter's blocks and footnotes as a fragment."""
    return Fragment(chapter, *_write(chapter.blocks, chapter.notes, lang))


@remembered
def _write(blocks: list[Node], notes: list[Node], lang: str) -> tuple[str, tuple[str, ...]]:
    apart = div(notes, attribute(_NOTES))
    root = parse(pandoc.write_html([*blocks, apart], lang=lang))
    container = next(element for element in root.iter("div") if element.get("id") == _NOTES)
    parent = container.getparent()
    assert parent is not None
    parent.remove(container)
    _tidy(root)
    _tidy(container)
    return inner(root), tuple(text_of(note) for note in container)


def parse(html: str) -> Element:
    """Parse a fragment; its elements are the children of the element returned."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(f"<div>{html}</div>".encode(), parser)


def text_of(element: Element) -> str:
    """Write an element, without what follows it, as well-formed HTML."""
    alone = copy.copy(element)
    alone.tail = None
    return etree.tostring(alone, encoding="unicode")


def inner(element: Element) -> str:
    """Write what is inside an element."""
    return (element.text or "") + "".join(
        etree.tostring(child, encoding="unicode") for child in element
    )


def classes(element: Element) -> list[str]:
    """Return an element's classes."""
    return (element.get("class") or "").split()


def words_of(element: Element) -> str:
    """Return an element's text, white space folded."""
    return " ".join("".join(map(str, element.itertext())).split())


def remove(element: Element) -> None:
    """Take an element out, leaving the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _tidy(root: Element) -> None:
    for element in list(root.iter(etree.Element)):
        if element.tag == "span" and PARAGRAPH in classes(element):
            _address(element)
        elif element.tag == "div" and element.get("id") == "refs":
            _listed(element)
        elif element.tag == "th" and "scope" not in element.attrib:
            in_head = any(above.tag == "thead" for above in element.iterancestors())
            element.set("scope", "col" if in_head else "row")
        elif element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            _drop(element, "class")
        elif element.tag == _MATH:
            element.set("alttext", speak(element))


def _address(marker: Element) -> None:
    """Give a paragraph the address that its marker carries."""
    parent = marker.getparent()
    if parent is not None and parent.tag == "p":
        parent.set("id", marker.get("id", ""))
    remove(marker)


def _drop(element: Element, name: str) -> None:
    if name in element.attrib:
        del element.attrib[name]


def _listed(references: Element) -> None:
    references.tag = "ol"
    _drop(references, "role")
    for entry in references:
        entry.tag = "li"

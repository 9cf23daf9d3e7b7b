"""Elements: the few things that every edition does with a fragment's element tree."""

from __future__ import annotations

import copy
import re

from lxml import etree

Element = etree._Element
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MATH = "{http://www.w3.org/1998/Math/MathML}math"
# Characters that XML cannot hold, or HTML must not: those for controls, but for tabs and ends of lines, and two that are none.
REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


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


def add_class(element: Element, name: str) -> None:
    """Give an element a class beside those that it has."""
    element.set("class", " ".join([*classes(element), name]))


def words_of(element: Element) -> str:
    """Return an element's text, white space folded."""
    return " ".join("".join(map(str, element.itertext())).split())


def without(element: Element, *names: str) -> Element:
    """Return a copy of an element, and of nothing behind it, without what has one of these classes."""
    bare = copy.deepcopy(element)
    bare.tail = None
    for each in [each for each in bare.iter(etree.Element) if set(names) & set(classes(each))]:
        remove(each)
    return bare


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

"""Wording: what contents lists print of headings and captions that are more than plain words.

A formula, emphasis or a foreign word in a heading is the same in the contents; notes, links and addresses stay behind.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from concordant.editions.elements import HEADINGS, MATH, Element, classes, inner, remove, without
from concordant.numbered.ledger import first_sentence

_CAPTIONS = ("figcaption", "caption")
_MARKUP = {"em", "strong", "code", "sub", "sup", "del", MATH}
_KEPT = {"lang", "dir"}


def wordings(root: Element) -> dict[str, str]:
    """Return headings and first sentences of captions, as HTML, by anchor; those of plain words are left out."""
    return {
        anchor: words
        for element in root.iter(*HEADINGS, *_CAPTIONS)
        if (words := _wording(element)) and (anchor := _anchor(element))
    }


def _anchor(element: Element) -> str:
    """Return the address of what a heading or caption belongs to."""
    names = (each.get("id") for each in (element, *element.iterancestors()))
    return str(next(filter(None, names), ""))


def _wording(element: Element) -> str:
    words = without(element, "number", "label", "page", "noteref")
    if not any(map(_is_markup, words.iter(etree.Element))):
        return ""
    _unwrap(words)
    if element.tag in _CAPTIONS:
        _shorten(words)
    return inner(words).strip()


def _is_markup(element: Element) -> bool:
    return element.tag in _MARKUP or "lang" in element.attrib or "smallcaps" in classes(element)


def _unwrap(words: Element) -> None:
    """Leave of the elements within only what shows, without addresses."""
    for each in list(words.iter(etree.Element)):
        if each is words or any(above.tag == MATH for above in (each, *each.iterancestors())):
            continue
        if not _is_markup(each):
            each.tag = "unwrapped"
        for name in set(each.keys()) - _KEPT:
            if (name, each.get(name)) != ("class", "smallcaps"):
                del each.attrib[name]
    etree.strip_tags(words, "unwrapped")


def _shorten(words: Element) -> None:
    """Cut off what follows the first sentence."""
    runs = list(_runs(words))
    left = len(first_sentence("".join(text for _, _, text in runs)).rstrip())
    for element, name, text in runs:
        if name == "tail" or element is words:
            setattr(element, name, text[:left])
        elif not left:
            element.tail = None
            remove(element)
        elif name:
            element.text = text[:left]
        left = max(left - len(text), 0)


def _runs(element: Element) -> Iterator[tuple[Element, str, str]]:
    """Yield the runs of text: an element, whether it is its text or tail, and the text; a formula is one sign."""
    yield element, "text", element.text or ""
    for child in element:
        if child.tag == MATH:
            yield child, "", "\ufffc"
        else:
            yield from _runs(child)
        yield child, "tail", child.tail or ""

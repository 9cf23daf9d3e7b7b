"""Addresses: URLs and the like are told from words, so that style sheets can keep hyphens out of them."""

from __future__ import annotations

import re

from lxml import etree

from concordant.editions.elements import Element, add_class

_ADDRESS = re.compile(r"://|(?<!\w)www\.|\w@\w|(?<!\w)10\.\d{4,}/|\w\.[a-z]{2,}/\w")
_PIECE = re.compile(r"\s+|\S+")


def tell_addresses(root: Element) -> None:
    """Give links whose words are an address the class of addresses, and those in other text a `span` with it."""
    for element in list(root.iter(etree.Element)):
        if "}" in element.tag:  # formulas and drawings
            continue
        if element.tag == "a" and not len(element) and _is_address(element):
            add_class(element, "address")
            continue
        for index in reversed(range(len(element))):
            element[index].tail, spans = _told(element[index].tail)
            element[index + 1 : index + 1] = spans
        element.text, spans = _told(element.text)
        element[:0] = spans


def _is_address(link: Element) -> bool:
    """Whether a link's words are an address: for one like another in a text, or for that which it leads to."""
    words = (link.text or "").strip()
    leads_there = "." in words and words in link.get("href", "")
    return len(words.split()) == 1 and (leads_there or bool(_ADDRESS.search(words)))


def _told(text: str | None) -> tuple[str | None, list[Element]]:
    """Return what stands before the first address in a text, and the addresses, each with what stands behind it."""
    if not text or not _ADDRESS.search(text):
        return text, []
    before, spans = "", list[Element]()
    for piece in _PIECE.findall(text):
        if _ADDRESS.search(piece):
            spans.append(etree.Element("span", {"class": "address"}))
            spans[-1].text, spans[-1].tail = piece, ""
        elif spans:
            spans[-1].tail = f"{spans[-1].tail}{piece}"
        else:
            before += piece
    return before, spans

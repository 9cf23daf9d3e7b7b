"""The structure tree as values: elements, the marked content of pages, and annotations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

Attributes = dict[str, dict[str, Any]]  # by owner: /List, /Table, /Layout

INLINE = frozenset({"Span", "Quote", "Code", "Reference", "Link", "Figure", "Formula"})
GROUPING = frozenset(
    {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "TOC", "NonStruct", "Note"}
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked-content sequence: its page (from 0) and its identifier on that page."""

    page: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation on a page; `value` is its dictionary, as WeasyPrint keeps it."""

    page: int
    value: Any


@dataclass(slots=True, eq=False)
class Node:
    """One structure element: its type, what it was in the HTML, and what it holds in reading order.

    `role` is empty for what has no type of its own: its kids belong to its parent.
    """

    role: str = ""
    origin: Element | None = None
    kids: list[Node | Mark | Annotation] = field(default_factory=list)
    alternative: str = ""
    language: str = ""
    identifier: str = ""
    attributes: Attributes = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The HTML element's name, without its namespace; empty where there is none."""
        return "" if self.origin is None else str(self.origin.tag).rpartition("}")[2]

    @property
    def classes(self) -> list[str]:
        """The HTML element's classes."""
        return self.get("class").split()

    @property
    def nodes(self) -> list[Node]:
        """The kids that are elements."""
        return [kid for kid in self.kids if isinstance(kid, Node)]

    def get(self, name: str) -> str:
        """Return an attribute of the HTML element, or nothing."""
        return "" if self.origin is None else self.origin.get(name, "")

    def describe(self, owner: str, **values: Any) -> None:
        """Set attributes of one owner."""
        self.attributes.setdefault(owner, {}).update(values)

    def walk(self) -> Iterator[Node]:
        """Yield the element and all elements in it, in reading order; an element's kids may change when it is yielded."""
        ahead = [self]
        while ahead:
            node = ahead.pop()
            yield node
            ahead += reversed(node.nodes)

    def scope(self) -> str:
        """Return the first identifier in it: a document's own for a part of it, for names to begin with."""
        return next((name for node in self.walk() if (name := node.get("id"))), "part")

    def marks(self) -> Iterator[Mark]:
        """Yield all marked content in it, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.marks()
            elif isinstance(kid, Mark):
                yield kid

    def text(self, *, but: str = "") -> str:
        """Return the HTML element's text, spaces in one, without that of those in it that have the attribute `but`."""
        return "" if self.origin is None else " ".join("".join(_texts(self.origin, but)).split())


def _texts(element: Any, but: str) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        if but not in each.attrib:
            yield from _texts(each, but)
        yield each.tail or ""

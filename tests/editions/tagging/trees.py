"""Structure trees made from HTML, without a layout, and written as text."""

from __future__ import annotations

from itertools import count
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from concordant.editions.tagging.repairs import REPAIRS, Repair
from concordant.editions.tagging.tree import Mark, Node


def tree_of(html: str) -> Node:
    """Return the tree of what is in a body, as it is before any repair."""
    body = ElementTree.fromstring(f"<body>{html}</body>")
    numbers = count()
    root = Node("Document")
    root.kids = [_grow(element, numbers) for element in body]
    return root


def _grow(element: Element, numbers: count[int]) -> Node:
    node = Node("", element)
    if element.tag.endswith(("svg", "img")):  # drawn as one thing
        node.kids.append(Mark(0, next(numbers)))
        return node
    if element.text and element.text.strip():
        node.kids.append(Mark(0, next(numbers)))
    for child in element:
        node.kids.append(_grow(child, numbers))
        if child.tail and child.tail.strip():
            node.kids.append(Mark(0, next(numbers)))
    return node


def outline(node: Node) -> str:
    """Write the types in a tree: `L(LI(Lbl LBody))`; `·` is text."""
    kids = [outline(kid) if isinstance(kid, Node) else "·" for kid in node.kids]
    return f"{node.role or '?'}({' '.join(kids)})" if kids else node.role or "?"


def repaired(html: str, without: Repair | None = None) -> Node:
    """Return the tree after all repairs, or all but one."""
    root = tree_of(html)
    for repair in REPAIRS:
        if repair is not without:
            repair(root)
    return root


def outlines(html: str, without: Repair) -> tuple[str, str]:
    """Return the outline of what is in the body: without one repair, and with all of them."""
    return tuple(  # type: ignore[return-value]
        " ".join(outline(node) for node in repaired(html, skipped).nodes)
        for skipped in (without, None)
    )

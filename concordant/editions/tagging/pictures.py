"""Pictures and formulas: what they show, in words (ISO 14289-1, 7.3 and 7.7)."""

from __future__ import annotations

from concordant.editions.tagging.tree import Node

_SVG = "{http://www.w3.org/2000/svg}"


def describe_pictures(root: Node) -> None:
    """Give every figure and formula its text alternative; what is inside a picture is told by it alone."""
    for node in root.walk():
        if node.role in {"Figure", "Formula"}:
            node.alternative = _words(node)


def _words(node: Node) -> str:
    if node.tag != "svg" or node.origin is None:
        return " ".join(node.get("alt").split())
    title = _child(node, "title") or node.get("aria-label")
    description = _child(node, "desc")
    if not description or description in title:
        return title
    return f"{title.rstrip('.')}. {description}" if title not in description else description


def _child(node: Node, name: str) -> str:
    element = node.origin.find(f"{_SVG}{name}") if node.origin is not None else None
    return " ".join("".join(element.itertext()).split()) if element is not None else ""

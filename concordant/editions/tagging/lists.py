"""Lists: `L`, `LI`, `Lbl` and `LBody`; contents: `TOC` and `TOCI` (ISO 32000-1, 14.8.4.3)."""

from __future__ import annotations

from concordant.editions.press.stretches import CONTINUES
from concordant.editions.tagging.tree import Annotation, Mark, Node

_LABELS = {"entry-label", "csl-left-margin"}


def shape_definitions(root: Node) -> None:
    """Make an item of every term with its definitions."""
    for node in root.walk():
        if node.tag != "dl":
            continue
        items: list[Node] = []
        for kid in node.nodes:
            if kid.tag == "dt" or not items:
                items.append(Node("LI"))
            kid.role = "Lbl" if kid.tag == "dt" else "LBody"
            items[-1].kids.append(kid)
        node.kids = list(items)
        node.describe("/List", ListNumbering="/None")


def shape_items(root: Node) -> None:
    """Split every item into its label and its body."""
    for node in root.walk():
        if node.role != "LI" or node.tag != "li":
            continue
        label = _take_label(node)
        body = Node("LBody", kids=node.kids)
        node.kids = [label, body] if label else [body]


def go_on_with_list(root: Node) -> None:
    """Leave nothing but the items of a document that goes on with the list of another: `binding` puts them into that list."""
    for node in root.walk():
        if node.get(CONTINUES):
            root.kids = list(node.nodes)
            return


def _take_label(item: Node) -> Node | None:
    for holder in _opening(item):
        for kid in holder.nodes:
            if kid.role == "Lbl" or _LABELS & {*kid.classes}:
                holder.kids.remove(kid)
                kid.role = "Lbl"
                return kid
    return None


def _opening(item: Node) -> list[Node]:
    """Return the item and what it begins with, as far as its own label may stand."""
    holders = [item]
    while (nodes := holders[-1].nodes) and nodes[0].tag not in {"ul", "ol", "li", "table"}:
        holders.append(nodes[0])
    return holders


def shape_contents(root: Node, *, inside: bool = False) -> None:
    """Make tables of contents of the lists in them, with the lists of figures and tables."""
    for node in root.nodes:
        within = inside or "contents" in node.classes or node.get("role") == "doc-toc"
        if within and node.role == "L":
            node.role = "TOC"
            node.attributes.pop("/List", None)
        elif within and node.role == "LI":
            node.role = "TOCI"
            _dissolve_bodies(node)
        shape_contents(node, inside=within)


def _dissolve_bodies(item: Node) -> None:
    kids: list[Node | Mark | Annotation] = []
    for kid in item.kids:
        kids += kid.kids if isinstance(kid, Node) and kid.role == "LBody" else [kid]
    item.kids = kids

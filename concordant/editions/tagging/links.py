"""Links: `Link` elements whose annotations say where they lead, inside a `Reference` where that is in the document."""

from __future__ import annotations

import pydyf

from concordant.editions.press.standins import NUMBER
from concordant.editions.tagging.tree import Annotation, Node
from concordant.numbered.blank import BLANK


def describe_links(root: Node) -> None:
    """Say in every link's annotation what it is (ISO 14289-1, 7.18.5), and let it be printed (ISO 19005-3, 6.3.2)."""
    for node in root.walk():
        for kid in node.kids:
            if isinstance(kid, Annotation):
                kid.value["Contents"] = pydyf.String(_words(node))
                kid.value["F"] = 4  # print


def _words(node: Node) -> str:
    return node.get("aria-label") or node.get("title") or _text(node) or node.get("href")


def _text(node: Node) -> str:
    """Return what a link prints, but for a number that is only a part of it, such as the page in a line of contents."""
    blank = node.get(BLANK)
    return f"{NUMBER}{blank}" if blank else node.text(but=BLANK)


def refer(root: Node) -> None:
    """Put each link that stays in the document into a reference; a note's number, which leads back, is none."""
    for node in list(root.walk()):
        for index, kid in enumerate(node.kids):
            inside = isinstance(kid, Node) and kid.role == "Link" and kid.get("href")[:1] == "#"
            if inside and node.role != "Lbl":
                node.kids[index] = Node("Reference", kids=[kid])

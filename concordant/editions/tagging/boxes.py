"""From WeasyPrint's pages to a tree: one node for every HTML element, over all the pages that it is on.

This module and `tagger` read what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from concordant.editions.tagging.tree import Annotation, Mark, Node

_POINTS = 0.75  # in a CSS pixel
_THROUGH = {"html", "body"}
_REPEATED = {"thead", "tfoot"}
_LIST_NUMBERINGS = {
    "disc": "/Disc",
    "circle": "/Circle",
    "square": "/Square",
    "decimal": "/Decimal",
    "lower-roman": "/LowerRoman",
    "upper-roman": "/UpperRoman",
    "lower-alpha": "/LowerAlpha",
    "lower-latin": "/LowerAlpha",
    "upper-alpha": "/UpperAlpha",
    "upper-latin": "/UpperAlpha",
}


def grow(pages: Iterable[Any], streams: Iterable[Any]) -> Node:
    """Return the tree of a document's pages; what stands in margins becomes artefacts of the streams."""
    grower = _Grower()
    for number, (page, stream) in enumerate(zip(pages, streams, strict=True)):
        grower.add_page(number, page, stream)
    return grower.root


class _Grower:
    """Grows the tree page by page."""

    def __init__(self) -> None:
        self.root = Node("Document")
        self._nodes: dict[tuple[int, int, str], Node] = {}
        self._links: dict[int, Node] = {}
        self._first_pages: dict[int, int] = {}

    def add_page(self, number: int, page: Any, stream: Any) -> None:
        """Add what stands on a page."""
        self._page, self._height, self._stream = number, page.height, stream
        self._marks: dict[Any, Any] = stream._tags
        self._add(page._page_box, self.root)
        assert not self._marks, "marked content that is in no box"

    def _add(self, box: Any, parent: Node) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.MarginBox) or _is_decoration(box):
            self._set_aside(box)
            return
        node = self._node_for(box, parent)
        if (
            box.element_tag in _REPEATED
            and self._first_pages.setdefault(id(node), self._page) != self._page
        ):
            self._set_aside(box)
            return
        if box.link_annotation:
            node.kids.append(Annotation(self._page, box.link_annotation))
            self._links[id(box.element)] = node
        if mark := self._marks.pop(box, None):
            node.kids.append(Mark(self._page, mark["mcid"]))
        for child in getattr(box, "children", ()):
            self._add(child, node)

    def _node_for(self, box: Any, parent: Node) -> Node:
        """Return the box's node: a new one, that of an earlier piece of it, or its parent's."""
        element, _, pseudo = (box.element_tag or "").partition("::")
        inner = box.element is parent.origin and (not pseudo or parent.role == "Lbl")
        if inner or box.element is None or isinstance(box, boxes.PageBox | boxes.TextBox):
            return parent
        if element in _THROUGH or pseudo not in {"", "marker"}:
            return parent
        key = (id(parent), id(box.element), pseudo)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Node("Lbl" if pseudo else "", box.element)
            parent.kids.append(node)
            self._note_facts(node, box)
        return node

    def _note_facts(self, node: Node, box: Any) -> None:
        """Keep what only the layout knows about an element."""
        if isinstance(box, boxes.ReplacedBox):
            left, top = box.content_box_x(), box.content_box_y()
            corners = (left, self._height - top - box.height, left + box.width, self._height - top)
            area = [round(corner * _POINTS, 2) for corner in corners]
            node.describe("/Layout", BBox=area, Placement="/Block")
        elif isinstance(box, boxes.TableCellBox):
            spans = {"ColSpan": box.colspan, "RowSpan": box.rowspan}
            if more := {name: span for name, span in spans.items() if span != 1}:
                node.describe("/Table", **more)
        elif node.tag in {"ul", "ol"}:
            kind = box.style["list_style_type"]
            numbering = _LIST_NUMBERINGS.get(kind, "/None") if isinstance(kind, str) else "/None"
            node.describe("/List", ListNumbering=numbering)

    def _set_aside(self, box: Any) -> None:
        """Make artefacts of what a box shows; links in it stay links of what it repeats."""
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if mark := self._marks.pop(box, None):
            make_artifact(self._stream, mark["mcid"])
        if box.link_annotation and (link := self._links.get(id(box.element))):
            link.kids.append(Annotation(self._page, box.link_annotation))
        for child in getattr(box, "children", ()):
            self._set_aside(child)


def _is_decoration(box: Any) -> bool:
    """An image that says of itself that it shows nothing: `alt=""`."""
    return isinstance(box, boxes.ReplacedBox) and box.element.get("alt") == ""


def make_artifact(stream: Any, mcid: int) -> None:
    """Turn a marked-content sequence of a page's stream into an artefact of pagination."""
    for index, item in enumerate(stream.stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") == mcid:
            stream.stream[index - 1] = "/Artifact"
            stream.stream[index] = pydyf.Dictionary({"Type": "/Pagination"})
            return

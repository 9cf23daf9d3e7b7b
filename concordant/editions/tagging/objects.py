"""The tree as PDF objects: structure elements, the parent tree, identifiers (ISO 32000-1, 14.7)."""

from __future__ import annotations

from typing import Any

import pydyf

from concordant.editions.tagging.tree import Annotation, Mark, Node


def write(pdf: Any, root: Node, page_count: int) -> None:
    """Add the tree to a PDF that is being made; its root becomes the document's structure tree."""
    writer = _Writer(pdf, page_count)
    top = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(top)
    document = writer.add(root, top.reference)
    top["K"] = pydyf.Array([document])
    top["ParentTree"] = writer.parent_tree()
    top["ParentTreeNextKey"] = page_count + len(writer.annotations)
    if writer.identifiers:
        names = [
            part
            for name in sorted(writer.identifiers)
            for part in (pydyf.String(name), writer.identifiers[name])
        ]
        tree = pydyf.Dictionary({"Names": pydyf.Array(names)})
        pdf.add_object(tree)
        top["IDTree"] = tree.reference
    pdf.catalog["StructTreeRoot"] = top.reference


class _Writer:
    """Adds structure elements one after the other, and remembers what refers back to them."""

    def __init__(self, pdf: Any, page_count: int) -> None:
        self._pdf = pdf
        self._pages = list(pdf.page_references)  # reckoned anew whenever it is asked for
        self._owners: list[dict[int, Any]] = [{} for _ in range(page_count)]
        self.annotations: list[Any] = []
        self.identifiers: dict[str, Any] = {}

    def add(self, node: Node, parent: Any) -> Any:
        """Add an element and all in it; return its reference."""
        element = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.role}", "P": parent})
        self._pdf.add_object(element)
        home = next((kid.page for kid in node.kids if not isinstance(kid, Node)), None)
        if home is not None:
            element["Pg"] = self._pages[home]
        kids = [self._kid(kid, element.reference, home) for kid in node.kids]
        element["K"] = pydyf.Array(kids)
        self._describe(element, node)
        return element.reference

    def _kid(self, kid: Node | Mark | Annotation, owner: Any, home: int | None) -> Any:
        if isinstance(kid, Node):
            return self.add(kid, owner)
        if isinstance(kid, Mark):
            self._owners[kid.page][kid.mcid] = owner
            if kid.page == home:
                return kid.mcid
            page = self._pages[kid.page]
            return pydyf.Dictionary({"Type": "/MCR", "Pg": page, "MCID": kid.mcid})
        kid.value["StructParent"] = len(self._owners) + len(self.annotations)
        self.annotations.append(owner)
        page = self._pages[kid.page]
        return pydyf.Dictionary({"Type": "/OBJR", "Pg": page, "Obj": kid.value.reference})

    def _describe(self, element: Any, node: Node) -> None:
        if node.alternative:
            element["Alt"] = pydyf.String(node.alternative)
        if node.language:
            element["Lang"] = pydyf.String(node.language)
        if node.identifier:
            element["ID"] = pydyf.String(node.identifier)
            self.identifiers[node.identifier] = element.reference
        owners = [
            pydyf.Dictionary({"O": owner, **{name: _value(each) for name, each in values.items()}})
            for owner, values in node.attributes.items()
        ]
        if owners:
            element["A"] = owners[0] if len(owners) == 1 else pydyf.Array(owners)

    def parent_tree(self) -> Any:
        """Add the tree that leads from marked content and annotations to their elements."""
        entries = pydyf.Array()
        for page, owners in enumerate(self._owners):
            length = max(owners, default=-1) + 1
            entries += [page, pydyf.Array([owners.get(mcid, "null") for mcid in range(length)])]
        for index, owner in enumerate(self.annotations, len(self._owners)):
            entries += [index, owner]
        tree = pydyf.Dictionary({"Nums": entries})
        self._pdf.add_object(tree)
        return tree.reference


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return pydyf.Array([_value(each) for each in value])
    return value if not isinstance(value, str) or value.startswith("/") else pydyf.String(value)

"""Joining: parts of a document, printed each as a PDF of its own, become one tagged PDF (ISO 32000-1).

The parts come from `Press.print_part`. What is told once in a document is told once in the result: its
metadata, each font, each picture. Links from part to part come as `dest:` URIs and become links within.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from concordant.editions.overlay import lay_over
from concordant.editions.sharing import share_colours, share_fonts, share_pictures
from concordant.editions.standins import DESTINATION, stand_in


def join(parts: Sequence[bytes], folios: Sequence[bytes], fonts: Iterable[bytes]) -> Pdf:
    """Join the parts in order; the first one also gives the metadata, language and preferences.

    `folios` has a PDF for each part, with the page numbers to be laid over its pages, or is empty; `fonts` are
    the programs for which digests stand in the parts.

    Raises:
        ValueError: no part; a link leads nowhere; two parts name a destination or a structure element alike.
    """
    if not parts:
        raise ValueError("there is nothing to join")
    target = pikepdf.open(io.BytesIO(parts[0]))
    catalogs = [_own_catalog(target), *(_take(part, target) for part in parts[1:])]
    _join_structure(target, catalogs)
    _join_destinations(target, catalogs)
    _join_outlines(target, [each.Outlines for each in catalogs if "/Outlines" in each])
    resources = [each.Pages[0].Resources for each in catalogs]
    if folios:
        resources += lay_over(target, [list(each.Pages) for each in catalogs], folios)
    share_fonts(resources, {stand_in(font): font for font in fonts})
    share_pictures(resources)
    share_colours(resources)
    return target


def _own_catalog(target: Pdf) -> Any:
    return _catalog(target.Root, list(target.pages))


def _take(part: bytes, target: Pdf) -> Any:
    """Copy a part's pages, and what its catalog says about them, behind the pages that are there."""
    source = pikepdf.open(io.BytesIO(part))
    start = len(target.pages)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # destinations are joined below
        target.pages.extend(source.pages)
    kept = _catalog(source.Root, [])
    copied = target.copy_foreign(source.make_indirect(kept))
    copied.Pages = Array([page.obj for page in target.pages[start:]])
    return copied


def _catalog(root: Object, pages: Iterable[Any]) -> Any:
    catalog: Any = Dictionary(Pages=Array([page.obj for page in pages]), Tree=root.StructTreeRoot)
    if "/Names" in root and "/Dests" in root.Names:
        catalog.Dests = root.Names.Dests
    if "/Outlines" in root:
        catalog.Outlines = root.Outlines
    return catalog


def _join_structure(target: Pdf, catalogs: Sequence[Any]) -> None:
    """Make one structure tree and one parent tree (14.7.4.4), whose keys go on from part to part."""
    tree = target.Root.StructTreeRoot
    document = _first(tree.K)
    children, numbers = Array(), Array()
    names: dict[str, Object] = {}
    key = 0
    for catalog in catalogs:
        root = _first(catalog.Tree.K)
        for child in _items(root.K):
            child.P = document
            children.append(child)
        key = _renumber(catalog, key, numbers)
        names |= _distinct(_pairs(catalog.Tree.get("/IDTree")), names, "structure element")
    document.K = children
    tree.K = Array([document])
    tree.ParentTree = target.make_indirect(Dictionary(Nums=numbers))
    tree.ParentTreeNextKey = key
    if names:
        tree.IDTree = target.make_indirect(_name_tree(names))


def _renumber(catalog: Any, start: int, numbers: Any) -> int:
    """Move a part's keys up by `start` in its parent tree, pages and annotations; return the next free key."""
    own = list(catalog.Tree.ParentTree.Nums)
    last = start - 1
    for key, owners in zip(own[::2], own[1::2], strict=True):
        last = start + int(key)
        numbers.extend([last, owners])
    for page in catalog.Pages:
        page.StructParents = start + int(page.StructParents)
        for annotation in page.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = start + int(annotation.StructParent)
    return last + 1


def _join_destinations(target: Pdf, catalogs: Sequence[Any]) -> None:
    """Make one tree of named destinations (12.3.2.3), and lead the parts' links to it."""
    names: dict[str, Object] = {}
    for catalog in catalogs:
        names |= _distinct(_pairs(catalog.get("/Dests")), names, "destination")
    lost = {
        name
        for catalog in catalogs
        for page in catalog.Pages
        for annotation in page.get("/Annots", ())
        if (name := _lead(annotation)) and name not in names
    }
    if lost:
        raise ValueError(f"links lead nowhere: {', '.join(sorted(lost))}")
    if names:
        if "/Names" not in target.Root:
            target.Root.Names = Dictionary()
        target.Root.Names.Dests = target.make_indirect(_name_tree(names))


def _lead(annotation: Any) -> str:
    """Turn a link to another part into one to its named destination, and return that name, else nothing."""
    action = annotation.get("/A")
    if action is None or action.get("/S") != Name.URI:
        return ""
    uri = str(action.URI)
    if not uri.startswith(DESTINATION):
        return ""
    name = uri.removeprefix(DESTINATION)
    del annotation.A
    annotation.Dest = String(name)
    if str(annotation.get("/Contents", "")) == uri:
        annotation.Contents = String(name)
    return name


def _join_outlines(target: Pdf, outlines: Sequence[Any]) -> None:
    """Chain the parts' outlines (12.3.3)."""
    items = [item for outline in outlines for item in _chain(outline)]
    if not items:
        return
    count = sum(int(outline.Count) for outline in outlines)
    top = target.make_indirect(Dictionary(Type=Name.Outlines, Count=count))
    top.First, top.Last = items[0], items[-1]
    for item in items:
        item.Parent = top
    for before, after in pairwise(items):
        before.Next, after.Prev = after, before
    target.Root.Outlines = top


def _chain(outline: Any) -> Iterable[Any]:
    item = outline.get("/First")
    while item is not None:
        yield item
        item = item.get("/Next")


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, Array) else value


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Array) else [value]


def _pairs(tree: Any) -> dict[str, Object]:
    """Return the entries of a part's name tree, which is a single node."""
    names = list(tree.Names) if tree is not None else []
    return {str(name): value for name, value in zip(names[::2], names[1::2], strict=True)}


def _distinct(new: dict[str, Object], old: dict[str, Object], what: str) -> dict[str, Object]:
    if both := new.keys() & old.keys():
        raise ValueError(f"two parts have a {what} named {min(both)}")
    return new


def _name_tree(names: dict[str, Object]) -> Dictionary:
    """Write a name tree as one node, in the order of the names' bytes (7.9.6)."""
    entries = sorted(((String(name), value) for name, value in names.items()), key=_bytes_of)
    return Dictionary(Names=Array([part for entry in entries for part in entry]))


def _bytes_of(entry: tuple[Object, Object]) -> bytes:
    return bytes(entry[0])

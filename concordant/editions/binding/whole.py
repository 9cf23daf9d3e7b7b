"""The whole file's own objects: what leads through all of its parts, and what they have in common."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pikepdf import String

from concordant.editions.binding.bind import NotPrinted
from concordant.editions.binding.facefont import whole_font
from concordant.editions.binding.front import Front
from concordant.editions.binding.layer import Layer
from concordant.editions.binding.part import Placed
from concordant.editions.binding.plan import (
    CATALOG,
    DESTINATIONS,
    ELEMENTS,
    INFORMATION,
    METADATA,
    NUMBER_OF,
    OWNERS,
    TREE,
    Plan,
    Range,
)
from concordant.editions.binding.syntax import (
    Indirect,
    Written,
    array,
    dictionary,
    filled,
    refer,
    write_objects,
)

_SIMPLE = re.compile(r"[\w.:-]*", re.ASCII)


def write_common(
    plan: Plan, placed: Sequence[Placed], front: Front, programs: Mapping[bytes, bytes]
) -> Written:
    """Write what parts have in common, and what leads through them; `programs` as for `whole_font`.

    Raises:
        NotPrinted: a link leads nowhere.
        ValueError: two parts name a destination or a structure element alike.
    """
    destinations = _distinct((each.destinations for each in placed), "destination")
    elements = _distinct((each.elements for each in placed), "structure element")
    lost = {name for each in placed for name in each.leads} - destinations.keys()
    if lost:
        raise NotPrinted(*sorted(lost))
    objects = [
        *_file(plan, front, named=bool(destinations)),
        *_trees(plan, identified=bool(elements)),
        *_outline(plan),
    ]
    if destinations:
        objects.append(Indirect(DESTINATIONS, _name_tree(destinations)))
    if elements:
        objects.append(Indirect(ELEMENTS, _name_tree(elements)))
    for name, fonts in plan.fonts.items():
        objects += whole_font(fonts, programs, plan.numbers[name])
    for name, text, data in plan.shared.values():
        objects.append(Indirect(plan.numbers[name], filled(text, plan.numbers), data))
    return write_objects(objects, 0, plan.room)


def write_layer(layer: Layer, at: Range, plan: Plan) -> Written:
    """Write the forms of a part's page numbers."""
    objects = [
        Indirect(number, filled(text, plan.numbers), data)
        for number, (text, data) in enumerate(layer.forms, at.first_form)
    ]
    return write_objects(objects, at.first_form, at.form_room)


def trailer(pieces: Iterable[Written]) -> bytes:
    """Return the trailer's entries (7.5.5); the file's identifier is a hash of what it consists of."""
    digest = hashlib.md5(usedforsecurity=False)
    for each in pieces:
        digest.update(each.data)
    identifier = b"<%b>" % digest.hexdigest().encode()
    return b"/Root %b /Info %b /ID [ %b %b ]" % (
        refer(CATALOG),
        refer(INFORMATION),
        identifier,
        identifier,
    )


def _file(plan: Plan, front: Front, *, named: bool) -> Iterator[Indirect]:
    """Yield the catalog, the information and the metadata (7.7.2 and 14.3)."""
    destinations = b"/Dests " + refer(DESTINATIONS) if named else b""
    names = dictionary(filled(front.names, plan.numbers), destinations)
    yield Indirect(
        CATALOG,
        dictionary(
            b"/Type /Catalog",
            filled(front.catalog, plan.numbers),
            b"/Metadata " + refer(METADATA),
            b"/Names " + names,
            b"/Outlines " + refer(NUMBER_OF["outlines"]) if plan.lines else b"",
            b"/Pages " + refer(NUMBER_OF["pages"]),
            b"/StructTreeRoot " + refer(TREE),
        ),
    )
    yield Indirect(INFORMATION, front.information)
    yield Indirect(METADATA, b"<< /Type /Metadata /Subtype /XML >>", front.packet)


def _trees(plan: Plan, *, identified: bool) -> Iterator[Indirect]:
    """Yield the roots of the page tree, of the structure tree and of its parent tree (7.7.3 and 14.7)."""
    nodes = array(map(refer, plan.nodes))
    yield Indirect(
        NUMBER_OF["pages"], b"<< /Type /Pages /Count %d /Kids %b >>" % (plan.pages, nodes)
    )
    yield Indirect(
        TREE,
        dictionary(
            b"/Type /StructTreeRoot",
            b"/K " + array([refer(NUMBER_OF["document"])]),
            b"/ParentTree " + refer(OWNERS),
            b"/ParentTreeNextKey %d" % plan.next_key,
            b"/IDTree " + refer(ELEMENTS) if identified else b"",
        ),
    )
    children = array(map(refer, plan.children))
    yield Indirect(
        NUMBER_OF["document"],
        b"<< /Type /StructElem /S /Document /P %b /K %b >>" % (refer(TREE), children),
    )
    yield Indirect(OWNERS, b"<< /Kids %b >>" % array(map(refer, plan.owners)))


def _outline(plan: Plan) -> Iterator[Indirect]:
    if plan.bookmarks:
        first, last = refer(plan.bookmarks[0]), refer(plan.bookmarks[-1])
        ends = first, last, plan.lines
        yield Indirect(
            NUMBER_OF["outlines"], b"<< /Type /Outlines /First %b /Last %b /Count %d >>" % ends
        )


def _distinct(parts: Iterable[Iterable[tuple[str, bytes]]], what: str) -> dict[str, bytes]:
    names: dict[str, bytes] = {}
    for part in parts:
        new = dict(part)
        if both := new.keys() & names.keys():
            raise ValueError(f"two parts have a {what} named {min(both)}")
        names |= new
    return names


def _name_tree(names: Mapping[str, bytes]) -> bytes:
    """Write a name tree as one node, in the order of the names' bytes (7.9.6)."""
    strings = sorted((*_string(name), value) for name, value in names.items())
    return b"<< /Names %b >>" % array(
        part for _, written, value in strings for part in (written, value)
    )


def _string(text: str) -> tuple[bytes, bytes]:
    """Return a string's bytes, and how it is written."""
    if _SIMPLE.fullmatch(text):  # as nearly all names are
        return text.encode(), b"(%b)" % text.encode()
    string = String(text)
    return bytes(string), string.unparse()

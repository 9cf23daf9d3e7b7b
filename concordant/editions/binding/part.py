"""Parts: what one of them takes in the whole file, and its objects written under the numbers that it was given there."""

from __future__ import annotations

import hashlib
import marshal
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

from pikepdf import Array, Dictionary, Name, String

from concordant.cache import Kept
from concordant.collector import held_off
from concordant.editions.binding.facefont import PartFont
from concordant.editions.binding.loose import Loose, Shared, compressed, items_of, pairs_of
from concordant.editions.binding.syntax import (
    Indirect,
    Written,
    renumbering,
    streams_for,
    write_objects,
)
from concordant.editions.press.blanks import has_blanks, set_blanks, unpacked
from concordant.editions.press.standins import DESTINATION

# Names of what the whole file has once, or another part has.
PAGES, DOCUMENT, OUTLINES = "pages", "document", "outlines"
BEFORE, AFTER = "the bookmark before", "the bookmark after"
LIST = "the list that goes on"
_OPENING = b"q"
_CLOSING = b"Q /Artifact <</Type /Pagination>> BDC /Folio%d Do EMC"


@dataclass(frozen=True, slots=True)
class Survey:
    """What a part takes: as many object numbers, pages, and keys of the parent tree (14.7.4.4); and what it has.

    `own` are the numbers that its objects have in it, as bytes, `named` those that it has for what is not its own. Its first
    objects are the node of its pages, that of its parent tree, `children` elements of the structure, and `bookmarks` of
    the outline's highest level, of which `lines` are open in all. `list` is which of its objects is the list with which it ends,
    if it does; if it `goes_on`, its children are items of the list with which a part before ends. Then come fonts and what other
    parts may share.
    """

    own: bytes
    named: tuple[tuple[int, str], ...]
    numbers: int
    pages: int
    keys: int
    children: int
    bookmarks: int
    lines: int
    list: int | None
    goes_on: bool
    fonts: tuple[tuple[str, PartFont], ...]
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part goes: the first object number of its range and their count, its first key in the parent tree.

    `numbers` are those for its blanks, `own` is as the survey has it, `others` has the new number for
    each that the part has for what is not its own; `items` has the first number, and how many there are, of further items for
    the list with which it ends; `overlaid` tells whether its pages' numbers are laid over it. `memory` has parts as they are
    without their numbers.
    """

    part: bytes
    numbers: tuple[str, ...]
    own: bytes
    others: tuple[tuple[int, int | None], ...]
    items: tuple[tuple[int, int], ...]
    first: int
    room: int
    first_key: int
    overlaid: bool
    memory: Kept | None = field(default=None, compare=False)

    @property
    def size(self) -> int:
        """How many bytes are to be placed."""
        return len(self.part)


@dataclass(frozen=True, slots=True)
class Placed:
    """A part's objects as `Written` has them; its names, each with its bytes and what it stands for; links to other parts."""

    data: bytes
    entries: bytes
    moving: tuple[int, ...]
    destinations: tuple[tuple[str, bytes], ...]
    elements: tuple[tuple[str, bytes], ...]
    leads: tuple[str, ...]


# A part without the numbers for its blanks, as plain data: as `Written` has it, then as `Placed` does.
_Blank: TypeAlias = tuple[
    bytes,
    bytes,
    tuple[int, ...],
    tuple[tuple[int, bytes, bytes], ...],
    tuple[tuple[str, bytes], ...],
    tuple[tuple[str, bytes], ...],
    tuple[str, ...],
]


def folio_name(index: int) -> str:
    """Return the name of the page number that is laid over a part's page, counted from 0."""
    return f"folio {index}"


def packed_numbers(numbers: Sequence[int]) -> bytes:
    """Return numbers as bytes, which are hashed and kept in one piece."""
    return struct.pack(f"<{len(numbers)}I", *numbers)


def unpacked_numbers(data: bytes) -> tuple[int, ...]:
    """Return the numbers that bytes hold."""
    return struct.unpack(f"<{len(data) // 4}I", data)


def survey(part: bytes, overlaid: bool) -> Survey:
    """Look through a printed part."""
    with held_off():
        return _survey(part, overlaid)


def _survey(part: bytes, overlaid: bool) -> Survey:
    loose = _Part(unpacked(part), 0, overlaid=overlaid)
    own = loose.own_objects()
    streams = sum(map(loose.is_stream, own))
    return Survey(
        packed_numbers(own),
        tuple(loose.names.items()),
        len(own) + streams_for(len(own) - streams),
        len(loose.pages),
        loose.keys,
        len(loose.children),
        len(loose.bookmarks),
        loose.lines,
        own.index(loose.list.objgen[0]) if loose.list is not None else None,
        loose.goes_on,
        tuple(loose.fonts.items()),
        tuple(loose.shared.values()),
    )


def place(at: Place) -> Placed:
    """Write a part's objects under the numbers that it was given."""
    with held_off():
        data, entries, moving, plain, destinations, elements, leads = _without_numbers(at)
        written = Written(data, entries, moving, plain)
        filled = written.with_streams(at.first, lambda each: set_blanks(each, at.numbers))
        told = destinations, elements, leads
        return Placed(filled.data, filled.entries, filled.moving, *told)


def _without_numbers(at: Place) -> _Blank:
    """Return a part as it is without the numbers for its blanks: recalled, if only those have changed."""
    if not (at.memory and at.numbers):
        return _place(at)
    causes = {each.name for each in fields(at)} - {"numbers", "memory"}
    told = [getattr(at, name) for name in sorted(causes)]
    key = hashlib.sha256(marshal.dumps(("a part without numbers", told), 2)).digest()
    known = at.memory.look_up(key)
    if known is None:
        known = (_place(at),)
        at.memory.keep(key, known[0])
    blank: _Blank = known[0]
    return blank


def _place(at: Place) -> _Blank:
    loose = _Part(unpacked(at.part), at.first_key, overlaid=at.overlaid)
    own = unpacked_numbers(at.own)
    numbers: dict[int, int | None] = {old: new for new, old in enumerate(own, at.first)}
    moved = renumbering(numbers | dict(at.others) | loose.with_items(at.items))
    objects = [_object(loose, new, old, moved) for new, old in enumerate(own, at.first)]
    written = write_objects(objects, at.first, at.room, has_blanks)

    def told(tree: Any) -> tuple[tuple[str, bytes], ...]:
        return tuple((str(name), moved(value.unparse())) for name, value in pairs_of(tree))

    return (
        written.data,
        written.entries,
        written.moving,
        written.plain,
        told(loose.destinations),
        told(loose.elements),
        tuple(loose.leads),
    )


def _object(loose: Loose, new: int, old: int, moved: Callable[[bytes], bytes]) -> Indirect:
    """Return an object under its new number; one with blanks as it is before they are set."""
    text, found = moved(loose.text(old)), loose.stream(old)
    if found:
        data, is_packed = found
        if not is_packed and has_blanks(data):
            return Indirect(new, text, data, plain=True)
    return Indirect(new, text, compressed(found))


class _Part(Loose):
    """A printed part, led to what the whole file has."""

    def __init__(self, part: bytes, first_key: int, *, overlaid: bool) -> None:
        super().__init__(part)
        root = self.pdf.Root
        self.pages = [page.obj for page in self.pdf.pages]
        self.children = items_of(items_of(root.StructTreeRoot.K)[0].K)
        self.goes_on = {str(child.S) for child in self.children} == {"/LI"}
        self.list = _last_list(self.children)
        self.bookmarks = list(_chain(root.get("/Outlines")))
        self.lines = int(root.Outlines.Count) if self.bookmarks else 0
        self.destinations = root.get("/Names", Dictionary()).get("/Dests")
        self.elements = root.StructTreeRoot.get("/IDTree")
        self.leads: list[str] = []
        self._node = root.Pages
        self._node.Parent = self.stand_in(PAGES)
        self._place_children()
        self._place_bookmarks()
        self._place_keys(root.StructTreeRoot, first_key)
        self._place_links()
        if overlaid:
            self._lay_over()

    def own_objects(self) -> list[int]:
        """Return the numbers of the part's objects; those that others lead to come first."""
        roots = [self._node, self._owners, *self.children, *self.bookmarks]
        return self.own(each.objgen[0] for each in roots)

    def with_items(self, items: Sequence[tuple[int, int]]) -> dict[int, int]:
        """Add further items, told by their new numbers, to the list with which the part ends; return those by what stands for them."""
        numbers = {}
        for first, count in items:
            for number in range(first, first + count):
                item = self.stand_in(LIST)
                self.list.K.append(item)
                numbers[item.objgen[0]] = number
        return numbers

    def _place_children(self) -> None:
        parent = self.stand_in(LIST if self.goes_on else DOCUMENT)
        for child in self.children:
            child.P = parent

    def _place_bookmarks(self) -> None:
        """Chain the part's bookmarks to those of other parts (12.3.3)."""
        if self.bookmarks:
            top = self.stand_in(OUTLINES)
            for each in self.bookmarks:
                each.Parent = top
            self.bookmarks[0].Prev = self.stand_in(BEFORE)
            self.bookmarks[-1].Next = self.stand_in(AFTER)

    def _place_keys(self, tree: Any, first: int) -> None:
        """Move the part's keys up in its parent tree, its pages and its annotations."""
        pairs = [(first + int(key), owners) for key, owners in pairs_of(tree.get("/ParentTree"))]
        self.keys = pairs[-1][0] - first + 1 if pairs else 0
        numbers = Array([each for pair in pairs for each in pair])
        limits = Array([first, first + max(0, self.keys - 1)])
        self._owners = self.pdf.make_indirect(Dictionary(Limits=limits, Nums=numbers))
        for page in self.pages:
            page.StructParents = first + int(page.StructParents)
            for annotation in page.get("/Annots", ()):
                if "/StructParent" in annotation:
                    annotation.StructParent = first + int(annotation.StructParent)

    def _place_links(self) -> None:
        """Turn links to other parts into ones to named destinations, and note down where they lead."""
        for page in self.pages:
            for annotation in page.get("/Annots", ()):
                name = _lead(annotation)
                if name:
                    self.leads.append(name)
                elif "/Dest" in annotation:  # all in one way, as names are compared by their bytes
                    annotation.Dest = String(str(annotation.Dest))

    def _lay_over(self) -> None:
        """Let each page draw its number, after all else and as an artefact (14.8.2.2)."""
        resources = self.pages[0].Resources  # which all pages share
        if "/XObject" not in resources:
            resources.XObject = Dictionary()
        before = self._shared_stream(_OPENING)
        for index, page in enumerate(self.pages):
            resources.XObject[f"/Folio{index}"] = self.stand_in(folio_name(index))
            page.Contents = Array([before, page.Contents, self._shared_stream(_CLOSING % index)])

    def _shared_stream(self, content: bytes) -> Any:
        stream = self.pdf.make_stream(content)
        self.name(stream.objgen[0])
        return stream


def _last_list(elements: list[Any]) -> Any:
    """Return the list with which elements of the structure end, or None."""
    while elements:
        last = elements[-1]
        if last.S == Name.L:
            return last
        kids = items_of(last.get("/K", Array()))
        elements = [each for each in kids if isinstance(each, Dictionary) and "/S" in each]
    return None


def _chain(outline: Any) -> Iterator[Any]:
    item = None if outline is None else outline.get("/First")
    while item is not None:
        yield item
        item = item.get("/Next")


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

"""The structure tree of a tagged PDF, in reading order (ISO 32000-1, 14.7 and 14.8)."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pikepdf

from concordant.checks.flow import Role
from concordant.checks.readers.pdf_closure import Closures
from concordant.checks.readers.pdf_file import Address, Content, OpenFile
from concordant.checks.readers.pdf_raw import Numbers, numbers_in
from concordant.checks.readers.pdf_survey import Survey

_ROLES = {
    **{f"H{level}": Role.HEADING for level in range(1, 7)},
    "H": Role.HEADING,
    "Table": Role.TABLE,
    "Figure": Role.PICTURE,
    "Caption": Role.CAPTION,
    "Note": Role.NOTE,
    "FENote": Role.NOTE,
    "BibEntry": Role.ENTRY,
    "TOC": Role.CONTENTS,
    "Formula": Role.MATH,
    "Lbl": Role.MARKER,
    "Code": Role.VERBATIM,
    "Artifact": Role.FURNITURE,
}
_INLINE = frozenset(
    [
        "Span",
        "Link",
        "Em",
        "Strong",
        "Quote",
        "Reference",
        "Annot",
        "Lbl",
        "Sub",
        "Ruby",
        "RB",
        "RT",
        "RP",
        "Warichu",
        "WT",
        "WP",
        "Code",
    ]
)
UNSAID, NOT_NUMBERED = "unsaid", "/None"
_INLINE_IN_A_LINE = frozenset(["NonStruct", "Private", "Figure", "Formula"])
_TEXTUAL = frozenset(["P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Caption", "LBody"])


@dataclass(frozen=True, slots=True)
class Step:
    """An element is entered or left, on a walk through the tree.

    `numbering` is the ListNumbering of the list around it, `UNSAID` where that gives none, "" outside lists.
    """

    tag: str
    enter: bool = True
    role: Role | None = None
    level: int = 0
    block: bool = False
    numbering: str = ""


CONTENT, RECALLED = -1, -2
_ROOT = "/StructTreeRoot"
_DIRECT = (0, 0)  # the address of what has none
_TOP = 2  # levels of elements between which the file may be opened anew
PARTS_DEPTH = 1  # elements around a part
LARGE = 100  # steps: what has fewer is put in order faster than looked up
_MANY = 700_000  # steps, whose elements take about 350 MB, with all that can be reached from them twice as much


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through the tree, in columns, as its steps are many.

    `codes` has for each step its index in `kinds`, or `CONTENT`, or `RECALLED` for a part that is known; `pages` and
    `numbers` are of the contents alone. `parts` has the numbers of the parts that a file has, by the steps at which they
    begin, and `reached` all objects that can be reached from those that may be remembered.
    """

    kinds: list[Step] = field(default_factory=list)
    codes: array[int] = field(default_factory=lambda: array("i"))
    pages: array[int] = field(default_factory=lambda: array("i"))
    numbers: array[int] = field(default_factory=lambda: array("q"))
    parts: dict[int, int] = field(default_factory=dict)
    reached: dict[int, Numbers] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Step | Content]:
        return self.between(0, len(self), 0, len(self.pages))

    def contents(self, first: int, last: int) -> list[Content]:
        """Return the contents [first, last)."""
        return list(zip(self.pages[first:last], self.numbers[first:last], strict=True))

    def between(self, start: int, end: int, first: int, last: int) -> Iterator[Step | Content]:
        """Yield the steps [start, end), which meet the contents [first, last)."""
        met = zip(self.pages[first:last], self.numbers[first:last], strict=True)
        for code in self.codes[start:end]:
            yield next(met) if code == CONTENT else self.kinds[code]


def walk(
    file: OpenFile, pages: Mapping[Address, int], found: Survey | None = None, data: bytes = b""
) -> Walk:
    """Return a walk through the structure tree, with what parts are known or may be; of no step when the file has no such tree.

    `pages` are 0-based. What was `found` is told with the `data` of the file.
    """
    root = file.pdf.Root.get(_ROOT)
    if root is None:
        return Walk()
    names = root.get("/RoleMap")
    roles = {
        str(key)[1:]: str(value)[1:] for key, value in (names.items() if names is not None else ())
    }
    closures = Closures(file, found.raw, data, found.edges) if found else None
    tree = Tree(file, pages, roles, found, closures)
    tree.top(None, Around())
    return tree.walk


class Around(NamedTuple):
    """What an element inherits: its page, whether it stands in a line, and how its list is numbered."""

    page: int = -1
    inline: bool = False
    numbering: str = ""


@dataclass(slots=True)
class Tree:
    """Walks the tree: `pages` gives indexes by object, `roles` the standard types of a file's own, `found` the parts that are known.

    Between large parts of the tree the file is opened anew, for its elements take more room than all else.
    """

    file: OpenFile
    pages: Mapping[tuple[int, int], int]
    roles: Mapping[str, str]
    found: Survey | None = None
    closures: Closures | None = None
    walk: Walk = field(default_factory=Walk)
    _codes: dict[tuple[str, bool, str], tuple[int, int]] = field(default_factory=dict)
    _renewed: int = 0

    def top(self, address: Address | None, around: Around, depth: int = 0) -> None:
        """Add the steps of the kids of an element, or of the root; none is held while the file is opened anew."""
        addresses = self._addresses(self._kids_of(address)) if depth < _TOP else None
        if addresses is None:
            self.kids(self._kids_of(address), around)
            return
        for each in addresses:
            start, met = len(self.walk), len(self.walk.pages)
            if depth == PARTS_DEPTH:
                self.walk.parts[start] = each[0]
            if self._is_known(each):
                self.walk.codes.append(RECALLED)
                continue
            begun = self._begin(self.file.at(each), around)
            if begun:
                self.top(each, begun[0], depth + 1)
                self.walk.codes.append(begun[1])
            if depth == PARTS_DEPTH and len(self.walk) > start + LARGE:
                self._reach(each[0], set(self.walk.pages[met:]))
            if len(self.walk) > self._renewed + (_MANY // 2 if self.closures else _MANY):
                self._renewed = len(self.walk)
                self.file.renew()

    def _is_known(self, address: Address) -> bool:
        return self.found is not None and address[0] in self.found.known

    def _reach(self, part: int, pages: set[int]) -> None:
        """Note what can be reached from a part and its pages, if it may be remembered."""
        if (
            self.found
            and self.closures
            and part in self.found.parts
            and min(pages, default=-1) >= 0
        ):
            reached = self.closures.of([part, *(self.found.pages[page] for page in pages)])
            if reached:
                self.walk.reached[part] = reached

    def _addresses(self, kids: object) -> list[Address] | None:
        """Return the addresses of an element's kids; None where not all are elements that have one."""
        numbered = [(number, 0) for number in numbers_in(kids)]
        if any(map(self._is_known, numbered)):  # of which nothing is read
            unknown = (self.file.at(each) for each in numbered if not self._is_known(each))
            return numbered if all(isinstance(kid, pikepdf.Dictionary) for kid in unknown) else None
        listed = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        held = [kid.objgen for kid in listed if isinstance(kid, pikepdf.Dictionary)]
        return held if len(held) == len(listed) and _DIRECT not in held else None

    def _kids_of(self, address: Address | None) -> object:
        return (self.file.at(address) if address else self.file.pdf.Root[_ROOT]).get("/K")

    def kids(self, kids: object, around: Around) -> None:
        """Add the steps of an element's kids."""
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                self._content(around.page, kid)
            elif isinstance(kid, pikepdf.Dictionary):
                self._dictionary(kid, around)

    def _dictionary(self, kid: pikepdf.Dictionary, around: Around) -> None:
        begun = self._begin(kid, around)
        if begun:
            if "/K" in kid:
                self.kids(kid["/K"], begun[0])
            self.walk.codes.append(begun[1])

    def _begin(self, kid: pikepdf.Object, around: Around) -> tuple[Around, int] | None:
        """Add the step into an element; return what its kids inherit, and the code of the step out of it."""
        where = kid.get("/Pg")
        page = around.page if where is None else self.pages.get(where.objgen, around.page)
        if "/S" not in kid:
            if kid.get("/Type") == "/MCR" or ("/MCID" in kid and "/Obj" not in kid):
                self._content(page, int(kid["/MCID"]))
            return None
        tag = str(kid["/S"])[1:]
        tag = self.roles.get(tag, tag)
        block = tag not in _INLINE and not (around.inline and tag in _INLINE_IN_A_LINE)
        enter, leave = self._edges(tag, block, around.numbering)
        self.walk.codes.append(enter)
        inline = tag in _TEXTUAL or (around.inline and not block) or tag in _INLINE
        inner = _numbering(kid) if tag == "L" else around.numbering
        return Around(page, inline, inner), leave

    def _content(self, page: int, number: int) -> None:
        self.walk.codes.append(CONTENT)
        self.walk.pages.append(page)
        self.walk.numbers.append(number)

    def _edges(self, tag: str, block: bool, numbering: str) -> tuple[int, int]:
        """Return the codes of the steps into and out of an element: the same for all of its kind, which are many."""
        kind = tag, block, numbering
        if kind not in self._codes:
            role = _ROLES.get(tag)
            level = int(tag[1]) if role is Role.HEADING and tag[1:].isdigit() else 0
            enter = Step(tag, True, role, level, block, numbering)
            first = len(self.walk.kinds)
            self.walk.kinds.extend((enter, replace(enter, enter=False)))
            self._codes[kind] = first, first + 1
        return self._codes[kind]


def _numbering(kid: pikepdf.Object) -> str:
    """Return a list's ListNumbering, `UNSAID` where it gives none (ISO 32000-1, 14.8.5.5)."""
    attributes = kid.get("/A")
    listed = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    for each in listed:
        if isinstance(each, pikepdf.Dictionary) and "/ListNumbering" in each:
            return str(each["/ListNumbering"])
    return UNSAID

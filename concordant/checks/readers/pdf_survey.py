"""What of a PDF is as it was in an earlier check, seen from the bytes of the file, so that no more than the rest is read.

A part, such as a chapter, is an element of the structure tree two levels below its root, and the pages on which its
content stands. What is remembered of it depends on all that can be reached from these, and on what stands here:
`Survey.parts` has hashes of what elements inherit. Nothing is remembered of files that are not plain (`pdf_raw`), or
whose pages inherit anything, or have optional content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf

from concordant.checks.ahead import give_back
from concordant.checks.memory import Memory, hash_of
from concordant.checks.readers.pdf_file import Content, OpenFile, opened
from concordant.checks.readers.pdf_links import Item
from concordant.checks.readers.pdf_raw import Numbers, RawFile, numbers_in, raw_file, written
from concordant.checks.readers.pdf_text import Plain

_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")  # 7.7.3.4
_UPWARDS = {"/K", "/P"}


class Aside(NamedTuple):
    """What a page of a part has beside the part's text: what its margins print, and what may be the folio there."""

    text: str
    folios: list[str]


class Known(NamedTuple):
    """What is remembered of a part, as plain data; pages are told from its first, offsets from where it begins.

    `key` is that under which its text is kept. It has its `own` pages to itself: `printed` of them draw text, `asides` are
    theirs, `links` the stretches drawn there, with the names that they lead to, in columns, and `goals` the offsets
    (or None) of places there: page, left, top. Of the pages that it shares it takes the contents `used`. Beside its objects
    the same streams hold `nodes` of the page tree, with the numbers of their kids, and `items` of the outline.
    """

    key: bytes
    own: list[int]
    used: list[tuple[int, int]]
    printed: int
    asides: list[tuple[str, list[str]]]
    links: tuple[bytes, bytes, list[str]]
    nodes: list[tuple[int, list[int]]]
    items: list[tuple[int, tuple[Any, ...]]]
    goals: list[tuple[int, float | None, float | None, int | None]]


class Recalled(NamedTuple):
    """A part that is as it was: its pages (0-based), what is remembered of it, and its text."""

    pages: tuple[int, ...]
    known: Known
    plain: Plain

    @property
    def own(self) -> list[int]:
        """The pages that no other part stands on."""
        return [page + self.pages[0] for page in self.known.own]

    @property
    def used(self) -> list[Content]:
        """What it takes of other pages."""
        return [(page + self.pages[0], number) for page, number in self.known.used]


class New(NamedTuple):
    """A part that is to be remembered: all that it can depend on, the pages (0-based) on which it stands, and what it came to."""

    reached: Numbers
    pages: Sequence[int]
    known: Known


@dataclass(frozen=True, slots=True)
class Survey:
    """A plain file: its pages' numbers in order, the objects at the edges of parts, and its parts, each with a hash of what it inherits.

    `known` are the numbers of the parts that are recalled, `claimed` the pages (0-based) on which one of these stands alone. `nodes` are
    those of the page tree, with their kids, `items` the ones of the outline that are known.
    """

    raw: RawFile
    pages: tuple[int, ...]
    edges: frozenset[int]
    parts: Mapping[int, bytes]
    known: frozenset[int] = frozenset()
    claimed: frozenset[int] = frozenset()
    nodes: Mapping[int, list[int]] = field(default_factory=dict)
    items: Mapping[int, Item] = field(default_factory=dict)


def survey(
    path: Path, memory: Memory, file: OpenFile | None = None
) -> tuple[Survey, dict[int, Recalled]] | None:
    """Return what is there and what is recalled of it, by the numbers of parts; None for a file of which nothing can be.

    It may be open already. What is wrong with it is told by those who read it.
    """
    found = _opened_survey(path, memory, file)
    give_back()
    return found


def _opened_survey(
    path: Path, memory: Memory, file: OpenFile | None
) -> tuple[Survey, dict[int, Recalled]] | None:
    with suppress(Exception), opened(path, inherit=False, already=file) as each:
        return _survey(each.pdf, path.read_bytes(), memory)
    return None


def survey_anew(file: OpenFile, data: bytes) -> Survey | None:
    """Return what is there in an open file, of which nothing is looked up; None if it is not plain."""
    with suppress(Exception):
        found = _survey(file.pdf, data, None)
        return found[0] if found else None
    return None


def keep(memory: Memory, found: Survey, part: int, new: New) -> None:
    """Remember a part of a file."""
    key, (reached, pages, known) = _key_of_part(found.raw, part, found.parts[part]), new
    numbers, apart = [found.pages[page] for page in pages], [page - pages[0] for page in pages]
    memory.keep(key, reached.runs)
    memory.keep(_key_of_state(found.raw, key, reached), (numbers, apart, tuple(known)))


def _key_of_part(raw: RawFile, part: int, inherited: bytes) -> bytes:
    own = Numbers.of({part, raw.holder(part) or part})
    return hash_of("part", part, inherited, raw.digest(own))


def _key_of_state(raw: RawFile, part: bytes, reached: Numbers) -> bytes:
    return hash_of("state", part, raw.digest(reached))


class _State(NamedTuple):
    """A part of which nothing has changed: the numbers of its pages, how far each comes after the first, and all it reaches."""

    pages: list[int]
    apart: list[int]
    known: Known
    reached: Numbers


def _survey(
    pdf: pikepdf.Pdf, data: bytes, memory: Memory | None
) -> tuple[Survey, dict[int, Recalled]] | None:
    raw = raw_file(pdf, data)
    if raw is None or "/OCProperties" in pdf.Root:
        return None
    parts, around = _parts(pdf)
    states = _states(raw, parts, memory) if memory else {}
    leaves = {page for state in states.values() for page in state.pages}
    tree = _PageTree(pdf, leaves, dict(chain(*(state.known.nodes for state in states.values()))))
    edges = frozenset((*tree.pages, *tree.nodes, *around))
    recalled = _recalled(states, tree.pages, memory) if memory else {}
    claimed = frozenset(page for each in recalled.values() for page in each.own)
    items = {number: Item(*item) for state in states.values() for number, item in state.known.items}
    found = Survey(
        raw, tuple(tree.pages), edges, parts, frozenset(recalled), claimed, tree.nodes, items
    )
    return found, recalled


def _states(raw: RawFile, parts: Mapping[int, bytes], memory: Memory) -> dict[int, _State]:
    found = {part: _state(raw, part, inherited, memory) for part, inherited in parts.items()}
    return {part: state for part, state in found.items() if state}


def _state(raw: RawFile, part: int, inherited: bytes, memory: Memory) -> _State | None:
    key = _key_of_part(raw, part, inherited)
    runs = memory.look_up(key)
    if runs is None:
        return None
    reached = Numbers(runs[0])
    state = memory.look_up(_key_of_state(raw, key, reached))
    if state is None:
        return None
    pages, apart, known = state[0]
    return _State(pages, apart, Known(*known), reached)


def _recalled(
    states: Mapping[int, _State], pages: Sequence[int], memory: Memory
) -> dict[int, Recalled]:
    """Return the parts whose pages come one after another as they did, as far as they stand alone on their own, and meet no other."""
    index = {number: page for page, number in enumerate(pages)}
    uses = Counter(number for state in states.values() for number in state.pages)
    ordered = sorted(pages)
    recalled = {}
    for part, (numbers, apart, known, reached) in states.items():
        at = tuple(index.get(number, -1) for number in numbers)
        as_before = [page - at[0] for page in at] == apart and min(at) >= 0
        alone = all(
            uses[number] == 1
            for number, page in zip(numbers, apart, strict=True)
            if page in known.own
        )
        if as_before and alone and list(reached.among(ordered)) == sorted(numbers):
            plain = memory.look_up(known.key)
            if plain is not None:
                recalled[part] = Recalled(at, known, plain[0])
    return recalled


def _parts(pdf: pikepdf.Pdf) -> tuple[dict[int, bytes], set[int]]:
    """Return the parts, by their numbers, with hashes of what their elements inherit, and the objects around them."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return {}, set()
    roles = written(root.get("/RoleMap"))
    around = {root.objgen[0]}
    parts: dict[int, bytes] = {}
    many: Counter[int] = Counter()
    for holder in numbers_in(root.get("/K")):
        element = pdf.get_object(holder, 0)
        own = [
            name.encode() + written(element[name])
            for name in sorted(set(element.keys()) - _UPWARDS)
        ]
        around.add(holder)
        if b" R" in b"".join((roles, *own)):
            continue
        numbers = numbers_in(element.get("/K"))
        many.update(numbers)
        parts |= dict.fromkeys(numbers, hash_of("inherited", roles, *own))
    return {part: inherited for part, inherited in parts.items() if many[part] == 1}, around


class _PageTree:
    """The pages of a file in order and the nodes around them, by their numbers.

    `leaves` are known to be pages, `known` to be nodes of which pages inherit nothing, with these kids.

    Raises `ValueError` if pages inherit anything, or the tree is none.
    """

    def __init__(self, pdf: pikepdf.Pdf, leaves: Set[int], known: Mapping[int, list[int]]) -> None:
        self._pdf, self._leaves, self._known = pdf, leaves, known
        self.pages: list[int] = []
        self.nodes: dict[int, list[int]] = {}
        self._add(pdf.Root["/Pages"].objgen[0])
        if len(set(self.pages)) < len(self.pages):
            raise ValueError("a page stands in two places")

    def _add(self, node: int) -> None:
        if node in self.nodes or not node:
            raise ValueError("this page tree is none")
        self.nodes[node] = self._known[node] if node in self._known else self._kids(node)
        for kid in self.nodes[node]:
            inner = kid not in self._leaves and (
                kid in self._known or "/Kids" in self._pdf.get_object(kid, 0)
            )
            if inner:
                self._add(kid)
            else:
                self.pages.append(kid)

    def _kids(self, node: int) -> list[int]:
        thing = self._pdf.get_object(node, 0)
        kids = numbers_in(thing["/Kids"])
        if any(name in thing for name in _INHERITED) or len(kids) != len(thing["/Kids"]):
            raise ValueError("pages inherit something, or have no numbers")
        return kids

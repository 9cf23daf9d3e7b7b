"""The order of a tagged PDF's text: that of its structure tree, one part of the tree after another.

A part is an element directly under the root that holds others, such as a chapter. How the text of a part is put in order
depends on its own steps and pages, and on the little that a `Sheetwork` says of what stands before it.
"""

from __future__ import annotations

import hashlib
import marshal
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from concordant.checks.flow import Role, Span, Stretch
from concordant.checks.labels import folio_value
from concordant.checks.memory import Memory
from concordant.checks.model import FORMULA
from concordant.checks.readers.pdf_glyphs import Run
from concordant.checks.readers.pdf_structure import (
    CONTENT,
    NOT_NUMBERED,
    UNSAID,
    Content,
    Step,
    Walk,
)
from concordant.checks.readers.pdf_text import Sheetwork

_IN_A_SENTENCE = frozenset(("Link", "Em", "Strong", "Quote", "Code"))
_HOLDERS = frozenset(("NonStruct", "Div", "Figure", "Aside", "Art", "Formula", "Table"))
_PARTS_DEPTH = 1  # elements around a part
_LARGE = 100  # steps: what has fewer is put in order faster than looked up
Runs = Callable[[Content], Iterable[Run]]


@dataclass(slots=True)
class Open:
    """An element that the walk is in: where it begins, and the captions that are its children."""

    step: Step
    start: int
    captions: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """Steps [start, end) of a walk, and the contents [first, last) that they meet.

    `whole` is true for an element and all that is in it, which no other shares a block with.
    """

    start: int
    end: int
    first: int
    last: int
    whole: bool = False


def parts_of(walk: Walk) -> Iterator[Part]:
    """Yield the parts of a walk, and what stands between them, in order."""
    begins = [s.enter and s.block and s.role is None for s in walk.kinds]
    steps_by = [1 if step.enter else -1 for step in walk.kinds]
    depth = met = 0
    start, first = 0, 0
    within = False
    for index, code in enumerate(walk.codes):
        if code == CONTENT:
            met += 1
            continue
        if depth == _PARTS_DEPTH and begins[code]:
            yield Part(start, index, first, met)
            start, first, within = index, met, True
        depth += steps_by[code]
        if within and depth == _PARTS_DEPTH:
            yield Part(start, index + 1, first, met, whole=index + 1 - start > _LARGE)
            start, first, within = index + 1, met, False
    yield Part(start, len(walk), first, met)


class Ordering:
    """Puts the runs of a file in the order of its structure tree; `used` are the (page, mcid) that it holds.

    `kept` are the stretches of the flow that are remembered, under their keys, which do not cover links. `keys` are those of the pages, under which what they draw may be remembered.
    """

    def __init__(
        self,
        walk: Walk,
        runs: Runs,
        keys: Sequence[bytes | None] = (),
        memory: Memory | None = None,
    ) -> None:
        self.used: set[Content] = set()
        self.kept: list[Stretch] = []
        self._walk, self._runs = walk, runs
        self._keys, self._memory = keys, memory
        self._kinds = repr(walk.kinds).encode() if memory else b""
        self._stack: list[Open] = []
        self._headings = 0

    def put(self, work: Sheetwork) -> None:
        """Add all text to the sheetwork."""
        for part in parts_of(self._walk):
            if not (part.whole and self._memory and self._recall(part, work, self._memory)):
                self._put(part, work)

    def _recall(self, part: Part, work: Sheetwork, memory: Memory) -> bool:
        """Add a part by itself, as remembered where it is; return whether that can be done."""
        pages = self._walk.pages[part.first : part.last]
        met = set(zip(pages, self._walk.numbers[part.first : part.last], strict=True))
        if not pages or min(pages) < 0 or self._headings or not self.used.isdisjoint(met):
            return False
        base = min(pages)
        work.end_block()
        key = self._key(part, pages, work)
        if key is None:
            return False
        known = memory.look_up(key)
        if known is None:
            own = Sheetwork(head=work.head, page_before=work.last_page)
            self._put(part, own)
            known = (own.plain(base),)
            memory.keep(key, known[0])
        self.used |= met
        start = work.length
        work.add(known[0], base)
        self.kept.append(Stretch(start, work.length, key))
        return True

    def _key(self, part: Part, pages: array[int], work: Sheetwork) -> bytes | None:
        """Return the key of all that decides what becomes of a part, numbers of pages told from its first."""
        base, last = min(pages), max(pages)
        drawn = self._keys[base : last + 1]
        if len(drawn) <= last - base or None in drawn:
            return None
        before = None if work.last_page is None else work.last_page - base
        told = (
            array("i", [page - base for page in pages]).tobytes(),
            self._walk.numbers[part.first : part.last].tobytes(),
            self._walk.codes[part.start : part.end].tobytes(),
            *(work.head, before, list(drawn)),
        )
        return hashlib.blake2b(self._kinds + marshal.dumps(told, 2), digest_size=32).digest()

    def _put(self, part: Part, work: Sheetwork) -> None:
        used, stack, runs = self.used, self._stack, self._runs
        for step in self._walk.between(part.start, part.end, part.first, part.last):
            if isinstance(step, tuple):
                if step in used:
                    continue
                used.add(step)
                start = work.length
                for run in runs(step):
                    work.put(run)
                if self._headings and work.last != " ":
                    # A heading's number may be a box of its own without an element.
                    work.spans.append(Span(Role.OWN, start, work.length))
            elif step.enter:
                if step.block:
                    work.end_block()
                stack.append(Open(step, work.length))
                self._headings += step.role is Role.HEADING
            else:
                opened = stack.pop()
                self._headings -= step.role is Role.HEADING
                _close(work, opened, stack[-1] if stack else None)


def _close(work: Sheetwork, opened: Open, parent: Open | None) -> None:
    step, start, end = opened.step, opened.start, work.length
    if step.role is Role.MATH and end == start:
        work.sign(FORMULA)  # it is drawn, and without letters
        end = work.length
    if step.block:
        work.end_block()
    if end <= start:
        return
    if step.tag == "THead" and _repeats(work, start):
        work.spans.append(Span(Role.FURNITURE, start, end))
    if step.role is Role.CAPTION and parent:
        parent.captions.append((start, end))
    if len(opened.captions) == 1 and step.tag in _HOLDERS:
        work.spans.append(Span(Role.FIGURE, start, end))
    if step.role is Role.MARKER:
        _mark(work, step, start, end)
    elif step.role:
        for a, b in _drawn(opened, start, end):
            work.spans.append(Span(step.role, a, b, step.level))
    if step.block:
        work.spans.append(Span(Role.BLOCK, start, end))
    elif step.tag not in _IN_A_SENTENCE:
        work.spans.append(Span(Role.OWN, start, end))


def _mark(work: Sheetwork, step: Step, start: int, end: int) -> None:
    """Note a label, unless it is text: in a list that says of no numbering it may be a definition's term."""
    label = work.since(start)[: end - start]
    roman = folio_value(label.strip(" .()"))
    if step.numbering == NOT_NUMBERED and re.search(r"\w", label):
        return
    if step.numbering == UNSAID and re.search(r"[^\W\d_]{2}", label) and not roman:
        return
    digits = "".join(c for c in label if c.isdigit())
    work.spans.append(Span(Role.MARKER, start, end, step.level, digits))


def _repeats(work: Sheetwork, start: int) -> bool:
    """Whether a table's head is the last one again, at the top of a page where the table goes on."""
    text = "".join(work.since(start).split())
    again, work.head = text == work.head, text
    here = bisect_left(work.lines, start, key=lambda line: line.start)
    before = work.lines[here - 1].page if here else work.page_before
    if before is None or here == len(work.lines):
        return False
    return again and before < work.lines[here].page


def _drawn(opened: Open, start: int, end: int) -> list[tuple[int, int]]:
    """Return the extent of an element; that of a picture without the captions inside it."""
    if opened.step.role is not Role.PICTURE:
        return [(start, end)]
    edges = [start, *(edge for caption in opened.captions for edge in caption), end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]

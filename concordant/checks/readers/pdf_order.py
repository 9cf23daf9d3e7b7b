"""The order of a tagged PDF's text: that of its structure tree, one part of the tree after another.

A part is an element two levels below the root that holds others, such as a chapter. How the text of a part is put in order
depends on its own steps and pages.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from concordant.checks.flow import Role, Span, Stretch
from concordant.checks.labels import folio_value
from concordant.checks.memory import Memory, hash_of
from concordant.checks.model import FORMULA
from concordant.checks.readers.pdf_file import Content
from concordant.checks.readers.pdf_glyphs import Run
from concordant.checks.readers.pdf_structure import (
    CONTENT,
    LARGE,
    NOT_NUMBERED,
    PARTS_DEPTH,
    RECALLED,
    UNSAID,
    Step,
    Walk,
)
from concordant.checks.readers.pdf_survey import Recalled
from concordant.checks.readers.pdf_text import FirstHead, Plain, Sheetwork

_IN_A_SENTENCE = frozenset(("Link", "Em", "Strong", "Quote", "Code"))
_HOLDERS = frozenset(("NonStruct", "Div", "Figure", "Aside", "Art", "Formula", "Table"))
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

    `whole` is true for an element and all that is in it, which no other shares a block with, `known` for one that is recalled.
    """

    start: int
    end: int
    first: int
    last: int
    whole: bool = False
    known: bool = False


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
        if code == RECALLED:
            yield Part(start, index, first, met)
            yield Part(index, index + 1, met, met, known=True)
            start, first = index + 1, met
            continue
        if depth == PARTS_DEPTH and begins[code]:
            yield Part(start, index, first, met)
            start, first, within = index, met, True
        depth += steps_by[code]
        if within and depth == PARTS_DEPTH:
            yield Part(start, index + 1, first, met, whole=index + 1 - start > LARGE)
            start, first, within = index + 1, met, False
    yield Part(start, len(walk), first, met)


class Placed(NamedTuple):
    """A part that was put in order by itself, or recalled: where it stands in the flow, and the first of its pages.

    `key` is that under which its text is kept, `repeated` says whether its first table's head repeats the one before.
    """

    part: Part
    start: int
    end: int
    base: int
    key: bytes
    repeated: bool

    def stretch(self) -> Stretch:
        """Return the stretch of the flow, with a key that covers no links."""
        return Stretch(self.start, self.end, hash_of(self.key, self.repeated))


class Ordering:
    """Puts the runs of a file in the order of its structure tree; `used` are the (page, mcid) that it holds.

    `placed` are the parts that may be remembered or were; `recalled` are the latter, by their numbers.
    """

    def __init__(
        self,
        walk: Walk,
        runs: Runs,
        memory: Memory | None = None,
        recalled: Mapping[int, Recalled] = MappingProxyType({}),
    ) -> None:
        self.used: set[Content] = set()
        self.placed: list[Placed] = []
        self._walk, self._runs = walk, runs
        self._memory, self._recalled = memory, recalled
        self._stack: list[Open] = []
        self._headings = 0

    def put(self, work: Sheetwork) -> None:
        """Add all text to the sheetwork."""
        for part in parts_of(self._walk):
            if part.known:
                recalled = self._recalled[self._walk.parts[part.start]]
                self.used.update(recalled.used)
                self._add(part, work, recalled.known.key, recalled.plain, recalled.pages[0])
                continue
            memory = self._memory if self._may_be_remembered(part) else None
            if memory is None or not self._put_apart(part, work, memory):
                self._put(part, work)

    def _add(self, part: Part, work: Sheetwork, key: bytes, plain: Plain, base: int) -> None:
        work.end_block()
        start = work.length
        repeated = work.add(plain, base)
        self.placed.append(Placed(part, start, work.length, base, key, repeated))

    def _put_apart(self, part: Part, work: Sheetwork, memory: Memory) -> bool:
        """Add a part by itself, and remember its text; return whether that can be done."""
        pages = self._walk.pages[part.first : part.last]
        met = set(self._walk.contents(part.first, part.last))
        if not pages or min(pages) < 0 or self._headings or not self.used.isdisjoint(met):
            return False
        base, own = min(pages), Sheetwork(head=None)
        self._put(part, own)
        plain = own.plain(base)
        key = hash_of("a part's text", plain)
        memory.keep(key, plain)
        self._add(part, work, key, plain, base)
        return True

    def _may_be_remembered(self, part: Part) -> bool:
        return part.whole and self._walk.parts.get(part.start) in self._walk.reached

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
    if step.tag == "THead" and _repeats(work, start, end):
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


def _repeats(work: Sheetwork, start: int, end: int) -> bool:
    """Whether a table's head is the last one again, at the top of a page where the table goes on.

    Where no head is known yet, a sheetwork notes its first instead.
    """
    text = "".join(work.since(start).split())
    last, work.head = work.head, text
    here = bisect_left(work.lines.starts, start)
    if here == len(work.lines):
        return False
    before, page = work.lines.pages[here - 1] if here else None, work.lines.pages[here]
    if last is None:
        work.first_head = FirstHead(text, len(work.spans), start, end, before, page)
        return False
    return text == last and before is not None and before < page


def _drawn(opened: Open, start: int, end: int) -> list[tuple[int, int]]:
    """Return the extent of an element; that of a picture without the captions inside it."""
    if opened.step.role is not Role.PICTURE:
        return [(start, end)]
    edges = [start, *(edge for caption in opened.captions for edge in caption), end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]

"""A PDF's drawn characters as a flow: in the order of its structure tree, or in that of the page."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field

from concordant.checks.flow import LINE, Role, Span
from concordant.checks.labels import folio_value
from concordant.checks.model import FORMULA, SpotRow
from concordant.checks.readers.pdf_glyphs import GAP, Run, overlap
from concordant.checks.readers.pdf_structure import NOT_NUMBERED, UNSAID, Step, Walk

_SPACES = " \n\u2028"
_TWICE = re.compile(rf"[{_SPACES}] ")
_IN_A_SENTENCE = frozenset(("Link", "Em", "Strong", "Quote", "Code"))
_HOLDERS = frozenset(("NonStruct", "Div", "Figure", "Aside", "Art", "Formula", "Table"))


@dataclass(slots=True)
class Line:
    """A line of the flow: where it begins and ends, and its place on the page in points."""

    start: int
    page: int
    left: float
    bottom: float
    right: float
    top: float
    end: int = 0

    @property
    def middle(self) -> float:
        """The height of the line's middle, in points from the page's foot."""
        return (self.bottom + self.top) / 2


@dataclass
class Sheetwork:
    """The text of a PDF while it is put in order, with the place of every character."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    last: str = "\n"
    lefts: array[float] = field(default_factory=lambda: array("f"))
    middles: array[float] = field(default_factory=lambda: array("f"))
    lines: list[Line] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    previous: Run | None = None
    head: str = ""

    def sign(self, character: str) -> None:
        """Add a character that is not drawn: a space or the end of a line or block."""
        self.parts.append(character)
        self.lefts.append(-1.0)
        self.middles.append(-1.0)
        self.length += 1
        self.last = character

    def end_block(self) -> None:
        """End the current block, if anything stands in it."""
        if self.last != "\n":
            self.sign("\n")
        self.previous = None

    def put(self, run: Run) -> None:
        """Add what a run draws, after a space or a line's end where the page shows one."""
        text = run.text
        if not text or (text.isspace() and self.last in _SPACES):
            return
        left, right = run.left, run.right
        self._before(run, left)
        begins = self.previous is None or self.last in ("\n", LINE)
        if begins or self.lines[-1].page != run.page:
            self.lines.append(Line(self.length, run.page, left, run.bottom, right, run.top))
        line = self.lines[-1]
        edges = zip(run.lefts, run.rights, strict=True)
        middles = array("f", [(start + end) / 2 for start, end in edges])
        begin = 0
        for index in run.gaps:
            self._letters(text[begin:index], middles[begin:index], run.middle)
            begin = index
            if self.last not in _SPACES and text[index] != " ":
                self.sign(" ")
        self._letters(text[begin:], middles[begin:], run.middle)
        line.end = self.length
        line.left, line.right = min(line.left, left), max(line.right, right)
        line.bottom, line.top = min(line.bottom, run.bottom), max(line.top, run.top)
        self.previous = run

    def _letters(self, text: str, lefts: array[float], middle: float) -> None:
        """Add letters that stand side by side, each space once."""
        before = self.last + text
        if _TWICE.search(before):
            kept = [
                index
                for index, letter in enumerate(text)
                if letter != " " or before[index] not in _SPACES
            ]
            text = "".join([text[index] for index in kept])
            lefts = array("f", [lefts[index] for index in kept])
        self.parts += text
        self.lefts += lefts
        self.middles += array("f", [middle]) * len(text)
        self.length += len(text)
        self.last = text[-1:] or self.last

    def _before(self, run: Run, left: float) -> None:
        previous = self.previous
        if previous is None or self.last in ("\n", LINE):
            return
        same_line = previous.page == run.page and overlap(previous, run)
        if not same_line or left < previous.left - run.height:
            self.sign(LINE)
        elif (
            self.last != " "
            and left - previous.rights[-1] > GAP * run.height
            and run.text[0] != " "
        ):
            self.sign(" ")

    def text(self) -> str:
        """Return everything that was put in order."""
        return "".join(self.parts)

    def spots(self, folios: dict[int, str]) -> list[tuple[int, SpotRow]]:
        """Return the place of every line; `folios` are by 0-based page."""
        found: list[tuple[int, SpotRow]] = []
        for line in self.lines:
            box = (line.left, line.bottom, line.right, line.top)
            row = ("", 0, "", line.page + 1, folios.get(line.page, ""), box)
            found.append((line.start, row))
        return found


@dataclass(slots=True)
class Open:
    """An element that the walk is in: where it begins, and the captions that are its children."""

    step: Step
    start: int
    captions: list[tuple[int, int]] = field(default_factory=list)


def by_structure(
    work: Sheetwork, steps: Walk, runs: dict[tuple[int, int], list[Run]]
) -> set[tuple[int, int]]:
    """Put the runs in the order of the structure tree; return the (page, mcid) that it holds."""
    used: set[tuple[int, int]] = set()
    stack: list[Open] = []
    headings = 0
    for step in steps:
        if isinstance(step, tuple):
            if step in used:
                continue
            used.add(step)
            start = work.length
            for run in runs.get(step, ()):
                work.put(run)
            if headings and work.last != " ":
                # A heading's number may be a box of its own without an element.
                work.spans.append(Span(Role.OWN, start, work.length))
        elif step.enter:
            if step.block:
                work.end_block()
            stack.append(Open(step, work.length))
            headings += step.role is Role.HEADING
        else:
            opened = stack.pop()
            headings -= step.role is Role.HEADING
            _close(work, opened, stack[-1] if stack else None)
    return used


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
    label = "".join(work.parts[start:end])
    roman = folio_value(label.strip(" .()"))
    if step.numbering == NOT_NUMBERED and re.search(r"\w", label):
        return
    if step.numbering == UNSAID and re.search(r"[^\W\d_]{2}", label) and not roman:
        return
    digits = "".join(c for c in label if c.isdigit())
    work.spans.append(Span(Role.MARKER, start, end, step.level, digits))


def _repeats(work: Sheetwork, start: int) -> bool:
    """Whether a table's head is the last one again, at the top of a page where the table goes on."""
    text = "".join("".join(work.parts[start:]).split())
    again, work.head = text == work.head, text
    here = bisect_left(work.lines, start, key=lambda line: line.start)
    inner = 0 < here < len(work.lines)
    return again and inner and work.lines[here - 1].page < work.lines[here].page


def _drawn(opened: Open, start: int, end: int) -> list[tuple[int, int]]:
    """Return the extent of an element; that of a picture without the captions inside it."""
    if opened.step.role is not Role.PICTURE:
        return [(start, end)]
    edges = [start, *(edge for caption in opened.captions for edge in caption), end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]

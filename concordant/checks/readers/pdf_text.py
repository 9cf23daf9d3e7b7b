"""A PDF's drawn characters as a flow: in the order of its structure tree, or in that of the page."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import Any

from concordant.checks.flow import LINE, Role, Span
from concordant.checks.model import LineRows, Places
from concordant.checks.readers.pdf_glyphs import GAP, Run, overlap

_ROLES = {role.value: role for role in Role}
_SPACES = " \n\u2028"
_TWICE = re.compile(rf"[{_SPACES}] ")
# A sheetwork as plain data: its text, `lefts`, `begins` and `middles`, lines, spans, and head.
Plain = tuple[str, bytes, bytes, bytes, list[tuple[Any, ...]], list[tuple[Any, ...]], str]


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
    """The text of a PDF while it is put in order, with the place of every character.

    `lefts` has the middle of each between left and right, -1 for one that is not drawn; `middles` the height of those
    from each of `begins` on. `head` is the last table's, `page_before` the page of what stands before all this.
    """

    parts: list[str] = field(default_factory=list)
    length: int = 0
    last: str = "\n"
    lefts: array[float] = field(default_factory=lambda: array("f"))
    begins: array[int] = field(default_factory=lambda: array("I"))
    middles: array[float] = field(default_factory=lambda: array("f"))
    lines: list[Line] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    previous: Run | None = None
    head: str = ""
    page_before: int | None = None

    @property
    def last_page(self) -> int | None:
        """The page of the last line so far (0-based), or None."""
        return self.lines[-1].page if self.lines else self.page_before

    def sign(self, character: str) -> None:
        """Add a character that is not drawn: a space or the end of a line or block."""
        self.parts.append(character)
        self.lefts.append(-1.0)
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
        self.begins.append(self.length)
        self.middles.append(run.middle)
        begin = 0
        for index in run.gaps:
            self._letters(text[begin:index], middles[begin:index])
            begin = index
            if self.last not in _SPACES and text[index] != " ":
                self.sign(" ")
        self._letters(text[begin:] if begin else text, middles[begin:] if begin else middles)
        line.end = self.length
        line.left, line.right = min(line.left, left), max(line.right, right)
        line.bottom, line.top = min(line.bottom, run.bottom), max(line.top, run.top)
        self.previous = run

    def _letters(self, text: str, lefts: array[float]) -> None:
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
        self.parts.append(text)
        self.lefts += lefts
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

    def since(self, start: int) -> str:
        """Return what was put in order from an offset on, which is near the end."""
        found, begin = [], self.length
        for part in reversed(self.parts):
            if begin <= start:
                break
            found.append(part)
            begin -= len(part)
        return "".join(reversed(found))[start - begin :]

    def plain(self, base: int) -> Plain:
        """Return all this as plain data, with its pages told from the page `base`."""
        lines = [
            (line.start, line.page - base, line.left, line.bottom, line.right, line.top, line.end)
            for line in self.lines
        ]
        spans = [(span.role.value, *span[1:]) for span in self.spans]
        lefts, begins, middles = (
            column.tobytes() for column in (self.lefts, self.begins, self.middles)
        )
        return self.text(), lefts, begins, middles, lines, spans, self.head

    def add(self, plain: Plain, base: int) -> None:
        """Add whole blocks that another sheetwork has put in order after this one's last page."""
        text, lefts, begins, middles, lines, spans, self.head = plain
        at = self.length
        self.parts.append(text)
        self.length += len(text)
        self.last = text[-1:] or self.last
        self.lefts.frombytes(lefts)
        self.begins.extend([begin + at for begin in array("I", begins)])
        self.middles.frombytes(middles)
        self.lines += [
            Line(start + at, page + base, left, bottom, right, top, end + at)
            for start, page, left, bottom, right, top, end in lines
        ]
        self.spans += [
            Span(_ROLES[role], start + at, end + at, level, value)
            for role, start, end, level, value in spans
        ]
        self.previous = None

    def places(self, folios: dict[int, str]) -> Places:
        """Return the place of every line; `folios` are by 0-based page."""
        boxes = array("d")
        for line in self.lines:
            boxes.extend((line.left, line.bottom, line.right, line.top))
        pages = array("I", [line.page for line in self.lines])
        starts = array("I", [line.start for line in self.lines])
        return Places(starts, LineRows(pages, boxes, folios))

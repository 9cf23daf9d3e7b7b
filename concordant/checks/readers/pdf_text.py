"""A PDF's drawn characters as a flow: in the order of its structure tree, or in that of the page."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from concordant.checks.flow import LINE, Recalled, Role, Span, SpanColumns
from concordant.checks.model import LineRows, Places
from concordant.checks.readers.pdf_glyphs import GAP, Run, overlap

_SPACES = " \n\u2028"
_TWICE = re.compile(rf"[{_SPACES}] ")
# A sheetwork as plain data: its text, `lefts`, `begins` and `middles`, lines, spans, and heads.
Plain = tuple[str, bytes, bytes, bytes, tuple[bytes, ...], tuple[Any, ...], tuple[Any, ...]]


class Line(NamedTuple):
    """A line of the flow: where it begins and ends, and its place on the page in points."""

    start: int
    end: int
    page: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        """The height of the line's middle, in points from the page's foot."""
        return (self.bottom + self.top) / 2


@dataclass(slots=True)
class Lines:
    """The lines of a flow, in columns, as they are many; `boxes` has four numbers for each, as a `Line` does."""

    starts: array[int] = field(default_factory=lambda: array("I"))
    ends: array[int] = field(default_factory=lambda: array("I"))
    pages: array[int] = field(default_factory=lambda: array("I"))
    boxes: array[float] = field(default_factory=lambda: array("d"))

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: int) -> Line:
        box = self.boxes[4 * index : 4 * index + 4]
        return Line(self.starts[index], self.ends[index], self.pages[index], *box)

    def begin(self, run: Run, start: int, left: float, right: float) -> None:
        """Begin a line with a run."""
        self.starts.append(start)
        self.ends.append(start)
        self.pages.append(run.page)
        self.boxes.extend((left, run.bottom, right, run.top))

    def reach(self, run: Run, end: int, left: float, right: float) -> None:
        """Let the last line hold a run, and end where that does."""
        self.ends[-1] = end
        boxes = self.boxes
        boxes[-4], boxes[-3] = min(boxes[-4], left), min(boxes[-3], run.bottom)
        boxes[-2], boxes[-1] = max(boxes[-2], right), max(boxes[-1], run.top)

    def plain(self, base: int) -> tuple[bytes, ...]:
        """Return the lines as plain data, with their pages told from the page `base`."""
        pages = array("I", [page - base for page in self.pages])
        return tuple(each.tobytes() for each in (self.starts, self.ends, pages, self.boxes))

    def add(self, plain: tuple[bytes, ...], at: int, base: int) -> None:
        """Add lines from plain data, that of a flow that begins at an offset and a page."""
        starts, ends, pages, boxes = plain
        self.starts.extend([start + at for start in array("I", starts)])
        self.ends.extend([end + at for end in array("I", ends)])
        self.pages.extend([page + base for page in array("I", pages)])
        self.boxes.frombytes(boxes)


class FirstHead(NamedTuple):
    """The first head of a table in a part of a flow: it is furniture, if the last one before the part is the same.

    That is so if also the page before it is not its own; `at` is the place of its span among others. Pages are told from the
    part's first one; None: that of the line before the part.
    """

    text: str
    at: int
    start: int
    end: int
    before: int | None
    page: int


@dataclass
class Sheetwork:
    """The text of a PDF while it is put in order, with the place of every character.

    `lefts` has the middle of each between left and right, -1 for one that is not drawn; `middles` the height of those
    from each of `begins` on. `recalled` are spans beside `spans`. `head` is the last table's: None as long as it is not known, in a part of a flow.
    """

    parts: list[str] = field(default_factory=list)
    length: int = 0
    last: str = "\n"
    lefts: array[float] = field(default_factory=lambda: array("f"))
    begins: array[int] = field(default_factory=lambda: array("I"))
    middles: array[float] = field(default_factory=lambda: array("f"))
    lines: Lines = field(default_factory=Lines)
    spans: list[Span] = field(default_factory=list)
    recalled: list[Recalled] = field(default_factory=list)
    previous: Run | None = None
    head: str | None = ""
    first_head: FirstHead | None = None

    @property
    def last_page(self) -> int | None:
        """The page of the last line so far (0-based), or None."""
        return self.lines.pages[-1] if self.lines else None

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
        if begins or self.lines.pages[-1] != run.page:
            self.lines.begin(run, self.length, left, right)
        centres = run.centres
        self.begins.append(self.length)
        self.middles.append(run.middle)
        begin = 0
        for index in run.gaps:
            self._letters(text[begin:index], centres[begin:index])
            begin = index
            if self.last not in _SPACES and text[index] != " ":
                self.sign(" ")
        self._letters(text[begin:] if begin else text, centres[begin:] if begin else centres)
        self.lines.reach(run, self.length, left, right)
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
        elif self.last != " " and left - previous.end > GAP * run.height and run.text[0] != " ":
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
        first = self.first_head
        if first:
            before = None if first.before is None else first.before - base
            first = first._replace(before=before, page=first.page - base)
        lefts, begins, middles = (
            column.tobytes() for column in (self.lefts, self.begins, self.middles)
        )
        lines, heads = self.lines.plain(base), (tuple(first) if first else None, self.head)
        return self.text(), lefts, begins, middles, lines, tuple(SpanColumns.of(self.spans)), heads

    def add(self, plain: Plain, base: int) -> bool:
        """Add whole blocks that another sheetwork has put in order by itself; return whether its first head is repeated."""
        text, lefts, begins, middles, lines, spans, (first, head) = plain
        at = self.length
        repeated = first is not None and self._is_repeated(FirstHead(*first), base)
        columns = SpanColumns(*spans)
        if repeated:
            _, index, start, end, *_ = first
            added = columns.spans(at)
            added.insert(index, Span(Role.FURNITURE, start + at, end + at))
            self.spans += added
        else:
            self.recalled.append(Recalled(len(self.spans), at, columns))
        self.head = self.head if head is None else head
        self.parts.append(text)
        self.length += len(text)
        self.last = text[-1:] or self.last
        self.lefts.frombytes(lefts)
        self.begins.extend([begin + at for begin in array("I", begins)])
        self.middles.frombytes(middles)
        self.lines.add(lines, at, base)
        self.previous = None
        return repeated

    def _is_repeated(self, first: FirstHead, base: int) -> bool:
        before = self.last_page if first.before is None else first.before + base
        return first.text == self.head and before is not None and before < first.page + base

    def places(self, folios: dict[int, str]) -> Places:
        """Return the place of every line; `folios` are by 0-based page."""
        return Places(self.lines.starts, LineRows(self.lines.pages, self.lines.boxes, folios))

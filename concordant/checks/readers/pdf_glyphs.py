"""The characters that a PDF draws, page by page, with their places and their marked-content numbers.

Nothing is taken from what the file says of its text: characters come from the drawn glyphs (PDFium).
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from array import array
from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, repeat
from operator import sub
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_DROPPED = frozenset((0, 10, 13))
_SPACE = 32
GAP = 0.16  # of a line's height: what stands farther apart is parted by a space
_TO_LEFT = frozenset(("R", "AL"))
# No other is written from right to left (Unicode, DerivedBidiClass).
_PERHAPS = re.compile("[\u0590-\u08ff\u200f\ufb00-\ufdff\ufe70-\ufeff\U00010000-\U0010ffff]")
_ARTIFACT = "Artifact".encode("utf-16-le")
_UNMARKED = (-1, False)
_NAME = ctypes.create_string_buffer(64)
_LENGTH = ctypes.c_ulong()
_NAME_AT, _LENGTH_AT = ctypes.addressof(_NAME), ctypes.addressof(_LENGTH)


def _direct(function: Any, result: Any, *arguments: Any) -> Any:
    """Return a function of PDFium that takes and gives plain numbers: it is called for every character."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_HANDLE, _INDEX = ctypes.c_void_p, ctypes.c_int
_text_object = _direct(pdfium.FPDFText_GetTextObject, _HANDLE, _HANDLE, _INDEX)
_is_generated = _direct(pdfium.FPDFText_IsGenerated, _INDEX, _HANDLE, _INDEX)
_loose_box = _direct(pdfium.FPDFText_GetLooseCharBox, _INDEX, _HANDLE, _INDEX, _HANDLE)
_count_marks = _direct(pdfium.FPDFPageObj_CountMarks, _INDEX, _HANDLE)
_mark = _direct(pdfium.FPDFPageObj_GetMark, _HANDLE, _HANDLE, ctypes.c_ulong)
_mark_name = _direct(
    pdfium.FPDFPageObjMark_GetName, _INDEX, _HANDLE, _HANDLE, ctypes.c_ulong, _HANDLE
)
_content_id = _direct(pdfium.FPDFPageObj_GetMarkedContentID, _INDEX, _HANDLE)


# What a page draws, as plain data, in columns: its characters, and their centres and left edges in the bytes of arrays; then
# the columns of its runs: marked-content numbers, which are artifacts, how many characters they have, their edges, the last of
# them that of the last character; at last the gaps of those that have any, by index.
Drawn = tuple[str, bytes, bytes, tuple[bytes, ...], list[tuple[int, tuple[int, ...]]]]


_RUNS = "ibIfffff"  # the types of the columns of runs


@dataclass(slots=True, eq=False)
class Run:
    """Consecutive characters of one text object: the text, the centre of each character between left and right, the run's edges, all in points.

    `end` is the right edge of the last character. `gaps` are the indexes of the characters that stand apart from the one before,
    whichever way they run. `lefts` are the characters' left edges, where they were asked for.
    """

    page: int
    mcid: int
    artifact: bool
    text: str
    centres: array[float]
    bottom: float
    top: float
    left: float
    right: float
    end: float
    gaps: tuple[int, ...] = ()
    lefts: array[float] = field(default_factory=lambda: array("f"))

    @property
    def rights(self) -> Iterator[float]:
        """The right edges of the characters whose left edges are known."""
        pairs = zip(self.centres, self.lefts, strict=True)
        return (2 * centre - left for centre, left in pairs)

    @property
    def middle(self) -> float:
        """The height of the middle of the run, in points from the page's foot."""
        return (self.bottom + self.top) / 2

    @property
    def height(self) -> float:
        """The height of the run, in points."""
        return height_of(self.bottom, self.top)


def runs_on(
    page: int,
    drawn: Drawn,
    but: Container[tuple[int, int]] = frozenset(),
    *,
    with_lefts: bool = False,
) -> Iterator[Run]:
    """Yield the runs on a page (0-based) from plain data, but for those of some contents (page, mcid)."""
    text, centres, lefts = drawn[0], array("f", drawn[1]), array("f", drawn[2])
    columns = (array(code, data) for code, data in zip(_RUNS, drawn[3], strict=True))
    gaps = dict(drawn[4])
    end = 0
    for index, row in enumerate(zip(*columns, strict=True)):
        mcid, artifact, length, bottom, top, left, right, last = row
        start, end = end, end + length
        if (page, mcid) in but:
            continue
        edges = bottom, top, left, right, last
        own = text[start:end], centres[start:end]
        run = Run(page, mcid, bool(artifact), *own, *edges, gaps.get(index, ()))
        if with_lefts:
            run.lefts = lefts[start:end]
        yield run


def is_marked(drawn: Drawn) -> bool:
    """Whether any run on a page has a marked-content number."""
    numbers, *_ = drawn[3]
    return max(array("i", numbers), default=-1) >= 0


def height_of(bottom: float, top: float) -> float:
    """Return the height of what is drawn, in points; nothing is flat."""
    return max(top - bottom, 0.1)


def gaps_in(lefts: array[float], rights: array[float], height: float) -> tuple[int, ...]:
    """Return the indexes of the characters that stand apart from the one before, whichever way they run."""
    wide = GAP * height
    after = max(map(sub, lefts[1:], rights), default=0.0)
    if after <= wide and max(map(sub, lefts, rights[1:]), default=0.0) <= wide:
        return ()  # as with most runs: this takes half the time
    following = zip(lefts, rights, lefts[1:], rights[1:], strict=False)
    return tuple(
        [
            index
            for index, (left, right, left_after, right_after) in enumerate(following, 1)
            if left_after - right > wide or left - right_after > wide
        ]
    )


def overlap(a: Run, b: Run) -> bool:
    """Whether two runs stand on the same line."""
    shared = min(a.top, b.top) - max(a.bottom, b.bottom)
    return shared > 0.4 * min(a.height, b.height)


def page_count(path: Path) -> int:
    """Return the number of pages of a file."""
    with _opened(path) as document:
        return len(document)


def drawn_on(path: Path, pages: Iterable[int]) -> list[Drawn]:
    """Return what some pages of a file (0-based) draw, in the order in which they draw it."""
    with _opened(path) as document:
        return [_page(document, index) for index in pages]


def drawn_but(path: Path, claimed: Container[int]) -> tuple[int, dict[int, Drawn]]:
    """Return the number of pages of a file, and what those draw (0-based) that are not claimed."""
    with _opened(path) as document:
        count = len(document)
        unclaimed = (index for index in range(count) if index not in claimed)
        return count, {index: _page(document, index) for index in unclaimed}


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(path.read_bytes())
    try:
        yield document
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, index: int) -> Drawn:
    page = document[index]
    text = page.get_textpage()
    try:
        return _drawn(text.raw, _Forms(page.raw))
    finally:
        text.close()
        page.close()


def _drawn(text: pdfium.FPDF_TEXTPAGE, forms: _Forms) -> Drawn:
    handle = ctypes.cast(text, ctypes.c_void_p).value
    codes = _codes(text)
    objects = list(map(_text_object, repeat(handle), range(len(codes))))
    # Some spaces are PDFium's own, where a line shows a gap. Beside letters from right to left they stand for drawn ones.
    characters = "".join(map(chr, codes))
    drawn = dict(_spaces_to_left(characters))
    for index, neighbour in drawn.items():
        if objects[index] is None or _is_generated(handle, index):
            objects[index] = objects[neighbour] or objects[index - 1]
    kept = [
        index
        for index, code in enumerate(codes)
        if code not in _DROPPED
        and (
            code != _SPACE
            or index in drawn
            or (objects[index] is not None and not _is_generated(handle, index))
        )
    ]
    lefts, rights, bottoms, tops = _edges(handle, len(codes))
    letters, left, right = [], array("f"), array("f")
    rows: list[tuple[int, bool, int, float, float, float, float, float]] = []
    all_gaps: list[tuple[int, tuple[int, ...]]] = []
    for address, group in groupby(kept, objects.__getitem__):
        indexes, before = list(group), len(left)
        for start, end in _stretches(indexes):
            letters.append(characters[start:end])
            left += lefts[start:end]
            right += rights[start:end]
        own_left, own_right = left[before:], right[before:]
        # A space may have been moved to another run, without its height.
        upright = next((each for each in indexes if tops[each] > bottoms[each]), indexes[0])
        bottom, top = bottoms[upright], tops[upright]
        gaps = gaps_in(own_left, own_right, height_of(bottom, top))
        if gaps:
            all_gaps.append((len(rows), gaps))
        edges = bottom, top, min(own_left), max(own_right), own_right[-1]
        rows.append((*forms.marks_of(address), len(indexes), *edges))
    columns = zip(*rows, strict=True) if rows else repeat((), len(_RUNS))
    told = (array(code, column).tobytes() for code, column in zip(_RUNS, columns, strict=True))
    centres = array("f", centres_of(left, right)).tobytes()
    return "".join(letters), centres, left.tobytes(), tuple(told), all_gaps


def _spaces_to_left(characters: str) -> Iterator[tuple[int, int]]:
    """Yield the indexes of the spaces beside a letter that is written from right to left, and to what each belongs: rather to others."""
    letters = set(written_to_left(characters))
    beside = {index + step for index in letters for step in (-1, 1)}
    for index in sorted(beside & set(range(1, len(characters) - 1))):
        if characters[index] == " ":
            alone = index - 1 in letters and index + 1 not in letters
            yield index, index + 1 if alone else index - 1


def written_to_left(text: str) -> Iterator[int]:
    """Yield the indexes of the letters that are written from right to left."""
    for match in _PERHAPS.finditer(text):
        if unicodedata.bidirectional(match[0]) in _TO_LEFT:
            yield match.start()


def centres_of(lefts: Iterable[float], rights: Iterable[float]) -> list[float]:
    """Return the middle between each left and right edge."""
    return [(left + right) / 2 for left, right in zip(lefts, rights, strict=True)]


def _stretches(indexes: list[int]) -> list[tuple[int, int]]:
    """Return the stretches [start, end) that the indexes make up: one, or as many as there are indexes."""
    start, end = indexes[0], indexes[-1] + 1
    return [(start, end)] if end - start == len(indexes) else [(i, i + 1) for i in indexes]


def _edges(handle: int | None, count: int) -> tuple[array[float], ...]:
    """Return the left, right, bottom and top edges of a page's characters, in points."""
    boxes = (pdfium.FS_RECTF * count)()
    size = ctypes.sizeof(pdfium.FS_RECTF)
    start = ctypes.addressof(boxes)
    places = range(start, start + size * count, size)
    # Each call fills in one box; called from C, as nothing else is done for so many.
    deque(map(_loose_box, repeat(handle), range(count), places), 0)
    numbers = array("f", bytes(boxes))
    names = [name for name, _ in pdfium.FS_RECTF._fields_]
    return tuple(numbers[names.index(edge) :: 4] for edge in ("left", "right", "bottom", "top"))


class _Forms:
    """The form XObjects of a page: what they draw belongs where they are drawn (ISO 32000-1, 14.7.4.2)."""

    def __init__(self, page: pdfium.FPDF_PAGE) -> None:
        self._page = page

    def marks_of(self, address: int | None) -> tuple[int, bool]:
        """Return the marks of a text object, or else those of the form that it stands in."""
        marks = _marks(address)
        return self._marks.get(address or 0, _UNMARKED) if marks == _UNMARKED else marks

    @cached_property
    def _marks(self) -> dict[int, tuple[int, bool]]:
        marks: dict[int, tuple[int, bool]] = {}
        for index in range(pdfium.FPDFPage_CountObjects(self._page)):
            thing = pdfium.FPDFPage_GetObject(self._page, index)
            if pdfium.FPDFPageObj_GetType(thing) == pdfium.FPDF_PAGEOBJ_FORM:
                address = ctypes.cast(thing, ctypes.c_void_p).value
                marks |= dict.fromkeys(_within(thing), _marks(address))
        return marks


def _within(form: pdfium.FPDF_PAGEOBJECT) -> Iterator[int]:
    """Yield the addresses of what a form draws, also in forms within."""
    for index in range(pdfium.FPDFFormObj_CountObjects(form)):
        thing = pdfium.FPDFFormObj_GetObject(form, index)
        yield ctypes.cast(thing, ctypes.c_void_p).value or 0
        if pdfium.FPDFPageObj_GetType(thing) == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _within(thing)


def _codes(text: pdfium.FPDF_TEXTPAGE) -> Sequence[int]:
    """Return the code points of a page's characters, in one call where each is one unit of UTF-16."""
    count = pdfium.FPDFText_CountChars(text)
    units = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text, 0, count, units) == count + 1:
        return list(units)[:count]
    return [pdfium.FPDFText_GetUnicode(text, i) for i in range(count)]


def _marks(address: int | None) -> tuple[int, bool]:
    """Return the marked-content number of an object on a page, and whether it is marked as an artifact."""
    if address is None:
        return _UNMARKED
    for index in range(_count_marks(address)):
        _mark_name(_mark(address, index), _NAME_AT, len(_NAME), _LENGTH_AT)
        if _NAME.raw.startswith(_ARTIFACT):
            return -1, True
    return _content_id(address), False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a visual line without a wide gap."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


def pieces_of(runs: list[Run]) -> list[list[Piece]]:
    """Return the visual lines that runs make up, from the top of the page, each cut at wide gaps."""
    lines: list[list[Run]] = []
    for run in sorted((run for run in runs if run.text.strip()), key=lambda run: -run.middle):
        if lines and abs(lines[-1][0].middle - run.middle) < 0.5 * max(
            run.height, lines[-1][0].height
        ):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_pieces(line) for line in lines]


def _pieces(line: list[Run]) -> list[Piece]:
    pieces: list[Piece] = []
    for run in sorted(line, key=lambda run: run.left):
        text = run.text.replace("\u0002", "-")
        last = pieces[-1] if pieces else None
        if last and run.left - last.right < 1.2 * run.height:
            space = " " if run.left - last.right > 0.15 * run.height else ""
            pieces[-1] = Piece(
                last.text + space + text,
                last.left,
                max(last.right, run.right),
                min(last.bottom, run.bottom),
                max(last.top, run.top),
            )
        else:
            pieces.append(Piece(text, run.left, run.right, run.bottom, run.top))
    return pieces

"""Links, destinations and bookmarks of a PDF (ISO 32000-1, 12.3 and 12.5), as places on its pages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import pikepdf

from concordant.checks.flow import LINE, Cover, Link, Role, Span, Stretch
from concordant.checks.memory import hash_of
from concordant.checks.readers.pdf_file import Address
from concordant.checks.readers.pdf_raw import written
from concordant.checks.readers.pdf_text import Line, Sheetwork

_DEPTH = 40
_NAMES = (pikepdf.Name, pikepdf.String, str)
_NUMBER = rb"(-?\d+(?:\.\d*)?|null)"
_PLACE = rb"\[ (\d+) 0 R /XYZ %b %b(?: -?[\d.]+| null)? \]" % (
    _NUMBER,
    _NUMBER,
)  # as pikepdf writes it
_PLAIN_PLACE = re.compile(_PLACE)
_PLAIN_NAME = re.compile(rb" \(([ -'*-\[\]-~]+)\) " + _PLACE)
_AROUND = re.compile(rb"(/Next|/First|/Last|/Parent|/Prev) (\d+) 0 R")
_REFERENCE = re.compile(rb"\d \d+ R\b")
_Place = tuple[int, float | None, float | None]
_Written = Sequence[bytes]  # the number of a page's object, left and top
_OVERHANG = 0.09
Box = tuple[float, float, float, float]


class Goal(NamedTuple):
    """A destination: 0-based page, and the place on it in points (None: the page as a whole)."""

    page: int
    left: float | None = None
    top: float | None = None


class Area(NamedTuple):
    """A link's rectangle on a page, and its destination (None: it leads nowhere).

    `named` is true where the name decides the destination.
    """

    page: int
    box: Box
    goal: Goal | None
    name: str
    named: bool = True


class Traced(NamedTuple):
    """A stretch of the flow that is printed in a link's rectangle, and where that leads."""

    start: int
    end: int
    name: str
    goal: Goal | None


class Destinations:
    """Resolves what links and bookmarks lead to; `pages` gives indexes by object."""

    def __init__(self, pdf: pikepdf.Pdf, pages: Mapping[Address, int]) -> None:
        self._pdf, self._pages = pdf, pages
        self._named: dict[str, pikepdf.Object] = {}
        self._plain: dict[str, _Written] = {}
        self._goals: dict[str, Goal | None] = {}
        old = pdf.Root.get("/Dests")
        for key, value in old.items() if old is not None else ():
            self._named[str(key)[1:]] = value
        every = pdf.Root.get("/Names")
        tree = every.get("/Dests") if every is not None else None
        if tree is not None:
            self._collect(tree, 0)

    def _collect(self, node: pikepdf.Object, depth: int) -> None:
        names: Any = node.get("/Names", [])
        plain = _plain_names(names)
        self._plain.update(plain)
        listed = [] if plain else list(names)
        for key, value in zip(listed[::2], listed[1::2], strict=False):
            self._named[str(key)] = value
            self._plain.pop(str(key), None)
        for kid in node.get("/Kids", []) if depth < _DEPTH else []:
            self._collect(kid, depth + 1)

    def by_name(self) -> dict[str, Goal | None]:
        """Return all that have names."""
        return {name: self._by_name(name) for name in (*self._named, *self._plain)}

    def _by_name(self, name: str) -> Goal | None:
        if name not in self._goals:
            self._goals[name] = None  # where names lead in a circle they lead nowhere
            plain = self._plain.get(name)
            self._goals[name] = (
                self._there(*_place_of(plain)) if plain else self.goal(self._named.get(name))
            )
        return self._goals[name]

    def _there(self, number: int, left: float | None, top: float | None) -> Goal | None:
        page = self._pages.get((number, 0))
        if page is None:
            page = self._page(self._pdf.get_object(number, 0))
        return None if page is None else Goal(page, left, top)

    def _page(self, thing: object) -> int | None:
        """Return the index of a page, which may also be given as a number."""
        if isinstance(thing, pikepdf.Object):
            return self._pages.get(thing.objgen)
        return int(thing) if isinstance(thing, int) else None

    def goal(self, thing: object) -> Goal | None:
        """Return the place that a destination (array, name or string, or what an `Item` has) stands for."""
        if isinstance(thing, tuple):
            return self._there(*thing)
        if isinstance(thing, _NAMES):
            return self._by_name(str(thing).removeprefix("/"))
        if isinstance(thing, pikepdf.Dictionary):
            return self.goal(thing.get("/D"))
        if not isinstance(thing, pikepdf.Array) or not len(thing):
            return None
        if plain := _PLAIN_PLACE.fullmatch(written(thing)):  # no page needs be read
            return self._there(*_place_of(plain.groups()))
        page = self._page(thing[0])
        if page is None:
            return None
        left, top = _place(thing)
        return Goal(page, left, top)


def _plain_names(names: object) -> dict[str, _Written]:
    """Return the destinations in an array of names, if each is written in the plainest way; they may be tens of thousands."""
    text = written(names) if isinstance(names, pikepdf.Array) else b""
    found = _PLAIN_NAME.findall(text)
    if not found or _PLAIN_NAME.sub(b"", text) != b"[ ]":
        return {}
    return {str(name, "ascii"): (page, left, top) for name, page, left, top in found}


def _place_of(plain: _Written) -> _Place:
    """Return the number of a page, and a place on it, as they are written."""
    left, top = (None if each == b"null" else float(each) for each in plain[1:])
    return int(plain[0]), left, top


def _place(array: pikepdf.Array) -> tuple[float | None, float | None]:
    kind = str(array[1]) if len(array) > 1 else "/Fit"
    at = {"/XYZ": (2, 3), "/FitH": (None, 2), "/FitBH": (None, 2), "/FitR": (2, 5)}.get(kind)
    return (_number(array, at[0]), _number(array, at[1])) if at else (None, None)


def _number(array: pikepdf.Array, index: int | None) -> float | None:
    if index is None or index >= len(array):
        return None
    try:
        return float(array[index])
    except (TypeError, ValueError):
        return None


def areas(
    pages: Iterable[tuple[int, pikepdf.Object]], destinations: Destinations
) -> Iterator[Area]:
    """Yield the link annotations on some pages that stay inside the file."""
    for index, page in pages:
        for note in page.get("/Annots", []):
            if not isinstance(note, pikepdf.Dictionary) or note.get("/Subtype") != "/Link":
                continue
            action = note.get("/A")
            aim = note.get("/Dest")
            if aim is None and action is not None and action.get("/S") == "/GoTo":
                aim = action.get("/D")
            if aim is None:
                continue
            x0, y0, x1, y1 = _numbers(note["/Rect"])
            box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            name = str(aim) if not isinstance(aim, pikepdf.Array) else ""
            named = isinstance(aim, _NAMES)
            yield Area(index, box, destinations.goal(aim), name, named)


def _numbers(array: pikepdf.Object) -> list[float]:
    """Return the numbers in an array; from what it is written as, which is faster than one by one."""
    written = array.unparse(resolved=True)
    if b" R" in written:
        return [float(number) for number in array]
    return [float(number) for number in written.strip(b"[ ]").split()]


class OutlineItem(NamedTuple):
    """A bookmark: its title and where it leads."""

    title: str
    goal: Goal | None


class Item(NamedTuple):
    """An item of the outline as plain data: its title, what it leads to, and the numbers of the next and of the first within (0: none).

    It leads to a name, or to a page's number, left and top.
    """

    title: str
    aim: str | _Place | None
    after: int
    within: int


def outline(pdf: pikepdf.Pdf, known: Mapping[int, Item]) -> Iterator[tuple[int, Item | _Odd]]:
    """Yield the bookmarks in order, with their numbers; those that are known are not read."""
    root = pdf.Root.get("/Outlines")
    stack: list[Any] = [root.get("/First")] if root is not None else []
    seen: set[int] = set()
    while stack:
        thing = stack.pop()
        number = thing if isinstance(thing, int) else thing.objgen[0] if thing is not None else None
        if number is None or number in seen:
            continue
        seen.add(number)
        item = known.get(number)
        if item is not None:
            yield number, item
            stack += [each or None for each in (item.after, item.within)]
        else:
            thing = pdf.get_object(number, 0) if isinstance(thing, int) else thing
            yield number, _item(thing)
            stack += [thing.get("/Next"), thing.get("/First")]


class _Odd(NamedTuple):
    """An item of the outline that is told by other objects, too."""

    title: str
    aim: object


def _item(thing: pikepdf.Object) -> Item | _Odd:
    aim = thing.get("/Dest")
    action = thing.get("/A")
    if aim is None and action is not None:
        aim = action.get("/D")
    title = " ".join(str(thing.get("/Title", "")).split())
    around, rest = dict(_AROUND.findall(written(thing))), _AROUND.sub(b"", written(thing))
    place = _PLAIN_PLACE.fullmatch(written(aim)) if isinstance(aim, pikepdf.Array) else None
    if _REFERENCE.search(_PLAIN_PLACE.sub(b"", rest)) or not (place or isinstance(aim, _NAMES)):
        return _Odd(title, aim)
    after, within = (int(around.get(name, 0)) for name in (b"/Next", b"/First"))
    return Item(title, _place_of(place.groups()) if place else str(aim), after, within)


class _PrintedPage:
    """The lines of a page from its head to its foot, and where to look for one."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = sorted(lines, key=lambda line: -line.middle)
        self._depths = [-line.middle for line in self.lines]
        self._reach = max(line.top - line.bottom for line in lines) / 2

    def below(self, height: float) -> list[Line]:
        """Return the first line whose middle is not above a height, and those after it that stand beside it."""
        first = bisect_left(self._depths, -height)
        if first == len(self.lines):
            return []
        line = self.lines[first]
        last = bisect_left(self._depths, 0.45 * (line.top - line.bottom) - line.middle, first)
        return self.lines[first : max(last, first + 1)]

    def beside(self, line: Line, left: float, height: float) -> Line:
        """Return the line that a destination means, `line` being the next below it: one of another column may be nearer."""
        nearest = line
        # Below a picture the lines of its neighbours may come first.
        far = line.top < height - (line.top - line.bottom)
        for other in self.lines[bisect_left(self._depths, -line.middle) :]:
            size = other.top - other.bottom
            if other.top < height - size / 2 and not (far and _distance(nearest, left) == inf):
                break
            apart = other.right < line.left or other.left > line.right
            if apart and _distance(other, left) + size < _distance(nearest, left):
                nearest = other
        return nearest

    def across(self, bottom: float, top: float) -> Iterator[Line]:
        """Yield the lines that reach into a height."""
        first = bisect_left(self._depths, -top - self._reach)
        last = bisect_right(self._depths, self._reach - bottom)
        for line in self.lines[first:last]:
            if line.top >= bottom and line.bottom <= top:
                yield line


def _distance(line: Line, left: float) -> float:
    """Return how far to the right of a place a line begins; one that ends before it is nowhere near."""
    return max(line.left - left, 0.0) if line.right > left + 0.5 else inf


class PageLines:
    """Finds what is printed in a rectangle or at a destination; `offsets` are those of destinations that are known."""

    def __init__(self, work: Sheetwork, offsets: Mapping[Goal, int | None]) -> None:
        self._lefts = work.lefts
        self._begins, self._middles = work.begins, work.middles
        self._text = work.text()
        self._lines = work.lines
        self._printed: dict[int, _PrintedPage] = {}
        self._offsets = dict(offsets)
        self._spans, self._recalled = work.spans, work.recalled

    @cached_property
    def _pictures(self) -> Cover:
        drawn = [span for span in self._spans if span.role is Role.PICTURE]
        for each in self._recalled:
            places = each.columns.of_role(Role.PICTURE, each.at)
            drawn += [Span(Role.PICTURE, *place) for place in places]
        return Cover(drawn)

    @cached_property
    def _on_pages(self) -> dict[int, list[int]]:
        """The lines of each page, by their indexes."""
        found: dict[int, list[int]] = {}
        for index, page in enumerate(self._lines.pages):
            found.setdefault(page, []).append(index)
        return found

    def _page(self, page: int) -> _PrintedPage | None:
        if page not in self._printed and page in self._on_pages:
            self._printed[page] = _PrintedPage([self._lines[at] for at in self._on_pages[page]])
        return self._printed.get(page)

    def known(self) -> Iterator[tuple[Goal, int | None]]:
        """Yield the destinations that were asked for or known, and their offsets."""
        return iter(self._offsets.items())

    def offset(self, goal: Goal) -> int | None:
        """Return the offset of the first character at or below a destination, or None on an empty page."""
        if goal not in self._offsets:
            self._offsets[goal] = self._offset(goal)
        return self._offsets[goal]

    def _offset(self, goal: Goal) -> int | None:
        page = self._page(goal.page)
        if page is None:
            return None
        if goal.top is None:
            return min(line.start for line in page.lines)
        near, left = page.below(goal.top + 0.5), goal.left
        if not near:
            return None
        if left is None:
            return min(near, key=lambda line: line.left).start
        line = min(near, key=lambda line: _distance(line, left))
        line = page.beside(line, left, goal.top)
        if (begin := self._of_line_with_picture(line)) is not None:
            return begin
        for offset in range(line.start, line.end):
            if self._lefts[offset] >= left - 0.5:
                return offset
        return line.start

    def _of_line_with_picture(self, line: Line) -> int | None:
        """Return where the block begins on whose first line a picture stands, if `line` is printed in the picture: it is above the words."""
        begin = self._text.rfind("\n", 0, line.start) + 1
        if begin == line.start or line.start not in self._pictures:
            return None
        first = self._lines[bisect_right(self._lines.starts, begin) - 1]
        return begin if first.page == line.page and first.bottom < line.top else None

    def stretches(self, area: Area) -> list[tuple[int, int]]:
        """Return the stretches of the flow that are printed in a rectangle."""
        left, bottom, right, top = area.box
        page = self._page(area.page)
        found: list[list[int]] = []
        for line in page.across(bottom, top) if page else ():
            if line.right < left or line.left > right:
                continue
            for start, end in self._inside(line, area.box):
                if found and not self._printed_between(found[-1][1], start):
                    found[-1][1] = end
                else:
                    found.append([start, end])
        return sorted((a, b) for a, b in found)

    def _inside(self, line: Line, box: Box) -> Iterator[tuple[int, int]]:
        """Yield the stretches of a line whose characters have their middles in a rectangle."""
        left, bottom, right, top = box
        inside: list[int] = []
        for start, end, middle in self._runs(line):
            if bottom <= middle <= top:
                lefts = self._lefts[start:end]
                inside += [at for at, each in enumerate(lefts, start) if left <= each <= right]
        index = 0
        while index < len(inside):
            first = index
            while index + 1 < len(inside) and inside[index + 1] == inside[index] + 1:
                index += 1
            following = inside[index + 1] if index + 1 < len(inside) else line.end
            yield inside[first], self._with_number(inside[index] + 1, following, line, right)
            index += 1

    def _runs(self, line: Line) -> Iterator[tuple[int, int, float]]:
        """Yield where the runs of a line begin and end, and how high they stand."""
        first, last = (
            bisect_right(self._begins, line.start) - 1,
            bisect_left(self._begins, line.end),
        )
        edges = [line.start, *self._begins[first + 1 : last], line.end]
        yield from zip(edges[:-1], edges[1:], self._middles[first:last], strict=True)

    def _with_number(self, end: int, limit: int, line: Line, right: float) -> int:
        """Return where a stretch ends with the digits of its number that hang over the edge: they may be drawn wider."""
        overhang = _OVERHANG * (line.top - line.bottom)
        while end < limit and self._text[end - 1 : end + 1].isdigit():
            if self._lefts[end] - right >= overhang:
                break
            end += 1
        return end

    def between(self, start: int, end: int) -> str:
        """Return the text of a stretch of the flow."""
        return self._text[start:end]

    def _printed_between(self, start: int, end: int) -> bool:
        return start > end or bool(self._text[start:end].strip(f" \n{LINE}"))


def traced(lines: PageLines, area: Area) -> Iterator[Traced]:
    """Yield the stretches of the flow over which a link is drawn."""
    for start, end in lines.stretches(area):
        yield Traced(start, end, area.name, area.goal)


def links(lines: PageLines, drawn: Iterable[Traced]) -> list[Link]:
    """Return the links over stretches of the flow, parts on several lines joined."""
    raw: dict[tuple[int, int, int | None], Link] = {}
    for start, end, name, goal in drawn:
        target = lines.offset(goal) if goal else None
        raw.setdefault((start, end, target), Link(start, end, target, name))
    joined: list[Link] = []
    for link in sorted(raw.values(), key=lambda link: (link.start, -link.end)):
        last = joined[-1] if joined else None
        if last and last.target == link.target and last.href == link.href:
            if link.end <= last.end:
                continue
            gap = lines.between(last.end, link.start)
            if link.start <= last.end or (not gap.strip() and (LINE in gap or "\n" in gap)):
                joined[-1] = Link(last.start, max(last.end, link.end), last.target, last.href)
                continue
        joined.append(link)
    return joined


def with_links(stretches: Iterable[Stretch], joined: list[Link]) -> Iterator[Stretch]:
    """Yield stretches with keys that cover the links that reach into them, too; both come in reading order."""
    starts, ends = [link.start for link in joined], [link.end for link in joined]
    for start, end, key in stretches:
        reach = joined[bisect_right(ends, start) : bisect_left(starts, end)]
        told = [(link.start - start, link.end - start, link.href, link.back) for link in reach]
        yield Stretch(start, end, hash_of(key, told))

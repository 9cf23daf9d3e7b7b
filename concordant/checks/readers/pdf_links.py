"""Links, destinations and bookmarks of a PDF (ISO 32000-1, 12.3 and 12.5), as places on its pages."""

from __future__ import annotations

import marshal
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from math import inf
from typing import NamedTuple

import pikepdf

from concordant.checks.flow import LINE, Link, Stretch
from concordant.checks.readers.pdf_text import Line, Sheetwork

_DEPTH = 40
_OVERHANG = 0.09
Box = tuple[float, float, float, float]


class Goal(NamedTuple):
    """A destination: 0-based page, and the place on it in points (None: the page as a whole)."""

    page: int
    left: float | None = None
    top: float | None = None


class Area(NamedTuple):
    """A link's rectangle on a page, and its destination (None: it leads nowhere)."""

    page: int
    box: Box
    goal: Goal | None
    name: str


class Destinations:
    """Resolves what links and bookmarks lead to."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pages = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        self._named: dict[str, pikepdf.Object] = {}
        self._goals: dict[str, Goal | None] = {}
        old = pdf.Root.get("/Dests")
        for key, value in old.items() if old is not None else ():
            self._named[str(key)[1:]] = value
        every = pdf.Root.get("/Names")
        tree = every.get("/Dests") if every is not None else None
        if tree is not None:
            self._collect(tree, 0)

    def _collect(self, node: pikepdf.Object, depth: int) -> None:
        names = list(node.get("/Names", []))
        for key, value in zip(names[::2], names[1::2], strict=False):
            self._named[str(key)] = value
        for kid in node.get("/Kids", []) if depth < _DEPTH else []:
            self._collect(kid, depth + 1)

    def goal(self, thing: pikepdf.Object | None) -> Goal | None:
        """Return the place that a destination (array, name or string) stands for."""
        if isinstance(thing, (pikepdf.Name, pikepdf.String, str)):
            name = str(thing).removeprefix("/")
            if name not in self._goals:
                self._goals[name] = None  # where names lead in a circle they lead nowhere
                self._goals[name] = self.goal(self._named.get(name))
            return self._goals[name]
        if isinstance(thing, pikepdf.Dictionary):
            return self.goal(thing.get("/D"))
        if not isinstance(thing, pikepdf.Array) or not len(thing):
            return None
        first = thing[0]
        page = int(first) if isinstance(first, int) else self._pages.get(first.objgen)
        if page is None:
            return None
        left, top = _place(thing)
        return Goal(page, left, top)


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


def areas(pdf: pikepdf.Pdf, destinations: Destinations) -> Iterator[Area]:
    """Yield the link annotations that stay inside the file."""
    for index, page in enumerate(pdf.pages):
        for note in page.obj.get("/Annots", []):
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
            yield Area(index, box, destinations.goal(aim), name)


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


def outline(pdf: pikepdf.Pdf, destinations: Destinations) -> Iterator[OutlineItem]:
    """Yield the bookmarks in order."""
    root = pdf.Root.get("/Outlines")
    stack = [root.get("/First")] if root is not None else []
    seen: set[tuple[int, int]] = set()
    while stack:
        item = stack.pop()
        if item is None or item.objgen in seen:
            continue
        seen.add(item.objgen)
        aim = item.get("/Dest")
        action = item.get("/A")
        if aim is None and action is not None:
            aim = action.get("/D")
        yield OutlineItem(" ".join(str(item.get("/Title", "")).split()), destinations.goal(aim))
        stack += [item.get("/Next"), item.get("/First")]


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
    """Finds what is printed in a rectangle or at a destination."""

    def __init__(self, work: Sheetwork) -> None:
        self._lefts = work.lefts
        self._begins, self._middles = work.begins, work.middles
        self._text = work.text()
        on_pages: dict[int, list[Line]] = {}
        for line in work.lines:
            on_pages.setdefault(line.page, []).append(line)
        self._pages = {page: _PrintedPage(lines) for page, lines in on_pages.items()}
        self._offsets: dict[Goal, int | None] = {}

    def offset(self, goal: Goal) -> int | None:
        """Return the offset of the first character at or below a destination, or None on an empty page."""
        if goal not in self._offsets:
            self._offsets[goal] = self._offset(goal)
        return self._offsets[goal]

    def _offset(self, goal: Goal) -> int | None:
        page = self._pages.get(goal.page)
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
        for offset in range(line.start, line.end):
            if self._lefts[offset] >= left - 0.5:
                return offset
        return line.start

    def stretches(self, area: Area) -> list[tuple[int, int]]:
        """Return the stretches of the flow that are printed in a rectangle."""
        left, bottom, right, top = area.box
        page = self._pages.get(area.page)
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


def links(lines: PageLines, all_areas: Iterable[Area]) -> list[Link]:
    """Return the links over the text that is drawn in their rectangles, parts on several lines joined."""
    raw: dict[tuple[int, int, int | None], Link] = {}
    for area in all_areas:
        target = lines.offset(area.goal) if area.goal else None
        for start, end in lines.stretches(area):
            raw.setdefault((start, end, target), Link(start, end, target, area.name))
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
        yield Stretch(start, end, blake2b(key + marshal.dumps(told, 2), digest_size=32).digest())

"""Parts of a PDF that are recalled, and those that are to be: what of them is told from where they stand (`pdf_survey`)."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from concordant.checks.readers.pdf_links import Goal, PageLines, Traced
from concordant.checks.readers.pdf_material import Material, Order
from concordant.checks.readers.pdf_order import Placed
from concordant.checks.readers.pdf_survey import Known, New, Recalled, keep

Drawn = Mapping[int, list[Traced]]  # where links are drawn, by page


def recalled_links(read: Material, placed: Iterable[Placed]) -> Iterator[Traced]:
    """Yield where links are drawn in the parts that are known."""
    goals = read.said.goals
    for each, recalled in _recalled(read, placed):
        starts, ends, names = recalled.known.links
        for start, end, name in zip(array("I", starts), array("I", ends), names, strict=True):
            goal = goals.get(name.removeprefix("/"))
            yield Traced(start + each.start, end + each.start, name, goal)


def known_goals(read: Material, placed: Iterable[Placed]) -> Iterator[tuple[Goal, int | None]]:
    """Yield the destinations in the parts that are known, with their offsets."""
    for each, recalled in _recalled(read, placed):
        for page, left, top, offset in recalled.known.goals:
            there = None if offset is None else offset + each.start
            yield Goal(page + each.base, left, top), there


def _recalled(read: Material, placed: Iterable[Placed]) -> Iterator[tuple[Placed, Recalled]]:
    """Yield the parts that are known, with where they stand."""
    for each in placed:
        recalled = read.recalled.get(read.said.steps.parts.get(each.part.start, 0))
        if recalled:
            yield each, recalled


def keep_parts(
    read: Material, order: Order, traced: Mapping[int, list[Traced]], lines: PageLines
) -> None:
    """Remember the parts that are new, if what they come to depends on nothing but what can be reached from them.

    They must have their pages to themselves, with all text on these, and links that lead to names.
    """
    steps, memory, found = read.said.steps, read.memory, read.found
    new = [each for each in order.placed if steps.parts.get(each.part.start) in steps.reached]
    if memory is None or found is None or not new:
        return
    contents = Counter(steps.pages)
    without = order.forgotten | {area.page for area in read.said.areas if not area.named}
    goals: dict[int, list[tuple[Goal, int | None]]] = {}
    for goal, offset in lines.known():
        goals.setdefault(goal.page, []).append((goal, offset))
    for each in new:
        pages = sorted(set(steps.pages[each.part.first : each.part.last]))
        alone = sum(contents[page] for page in pages) == each.part.last - each.part.first
        if alone and each.end > each.start and without.isdisjoint(pages):
            part = steps.parts[each.part.start]
            known = Known(
                each.key,
                sum(page in order.printed for page in pages),
                [(order.asides[page].text, order.asides[page].folios) for page in pages],
                _links(each, (link for page in pages for link in traced.get(page, ()))),
                [
                    (page - each.base, goal.left, goal.top, offset and offset - each.start)
                    for page in pages
                    for goal, offset in goals.get(page, ())
                ],
            )
            keep(memory, found, part, New(steps.reached[part], pages, known))


def _links(placed: Placed, found: Iterable[Traced]) -> tuple[bytes, bytes, list[str]]:
    links = list(found)
    starts = array("I", [link.start - placed.start for link in links])
    ends = array("I", [link.end - placed.start for link in links])
    return starts.tobytes(), ends.tobytes(), [link.name for link in links]

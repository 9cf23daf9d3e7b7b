"""Parts of a PDF that are recalled, and those that are to be: what of them is told from where they stand (`pdf_survey`)."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from concordant.checks.readers.pdf_links import Goal, PageLines, Traced
from concordant.checks.readers.pdf_material import Material, Order
from concordant.checks.readers.pdf_order import Placed
from concordant.checks.readers.pdf_said import Said
from concordant.checks.readers.pdf_survey import Known, New, Recalled, Survey, keep

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

    No other may have contents of theirs. On pages that they have to themselves all text must be theirs, and links lead to
    names.
    """
    steps, memory, found = read.said.steps, read.memory, read.found
    new = [each for each in order.placed if steps.parts.get(each.part.start) in steps.reached]
    if memory is None or found is None or not new:
        return
    every = Counter(zip(steps.pages, steps.numbers, strict=True))
    on_pages = Counter(steps.pages)
    odd = order.forgotten | {area.page for area in read.said.areas if not area.named}
    beside = _by_holder(found, read.said)
    holders = sorted(beside)
    goals: dict[int, list[tuple[Goal, int | None]]] = {}
    for goal, offset in lines.known():
        goals.setdefault(goal.page, []).append((goal, offset))
    for each in new:
        met = steps.contents(each.part.first, each.part.last)
        here = Counter(page for page, _ in met)
        own = sorted(page for page, count in here.items() if on_pages[page] == count)
        shared = [(page - each.base, number) for page, number in met if page not in own]
        alone = all(every[content] == 1 for content in met)
        if alone and each.end > each.start and odd.isdisjoint(own):
            part = steps.parts[each.part.start]
            reached = steps.reached[part]
            held = {n for holder in reached.among(holders) for n in beside[holder]}
            known = Known(
                key=each.key,
                own=[page - each.base for page in own],
                used=shared,
                printed=sum(page in order.printed for page in own),
                asides=[(order.asides[page].text, order.asides[page].folios) for page in own],
                links=_links(each, (link for page in own for link in traced.get(page, ()))),
                nodes=[(number, found.nodes[number]) for number in held & found.nodes.keys()],
                items=[(n, tuple(read.said.items[n])) for n in held & read.said.items.keys()],
                goals=[_told(each, *goal) for page in own for goal in goals.get(page, ())],
            )
            keep(memory, found, part, New(reached.with_more(held), sorted(here), known))


def _by_holder(found: Survey, said: Said) -> dict[int, list[int]]:
    """Return the numbers of nodes of the page tree and items of the outline, by those of the object streams that hold them."""
    by_holder: dict[int, list[int]] = {}
    for number in (*found.nodes, *said.items):
        by_holder.setdefault(found.raw.holder(number), []).append(number)
    by_holder.pop(0, None)
    return by_holder


def _told(
    placed: Placed, goal: Goal, offset: int | None
) -> tuple[int, float | None, float | None, int | None]:
    there = None if offset is None else offset - placed.start
    return goal.page - placed.base, goal.left, goal.top, there


def _links(placed: Placed, found: Iterable[Traced]) -> tuple[bytes, bytes, list[str]]:
    links = list(found)
    starts = array("I", [link.start - placed.start for link in links])
    ends = array("I", [link.end - placed.start for link in links])
    return starts.tobytes(), ends.tobytes(), [link.name for link in links]

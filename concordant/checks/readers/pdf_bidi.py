"""Text from right to left: the order in which it is read, from the places where it is drawn (UAX #9, backwards).

PDFium gives letters that are written from right to left in the order of reading, but not always the
numbers, signs and Latin words between them.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from concordant.checks.readers.pdf_file import Content
from concordant.checks.readers.pdf_glyphs import (
    Run,
    centres_of,
    gaps_in,
    height_of,
    overlap,
    written_to_left,
)
from concordant.checks.readers.pdf_structure import Step

_RIGHT, _LEFT, _NUMBER, _OTHER = "right", "left", "number", "other"
_CLASSES = {"R": _RIGHT, "AL": _RIGHT, "L": _LEFT, "EN": _NUMBER, "AN": _NUMBER}
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("«", "»"), ("‹", "›"))
_JOINS = frozenset(("ES", "CS", "ET"))


@dataclass(slots=True)
class Segment:
    """Characters of one direction that stand together: their indexes, and their middle in points."""

    direction: str
    indexes: list[int] = field(default_factory=list)
    middle: float = 0.0


def has_right_to_left(text: str) -> bool:
    """Whether any letter is written from right to left."""
    return next(written_to_left(text), None) is not None


def in_reading_order(
    steps: Iterable[Step | Content], runs: Mapping[tuple[int, int], list[Run]]
) -> dict[tuple[int, int], list[Run]]:
    """Return the runs of a tagged file with those of right-to-left blocks as they are read."""
    ordered = dict(runs)
    for block in _blocks(steps):
        held = [key for key in block if key in runs]
        if any(has_right_to_left(run.text) for key in held for run in runs[key]):
            to_left = _runs_to_left([runs[key] for key in held])
            read = [as_read(runs[key], to_left or _only(runs[key]) is _RIGHT) for key in held]
            ordered |= dict(zip(held, _paired(read), strict=True))
    return ordered


def _paired(block: list[list[Run]]) -> Iterator[list[Run]]:
    """Yield the runs of a block with their brackets in pairs: which way one is drawn depends on the direction."""
    opened: list[str] = []
    for runs in block:
        yield [replace(run, text="".join(_bracket(c, opened) for c in run.text)) for run in runs]


def _bracket(character: str, opened: list[str]) -> str:
    for opening, closing in _BRACKETS:
        if character in (opening, closing):
            if opened and opened[-1] == opening:
                opened.pop()
                return closing
            opened.append(opening)
            return opening
    return character


def _blocks(steps: Iterable[Step | Content]) -> Iterator[list[tuple[int, int]]]:
    """Yield the (page, mcid) of each stretch between the edges of blocks."""
    block: list[tuple[int, int]] = []
    for step in steps:
        if isinstance(step, tuple):
            block.append(step)
        elif step.block:
            if block:
                yield block
            block = []
    if block:
        yield block


def _runs_to_left(contents: Sequence[list[Run]]) -> bool:
    """Tell which way the lines of a block run: as contents of both directions follow each other, or else as most letters do."""
    votes = sum(_vote(before, after) for before, after in pairwise(contents))
    return votes < 0 if votes else _mostly_right_to_left(run for each in contents for run in each)


def _vote(before: list[Run], after: list[Run]) -> int:
    """Return 1 where the second of two contents of different directions stands to the right of the first in its line, -1 to the left; 0 for others."""
    beside = [run for run in before if run.page == after[0].page and overlap(run, after[0])]
    following = [run for run in after if overlap(run, after[0])]
    if not beside or {*map(_only, (beside, following))} != {_LEFT, _RIGHT}:
        return 0
    return 1 if _middle(beside) < _middle(following) else -1


def _middle(runs: Sequence[Run]) -> float:
    return (min(run.left for run in runs) + max(run.right for run in runs)) / 2


def _only(runs: Iterable[Run]) -> str:
    """Return the one direction that letters have in runs."""
    directions = {_direction(c) for run in runs for c in run.text} & {_LEFT, _RIGHT}
    return directions.pop() if len(directions) == 1 else _OTHER


def _mostly_right_to_left(runs: Iterable[Run]) -> bool:
    directions = [_direction(c) for run in runs for c in run.text]
    return directions.count(_RIGHT) > directions.count(_LEFT)


def as_read(runs: list[Run], to_left: bool) -> list[Run]:
    """Return runs with each of their lines as one run in reading order; `to_left` says which way it runs."""
    lines: list[list[Run]] = []
    for run in runs:
        if lines and overlap(lines[-1][-1], run):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_line(line, to_left) for line in lines]


def _line(runs: list[Run], to_left: bool) -> Run:
    text = "".join(run.text for run in runs)
    lefts = [left for run in runs for left in run.lefts]
    rights = [right for run in runs for right in run.rights]
    segments = sorted(_segments(text, lefts, rights), key=lambda segment: segment.middle)
    order = [index for segment in _unfolded(segments, to_left) for index in segment.indexes]
    starts, ends = (array("f", [each[index] for index in order]) for each in (lefts, rights))
    bottom, top = min(run.bottom for run in runs), max(run.top for run in runs)
    return replace(
        runs[0],
        text="".join(text[index] for index in order),
        centres=array("f", centres_of(starts, ends)),
        lefts=starts,
        bottom=bottom,
        top=top,
        left=min(starts),
        right=max(ends),
        end=ends[-1],
        gaps=gaps_in(starts, ends, height_of(bottom, top)),
    )


def _segments(text: str, lefts: list[float], rights: list[float]) -> Iterator[Segment]:
    directions = _directions(text)
    for (direction, _), group in groupby(
        range(len(text)), key=lambda i: (directions[i], i if directions[i] is _OTHER else -1)
    ):
        indexes = _in_order(list(group), lefts, rights, direction is _RIGHT)
        edges = min(lefts[i] for i in indexes), max(rights[i] for i in indexes)
        yield Segment(direction, indexes, sum(edges) / 2)


def _in_order(
    indexes: list[int], lefts: list[float], rights: list[float], to_left: bool
) -> list[int]:
    """Return characters of one direction as they are read: PDFium may give them backwards, or their words in another order."""
    falls = [lefts[a] > lefts[b] for a, b in pairwise(indexes)]
    if falls and (2 * sum(falls) > len(falls)) is not to_left:
        indexes.reverse()
    words = [indexes[:1]]
    for before, after in pairwise(indexes):
        is_behind = lefts[after] >= rights[before] if to_left else rights[after] <= lefts[before]
        if is_behind:
            words.append([])
        words[-1].append(after)
    words.sort(key=lambda word: lefts[word[0]], reverse=to_left)
    return [index for word in words for index in word]


def _directions(text: str) -> list[str]:
    """Return the direction of every character: a mark has that of its letter, a sign in a number that of the number."""
    found = [_direction(character) for character in text]
    for index, character in enumerate(text):
        kind = unicodedata.bidirectional(character)
        before = found[index - 1] if index else _OTHER
        after = found[index + 1] if index + 1 < len(text) else _OTHER
        if kind == "NSM":
            found[index] = before
        elif kind in _JOINS and before is _NUMBER and (after is _NUMBER or kind == "ET"):
            found[index] = _NUMBER
    return found


def _direction(character: str) -> str:
    return _CLASSES.get(unicodedata.bidirectional(character), _OTHER)


def _unfolded(visual: list[Segment], to_left: bool) -> list[Segment]:
    """Return segments in reading order: those that run against the line are read as they stand among themselves."""
    against = _LEFT if to_left else _RIGHT
    along = _RIGHT if to_left else _LEFT
    order: list[Segment] = []
    index = 0
    while index < len(visual):
        end = index + 1
        if visual[index].direction is against:
            for ahead in range(index + 1, len(visual)):
                if visual[ahead].direction is along:
                    break
                if visual[ahead].direction is not _OTHER:
                    end = ahead + 1
        order += visual[index:end][::-1]
        index = end
    # Read towards the left, what stands rightmost comes first; towards the right, only what runs against.
    return order[::-1] if to_left else order

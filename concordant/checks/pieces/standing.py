"""What stands in a piece of an edition: its numbered things, words, pages, and what links from elsewhere meet in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from concordant.checks.contents import (
    Row,
    heading_at,
    is_listed,
    lines_of,
    told,
    words_at,
)
from concordant.checks.flow import Cover, Flow, Role, Span
from concordant.checks.found import (
    Arrivals,
    Found,
    Text,
    blocks_like_captions,
    captions_of,
    equations,
    headings_with_numbers,
    only_by_print,
    with_captions,
)
from concordant.checks.lists import (
    begins_like_a_note,
    bracketed,
    calls,
    entries_in_lists,
    may_call_notes,
    notes_by_links,
    notes_by_role,
)
from concordant.checks.memory import hash_of
from concordant.checks.model import Declaration, Passage, Words
from concordant.checks.pieces.cut import KINDS, NOWHERE, OUTSIDE
from concordant.checks.pointers import title_at
from concordant.checks.recognise import drawings, not_listed, opening, pages_in, with_contents
from concordant.checks.words import asides, count_of, passages, set_apart

# The fields of a `Found`, and what lists print of it.
ThingRow = tuple[str, str, str, int, int, int, int, int, int, str]


class Ways(NamedTuple):
    """How a piece tells what stands in it: whether others may tell it in other ways is for the whole edition to say.

    `entries` is the way of `entries_in_lists`; what is `loose` would be taken for entries, notes or captions where none are told by structure.
    """

    entries: str = ""
    notes: bool = False
    captions: bool = False
    loose_entries: bool = False
    loose_notes: bool = False
    loose_captions: bool = False
    sections: int = 0
    plain_sections: int = 0
    by_print: bool = False


class Landing(NamedTuple):
    """What a link meets: indexes of things, of those that lists have, the letters of its heading, what is printed there, if need be.

    `numbered` is true where a block begins there with a number.
    """

    things: tuple[int, ...]
    listed: tuple[int, ...]
    title: str
    heading: str
    words: str
    numbered: bool


class Tally(NamedTuple):
    """A passage without its words: its heading and the level of that, a hash of them, and how many they are."""

    heading: str
    level: int
    digest: bytes
    tokens: int
    words: int


class Standing(NamedTuple):
    """What stands in a piece, as plain data; targets as in a `Piece`.

    `lines` are those of contents, `folios` the page numbers that these print; `numbers` are the targets of numbers that lead
    out of the piece; `pages` has the first words of pages, in their order; of a page mark also its label and its place. `opening` has the
    first words of the piece: those behind a mark may go on there.
    """

    things: list[ThingRow]
    ways: Ways
    landings: dict[int, Landing]
    lines: list[tuple[str, str, int]]
    folios: list[tuple[str, int]]
    passages: list[Tally]
    asides: list[tuple[str, int]]
    drawings: list[str]
    pages: list[tuple[str, tuple[str, ...], int]]
    numbers: list[int]
    opening: tuple[str, ...]

    @classmethod
    def of(cls, plain: tuple[object, ...]) -> Standing:
        """Return what was kept as plain data."""
        each = cls(*plain)  # type: ignore[arg-type]
        landings = {at: Landing(*landing) for at, landing in each.landings.items()}
        tallies = [Tally(*tally) for tally in each.passages]
        return each._replace(ways=Ways(*each.ways), landings=landings, passages=tallies)

    def plain(self) -> tuple[object, ...]:
        """Return it as plain data."""
        landings = {at: tuple(landing) for at, landing in self.landings.items()}
        tallies = [tuple(tally) for tally in self.passages]
        return tuple(
            self._replace(ways=tuple(self.ways), landings=landings, passages=tallies)  # type: ignore[arg-type]
        )


class Stood(NamedTuple):
    """A piece in which is known what stands: its text, the things found."""

    text: Text
    rows: list[Row]
    found: list[Found]
    ways: Ways


def stand(flow: Flow) -> Stood:
    """Find what stands in a piece, in the ways that hold for pieces."""
    text, rows = with_contents(flow)
    way, references = entries_in_lists(text)
    footnotes = not_listed(notes_by_role(text), references)
    text = Text(text.flow.with_spans(calls(text, footnotes)))
    captions = captions_of(text)
    by_number, plain = headings_with_numbers(text)
    found = [*by_number, *with_captions(text, captions), *equations(text), *references, *footnotes]
    ways = Ways(
        entries=way,
        notes=bool(footnotes),
        captions=bool(captions),
        loose_entries=not way and bool(bracketed(text)),
        loose_notes=not footnotes and _has_loose_notes(text, references),
        loose_captions=not captions and bool(blocks_like_captions(text)),
        sections=len(by_number),
        plain_sections=len(plain),
        by_print=only_by_print((), plain),
    )
    return Stood(text, rows, sorted(found, key=lambda thing: thing.start), ways)


def standing(stood: Stood, inbound: Iterable[int]) -> tuple[Standing, list[Words]]:
    """Tell what stands in a piece, and what links to the offsets `inbound` meet there; and the words of its passages."""
    text, rows, found, ways = stood
    apart, declared = set_apart(text, found)
    lines = [
        (mark.source, mark.text, NOWHERE if mark.target is None else mark.target)
        for mark in lines_of(text, rows)
    ]
    own = {target for *_, target in lines if NOWHERE < target < OUTSIDE}
    every = passages(text, apart)
    result = Standing(
        things=[_row(text, thing) for thing in found],
        ways=ways,
        landings=dict(_landings(stood, sorted(own.union(inbound)))),
        lines=lines,
        folios=[(row.folio, row.target) for row in rows if row.folio],
        passages=[*map(_tally, every)],
        asides=[(aside.role, aside.words) for aside in asides(text, declared)],
        drawings=[drawing.text for drawing in drawings(text.flow)],
        pages=[
            (page.label, page.words, mark.start if mark else 0)
            for page, mark in zip_longest(pages_in(text, found, declared), _marks(text))
        ],
        numbers=sorted({link.target or 0 for link in may_call_notes(text, OUTSIDE)}),
        opening=opening(text, found, declared),
    )
    return result, [each.words for each in every]


def _landings(stood: Stood, targets: Iterable[int]) -> Iterator[tuple[int, Landing]]:
    text, _, found, ways = stood
    places = {id(thing): index for index, thing in enumerate(found)}
    arrivals, listed = Arrivals(text, found), Arrivals(text, filter(is_listed, found))
    for target in targets:
        both = ([places[id(thing)] for thing in each.at(target)] for each in (arrivals, listed))
        things, lines = map(tuple, both)
        title, heading = title_at(text, target), heading_at(text, target)
        words = "" if heading or lines else words_at(text, target)
        # Where there are notes by structure, nobody asks for others.
        numbered = not ways.notes and begins_like_a_note(text, target)
        yield target, Landing(things, lines, title, heading, words, numbered)


def _has_loose_notes(text: Text, references: list[Found]) -> bool:
    """Whether there is what would be taken for notes, or for the calls or labels of such elsewhere."""
    listed = Cover(Span(Role.ENTRY, f.start, f.end) for f in references)
    others = (link.start for link in may_call_notes(text, OUTSIDE) if text.starts_block(link.start))
    return bool(not_listed(notes_by_links(text), references)) or any(
        start not in listed and start not in text.aside for start in others
    )


def _marks(text: Text) -> list[Span]:
    return [] if text.flow.sheets else text.flow.of(Role.PAGE_MARK)


def _tally(passage: Passage) -> Tally:
    words = passage.words
    alike = hash_of(words.texts, words.broken)[:16]
    return Tally(passage.heading, passage.level, alike, len(words), count_of(words))


def _row(text: Text, thing: Found) -> ThingRow:
    printed = told(text, thing) if is_listed(thing) else ""
    extent = thing.start, thing.end, thing.label_end, *thing.container, thing.tail
    return (thing.kind.value, thing.label, thing.declaration.text, *extent, printed)


def thing_of(row: ThingRow) -> Found:
    """Return a thing as it was found, without its place."""
    kind, label, words, start, end, label_end, first, last, tail, _ = row
    declaration = Declaration(KINDS[kind], label, words)
    return Found(declaration, start, end, label_end, (first, last), tail)

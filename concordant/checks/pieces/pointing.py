"""What points in a piece of an edition: mentions, ways back, printed page numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from concordant.checks.model import Declaration, Mention
from concordant.checks.pieces.cut import KINDS, NOWHERE, OUTSIDE
from concordant.checks.pieces.standing import Stood
from concordant.checks.pointers import Around, At, Pointers
from concordant.checks.recognise import in_order

# A mention's kind, label, whether it is linked, implied, dead, and the kind and label of what its link leads to.
Row = tuple[str, str, bool, bool, bool, str, str]


class Pointing(NamedTuple):
    """What points in a piece, as plain data; targets as in a `Piece`.

    `order` has the indexes of the piece's things as they are read. `backs` are ways back: of what, where to, and whether they meet a mention
    of it, if that is in the piece; `met` is what a reader sees mentioned at the offsets that links of others lead to.
    """

    order: list[int]
    mentions: list[Row]
    dead: list[Row]
    pages: list[tuple[str, int]]
    backs: list[tuple[str, str, int, bool]]
    met: dict[int, list[tuple[str, str]]]


def pointing(stood: Stood, around: Around, inbound: Iterable[int]) -> Pointing:
    """Read what points in a piece; `around` is what matters of the rest, `inbound` the offsets that links from there lead to."""
    pointers = Pointers(stood.text, stood.found, around)
    places = {id(thing): index for index, thing in enumerate(stood.found)}
    return Pointing(
        order=[places[id(thing)] for thing in in_order(stood.found, pointers)],
        mentions=_rows(pointers.read()),
        dead=_rows(pointers.lost()),
        pages=[(label, _told(link.target)) for label, link in pointers.printed_pages],
        backs=[
            (
                owner.kind.value,
                owner.label,
                _told(link.target),
                pointers.meets(owner, _inside(link.target)),
            )
            for owner, link in pointers.ways_back
        ],
        met={
            offset: sorted((kind.value, label) for kind, label in pointers.met_at(offset))
            for offset in inbound
        },
    )


def mention_of(row: Row) -> Mention:
    """Return a mention as it was read, without its place."""
    kind, label, linked, implied, dead, landed, lands = row
    declared = Declaration(KINDS[landed], lands, "") if landed else None
    return Mention(KINDS[kind], label, lands=declared, linked=linked, implied=implied, dead=dead)


def _rows(read: Iterable[At]) -> list[Row]:
    rows = []
    for kind, label, _, lands, linked, implied, dead, *_ in (at.mention for at in read):
        there = (lands.kind.value, lands.label) if lands else ("", "")
        rows.append((kind.value, label, linked, implied, dead, *there))
    return rows


def _told(target: int | None) -> int:
    return NOWHERE if target is None else target


def _inside(target: int | None) -> int | None:
    return None if target is None or target >= OUTSIDE else target

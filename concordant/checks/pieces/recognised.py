"""What was recognised of the pieces of an edition: recalled where it is kept, else read anew, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from concordant.checks.found import Found, Outside
from concordant.checks.memory import Memory, hash_of
from concordant.checks.model import Kind
from concordant.checks.pieces.cut import OUTSIDE, CannotCut, Cut
from concordant.checks.pieces.pointing import Pointing, pointing
from concordant.checks.pieces.standing import Standing, Stood, Ways, stand, standing, thing_of
from concordant.checks.pointers import Around

_AT_HAND = 160  # pieces whose texts are at hand while what points is read: each takes some 300 kB


@dataclass(frozen=True, slots=True)
class Recognised:
    """The pieces of an edition: what stands in each, its things, what points in it, and the keys under which its words are kept."""

    cut: Cut
    standing: Sequence[Standing]
    things: Sequence[Sequence[Found]]
    pointing: Sequence[Pointing]
    words: Sequence[bytes]


def recognised(cut: Cut, memory: Memory) -> Recognised:
    """Recognise the pieces of an edition.

    Raises `CannotCut` where they tell what stands in them in different ways, or a note is called from another piece, or a number stands twice.
    """
    return _Recognising(cut, memory).all()


class _Recognising:
    """The pieces of an edition while they are recognised: first all that stands in them, then what points there."""

    def __init__(self, cut: Cut, memory: Memory) -> None:
        self._cut, self._memory = cut, memory
        self._stood: dict[int, Stood] = {}
        self._inbound = cut.inbound()
        self._keys = [
            hash_of(cut.key_of(index), inbound.tobytes())
            for index, inbound in enumerate(self._inbound)
        ]
        self._standing = [self._stand(index) for index in range(len(self._keys))]
        self._things = [list(map(thing_of, each.things)) for each in self._standing]
        names = [(thing.kind, thing.label) for things in self._things for thing in things]
        self._names, self._names_key = frozenset(names), hash_of(sorted(map(str, names)))
        if len(self._names) < len(names):  # which of the two is meant the whole tells
            raise CannotCut

    def all(self) -> Recognised:
        """Return what was recognised. Raises `CannotCut`."""
        _must_be_alike([each.ways for each in self._standing])
        self._must_call_no_others()
        points = [self._point(index) for index in range(len(self._keys))]
        self._must_call_their_own(points)
        words = [self._words_key(index) for index in range(len(self._keys))]
        return Recognised(self._cut, self._standing, self._things, points, words)

    def _stand(self, index: int) -> Standing:
        key = hash_of("standing", self._keys[index])
        if known := self._memory.look_up(key):
            return Standing.of(known[0])
        stood = stand(self._cut.flow_of(index))
        if len(self._stood) < _AT_HAND:
            self._stood[index] = stood
        made, words = standing(stood, self._inbound[index])
        self._memory.keep(key, made.plain())
        self._memory.keep(self._words_key(index), [(each.texts, each.broken) for each in words])
        return made

    def _words_key(self, index: int) -> bytes:
        return hash_of("words", self._keys[index])

    def _point(self, index: int) -> Pointing:
        piece = self._cut.pieces[index]
        met = [self._cut.at(target) for target in piece.outside]
        outside = [self._outside(*each) for each in met]
        told = [
            ([(thing.kind.value, thing.label) for thing in each.things], each.title)
            for each in outside
        ]
        key = hash_of("pointing", self._keys[index], self._names_key, told)
        if known := self._memory.look_up(key):
            return Pointing(*known[0])
        stood = self._stood.pop(index, None) or stand(self._cut.flow_of(index))
        around = Around(self._names, dict(enumerate(outside, OUTSIDE)))
        made = pointing(stood, around, self._inbound[index])
        self._memory.keep(key, tuple(made))
        return made

    def _must_call_no_others(self) -> None:
        """See to it that, where no notes are told by structure, there are none that only links between pieces would tell.

        Raises `CannotCut`.
        """
        if any(each.ways.notes for each in self._standing):
            return
        for piece, each in zip(self._cut.pieces, self._standing, strict=True):
            for number in each.numbers:
                index, offset = self._cut.at(piece.outside[number - OUTSIDE])
                if self._standing[index].landings[offset].numbered:
                    raise CannotCut

    def _must_call_their_own(self, points: Sequence[Pointing]) -> None:
        """See to it that notes are called where they stand: what a note mentions follows its call.

        Raises `CannotCut`.
        """
        for things, each in zip(self._things, points, strict=True):
            notes = {thing.label for thing in things if thing.kind is Kind.FOOTNOTE}
            if notes != {label for kind, label, *_ in each.mentions if kind == Kind.FOOTNOTE.value}:
                raise CannotCut

    def _outside(self, index: int, offset: int) -> Outside:
        landing = self._standing[index].landings[offset]
        things = (self._things[index][place] for place in landing.things)
        return Outside(tuple(things), landing.title)


def _must_be_alike(every: list[Ways]) -> None:
    """See to it that what was found in pieces is what would be found in the whole.

    Raises `CannotCut` where it may be something else.
    """
    ways = {each.entries for each in every} - {""}
    alike = (
        len(ways) == 1 or (not ways and not any(each.loose_entries for each in every)),
        any(each.notes for each in every) or not any(each.loose_notes for each in every),
        any(each.captions for each in every) or not any(each.loose_captions for each in every),
        sum(each.sections for each in every) > sum(each.plain_sections for each in every)
        or not any(each.by_print for each in every),
    )
    if not all(alike):
        raise CannotCut

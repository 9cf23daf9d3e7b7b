"""Settling: parts that print page numbers of other parts are printed until all those numbers are right.

A part's pages do not depend on its place in the document. So parts that print no page numbers are printed
once; then those that print them; then what is still wrong. Where a number is left blank, only how many digits it has
matters for that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from concordant.editions.pagemarks import PageStart
from concordant.editions.press.printing import PrintedPart

Folios = Mapping[str, str]  # by anchor, as printed
_ROUNDS = 8  # two or three are enough, unless a number's own length moves what it counts
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


class Written(NamedTuple):
    """A part as HTML, and the numbers for which it has blanks (see `blanks`)."""

    html: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A part that is to be printed: the chapter that it is or is of, and how it is written from page numbers.

    `waits`: it is not worth printing before the others are; `roman`: its page numbers are.
    """

    anchor: str
    write: Callable[[Folios], Written]
    waits: bool = False
    roman: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A printed part in its place: the folio of its first page, and the numbers for its blanks."""

    printed: PrintedPart
    first_folio: int
    roman: bool = False
    numbers: tuple[str, ...] = ()

    @property
    def page_starts(self) -> tuple[PageStart, ...]:
        """Where each of the part's pages begins."""
        return tuple(
            PageStart(_folio(self.first_folio + index, self.roman), tokens)
            for index, tokens in enumerate(self.printed.starts)
        )

    @property
    def page_count(self) -> int:
        """How many pages the part has."""
        return len(self.printed.kinds)

    def folios(self) -> dict[str, str]:
        """Return the folio of every anchor's page, as it is printed."""
        anchors = self.printed.anchors.items()
        return {name: _folio(self.first_folio + index, self.roman) for name, index in anchors}


Printing = Callable[[], Sequence[PrintedPart]]  # waits for parts that are being printed


def settle(
    plans: Sequence[Plan],
    start_printing: Callable[[Sequence[str]], Printing],
    meanwhile: Callable[[Sequence[Part]], None] = lambda _: None,
) -> tuple[Part, ...]:
    """Print the parts in order; roman folios and arabic ones each count from 1.

    `meanwhile` is called once, with the parts so far, while those that wait for them are being printed.
    """
    parts: tuple[Part, ...] = ()
    printed = [PrintedPart(b"", ("",), {plan.anchor: 0}, (0,), 0, "") for plan in plans]
    texts = ["" for _ in plans]
    folios: Folios = {}
    for turn in range(_ROUNDS):
        wanted = [plan.write(folios) if turn or not plan.waits else Written("") for plan in plans]
        stale = [index for index, each in enumerate(wanted) if each.html != texts[index]]
        printing = start_printing([wanted[each].html for each in stale])
        if stale and turn == 1:
            meanwhile(parts)
        for index, part in zip(stale, printing(), strict=True):
            printed[index], texts[index] = part, wanted[index].html
        parts = _placed(plans, printed, wanted)
        before, folios = folios, folios_in(parts)
        if folios == before:  # which are those that all parts were written with
            break
    return parts


def folios_in(parts: Sequence[Part]) -> Folios:
    """Return the folios of all anchors; of a chapter in several parts that are not printed yet, the first is it."""
    return {name: folio for part in reversed(parts) for name, folio in part.folios().items()}


def _placed(
    plans: Sequence[Plan], printed: Sequence[PrintedPart], written: Sequence[Written]
) -> tuple[Part, ...]:
    parts = []
    next_folios = {True: 1, False: 1}
    for plan, each, (_, numbers) in zip(plans, printed, written, strict=True):
        parts.append(Part(each, next_folios[plan.roman], plan.roman, numbers))
        next_folios[plan.roman] += len(each.kinds)
    return tuple(parts)


def _folio(folio: int, in_roman: bool) -> str:
    return roman(folio) if in_roman else str(folio)


def roman(number: int) -> str:
    """Return a positive number as a lower-case roman numeral."""
    result = ""
    for value, sign in _ROMAN:
        while number >= value:
            result, number = result + sign, number - value
    return result

"""Parts are printed until every page number that they print is right, and no more often than needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from concordant.editions.press.printing import PrintedPart
from concordant.editions.settling import Plan, Printing, Written, roman, settle


class Printer:
    """Prints a part on as many pages as its text has words; a word with a `#` is an anchor."""

    def __init__(self) -> None:
        self.rounds: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> Printing:
        self.rounds.append(list(texts))
        return lambda: [self._print(text) for text in texts]

    def _print(self, text: str) -> PrintedPart:
        words = text.split()
        anchors = {word[1:]: index for index, word in enumerate(words) if word.startswith("#")}
        count = len(words)
        return PrintedPart(
            text.encode(), ("auto",) * count, anchors, tuple(range(count)), count, ""
        )


def fixed(anchor: str, text: str) -> Plan:
    return Plan(anchor, lambda _: Written(f"#{anchor} {text}"))


def told(anchor: str, *wanted: str, waits: bool = True, roman: bool = False) -> Plan:
    def write(folios: Mapping[str, str]) -> Written:
        return Written(f"#{anchor} " + ",".join(folios.get(each, "?") for each in wanted))

    return Plan(anchor, write, waits, roman)


def test_numbers_of_parts_before_and_behind_are_right_after_two_rounds() -> None:
    printer = Printer()
    plans = [
        told("contents", "b", "b2", "refs", roman=True),
        fixed("a", "x x"),
        fixed("b", "x #b2"),
        told("refs", "a", "b2"),
    ]
    parts = settle(plans, printer)
    assert [part.printed.pdf.decode() for part in parts] == [
        "#contents 4,6,7",
        "#a x x",
        "#b x #b2",
        "#refs 1,6",
    ]
    assert [part.first_folio for part in parts] == [1, 1, 4, 7]
    assert [len(each) for each in printer.rounds] == [2, 2]


def test_a_chapter_in_several_parts_that_wait_begins_with_the_first() -> None:
    printer = Printer()
    more = Plan("refs", lambda folios: Written("more " + folios.get("a", "?")), True)
    list_of_two = [told("refs", "a"), more]
    plans = [told("contents", "a", "refs", roman=True), fixed("a", "x"), *list_of_two]
    contents, *_ = settle(plans, printer)
    assert contents.printed.pdf == b"#contents 1,3"
    assert [len(each) for each in printer.rounds] == [1, 3]  # the contents were right at once


def test_of_numbers_that_are_left_blank_only_the_length_counts() -> None:
    def write(folios: Mapping[str, str]) -> Written:
        number = folios.get("end", "")
        return Written("#contents " + "0" * len(number), (number,))

    known: set[str] = set()
    for pages, number, anew in ((3, "5", 4), (4, "6", 1), (11, "13", 2)):
        printer = Printer()
        plans = [Plan("contents", write, roman=True), fixed("a", "x " * pages), fixed("end", "")]
        contents, *_ = settle(plans, printer)
        assert contents.numbers == (number,)
        printed = {text for each in printer.rounds for text in each}
        assert len(printed - known) == anew  # the chapter; the contents if it has one more digit
        known |= printed


def test_roman_and_arabic_numbers_each_begin_with_one() -> None:
    plans = [
        told("contents", "preface", "a", waits=False, roman=True),
        Plan("preface", lambda _: Written("#preface x"), roman=True),
        fixed("a", "x"),
    ]
    contents, preface, chapter = settle(plans, Printer())
    assert contents.printed.pdf == b"#contents iii,1"
    assert [start.folio for start in preface.page_starts] == ["iii", "iv"]
    assert chapter.folios() == {"a": "1"}


def test_a_part_whose_own_length_moves_what_it_counts_is_printed_again() -> None:
    def write(folios: Mapping[str, str]) -> Written:
        return Written("#list " + "x " * int(folios.get("end", "1")))

    plans = [Plan("list", write, waits=True), fixed("end", "")]
    printer = Printer()
    parts = settle(plans, printer)
    assert len(printer.rounds) > 2  # it never comes to an end, but the build does
    assert len(parts) == 2


@pytest.mark.parametrize(
    ("number", "numeral"),
    [
        (4, "iv"),
        (39, "xxxix"),
        (40, "xl"),
        (99, "xcix"),
        (288, "cclxxxviii"),
        (944, "cmxliv"),
        (1666, "mdclxvi"),
    ],
)
def test_long_front_matter_has_roman_numerals_as_readers_know_them(
    number: int, numeral: str
) -> None:
    assert roman(number) == numeral

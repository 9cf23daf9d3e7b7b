"""Lines from right to left in the order of reading, from the places of their letters."""

from __future__ import annotations

from array import array

import pytest

from concordant.checks.readers.pdf_bidi import as_read, in_reading_order
from concordant.checks.readers.pdf_file import Content
from concordant.checks.readers.pdf_glyphs import Run, centres_of
from concordant.checks.readers.pdf_structure import Step

WIDTH = 5.0


def drawn(text: str, left: float = 0.0, to_left: bool = False) -> Run:
    """Return a run whose letters stand side by side from `left` on, the last one first if it runs leftwards."""
    count = len(text)
    places = range(count - 1, -1, -1) if to_left else range(count)
    lefts = array("f", [left + WIDTH * place for place in places])
    rights = array("f", [each + WIDTH for each in lefts])
    edges = (0.0, 10.0, min(lefts), max(rights), rights[-1])
    return Run(0, 0, False, text, array("f", centres_of(lefts, rights)), *edges, (), lefts)


def read(*runs: Run, to_left: bool) -> str:
    [line] = as_read(list(runs), to_left)
    return line.text


def test_a_number_at_the_end_of_a_line_stands_leftmost_before_its_stop() -> None:
    arabic = drawn("وفيها رقم ", 20, to_left=True)
    assert read(arabic, drawn(".12", 0), to_left=True) == "وفيها رقم 12."


def test_latin_words_in_a_line_are_read_rightwards() -> None:
    runs = (drawn("قبل ", 80, to_left=True), drawn("Latin 3.0", 30), drawn(" بعد", 0, to_left=True))
    assert read(*runs, to_left=True) == "قبل Latin 3.0 بعد"


def test_a_range_of_numbers_is_read_leftwards() -> None:
    assert read(drawn("5–3 ", 0), drawn("من", 20, to_left=True), to_left=True) == "من 3–5"


def test_arabic_words_in_a_latin_line_are_read_leftwards_among_themselves() -> None:
    runs = (drawn("in ", 0), drawn("ثان", 15, to_left=True), drawn(" 12 ", 30))
    line = read(*runs, drawn("أول", 50, to_left=True), drawn(" end", 65), to_left=False)
    assert line == "in أول 12 ثان end"


def test_words_that_are_given_in_the_order_of_the_page_are_read_leftwards() -> None:
    runs = (drawn("ثان", 0, to_left=True), drawn("أول", 20, to_left=True))
    assert read(*runs, to_left=True) == "أولثان"


def test_letters_that_are_given_in_the_order_of_the_page_are_read_leftwards() -> None:
    assert read(drawn("لوأ"), to_left=True) == "أول"


@pytest.mark.parametrize(("places", "expected"), [((0, 25, 85), "one "), ((85, 25, 0), " one")])
def test_a_line_runs_as_its_contents_follow_each_other(
    places: tuple[int, int, int], expected: str
) -> None:
    texts = [drawn("one ", places[0]), drawn("نص أطول منها", places[1], to_left=True)]
    runs = {(0, at): [run] for at, run in enumerate((*texts, drawn("two", places[2])))}
    steps: list[Step | Content] = [Step("P", block=True), *runs, Step("P", enter=False, block=True)]
    ordered = in_reading_order(steps, runs)
    read_as = [ordered[content][0].text for content in runs]
    assert read_as == [expected, "نص أطول منها", "two"]


@pytest.mark.parametrize(("first", "last"), [("(", ")"), (")", "(")])
def test_brackets_are_taken_in_pairs_over_a_whole_block(first: str, last: str) -> None:
    runs = {
        (0, 1): [drawn("نص " + first, 40, to_left=True)],
        (0, 2): [drawn("قصير", 20, to_left=True)],
        (0, 3): [drawn(last, 15)],
    }
    steps: list[Step | Content] = [Step("P", block=True), *runs, Step("P", enter=False, block=True)]
    ordered = in_reading_order(steps, runs)
    assert "".join(run.text for mcid in (1, 2, 3) for run in ordered[0, mcid]) == "نص (قصير)"


def test_blocks_without_letters_from_right_to_left_stay_as_they_are() -> None:
    runs = {(0, 1): [drawn("a] (b", 0)]}
    assert in_reading_order([Step("P", block=True), *runs], runs) == runs

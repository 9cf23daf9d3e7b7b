"""What the last build found is expected of the next one, where the document is as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from concordant.cache import Folder, Kept
from concordant.editions.expected import Expected
from concordant.editions.fragments import Fragment
from concordant.editions.pagemarks import PageStart
from concordant.editions.press.printing import outfit, press
from concordant.editions.typefaces.fonts import cut_fonts
from concordant.editions.workers import ThisProcess
from concordant.numbered.chapter import Chapter, Heading, Role

OUTFIT = outfit("p { color: red }", cut_fonts("abc"))
TEXT = "One word and more of them, until page two begins with these and goes on for a long while, to the end."
STARTS = {"a": (PageStart("1", 0), PageStart("2", 25)), "b": (PageStart("3", 0),)}
FOLIOS = {"a": "1", "b": "3"}


def fragment(anchor: str, words: str = TEXT) -> Fragment:
    chapter = Chapter(Role.BODY, (Heading(1, "1", "Title", anchor),), [], [])
    return Fragment(chapter, f'<section id="{anchor}">{words}</section>', ())


FRAGMENTS = [fragment("a"), fragment("b")]


@pytest.fixture
def memory(tmp_path: Path) -> Kept:
    return Kept(Folder(tmp_path / "cache"), "1")


def test_pages_are_expected_where_chapters_are_as_they_were(memory: Kept, tmp_path: Path) -> None:
    Expected(memory, tmp_path).note(OUTFIT, FRAGMENTS, STARTS, FOLIOS)
    again = Expected(memory, tmp_path)
    assert again.folios(FRAGMENTS) == FOLIOS
    assert again.starts(FRAGMENTS) == STARTS
    assert again.starts([FRAGMENTS[0], fragment("c", "New.")]) == {"a": STARTS["a"], "c": ()}


@pytest.mark.parametrize(
    ("words", "second"),
    [
        (TEXT.replace("One", "1"), 23),
        (TEXT.replace("One", "A longer"), 29),
        (TEXT.replace("the end", "its last word"), 25),
        (TEXT.replace("begins", "opens"), None),
    ],
)
def test_a_page_is_expected_where_that_stands_now_with_which_it_opened(
    memory: Kept, tmp_path: Path, words: str, second: int | None
) -> None:
    Expected(memory, tmp_path).note(OUTFIT, FRAGMENTS, STARTS, FOLIOS)
    found = Expected(memory, tmp_path).starts([fragment("a", words), FRAGMENTS[1]])
    assert found["a"] == (() if second is None else (PageStart("1", 0), PageStart("2", second)))


def test_a_new_anchor_is_expected_on_the_page_of_the_one_before(
    memory: Kept, tmp_path: Path
) -> None:
    Expected(memory, tmp_path).note(OUTFIT, FRAGMENTS, STARTS, FOLIOS)
    longer = [fragment("a", '<p id="new">New</p>'), fragment("b"), fragment("c")]
    expected = Expected(memory, tmp_path).folios(longer)
    assert expected == {**FOLIOS, "new": "1", "c": "3"}


def test_few_chapters_that_read_otherwise_are_new(memory: Kept, tmp_path: Path) -> None:
    assert Expected(memory, tmp_path).new(FRAGMENTS) == []
    Expected(memory, tmp_path).note(OUTFIT, FRAGMENTS, STARTS, FOLIOS)
    others = [fragment("b", f"Text {number}.") for number in range(9)]
    assert Expected(memory, tmp_path).new([*FRAGMENTS, *others[:8]]) == others[:8]
    assert Expected(memory, tmp_path).new([*FRAGMENTS, *others]) == []


def test_numbers_are_alike_if_those_of_all_chapters_are(memory: Kept, tmp_path: Path) -> None:
    assert not Expected(memory, tmp_path).are_numbered_alike(FRAGMENTS)
    Expected(memory, tmp_path).note(OUTFIT, FRAGMENTS, STARTS, FOLIOS)
    assert Expected(memory, tmp_path).are_numbered_alike(FRAGMENTS)
    last = replace(FRAGMENTS[1].chapter, numbers={"r1": "7"})
    others = [FRAGMENTS[0], replace(FRAGMENTS[1], chapter=last)]
    assert not Expected(memory, tmp_path).are_numbered_alike(others)


def test_a_chapter_that_has_moved_is_known_by_its_text(memory: Kept, tmp_path: Path) -> None:
    Expected(memory, tmp_path).note(OUTFIT, FRAGMENTS, STARTS, FOLIOS)
    assert Expected(memory, tmp_path).starts(FRAGMENTS[::-1]).keys() == {"a", "b"}


def test_of_other_documents_nothing_is_known(memory: Kept, tmp_path: Path) -> None:
    Expected(memory, tmp_path).note(OUTFIT, FRAGMENTS, STARTS, FOLIOS)
    assert Expected(memory, tmp_path / "other").starts(FRAGMENTS) == {}
    assert Expected(replace(memory, version="2"), tmp_path).starts(FRAGMENTS) == {}
    assert Expected(None, tmp_path).starts(FRAGMENTS) == {}
    assert Expected(memory, tmp_path / "other").folios(FRAGMENTS) == {}


def test_the_last_press_is_made_ready(memory: Kept, tmp_path: Path) -> None:
    press.cache_clear()
    assert not Expected(memory, tmp_path).make_ready(ThisProcess(), 1)
    assert press.cache_info().currsize == 0
    Expected(memory, tmp_path).note(OUTFIT, FRAGMENTS, STARTS, FOLIOS)
    assert Expected(memory, tmp_path).make_ready(ThisProcess(), 1)
    assert press.cache_info().currsize == 1
    press(OUTFIT)
    assert press.cache_info().hits == 1
    press.cache_clear()


def test_only_another_outfit_is_noted_anew(memory: Kept, tmp_path: Path) -> None:
    Expected(memory, tmp_path).note(OUTFIT, FRAGMENTS, STARTS, FOLIOS)
    expected = Expected(memory, tmp_path)
    expected.make_ready(ThisProcess(), 0)
    other = outfit("p { color: blue }", cut_fonts("abc"))
    expected.note(other, FRAGMENTS, STARTS, FOLIOS)
    press.cache_clear()
    Expected(memory, tmp_path).make_ready(ThisProcess(), 1)
    press(other)
    assert press.cache_info().hits == 1
    press.cache_clear()

"""Page marks and page lists against the pages of the PDF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from concordant.checks.check import check
from concordant.checks.compare_pages import compare_page_marks
from concordant.checks.labels import folio_value
from concordant.checks.model import Edition, Entry, Identity, Page, Reading, Spot
from concordant.problem import Severity
from tests.documents import write_document

PAGES = tuple(
    Page(label, tuple(words.split()), Spot(page=number))
    for number, (label, words) in enumerate(
        [
            ("iii", ""),
            ("1", "It begins here"),
            ("2", "goes on"),
            ("", ""),
            ("3", "and ends"),
            ("4", ""),
        ],
        1,
    )
)
MARKS = tuple(page for page in PAGES if page.label in {"1", "2", "3"})
TALL = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="700"><path d="M0 0h90v700z"/></svg>'
)
PDF = Reading(Edition.PDF, "a.pdf", Identity(), pages=PAGES)


def said(marks: tuple[Page, ...], entries: tuple[Entry, ...] = ()) -> list[tuple[str, str, str]]:
    html = Reading(Edition.HTML, "a.html", Identity(), pages=marks, entries=entries)
    return [(f.code, f.label, f.message) for f in compare_page_marks([PDF, html])]


def test_marks_where_the_pages_begin_agree() -> None:
    assert said(MARKS) == []
    assert said(()) == []


@pytest.mark.parametrize("index", [1, 2])
def test_a_page_without_a_mark_is_named(index: int) -> None:
    label = MARKS[index].label
    found = said(MARKS[:index] + MARKS[index + 1 :])
    assert found == [("page-mark", label, f"html has no mark for page {label}")]


def test_a_missing_mark_is_shown_in_both_editions() -> None:
    html = Reading(Edition.HTML, "a.html", Identity(), pages=(MARKS[0], MARKS[2]))
    [finding] = compare_page_marks([PDF, html])
    assert [printed.text for printed in finding.printed] == [
        "goes on",
        "(after page 1: It begins here)",
    ]


def test_pages_before_the_first_mark_and_empty_ones_after_the_last_need_none() -> None:
    assert said(MARKS[1:]) == []


def test_a_mark_without_a_name_is_a_failure() -> None:
    found = said((MARKS[0], replace(MARKS[1], label=""), MARKS[2]))
    assert found == [
        (
            "page-mark",
            "1",
            "a page mark of html after that of page 1 does not say which page it is",
        ),
        ("page-mark", "2", "html has no mark for page 2"),
    ]


def test_a_mark_before_nothing_is_not_where_a_page_begins() -> None:
    found = said((MARKS[0], replace(MARKS[1], words=()), MARKS[2]))
    assert found == [("page-mark", "2", "the mark of page 2 in html is not where that page begins")]


def test_a_last_word_that_is_also_the_first_of_a_page_is_not_where_that_begins() -> None:
    found = said((replace(MARKS[0], words=("It",)), *MARKS[1:]))
    assert found == [("page-mark", "1", "the mark of page 1 in html is not where that page begins")]


def both(html: tuple[Page, ...], epub: tuple[Page, ...]) -> list[tuple[str, str, str, Severity]]:
    readings = [
        PDF,
        Reading(Edition.HTML, "a.html", Identity(), pages=html),
        Reading(Edition.EPUB, "a.epub", Identity(), pages=epub),
    ]
    alone = [(f.code, f.label, f.message, f.severity) for f in compare_page_marks(readings)]
    ledger = Reading(Edition.LEDGER, "numbers.json", Identity())
    beside = [(f.code, f.label, f.message) for f in compare_page_marks([*readings, ledger])]
    assert [each[:3] for each in alone] == beside
    return alone


def test_pages_that_only_one_of_two_editions_marks_are_named() -> None:
    assert both(MARKS, MARKS) == both((), ()) == []
    assert both(MARKS, ()) == [
        ("page-mark", "", "epub marks no page, though html does", Severity.WARNING)
    ]
    assert both(MARKS[2:], MARKS) == [
        ("page-mark", label, f"html has no mark for page {label}", Severity.WARNING)
        for label in ("1", "2")
    ]


def test_beside_a_ledger_it_is_an_error_that_an_edition_marks_less_than_another() -> None:
    html = Reading(Edition.HTML, "a.html", Identity(), pages=MARKS)
    epub = Reading(Edition.EPUB, "a.epub", Identity(), pages=MARKS[1:])
    ledger = Reading(Edition.LEDGER, "numbers.json", Identity())
    [found] = compare_page_marks([PDF, epub, html, ledger])
    assert (found.label, found.severity) == ("1", Severity.ERROR)
    assert {each.edition for each in found.printed} == {Edition.PDF, Edition.EPUB, Edition.HTML}


def test_marks_out_of_order_and_twice_are_named() -> None:
    assert ("page-mark", "1", "the mark of page 1 in html stands after that of page 2") in said(
        (MARKS[1], MARKS[0], MARKS[2])
    )
    assert said((*MARKS[:2], MARKS[1], MARKS[2])) == [
        ("page-mark", "2", "the mark of page 2 in html stands after that of page 2")
    ]


def test_a_list_of_pages_names_every_mark() -> None:
    entries = tuple(
        Entry("page-list", mark.label, mark.label, Spot()) for mark in (MARKS[0], MARKS[2])
    )
    assert said(MARKS, entries) == [
        ("contents-missing", "2", "page 2 is left out of the list of pages of html")
    ]


def test_a_list_of_pages_is_in_the_order_of_the_marks() -> None:
    lines = [Entry("page-list", mark.label, mark.label, Spot()) for mark in MARKS]
    assert said(MARKS, tuple(lines)) == []
    assert said(MARKS, (lines[1], lines[0], lines[2])) == [
        ("contents-order", "1", "page 1 stands after page 2 in the page-list of html")
    ]
    assert said(MARKS, (lines[0], *lines)) == [
        ("contents-order", "1", "page 1 stands after page 1 in the page-list of html")
    ]


@pytest.mark.parametrize(
    ("folio", "number"),
    [("xl", 40), ("clxxxviii", 188), ("cclxxxviii", 288), ("mdcccxxxviii", 1838)],
)
def test_long_roman_folios_are_read(folio: str, number: int) -> None:
    assert folio_value(folio) == folio_value(folio.upper()) == ("roman", number)


@pytest.mark.parametrize("folio", ["xxxx", "iix", "cd.", "mmx x"])
def test_what_no_reader_would_take_for_a_folio_is_none(folio: str) -> None:
    assert folio_value(folio) is None


def test_a_page_of_pictures_alone_is_told_from_the_next(tmp_path: Path) -> None:
    text = "# One\n\nWords.\n\n![a](tall.svg)\\\n\n![b](tall.svg)\\\n\n# Two\n\nWords.\n"
    document = write_document(tmp_path, {"01.md": text}, files={"tall.svg": TALL})
    made = document.build()  # which reads the editions in pieces
    assert check(made["pdf"], made["epub"], made["html"], made["json"]).errors == ()
    html = made["html"].read_text("utf-8")
    wrong = tmp_path / "wrong.html"
    wrong.write_text(html.replace('href="#page-2"', 'href="#page-1"'), "utf-8")
    assert [each.code for each in check(made["pdf"], None, wrong).errors] == ["contents-text"]

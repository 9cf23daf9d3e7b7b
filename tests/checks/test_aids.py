"""What an edition lacks as a whole: an error beside a ledger, a warning among the editions of other tools."""

from __future__ import annotations

from dataclasses import replace

import pytest

from concordant.checks.compare_aids import compare_aids
from concordant.checks.compare_links import check_edition
from concordant.checks.identity import compare_identities
from concordant.checks.model import (
    BackLink,
    Declaration,
    Edition,
    Entry,
    Identity,
    Kind,
    Page,
    Passage,
    Reading,
    Spot,
    Words,
)
from concordant.problem import Severity

NOTES = tuple(Declaration(Kind.FOOTNOTE, label, "A note.") for label in "123")
BACKS = tuple(BackLink(Kind.FOOTNOTE, label, True, Spot()) for label in "123")
LEDGER = Reading(Edition.LEDGER, "numbers.json", Identity())


def line(source: str, text: str) -> Entry:
    return Entry(source, text, text, Spot())


def whole(edition: Edition, *sources: str) -> Reading:
    """Return an edition that has all."""
    return Reading(
        edition,
        edition.value,
        Identity(),
        NOTES,
        pages=tuple(Page(str(n + 2), ("words",), Spot(), str(n + 2)) for n in range(3)),
        entries=tuple(line(source, name) for source in sources for name in ("Preface", "Thanks")),
        backlinks=BACKS,
        passages=tuple(Passage(name, Words((name,)), level=1) for name in ("Preface", "Thanks")),
    )


PDF = whole(Edition.PDF, "outline", "contents")
EPUB = whole(Edition.EPUB, "toc")
HTML = whole(Edition.HTML, "navigation")


def said(*readings: Reading) -> list[tuple[str, str]]:
    alone = [(f.code, f.message, f.severity) for f in compare_aids(readings)]
    beside = [(f.code, f.message, f.severity) for f in compare_aids([*readings, LEDGER])]
    assert {severity for *_, severity in alone} <= {Severity.WARNING}
    assert {severity for *_, severity in beside} <= {Severity.ERROR}
    assert [each[:2] for each in alone] == [each[:2] for each in beside]
    return [each[:2] for each in alone]


def without(reading: Reading, *sources: str) -> Reading:
    kept = tuple(entry for entry in reading.entries if entry.source not in sources)
    return replace(reading, entries=kept)


def test_editions_that_have_all_or_all_have_not_agree() -> None:
    assert said(PDF, EPUB, HTML) == []
    bare = [replace(each, entries=(), backlinks=(), pages=()) for each in (PDF, EPUB, HTML)]
    assert said(*bare) == []


@pytest.mark.parametrize("index", [1, 2])
def test_an_edition_without_contents_is_named(index: int) -> None:
    readings = [PDF, EPUB, HTML]
    lacking = readings[index] = replace(readings[index], entries=())
    others = " and ".join(each.edition for each in readings if each is not lacking)
    message = f"{lacking.edition} has no contents; such a list is in {others}"
    assert said(*readings) == [("contents-missing", message)]


def test_a_pdf_without_bookmarks_is_named() -> None:
    found = said(without(PDF, "outline"), EPUB, HTML)
    assert found == [
        ("contents-missing", "pdf has no bookmarks; such a list is in pdf and epub and html")
    ]


def test_printed_contents_that_only_the_pdf_lacks_are_a_warning_beside_a_ledger() -> None:
    bare = without(PDF, "contents")
    assert list(compare_aids([bare, EPUB, HTML])) == []
    [found] = compare_aids([bare, EPUB, HTML, LEDGER])
    assert (found.code, found.severity) == ("contents-missing", Severity.WARNING)


def test_a_heading_without_a_number_that_one_list_leaves_out_is_named() -> None:
    short = replace(HTML, entries=HTML.entries[:1])
    assert said(PDF, EPUB, short) == [
        (
            "contents-missing",
            "“Thanks” is left out of the navigation of html, though another list has it",
        )
    ]
    deeper = replace(short, passages=(short.passages[0], replace(short.passages[1], level=2)))
    assert said(PDF, EPUB, deeper) == []


def test_a_file_that_does_not_name_its_pages_is_named_where_others_mark_them() -> None:
    unnamed = replace(PDF, pages=tuple(replace(page, named="") for page in PDF.pages))
    assert said(unnamed, EPUB, HTML) == [
        (
            "folio-label",
            "pdf has no page labels; its pages are marked by their folios in epub and html",
        )
    ]
    assert said(unnamed, replace(EPUB, pages=()), replace(HTML, pages=())) == []
    # A viewer counts from 1 where there are no labels.
    counted = tuple(replace(page, label=str(n)) for n, page in enumerate(unnamed.pages, 1))
    assert said(replace(unnamed, pages=counted), EPUB, HTML) == []


def test_a_page_without_a_name_among_others_is_named() -> None:
    pages = (replace(PDF.pages[0], named=""), *PDF.pages[1:])
    message = "the page that prints the folio 2 has no label in the file, though others have"
    assert said(replace(PDF, pages=pages), EPUB, HTML) == [("folio-label", message)]


def test_a_list_of_pages_that_only_one_edition_has_is_wanted_in_an_epub() -> None:
    listed = [
        replace(each, entries=(*each.entries, line("page-list", "2"))) for each in (EPUB, HTML)
    ]
    assert said(PDF, *listed) == []
    assert said(PDF, EPUB, listed[1]) == [
        ("contents-missing", "epub has no list of pages; such a list is in html")
    ]
    [found] = compare_aids([PDF, listed[0], HTML, LEDGER])
    assert (found.code, found.severity) == ("contents-missing", Severity.WARNING)


def test_ways_back_of_references_that_one_edition_does_without_are_a_warning() -> None:
    things = (Declaration(Kind.REFERENCE, "1", "A book."),)
    backs = (BackLink(Kind.REFERENCE, "1", True, Spot()),)
    html = replace(HTML, declarations=things, backlinks=backs)
    pdf = replace(PDF, declarations=things, backlinks=())
    [found] = compare_aids([pdf, html, LEDGER])
    assert (found.code, found.severity) == ("backlink-missing", Severity.WARNING)


def test_notes_without_ways_back_are_named_where_others_have_them() -> None:
    assert said(PDF, EPUB, replace(HTML, backlinks=())) == [
        ("backlink-missing", "0 of 3 footnotes of html have a way back; elsewhere most have")
    ]


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        (("Preface", "Thanks"), []),
        (("Preface", "Preface", "Thanks"), ["contents-order"]),
        (("Preface", "Thanks", "Preface"), ["contents-order"]),
    ],
)
def test_a_line_that_stands_twice_is_named(texts: tuple[str, ...], codes: list[str]) -> None:
    entries = tuple(line("toc", text) for text in texts)
    found = check_edition(replace(EPUB, entries=entries))
    assert [each.code for each in found if each.code.startswith("contents")] == codes


def test_headings_of_the_same_words_may_each_have_a_line_and_so_may_stretches_of_navigation() -> (
    None
):
    twice = replace(EPUB, passages=(*EPUB.passages, EPUB.passages[0]))
    again = (*EPUB.entries, EPUB.entries[0])
    assert not [e for e in check_edition(replace(twice, entries=again)) if "contents" in e.code]
    links = tuple(line("navigation", text) for text in ("Preface", "Thanks", "Preface", "Thanks"))
    assert not [e for e in check_edition(replace(HTML, entries=links)) if "contents" in e.code]


@pytest.mark.parametrize(
    ("shown", "alone", "beside"),
    [
        ("", [], []),
        ("The Harbour: Its Books", [], []),
        ("The Harbour: Its Books – Press", [], [Severity.WARNING]),
        ("The Harbour", [], [Severity.ERROR]),
        ("Another", [Severity.ERROR], [Severity.ERROR]),
    ],
)
def test_the_title_that_a_window_shows_is_held_against_the_metadata(
    shown: str, alone: list[Severity], beside: list[Severity]
) -> None:
    identity = Identity("The Harbour: Its Books", "urn:x:1", "1")
    readings = [replace(PDF, identity=replace(identity, shown=shown))]
    assert [each.severity for each in compare_identities(readings)] == alone
    readings.append(replace(LEDGER, identity=identity))
    assert [each.severity for each in compare_identities(readings)] == beside

"""Editions recognised piece by piece: the same as the whole, whatever is recalled and whatever has changed elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from concordant.checks.flow import Flow
from concordant.checks.model import Edition, Kind, Reading
from concordant.checks.pieces.joined import recognise_in_pieces
from concordant.checks.readers.html import read_html
from concordant.checks.recognise import recognise
from tests.checks.memories import Notebook
from tests.checks.placeless import without_places

FILLING = " ".join(["The harbour kept two sets of accounts, and nobody asked why."] * 90)
FIRST = """
<section id="s1"><h2><span>1</span> The harbour</h2>
<p id="p1">As <a href="#t1">Table 1</a> and <a href="#u">Plan 9</a> show,<a href="#n1" id="c1"><sup>1</sup></a> it is old, as Table 5 of the yearbook says
<span id="r-a">[<a href="#e1">1</a>]</span>, and so it is said <span id="r-b">[<a href="#e2">2</a>]</span>. {}</p>
<aside role="doc-footnote" id="n1"><p><a href="#c1" role="doc-backlink">1</a> Or older.</p></aside></section>
"""
SECOND = """
<section id="s2"><h2><span>2</span> Its books</h2>
<p>{}</p><table id="t1"><caption>Table 1: Ships.</caption><tr><td>Ten</td></tr></table><h3 id="u">Plan 9</h3>
<figure><figcaption>Figure 1: A map.</figcaption></figure></section>
"""
LIST = """
<section id="s3"><h2>References</h2>
<div id="e1"><p>[1] A book. <a href="#r-a">↩</a></p></div><div id="e2"><p>[2] Another, cf. [<a href="#e1">1</a>]. {} <a href="#r-b">↩</a></p></div></section>
"""
TABLE = "<table><caption>Table {}: More ships.</caption><tr><td>Two</td></tr></table>"
NOTE = """
<aside role="doc-footnote" id="n2"><p>2 Not that it matters [<a href="#e2">2</a>].</p></aside>
"""
CHAPTERS = (FIRST, SECOND, LIST)


def page(folder: Path, *chapters: str) -> Path:
    path = folder / "page.html"
    body = "".join(f'<div class="chapter">{each.format(FILLING)}</div>' for each in chapters)
    path.write_text(f"<!doctype html><html><body><main>{body}</main></body></html>", "utf-8")
    return path


def in_pieces(flow: Flow, memory: Notebook) -> Reading | None:
    """Return the reading in pieces, which must be that of the whole but for places."""
    reading = recognise_in_pieces(flow, memory)
    if reading:
        assert without_places(reading, memory) == without_places(recognise(flow), memory)
    return reading


def changed(folder: Path, *edits: tuple[str, str]) -> tuple[Reading | None, int]:
    """Read the page, then one that is changed, with the memory of the first; return its reading, and how much is new in the memory."""
    memory = Notebook()
    assert in_pieces(read_html(page(folder, *CHAPTERS), memory), memory)
    kept, chapters = memory.size, [*CHAPTERS]
    for old, new in edits:
        assert any(old in each for each in chapters)
        chapters = [each.replace(old, new) for each in chapters]
    return in_pieces(read_html(page(folder, *chapters), memory), memory), memory.size - kept


def test_a_piece_that_is_as_it_was_is_recalled(tmp_path: Path) -> None:
    memory = Notebook()
    flow = read_html(page(tmp_path, *CHAPTERS), memory)
    assert len(flow.stretches) == len(CHAPTERS)
    first, kept = in_pieces(flow, memory), memory.size
    assert first
    assert (first.edition, len(first.declared(Kind.REFERENCE))) == (Edition.HTML, 2)
    assert [each.meets for each in first.backlinks] == [True, True, True]
    assert in_pieces(flow, memory) == first
    assert memory.size == kept


def test_what_follows_a_page_mark_goes_on_in_the_next_piece(tmp_path: Path) -> None:
    mark = '<span role="doc-pagebreak" aria-label="7"></span>'
    marked = FIRST.replace("</aside>", f"</aside><p>It {mark}ends.</p>")
    memory = Notebook()
    reading = in_pieces(read_html(page(tmp_path, marked, SECOND, LIST), memory), memory)
    assert reading
    [page_mark] = reading.pages
    assert page_mark.words == ("ends", ".", "2", "Its", "books", "The", "harbour", "kept")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # None of these stands in the first chapter, which is read in another way after each.
        pytest.param("Table 1: Ships.", "Listing 1: Ships.", id="another kind"),
        pytest.param("Table 1: Ships.", "Table 2: Ships.", id="another number"),
        pytest.param("Table 1: Ships.", "Ships.", id="no number"),
        pytest.param("Plan 9</h3>", "Plan 10</h3>", id="another title"),
        pytest.param('<table id="t1">', '<table id="t2">', id="a link leads nowhere"),
        pytest.param("[2] Another", "[3] Another", id="another reference"),
        pytest.param("Plan 9</h3>", f"Plan 9</h3>{TABLE.format(5)}", id="a name in plain letters"),
        pytest.param("books</h2>\n<p>", 'books</h2>\n<p id="e1">', id="an identifier twice"),
    ],
)
def test_what_links_meet_elsewhere_counts(tmp_path: Path, old: str, new: str) -> None:
    memory = Notebook()
    before = in_pieces(read_html(page(tmp_path, *CHAPTERS), memory), memory)
    after, _ = changed(tmp_path, (old, new))
    assert before
    assert after
    assert before.mentions != after.mentions


def test_numbers_that_are_exchanged_count(tmp_path: Path) -> None:
    edits = ("Table 1: Ships.", "Figure 1: Ships."), ("Figure 1: A map.", "Table 1: A map.")
    reading, _ = changed(tmp_path, *edits)
    assert reading
    assert [each.lands and each.lands.kind for each in reading.mentioned(Kind.TABLE)] == [
        Kind.FIGURE
    ]


def test_what_is_led_to_anew_is_looked_at(tmp_path: Path) -> None:
    reading, _ = changed(
        tmp_path, ("books</h2>\n<p>", 'books</h2>\n<p>See <a href="#s1">Section 1</a>. ')
    )
    assert reading
    assert [each.label for each in reading.mentioned(Kind.SECTION)] == ["1"]


def test_ways_back_meet_what_is_mentioned_elsewhere(tmp_path: Path) -> None:
    reading, _ = changed(tmp_path, ('<a href="#e2">2</a>', ""))
    assert reading
    assert [each.meets for each in reading.backlinks] == [True, True, False]


def test_an_edit_leaves_other_pieces_as_they_were(tmp_path: Path) -> None:
    reading, new = changed(tmp_path, ("Or older.", "Or younger."))
    assert reading
    assert new <= 5  # the chapter as it was read, and what is known of it


def test_numbers_in_plain_letters_are_those_of_the_whole(tmp_path: Path) -> None:
    reading, _ = changed(tmp_path, ("Or older.", "Or older, as Table 1 says."))
    assert reading
    assert [each.linked for each in reading.mentioned(Kind.TABLE)] == [True, False]


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param(
            [("References</h2>", f"References</h2>{TABLE.format(1)}")], id="a number twice"
        ),
        pytest.param(
            [
                (
                    "The harbour</h2>",
                    'The harbour</h2><p>So it is<a href="#n2"><sup>2</sup></a>.</p>',
                ),
                ("Plan 9</h3>", f"Plan 9</h3>{NOTE}"),
            ],
            id="a note of another piece",
        ),
        pytest.param(
            [("Plan 9</h3>", 'Plan 9</h3><p role="doc-biblioentry">[7] Odd.</p>')],
            id="entries in two ways",
        ),
    ],
)
def test_what_pieces_cannot_tell_the_whole_is_read_for(
    tmp_path: Path, edits: list[tuple[str, str]]
) -> None:
    assert changed(tmp_path, *edits)[0] is None


def without_notes(chapter: str) -> str:
    return re.sub(r'(?s)<a href="#n1".*?</a>|<aside.*?</aside>', "", chapter)


def test_an_edition_without_notes_is_read_in_pieces(tmp_path: Path) -> None:
    memory = Notebook()
    flow = read_html(page(tmp_path, *map(without_notes, CHAPTERS)), memory)
    reading = in_pieces(flow, memory)
    assert reading
    assert reading.declared(Kind.FOOTNOTE) == ()


@pytest.mark.parametrize(
    ("called", "note"),
    [
        ("n7", '<p id="n7">7 It is said.</p>'),
        ("u", '<p><a href="#c7">7</a> It is said.</p>'),
    ],
)
def test_notes_that_only_links_between_pieces_tell_are_those_of_the_whole(
    tmp_path: Path, called: str, note: str
) -> None:
    memory = Notebook()
    call = f'it is old, see <a href="#{called}" id="c7">7</a>'
    first = without_notes(FIRST).replace("it is old", call)
    second = SECOND.replace("Plan 9</h3>", f"Plan 9</h3>{note}")
    flow = read_html(page(tmp_path, first, second, LIST), memory)
    assert recognise(flow).declared(Kind.FOOTNOTE)
    assert recognise_in_pieces(flow, memory) is None


def test_an_edition_without_stretches_is_read_as_a_whole(tmp_path: Path) -> None:
    memory = Notebook()
    small = (each.replace("{}", "") for each in CHAPTERS)
    flow = read_html(page(tmp_path, *small), memory)
    assert recognise_in_pieces(flow, memory) is None

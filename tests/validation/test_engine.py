"""The EPUB in a reading engine: what a reader does with it, and each of these going wrong in a broken book."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest

from concordant.validation.engine import Engine, Lost, open_book
from concordant.validation.tools import Tools
from tests.documents import ROOT
from tests.validation.breaking import Breaker, change_member

pytestmark = pytest.mark.slow
TOOLS = Tools(ROOT / ".tools")
CHAPTER, REFERENCES = "text/chapter-03.xhtml", "text/chapter-10.xhtml"
PLACE = "cite-2.1.2-4"  # some pages into the chapter
CITATION = f'[id="{PLACE}"] a'
NOTE = "[role=doc-footnote]"


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    TOOLS.install_node_modules()


@pytest.fixture
def engine(report: dict[str, Path]) -> Iterator[Engine]:
    with open_book(report["epub"], TOOLS) as opened:
        yield opened


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def follow_a_citation_and_come_back(engine: Engine, _pdf: Path) -> None:
    engine.open(f"{CHAPTER}#{PLACE}")
    [citation] = engine.seen(CITATION)
    assert citation.words.isdigit()
    engine.follow(citation)
    assert engine.seen(CITATION) == []
    labels = engine.seen("#refs li span:first-child")
    [entry] = [each for each in labels if each.words == f"[{citation.words}]"]
    [back, *_] = [each for each in engine.seen("[role=doc-backlink]") if each.y >= entry.y]
    engine.follow(back)
    assert engine.seen(CITATION) == [citation]


def open_a_note_and_come_back(engine: Engine, _pdf: Path) -> None:
    engine.open(f"{CHAPTER}#fnref-1")
    call, *_ = engine.seen("[role=doc-noteref]")
    assert not any(note.words.startswith(call.words) for note in engine.seen(NOTE))
    engine.follow(call)
    [note] = [each for each in engine.seen(NOTE) if each.words.startswith(call.words)]
    assert len(note.words) > 40
    [back] = [
        each for each in engine.seen(f"{NOTE} [role=doc-backlink]") if each.words == call.words
    ]
    engine.follow(back)
    assert call in engine.seen("[role=doc-noteref]")


def go_to_pages(engine: Engine, pdf: Path) -> None:
    """Go to pages in all parts of the list; see the words with which they begin in the PDF."""
    document = pypdfium2.PdfDocument(pdf)
    labels = {document.get_page_label(index): index for index in range(len(document))}
    entries = [each for each in engine.page_list() if each.page is not None]
    assert len(entries) > 30
    for entry in entries[3::6]:
        engine.open(entry.href)
        [mark] = engine.seen(f"[role=doc-pagebreak][aria-label='{entry.page}']")
        page = document[labels[str(entry.page)]]
        height, width = page.get_height(), page.get_width()
        text = page.get_textpage().get_text_bounded(0, 0, width, height - 66)
        # A table that goes on overleaf repeats its head there before it does.
        assert letters(mark.after)[:15] in letters(text)[:60]


Journey = Callable[[Engine, Path], None]
JOURNEYS = (follow_a_citation_and_come_back, open_a_note_and_come_back, go_to_pages)


@pytest.mark.parametrize("journey", JOURNEYS)
def test_the_book_takes_the_reader_there(
    engine: Engine, report: dict[str, Path], journey: Journey
) -> None:
    journey(engine, report["pdf"])
    assert engine.requests == []


@pytest.mark.parametrize(
    ("journey", "breaker"),
    [
        (
            follow_a_citation_and_come_back,
            change_member(f"EPUB/{CHAPTER}", "chapter-10.xhtml#ref-ref20", "lost.xhtml"),
        ),
        (
            follow_a_citation_and_come_back,
            change_member(f"EPUB/{CHAPTER}", "#ref-ref20", "#ref-ref60"),
        ),
        (
            follow_a_citation_and_come_back,
            change_member(f"EPUB/{REFERENCES}", f'#{PLACE}"', '#nothing"'),
        ),
        (
            open_a_note_and_come_back,
            change_member(f"EPUB/{CHAPTER}", 'href="#fn-1"', 'href="#fn-x"'),
        ),
        (
            open_a_note_and_come_back,
            change_member(f"EPUB/{CHAPTER}", 'href="#fnref-1"', 'href="#fnref-3"'),
        ),
        (go_to_pages, change_member("EPUB/nav.xhtml", '#page-10"', '#page-12"')),
        (go_to_pages, change_member("EPUB/text/chapter-05.xhtml", 'id="page-16"', 'id="page-x"')),
    ],
)
def test_a_broken_link_is_noticed(
    report: dict[str, Path], tmp_path: Path, journey: Journey, breaker: Breaker
) -> None:
    broken = Path(shutil.copy(report["epub"], tmp_path))
    breaker(broken)
    with open_book(broken, TOOLS) as engine, pytest.raises((Lost, AssertionError, ValueError)):
        journey(engine, report["pdf"])

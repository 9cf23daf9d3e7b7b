"""The stretches of a flow that a reader can recall: equal keys say that what stands in them is equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from concordant.checks.flow import Flow, Stretch
from concordant.checks.readers.pdf import PdfReading
from tests.checks.material import print_pdf
from tests.checks.memories import Notebook


@pytest.fixture(autouse=True)
def same_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the hour out of cut fonts."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")


def chapter(name: str, first: str = "One") -> str:
    words = "".join(f"<p>{first if n == 3 else 'Other'} words, number {n}.</p>" for n in range(60))
    link = '<p><a href="#Harbour">See there</a> and <a href="#Town">there</a>.</p>'
    return f'<section><h1 id="{name}">{name}</h1>{link}{words}</section>'


def flow_of(path: Path, memory: Notebook | None, *chapters: str) -> Flow:
    css = "section { break-before: page }"
    print_pdf(f'<html lang="en"><body>{"".join(chapters)}</body></html>', path, css)
    return PdfReading(path, None, memory).flow()


def told(flow: Flow, stretch: Stretch) -> object:
    """Return what a key stands for."""
    start, end, _ = stretch
    spans = [span for span in flow.spans if start <= span.start and span.end <= end]
    return (
        flow.text[start:end],
        [span._replace(start=span.start - start, end=span.end - start) for span in spans],
        [(link.start - start, link.end - start, link.href) for link in flow.links_from(start, end)],
    )


def stretch_of(flow: Flow, name: str) -> Stretch:
    """Return the one that begins with a chapter's title."""
    [found] = [each for each in flow.stretches if flow.text.startswith(f"{name}\n", each.start)]
    return found


def test_a_chapter_has_the_same_key_wherever_it_stands_and_another_after_an_edit(
    tmp_path: Path,
) -> None:
    memory = Notebook()
    path = tmp_path / "book.pdf"
    harbour, town = chapter("Harbour"), chapter("Town")
    altered = chapter("Town", "See")  # with letters that the font has
    before = flow_of(path, memory, "<section><p>Other.</p></section>", harbour, town)
    moved = flow_of(path, memory, f"<section>{'<p>Other.</p>' * 30}</section>", harbour, altered)
    one, same = stretch_of(before, "Harbour"), stretch_of(moved, "Harbour")
    assert same.start > one.start
    assert same.key == one.key
    assert told(moved, same) == told(before, one)
    assert stretch_of(moved, "Town").key != stretch_of(before, "Town").key


def test_a_link_that_leads_elsewhere_makes_another_key(tmp_path: Path) -> None:
    harbour, town = chapter("Harbour"), chapter("Town")
    first = flow_of(tmp_path / "one.pdf", Notebook(), harbour, town)
    other = harbour.replace('"#Town"', '"#Harbour"')
    second = flow_of(tmp_path / "two.pdf", Notebook(), other, town)
    assert first.text == second.text
    assert stretch_of(first, "Harbour").key != stretch_of(second, "Harbour").key
    assert stretch_of(first, "Town").key == stretch_of(second, "Town").key


def test_without_a_memory_there_are_none(tmp_path: Path) -> None:
    assert flow_of(tmp_path / "book.pdf", None, chapter("Harbour")).stretches == ()

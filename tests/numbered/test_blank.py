"""Blanks in chapters: which numbers are left out, and how an edition's text gets them back."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from concordant.editions.fragments import set_numbers, write_fragments
from concordant.numbered.blank import BLANK
from concordant.numbered.chapter import Chapter, Heading, Role
from tests.documents import write_document
from tests.extraction import from_epub

SECOND = """# Second [@two]

Words [@two; @three]^[A note [@three].].

| a     | b |
| ----- | - |
| words | c |

: A table after [@two]. {#tbl:t}

## *Slanted* [@three]
"""


def chapters(tmp_path: Path, first: str, *codes: str) -> tuple[Chapter, ...]:
    sections = {"1.md": f"# First\n\n{first} [@one].\n", "2.md": SECOND}
    numbered, problems = write_document(tmp_path, sections).numbered()
    assert [each.code for each in problems] == [*codes]
    return numbered.chapters


def test_a_new_citation_leaves_the_text_of_other_chapters_as_it_is(tmp_path: Path) -> None:
    before = chapters(tmp_path / "before", "Words")[1]
    after = chapters(tmp_path / "after", "Words [@four]")[1]
    assert before.notes == after.notes
    assert before.numbers == {"ref-two": "2", "ref-three": "3"}
    assert after.numbers == {"ref-two": "3", "ref-three": "4"}
    # What lists repeat has its numbers: headings and what has a caption.
    changed = [old["t"] for old, new in zip(before.blocks, after.blocks, strict=True) if old != new]
    assert changed == ["Header", "Table", "Header"]


def test_a_citation_in_a_link_has_its_number(tmp_path: Path) -> None:
    (chapter, *_) = chapters(tmp_path, "See [a page [@three]](https://example.org).", "link-nested")
    assert chapter.numbers == {"ref-one": "2"}
    (fragment,) = write_fragments([chapter], "en")
    assert '>a page <span id="cite-1-1" class="citation">[<span>1</span>]' in fragment.body


def test_a_fragment_gets_its_numbers_back(tmp_path: Path) -> None:
    first, second, _ = write_fragments(chapters(tmp_path, "Words [@four]"), "en")
    assert BLANK in first.body
    filled = set_numbers(second.body, second.chapter)
    assert BLANK not in filled
    assert '<a href="#ref-two">3</a>, <a href="#ref-three">4</a>' in filled
    assert '<a href="#ref-three">4</a>' in set_numbers(second.notes[0], second.chapter)
    assert set_numbers(filled, second.chapter) == filled


@pytest.mark.parametrize("mark", ["", '<span id="page-7" aria-label="7"></span>', '<span id="p"/>'])
def test_the_page_may_begin_before_a_number(mark: str) -> None:
    chapter = Chapter(Role.BODY, (Heading(1, "1", "T", "t"),), [], [], {"ref-a": "12"})
    link = f'<a href="b.xhtml#ref-a" {BLANK}="ref-a" title="x">{mark}'
    assert set_numbers(f"00{link}00</a>00", chapter) == (
        f'00<a href="b.xhtml#ref-a" title="x">{mark}12</a>00'
    )


def test_an_attribute_of_that_name_is_no_blank() -> None:
    chapter = Chapter(Role.BODY, (Heading(1, "1", "T", "t"),), [], [])
    text = f'<a href="#x" {BLANK}="ref-a">0</a>'
    assert set_numbers(text, chapter) == text


@pytest.mark.slow
def test_no_edition_has_a_blank(tmp_path: Path) -> None:
    sections = {"1.md": "# First\n\nWords [@four; @one].\n", "2.md": SECOND}
    made = write_document(tmp_path, sections).build()
    with ZipFile(made["epub"]) as archive:
        texts = [archive.read(each).decode() for each in archive.namelist() if "text/" in each]
    assert not any(BLANK in text for text in [*texts, made["html"].read_text("utf-8")])
    assert from_epub(made["epub"])["references"] == ["1", "2", "3", "4"]

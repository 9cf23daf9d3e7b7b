"""Blanks in chapters: which numbers are left out, and how an edition's text gets them back."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from concordant import pandoc
from concordant.editions.fragments import set_numbers, write_fragments
from concordant.numbered.blank import BLANK, blank_label
from concordant.numbered.chapter import Chapter, Heading, Role
from concordant.tree import Node
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


def test_the_labels_of_entries_are_blanks(tmp_path: Path) -> None:
    before, after = (
        chapters(tmp_path / name, words)[-1] for name, words in (("a", "W"), ("b", "W [@four]"))
    )
    entries = {each["c"][0][0]: each for each in before.blocks[-1]["c"][1]}
    later = {each["c"][0][0]: each for each in after.blocks[-1]["c"][1]}
    assert later.keys() == {"ref-four", *entries}
    assert later["ref-two"] == entries["ref-two"]  # though its number is 3 now
    assert (before.numbers["ref-two"], after.numbers["ref-two"]) == ("2", "3")
    [fragment] = write_fragments([after], "en")
    labels = re.findall(
        r'<span class="entry-label">(.*?)</span>', set_numbers(fragment.body, after)
    )
    assert labels == ["[1]", "[2]", "[3]", "[4]"]


@pytest.mark.parametrize(
    ("label", "is_blank"), [("[12]", True), ("12.", True), ("[12, 12]", False), ("[Roe 3]", False)]
)
def test_a_label_with_another_number_is_no_blank(label: str, is_blank: bool) -> None:
    _, (text,) = blank_label(label, "12", "ref-a", "entry-label")["c"]
    assert text["c"] == (label.replace("12", "00") if is_blank else label)


def test_a_long_list_is_written_in_groups_as_it_is_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [f"r{n}" for n in range(30)]
    references = "references:\n" + "".join(
        f"  - {{id: {key}, type: book, title: 'A *title* {key}', note: '<i>Note</i> & more'}}\n"
        for key in keys
    )
    text = "# First\n\nWords [@" + "; @".join(keys) + "].\n\n# List\n\n::: {#refs}\n:::\n\nMore.\n"
    numbered, _ = write_document(tmp_path, {"1.md": text}, references=references).numbered()
    at_once = write_fragments(numbered.chapters, "en")
    groups: list[int] = []

    def counted(entries: list[Node], lang: str) -> str:
        groups.append(len(entries))
        return pandoc.write_html(entries, lang=lang)

    monkeypatch.setattr("concordant.editions.fragments._LONG", 10)
    monkeypatch.setattr("concordant.editions.fragments._GROUP", 4)
    monkeypatch.setattr("concordant.editions.fragments._group", counted)
    assert write_fragments(numbered.chapters, "en") == at_once
    assert len(groups) > 3
    assert sum(groups) == len(keys)


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

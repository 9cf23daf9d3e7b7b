from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents import write_document


def test_headings_that_recur_between_sections_get_addresses_of_their_own(tmp_path: Path) -> None:
    text = "# Introduction\n\nSee [below](#method).\n\n## Method\n\nWords.\n"
    document = write_document(tmp_path, {"01.md": text, "02.md": text})
    numbered, problems = document.numbered()
    assert not problems
    first, second = numbered.chapters
    assert [each.anchor for each in first.headings] == ["introduction", "method"]
    assert [each.anchor for each in second.headings] == ["introduction-1", "method-1"]
    assert "#method-1" in str(second.blocks), "a section's link leads to its own heading"
    assert "#method-1" not in str(first.blocks)


def test_footnote_labels_are_private_to_their_section(tmp_path: Path) -> None:
    sections = {f"0{n}.md": f"# C{n}\n\nText.[^a]\n\n[^a]: Note of {n}.\n" for n in (1, 2, 3)}
    numbered, problems = write_document(tmp_path, sections).numbered()
    assert not problems
    notes = [each for each in numbered.ledger.declarations if each.kind == "footnote"]
    assert [(each.number, each.text) for each in notes] == [
        ("1", "Note of 1."),
        ("2", "Note of 2."),
        ("3", "Note of 3."),
    ]


@pytest.mark.parametrize(
    "title", ["Contents", "Colophon", "Text", "Page 1", "Page iv", "Fn 1", "Ref one"]
)
def test_headings_leave_the_editions_own_addresses_alone(tmp_path: Path, title: str) -> None:
    wanted = title.lower().replace(" ", "-")
    text = f"# {title}\n\nSee [above](#{wanted}) and [@one].\n\n# {title}\n"
    numbered, problems = write_document(tmp_path, {"01.md": text}).numbered()
    assert not problems
    first, second, _ = (each.anchor for each in numbered.chapters)
    assert first == f"section-{wanted}" != second
    assert f"'#{first}'" in str(numbered.chapters[0].blocks), "links follow"


@pytest.mark.parametrize(
    "anchor", ["contents", "text", "page-12", "p-1.2-3", "cite-1-1", "fn-2", "ref-one"]
)
def test_authors_may_not_take_them(tmp_path: Path, anchor: str) -> None:
    text = f"# One\n\nWords [@one].\n\n## Two {{#{anchor}}}\n"
    _, problems = write_document(tmp_path, {"01.md": text}).numbered()
    assert [(each.code, each.place.line) for each in problems] == [("id-duplicate", 5)]


def test_what_only_looks_like_them_is_the_authors(tmp_path: Path) -> None:
    anchors = ["contents-1", "page-layout", "p-value", "ref-two", "footnotes"]
    text = "".join(f"# Words {{#{each}}}\n\nWords.\n\n" for each in anchors)
    numbered, problems = write_document(tmp_path, {"01.md": text}).numbered()
    assert not problems
    assert [each.anchor for each in numbered.chapters] == anchors

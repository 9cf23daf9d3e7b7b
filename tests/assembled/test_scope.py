from __future__ import annotations

from pathlib import Path

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

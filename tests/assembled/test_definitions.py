from __future__ import annotations

from pathlib import Path

import pytest

from concordant.tree import text_of
from tests.documents import write_document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Term\n: One\n: Two\n", [[("Plain", "One")], [("Plain", "Two")]]),
        ("Term\n: One\n\n    Two\n", [[("Para", "One"), ("Para", "Two")]]),
        ("Term\n\n:   One\n\n    Two\n", [[("Para", "One"), ("Para", "Two")]]),
        (
            "Term\n: One\n\n        code\n: Three\n",
            [[("Plain", "One"), ("CodeBlock", "code")], [("Plain", "Three")]],
        ),
    ],
)
def test_each_of_several_paragraphs_of_a_definition_is_one(
    tmp_path: Path, text: str, expected: list[list[tuple[str, str]]]
) -> None:
    numbered, problems = write_document(tmp_path, {"01.md": f"# T\n\n{text}"}).numbered()
    assert not problems
    ((_, definitions),) = numbered.chapters[0].blocks[1]["c"]
    found = [[(each["t"], text_of(each).strip()) for each in blocks] for blocks in definitions]
    assert found == expected


def test_definitions_in_lists_and_notes_are_parted_too(tmp_path: Path) -> None:
    inner = "Term\n    : One\n\n        Two\n"
    text = f"# T\n\n- item\n\n    {inner}\n\nA call.[^n]\n\n[^n]: A note.\n\n    {inner}"
    numbered, problems = write_document(tmp_path, {"01.md": text}).numbered()
    assert not problems
    chapter = numbered.chapters[0]
    in_list, in_note = chapter.blocks[1]["c"][0][1], chapter.notes[0]["c"][1][1]
    for listed in (in_list, in_note):
        assert [each["t"] for each in listed["c"][0][1][0]] == ["Para", "Para"]

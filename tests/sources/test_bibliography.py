from __future__ import annotations

from pathlib import Path

import pytest

from concordant.sources.bibliography import lint_bibliography, read_bibliographies
from concordant.sources.project import read_project
from tests.documents import METADATA, write_document

BIBTEX = """@book{knuth,
  title = {The {TeX}book},
}

@book{bare,
  publisher = {Nobody},
}
"""
YAML = "references:\n- id: a\n  title: Same\n- id: b\n  title: Same\n- id: b\n  title: Other\n"
JSON = '[\n {"id": "x", "title": "X"},\n {"id": "y"}\n]\n'


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("r.yaml", YAML, [("a", "Same", 2), ("b", "Same", 4), ("b", "Other", 6)]),
        ("r.json", JSON, [("x", "X", 2), ("y", "", 3)]),
        ("r.bib", BIBTEX, [("knuth", "The TeXbook", 1), ("bare", "", 5)]),
    ],
)
def test_entries_are_read_with_their_lines(
    tmp_path: Path, name: str, text: str, expected: list[tuple[str, str, int]]
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    references, problems = read_bibliographies([tmp_path / name], tmp_path)
    assert not problems
    read = [(each.key, each.title, each.place.line) for each in references]
    plain = [
        (key, title.replace('<span class="nocase">', "").replace("</span>", ""), line)
        for key, title, line in read
    ]
    assert plain == expected


def test_lint_finds_untitled_double_and_same_titled_entries(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(YAML + "- id: c\n", "utf-8")
    references, _ = read_bibliographies([tmp_path / "r.yaml"], tmp_path)
    codes = {each.code for each in lint_bibliography(references)}
    assert codes == {"ref-untitled", "ref-duplicate", "ref-same-title"}


def test_the_entries_of_the_same_title_are_named(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(YAML, "utf-8")
    references, _ = read_bibliographies([tmp_path / "r.yaml"], tmp_path)
    [problem] = [each for each in lint_bibliography(references) if each.code == "ref-same-title"]
    assert problem.about == {"a", "b"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.yaml", "references: [\n"),
        ("r.json", "{"),
        ("r.yaml", "just words"),
        ("r.bib", "@book{a,"),
    ],
)
def test_an_unreadable_bibliography_is_a_problem(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    _, [problem] = read_bibliographies([tmp_path / name], tmp_path)
    assert problem.code == "bibliography-unreadable"


def test_a_missing_bibliography_is_a_problem(tmp_path: Path) -> None:
    _, [problem] = read_bibliographies([tmp_path / "none.yaml"], tmp_path)
    assert problem.code == "bibliography-missing"


@pytest.mark.parametrize(
    ("named", "codes"), [("", []), ("bibliography: references.yaml\n", ["bibliography-missing"])]
)
def test_a_bibliography_need_be_there_only_if_it_is_named(
    tmp_path: Path, named: str, codes: list[str]
) -> None:
    written = write_document(tmp_path, {"01.md": "# One\n"}, metadata=METADATA + named)
    (tmp_path / "source" / "references.yaml").unlink()
    project, problems = read_project(tmp_path)
    assert [each.code for each in problems] == codes
    assert project.bibliographies == (
        (written.root / "source" / "references.yaml",) if named else ()
    )

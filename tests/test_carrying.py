"""Carrying over: what an edit leaves as it was is not made again, and comes to the same as if it were."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from concordant import publishing
from concordant.cache import Folder, remembering
from concordant.carrying import Written
from concordant.problem import ProblemsFound
from concordant.progress import Progress
from concordant.publishing import publish
from tests.documents import SVG, own_styles, write_document

SECTIONS = {
    "1.md": "# One {#sec:one}\n\nFirst words [@one; @two].^[A note, see @fig:p.]\n\n"
    "## Method\n\nMore words of [a link](#sec:two).\n",
    "2.md": "# Two {#sec:two}\n\nSecond words [@three] of @eq:e and @lst:l.\n\n"
    "![A caption [@two].](p.svg){#fig:p alt='P'}\n\n## Method {-}\n\nQuiet words.\n",
    "2b.md": "## More of two\n\nThird words, see @sec:one and @tbl:t.\n\n$$x^2$$ {#eq:e}\n\n"
    "```{#lst:l caption='A listing' .python}\nprint(1)\n```\n\n"
    "| A | B |\n|---|---|\n| 1 | 2 |\n\n: A table. {#tbl:t}\n",
    "3.md": "# Three\n\nFourth words [@four], [@one].^[Another note.]\n\nLast words.\n",
    "4.md": "# Rest {.appendix}\n\nFifth words^[A last note.] [@one].\n",
}
CITATIONS = '<layout prefix="[" suffix="]" delimiter=", ">'
Edit = Callable[[Path], None]


def changing(name: str, old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        path = root / "source" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return edit


def published(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[object, bool]:
    """Publish; return all that came of it (or what is wrong), and whether anything was carried over."""
    found: list[Written | None] = []

    def look(*arguments: object) -> Written | None:
        found.append(carry_over(*arguments))
        return found[-1]

    carry_over: Callable[..., Written | None] = vars(publishing)["carry_over"]
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "carry_over", look)
        try:
            made, warnings = publish(root, Progress(Console(file=StringIO())))
        except ProblemsFound as problems:
            return sorted(map(str, problems.problems)), found[-1] is not None
    result = made.numbered, made.fragments, made.pictures, made.fonts, made.project, warnings
    return result, found[-1] is not None


def raise_citations(root: Path) -> None:
    style = own_styles(root) / "concordant-numeric.csl"
    text = style.read_text("utf-8")
    assert CITATIONS in text
    raised = '<layout vertical-align="sup" delimiter=",">'
    style.write_text(text.replace(CITATIONS, raised, 1), "utf-8")


CARRIED = {
    "words": changing("1.md", "First words", "Other words"),
    "words in front": changing("2.md", "# Two {#sec:two}\n", "# Two {#sec:two}\n\nNew words.\n"),
    "words behind": changing("3.md", "Last words.\n", "Last words.\n\nNew *words*.\n\n- A list\n"),
    "words in the second section of a chapter": changing("2b.md", "Third words", "Other words"),
    "words of two chapters": lambda root: (
        changing("1.md", "More words", "Fewer words")(root),
        changing("4.md", "Fifth", "Sixth")(root),
    )[0],
    "a cell of a plain table": changing("3.md", "Last words.\n", "| A |\n|---|\n| 1 |\n"),
    "what the metadata say": changing("metadata.yaml", "A small document", "Another document"),
    "the picture": changing("p.svg", "drawn", "drawn again"),
    "nothing": lambda _: None,
}
NOT_CARRIED = {
    "a citation": changing("1.md", "First words", "First words [@four]"),
    "another citation": changing("1.md", "@one; @two", "@two; @one"),
    "a heading": changing("3.md", "# Three", "# Four"),
    "a level": changing("1.md", "## Method", "## Method\n\n### Part"),
    "a note": changing("1.md", "A note", "Some note"),
    "a new note": changing("1.md", "First words", "First^[New.] words"),
    "a caption": changing("2.md", "A caption", "Some caption"),
    "a label": changing("2b.md", "#tbl:t", "#tbl:u"),
    "a mention": changing("2b.md", "@sec:one", "@sec:two"),
    "a reference": changing("references.yaml", "The one book", "A book"),
    "the language": changing("metadata.yaml", "en-GB", "de"),
    "the order": changing(
        "metadata.yaml", "lang", "sections: [1.md, 3.md, 2.md, 2b.md, 4.md]\nlang"
    ),
    "a section more": lambda root: (
        (root / "source" / "5.md").write_text("# Five\n\nNew.\n") and None
    ),
    "a section less": lambda root: (root / "source" / "4.md").unlink(),
    "a broken mention": changing("3.md", "Last words", "Last words of @fig:none"),
    "a picture that is gone": lambda root: (root / "source" / "p.svg").unlink(),
    "raw code": changing("3.md", "Last words", "Last <b>words</b>"),
    "a call of nothing": changing("3.md", "Last words", "Last words[^none]"),
}


@pytest.mark.parametrize("style", ["plain", "raised"])
@pytest.mark.parametrize("edit", CARRIED | NOT_CARRIED)
def test_an_edit_comes_to_what_it_comes_to_without_a_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: str, style: str
) -> None:
    root = write_document(tmp_path, SECTIONS, files={"p.svg": SVG}).root
    if style == "raised":
        raise_citations(root)
    with remembering(Folder(tmp_path / "cache")):
        _, carried = published(root, monkeypatch)
        assert not carried
        (CARRIED | NOT_CARRIED)[edit](root)
        edited, carried = published(root, monkeypatch)
        assert carried == (edit in CARRIED)
        anew, _ = published_without_memory(root, monkeypatch)
        assert edited == anew
        again, carried = published(root, monkeypatch)
        assert again == anew
        assert carried or isinstance(anew, list) or edit == "raw code"


def published_without_memory(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[object, bool]:
    with remembering(None):
        return published(root, monkeypatch)


def test_what_is_counted_in_two_chapters_is_not_carried_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two headings of one name, whose paragraphs are counted together.
    alike = "\n\n## Words {-}\n\nWords.\n\nWords.\n"
    sections = {"1.md": f"# One{alike}", "2.md": f"# Two{alike}"}
    root = write_document(tmp_path, sections).root
    with remembering(Folder(tmp_path / "cache")):
        published(root, monkeypatch)
        changing("1.md", "Words.\n\n", "Words.\n\nMore words.\n\n")(root)
        edited, carried = published(root, monkeypatch)
        assert not carried
        assert edited == published_without_memory(root, monkeypatch)[0]


def test_a_fragment_that_is_lost_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_document(tmp_path, SECTIONS, files={"p.svg": SVG}).root
    with remembering(Folder(tmp_path / "cache")):
        before, _ = published(root, monkeypatch)
        with monkeypatch.context() as patch:
            patch.setattr("concordant.carrying.recall_fragment", lambda *_: None)
            after, carried = published(root, monkeypatch)
        assert not carried
        assert after == before

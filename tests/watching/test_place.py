"""The page is shown where it was edited, not where numbers have moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from concordant.editions.fragments import Fragment, write_fragments
from concordant.numbered.chapter import Chapter, Role
from concordant.watching.place import edited
from tests.documents import SVG, write_document

FIRST = "# One {#sec:one}\n\nSee @fig:b and [@three].\n\nThe second paragraph.^[A note.]\n\n"
FIGURE = "![Caption.](figures/b.svg){#fig:b alt='B'}\n\n"
SECOND = "# Two\n\nA third paragraph [@one].\n\n" + FIGURE + "## Part\n\nA fourth.\n\n- item\n"


def fragments(folder: Path, first: str, second: str) -> tuple[Fragment, ...]:
    document = write_document(
        folder, {"1.md": first, "2.md": second}, files={"figures/b.svg": SVG, "figures/a.svg": SVG}
    )
    numbered, problems = document.numbered()
    assert not problems
    return write_fragments(numbered.chapters, "en")


OTHER = "![Caption.](figures/a.svg){#fig:a alt='A'}\n\n"


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        (FIRST, SECOND, ""),
        (FIRST.replace("second", "2nd"), SECOND, "p-1-2"),
        (FIRST, SECOND.replace("fourth", "4th"), "p-2.1-1"),
        (FIRST, SECOND.replace("A fourth", "A new one.\n\nA fourth"), "p-2.1-1"),
        (FIRST, SECOND.replace("## Part", "## Piece"), "piece"),
        (FIRST, SECOND.replace("Caption", "New caption"), "fig-b"),
        (FIRST.replace("A note", "The note"), SECOND, "fn-1"),
        (FIRST, SECOND.replace("item", "thing"), "p-2.1-1"),
        # A new figure, or citation, moves numbers that stand before it; they are not what was edited.
        (FIRST, SECOND.replace(FIGURE, OTHER + FIGURE), "fig-a"),
        (FIRST, SECOND.replace("A third", "^[New.] A third"), "p-2-1"),
        (FIRST.replace("The second", "See @fig:b. The second"), SECOND, "p-1-2"),
        (FIRST, SECOND.replace("[@one]", "[@two]"), "p-2-1"),
        (FIRST.replace("[@three]", "[@four]"), SECOND, "p-1-1"),
    ],
)
def test_the_place_of_an_edit(tmp_path: Path, first: str, second: str, place: str) -> None:
    before = fragments(tmp_path / "before", FIRST, SECOND)
    after = fragments(tmp_path / "after", first, second)
    assert edited(before, after) == place


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("ab", "a", "p-a"),  # the last chapter is gone: what is the last now
        ("a", "ab", "p-b"),
        ("ab", "b", "b"),
        ("b", "ab", "a"),
        ("abc", "ac", "c"),
        ("ab", "ab", ""),
        ("a", "", ""),
    ],
)
def test_chapters_that_come_and_go(before: str, after: str, place: str) -> None:
    def chapters(names: str) -> list[Fragment]:
        chapter = Chapter(Role.BODY, (), [], [])
        bodies = {
            name: f'<section id="{name}"><p id="p-{name}">{name * 9}</p></section>'
            for name in names
        }
        return [Fragment(chapter, body, ()) for body in bodies.values()]

    assert edited(chapters(before), chapters(after)) == place


def test_what_is_taken_away_leads_to_what_follows(tmp_path: Path) -> None:
    before = fragments(tmp_path / "before", FIRST, SECOND)
    shorter = FIRST.replace("The second paragraph.^[A note.]\n\n", "")
    after = fragments(tmp_path / "after", shorter, SECOND)
    assert edited(before, after) in {"p-1-1", "two"}

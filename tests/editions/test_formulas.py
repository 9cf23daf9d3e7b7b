"""A recalled formula is drawn as the one that was drawn before; nothing draws it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from concordant.cache import Folder, Kept
from concordant.editions.press import formulas
from concordant.editions.press.formulas import draw_formulas

PAGE = '<html><body><p id="a">{} and {} end</p></body></html>'
FORMULA = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="{}" alttext="{}"><mi>{}</mi></math>'
)


def page(*letters: str, words: str = "a letter") -> str:
    made = (FORMULA.format("block", words, letter) for letter in letters)
    return PAGE.format(*made)


def drawn(html: str, memory: Kept | None) -> bytes:
    root = etree.fromstring(html)
    draw_formulas(root, memory)
    return etree.tostring(root)


@pytest.fixture
def memory(tmp_path: Path) -> Kept:
    return Kept(Folder(tmp_path), "version")


def test_what_was_drawn_is_not_drawn_again(memory: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    html = page("x", "y")
    alone = drawn(html, None)
    assert drawn(html, memory) == alone
    monkeypatch.setattr(formulas, "_engine", lambda: pytest.fail("it was drawn again"))
    assert drawn(html.replace("end", "another end"), memory) == alone.replace(
        b"end", b"another end"
    )


@pytest.mark.parametrize("other", [page("x", "z"), page("x", "y", words="two letters")])
def test_another_formula_and_other_words_are_drawn(memory: Kept, other: str) -> None:
    drawn(page("x", "y"), memory)
    assert drawn(other, memory) == drawn(other, None) != drawn(page("x", "y"), None)

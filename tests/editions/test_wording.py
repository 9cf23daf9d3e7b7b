"""Contents lists print headings and captions with their formulas, emphasis and languages, and nothing else of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from concordant.editions.elements import parse
from concordant.editions.reading import make_html
from concordant.editions.wording import wordings
from tests.documents import SVG, write_document
from tests.editions.rich import published


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("<h1>Plain words</h1>", None),
        ("<h1>Of <em>all</em> things</h1>", "Of <em>all</em> things"),
        ('<h1><span class="number">1</span> <em>All</em></h1>', "<em>All</em>"),
        ('<h1>A <span lang="la" id="x">res</span></h1>', 'A <span lang="la">res</span>'),
        ('<h1>H<sub>2</sub>O <a href="#n" class="noteref">1</a></h1>', "H<sub>2</sub>O"),
        ('<h1><a href="#r"><em>Far</em> [1]</a></h1>', "<em>Far</em> [1]"),
        ("<figcaption><em>Short.</em> And more</figcaption>", "<em>Short</em>"),
        (
            "<figcaption>Area H<sub>2</sub>. <em>Cut.</em></figcaption>",
            "Area H<sub>2</sub>. <em>Cut</em>",
        ),
        (
            "<figcaption>Water H<sub>2</sub>O first. And <em>more</em>.</figcaption>",
            "Water H<sub>2</sub>O first",
        ),
    ],
)
def test_what_stays_of_a_heading_or_caption(element: str, words: str | None) -> None:
    assert wordings(parse(f'<section id="x">{element}</section>')) == (
        {"x": words} if words else {}
    )


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=40))
def test_words_of_headings_stay_whole(text: str) -> None:
    root = parse('<section id="x"><h2><em>.</em></h2></section>')
    [emphasis] = root.iter("em")
    emphasis.tail = text
    assert "".join(map(str, parse(wordings(root)["x"]).itertext())) == f".{text}".strip()


def test_a_formula_in_a_heading_is_one_in_the_contents(tmp_path: Path) -> None:
    section = '# Energy $E = mc^2$ {#sec:e}\n\n![The *first* $x_1$ there. Not this.](p.svg){#fig:p alt="A"}\n'
    document = write_document(tmp_path, {"1.md": section}, files={"p.svg": SVG})
    page = html.document_fromstring(make_html(published(document.root)).data)
    contents = next(each for each in page.iter("nav") if each.get("class") == "contents")
    assert len(list(contents.iter("math"))) == 2
    assert [each.text for each in contents.iter("em")] == ["first"]
    assert "Not this" not in "".join(map(str, contents.itertext()))

"""Displayed formulas: within the column with their numbers, in print and on screens, and with the signs that end them."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import lxml.html
import pikepdf
import pypdfium2
import pytest
from rich.console import Console

from concordant.editions.edition import Format
from concordant.pipeline import build
from concordant.progress import Progress
from concordant.validation.chromium import launched
from tests.documents import write_document

WIDE = " + ".join(f"a_{{{number}}}" for number in range(1, 25)) + " = z"
TEXT = f"""# One

{"Words that fill the column from its left to its right. " * 4}

$$ {WIDE} $$ {{#eq:wide}}

where
$$ b = c $$ {{#eq:short}}.
Behind it stands

$$ d = e $$, and

$$ {WIDE} $$

| a | b |
| - | - |
| $$ f = g $$ | $$ h = i $$ {{#eq:cell}} |
"""


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    document = write_document(tmp_path_factory.mktemp("displays"), {"01.md": TEXT})
    return document.build([Format.PDF, Format.HTML], proven=False)


def elements(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from elements(each)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from elements(node.get("/K", []))


def test_formulas_keep_within_the_column_and_beside_their_numbers(
    editions: dict[str, Path],
) -> None:
    with pikepdf.open(editions["pdf"]) as pdf:
        formulas = [each for each in elements(pdf.Root.StructTreeRoot.K) if each.S == "/Formula"]
        boxes = [[float(corner) for corner in each.A.BBox] for each in formulas]
    assert len(boxes) == 6
    text = pypdfium2.PdfDocument(editions["pdf"])[2].get_textpage()
    chars = [text.get_charbox(index) for index in range(text.count_chars())]
    first = text.get_text_range().index("Words that fill")
    lines = chars[first : first + 200]
    column = min(box[0] for box in lines), max(box[2] for box in lines)
    for left, bottom, right, top in boxes:
        assert column[0] - 1 < left < right < column[1] + 1
        assert right - left > 5
        assert top - bottom > 2
    for number, box in zip((1, 2, 3), (boxes[0], boxes[1], boxes[5]), strict=True):
        index = text.get_text_range().index(f"({number})")
        assert box[2] < chars[index][0]
        assert chars[index + 2][2] < column[1] + 1
        assert box[1] < chars[index + 1][1] < box[3]


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_numbers_stand_beside_their_formulas_on_screens(
    editions: dict[str, Path], width: int
) -> None:
    where = """() => [...document.querySelectorAll("p > .equation")].map(each => {
        const box = part => { const {left, right, top, bottom} = part.getBoundingClientRect(); return [left, right, top, bottom] };
        return [box(each), box(each.querySelector("math")), box(each.querySelector(".label"))];
    })"""
    with launched() as browser:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(editions["html"].as_uri())
        placed = page.evaluate(where)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(placed) == 2
    for _, formula, label in placed:
        assert formula[1] < label[0]
        assert formula[2] < (label[2] + label[3]) / 2 < formula[3]
    equation, formula, label = placed[1]
    assert (formula[0] + formula[1]) / 2 == pytest.approx((equation[0] + equation[1]) / 2, abs=2)
    assert label[1] == pytest.approx(equation[1], abs=1)


def test_signs_that_end_a_formula_stand_in_it(editions: dict[str, Path]) -> None:
    root = lxml.html.fromstring(editions["html"].read_bytes())
    formulas = [each for each in root.iter("math") if each.get("display") == "block"]
    assert ["".join(map(str, each[0][0].itertext())) for each in formulas[1:3]] == ["b=c.", "d=e,"]
    assert [tail for each in formulas if (tail := (each.tail or "").strip())] == ["and"]
    (short,) = (each for each in root.iter("span") if each.get("id") == "eq-short")
    assert (short.tail or "").strip() == "Behind it stands"


@pytest.mark.slow
def test_a_formula_that_is_wider_than_the_screen_is_moved_by_keyboard(
    editions: dict[str, Path],
) -> None:
    with launched() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 900})
        page.goto(editions["html"].as_uri())
        page.wait_for_timeout(200)
        wide = page.locator("main p > math[display=block]").last
        assert wide.evaluate("each => each.scrollWidth - each.clientWidth") > 1
        assert wide.get_attribute("tabindex") == "0"
        wide.evaluate("each => each.focus()")
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
        assert wide.evaluate("each => each.scrollLeft") > 0


def test_a_formula_that_is_hardly_readable_is_told(tmp_path: Path) -> None:
    terms = [" + ".join(f"a_{{{number}}}" for number in range(count)) for count in (10, 60, 60)]
    text = "# One\n\n$$ {} $$\n\n$$ {} $$\n\nWithin $b + {}$ words.\n".format(*terms)
    root = write_document(tmp_path, {"01.md": text}).root
    progress = Progress(Console(file=StringIO()))
    for _ in ("laid out", "recalled"):
        made = build(root, [Format.PDF], progress, proven=False)
        told = [str(each.place) for each in made.warnings if each.code == "formula-wide"]
        assert told == ["source/01.md:5", "source/01.md:7"]

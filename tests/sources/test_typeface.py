"""Text is as wide as WeasyPrint sets it, and wrapped text keeps its words."""

import io

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from weasyprint import HTML

from concordant.sources.typeface import Typeface, figure_typeface

SANS = figure_typeface()


def set_width(text: str, size: float, weight: int, typeface: Typeface) -> float:
    """Set a line of SVG text with WeasyPrint and return its width, from the PDF, in px."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 99" width="900" height="99">'
        f'<text x="0" y="50" font-family="Measured" font-size="{size}" font-weight="{weight}">'
        f"{text}|</text></svg>"
    )
    face = f'@font-face{{font-family:Measured;src:url("{typeface.path.as_uri()}")}}'
    page = "@page{size:1000px 200px;margin:0}body{margin:0}"
    pdf = HTML(string=f"<style>{face}{page}</style>{svg}").write_pdf()
    text_page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0].get_textpage()
    bar = text_page.get_text_range().index("|")
    left, *_ = text_page.get_charbox(bar, loose=True)
    return float(left) * 96 / 72


@pytest.mark.parametrize("weight", [400, 600])
@pytest.mark.parametrize("text", ["Ürümqi, 24 May 2022", "To Av: “people’s war”", "2009–2018"])
def test_width_is_the_width_in_print(text: str, weight: int) -> None:
    assert SANS.width(text, 17.2, weight) == pytest.approx(
        set_width(text, 17.2, weight, SANS), rel=0.01
    )


def test_figures_are_tabular() -> None:
    assert len({round(SANS.width(digit * 4, 10), 6) for digit in "0123456789"}) == 1


def test_width_grows_with_size_and_weight() -> None:
    assert SANS.width("label", 20) == pytest.approx(2 * SANS.width("label", 10))
    assert SANS.width("label", 10, 600) > SANS.width("label", 10, 400)


def test_a_character_that_the_font_lacks_takes_an_em() -> None:
    assert SANS.width("公安", 10) == pytest.approx(20)


def test_lines_are_filled_evenly() -> None:
    text = "one two three four five six seven eight nine"
    greedy_rest = "nine"
    width = SANS.width(text, 10) - SANS.width(f" {greedy_rest}", 10) + 1
    first, second = SANS.wrap(text, 10, width)
    assert second != greedy_rest
    assert SANS.width(second, 10) > SANS.width(first, 10) / 2


def test_no_break_spaces_hold() -> None:
    assert SANS.wrap("31\u00a0killed here", 10, 1) == ("31\u00a0killed", "here")


def test_nothing_wraps_to_nothing() -> None:
    assert SANS.wrap("", 10, 100) == ()


words = st.lists(st.text("abcdefghij", min_size=1, max_size=12), min_size=1, max_size=12)


@given(words, st.floats(20, 300))
def test_wrapping_keeps_the_words_and_the_width(texts: list[str], width: float) -> None:
    lines = SANS.wrap(" ".join(texts), 10, width)
    assert " ".join(lines).split() == texts
    assert all(SANS.width(line, 10) <= width or " " not in line for line in lines)


@given(words, st.floats(20, 300))
def test_no_line_could_be_saved(texts: list[str], width: float) -> None:
    greedy = 1
    line = texts[0]
    for word in texts[1:]:
        fits = SANS.width(f"{line} {word}", 10) <= width
        greedy, line = (greedy, f"{line} {word}") if fits else (greedy + 1, word)
    assert len(SANS.wrap(" ".join(texts), 10, width)) == greedy

"""Formulas in words."""

from __future__ import annotations

import pytest
from lxml import etree

from concordant import pandoc
from concordant.editions.speech import speak


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        ("E = mc^2", "E equals m c squared"),
        (r"\alpha_i \leq 3", "alpha sub i is at most 3"),
        (r"\frac{1}{2}", "1 over 2"),
        (r"\sqrt{x}", "the square root of x, end of root,"),
        (r"\Delta x \approx \text{a few}", "capital delta x is approximately a few"),
        (r"x^{n+1}", "x to the power of n plus 1"),
        (r"\frac{a+b}{c}", "the fraction a plus b over c, end of fraction,"),
        (r"\bar{x}", "x bar"),
        (r"1, \dots, n", "1 , and so on , n"),
    ],
)
def test_formulas_are_spoken(tex: str, words: str) -> None:
    assert speak(mathml(tex)) == words


def test_what_no_table_knows_is_named() -> None:
    math = etree.fromstring('<math xmlns="http://www.w3.org/1998/Math/MathML"><mo>⊕</mo></math>')
    assert speak(math) == "circled plus"


def mathml(tex: str) -> etree._Element:
    blocks = pandoc.read_markdown(f"${tex}$\n").blocks
    root = etree.fromstring(f"<div>{pandoc.write_html(blocks, lang='en')}</div>")
    return next(root.iter("{http://www.w3.org/1998/Math/MathML}math"))

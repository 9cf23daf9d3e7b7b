"""Formulas in print: WeasyPrint draws no MathML, so ziamath draws each formula as a vector picture."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lxml import etree

from concordant.editions.elements import Element
from concordant.editions.speech import speak
from concordant.sources.svgrules import SVG

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_SIZE = 16.0  # CSS px; the picture is scaled to the text by its size in em


def draw_formulas(root: Element) -> None:
    """Replace every `math` element by an `svg` with the formula in words as its text alternative."""
    for math in list(root.iter(f"{_MATHML}math")):
        parent = math.getparent()
        assert parent is not None
        picture = _draw(math)
        picture.tail = math.tail
        parent.replace(math, picture)


@cache
def _engine() -> Any:
    from ziamath.config import config  # noqa: PLC0415 - a text without formulas does without
    from ziamath.zmath import Math  # noqa: PLC0415

    config.svg2 = False  # outlines, not symbols, whose names would be the same in every formula
    return Math


def _draw(math: Element) -> Element:
    words = math.get("alttext") or speak(math)
    for semantics in math.findall(f"{_MATHML}semantics"):
        math.replace(semantics, semantics[0])  # the formula itself comes first (MathML 3, 5.1)
    text = etree.tostring(math, encoding="unicode", with_tail=False)
    drawn = _engine()(re.sub(r"\sxmlns(:\w+)?=\"[^\"]*\"", "", text), size=_SIZE)
    svg = etree.fromstring(drawn.svg().encode())
    height, depth = float(svg.get("height", _SIZE)), -drawn.getyofst()
    display = math.get("display") == "block"
    svg.set("class", "formula display" if display else "formula")
    # Its size, not its style: then one that is too wide for the column can become narrower, and as much lower.
    svg.set("width", f"{float(svg.get('width', _SIZE)) / _SIZE:.3f}em")
    svg.set("height", f"{height / _SIZE:.3f}em")
    svg.set("style", f"vertical-align: {-depth / _SIZE:.3f}em")
    title = etree.Element(f"{{{SVG}}}title")
    title.text = words
    svg.insert(0, title)
    return svg

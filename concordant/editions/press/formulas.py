"""Formulas in print: WeasyPrint draws no MathML, so ziamath draws each formula as a vector picture."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import Any

from lxml import etree

from concordant.cache import Kept
from concordant.editions.elements import Element
from concordant.editions.speech import speak
from concordant.sources.svgrules import SVG

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
TEX = "data-tex"  # of a picture: the TeX of its formula
_SIZE = 16.0  # CSS px; the picture is scaled to the text by its size in em


def draw_formulas(root: Element, memory: Kept | None = None) -> None:
    """Replace every `math` element by an `svg` with the formula in words as its text alternative.

    Where a memory has what these formulas look like, ziamath is not even loaded, which takes longer than a page's layout.
    """
    found = list(root.iter(f"{_MATHML}math"))
    written = [math.findtext(f".//{_MATHML}annotation", "").strip() for math in found]
    told = [_told(math) for math in found]
    for math, tex, svg in zip(found, written, _pictures(told, memory), strict=True):
        parent = math.getparent()
        assert parent is not None
        picture = etree.fromstring(svg)
        picture.set(TEX, tex)
        picture.tail = math.tail
        parent.replace(math, picture)


def _told(math: Element) -> tuple[str, str, bool]:
    """Return a formula as text, in words, and whether it is displayed."""
    words = math.get("alttext") or speak(math)
    for semantics in math.findall(f"{_MATHML}semantics"):
        math.replace(semantics, semantics[0])  # the formula itself comes first (MathML 3, 5.1)
    text = etree.tostring(math, encoding="unicode", with_tail=False)
    return re.sub(r"\sxmlns(:\w+)?=\"[^\"]*\"", "", text), words, math.get("display") == "block"


def _pictures(told: list[tuple[str, str, bool]], memory: Kept | None) -> list[str]:
    """Return the formulas of one part as pictures: its memory is asked once for all of them."""
    if not told or memory is None:
        return [_draw(*each) for each in told]
    key = b"formulas " + hashlib.blake2b(repr(told).encode()).digest()
    if (known := memory.look_up(key)) is None:
        known = ([_draw(*each) for each in told],)
        memory.keep(key, known[0])
    pictures: list[str] = known[0]
    return pictures


@cache
def _engine() -> Any:
    from ziamath.config import config  # noqa: PLC0415 - a text without formulas does without
    from ziamath.zmath import Math  # noqa: PLC0415

    config.svg2 = False  # outlines, not symbols, whose names would be the same in every formula
    return Math


def _draw(formula: str, words: str, display: bool) -> str:
    drawn = _engine()(formula, size=_SIZE)
    svg = etree.fromstring(drawn.svg().encode())
    height, depth = float(svg.get("height", _SIZE)), -drawn.getyofst()
    svg.set("class", "formula display" if display else "formula")
    # Its size, not its style: then one that is too wide for the column can become narrower, and as much lower.
    svg.set("width", f"{float(svg.get('width', _SIZE)) / _SIZE:.3f}em")
    svg.set("height", f"{height / _SIZE:.3f}em")
    svg.set("style", f"vertical-align: {-depth / _SIZE:.3f}em")
    title = etree.Element(f"{{{SVG}}}title")
    title.text = words
    svg.insert(0, title)
    written: str = etree.tostring(svg, encoding="unicode")
    return written

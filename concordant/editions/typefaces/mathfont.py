"""The face in which reading systems set MathML: cut to a document's formulas, left out where it has none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import chain

from concordant.cache import remembered
from concordant.editions.elements import MATH, parse
from concordant.editions.fragments import Fragment, characters_in
from concordant.editions.typefaces.fonts import CutFace, Face, cut_face

FACE = Face(
    "STIX Two Math", 400, "normal", "ziamath", "fonts/STIXTwoMath-Regular.ttf", always=False
)
# Drawn for elements that do not name them: the root sign and what is stretched around a formula.
_SIGNS = frozenset(map(ord, "()[]{}|\u2016\u221a\u203e\u2212"))


def math_fonts(fragments: Iterable[Fragment]) -> tuple[CutFace, ...]:
    """Return the face for the formulas of the fragments, or nothing."""
    texts = chain.from_iterable((each.body, *each.notes) for each in fragments)
    characters = frozenset("".join(_in_formulas(text) for text in texts if "<math" in text))
    if not characters:
        return ()
    wanted = _SIGNS | set(map(ord, characters)) | _italics(characters)
    return (CutFace(FACE, cut_face(FACE, frozenset(wanted))),)


@remembered
def _in_formulas(text: str) -> str:
    """Return, sorted, the characters of a fragment's formulas."""
    formulas = parse(text).iter(MATH)
    return characters_in(*(str(each) for math in formulas for each in math.itertext()))


def _italics(characters: frozenset[str]) -> set[int]:
    """Return the italic forms in which a variable of one letter is set (MathML Core, `math-auto`)."""
    planck = {0x210E} if "h" in characters else set()  # the italic h, which was there before
    return planck | {
        code
        for code in range(0x1D434, 0x1D7CC)
        if unicodedata.normalize("NFKC", chr(code)) in characters
        and unicodedata.name(chr(code), "").startswith("MATHEMATICAL ITALIC")
    }

"""The face in which reading systems set MathML: cut to a document's formulas, left out where it has none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from concordant.editions.fragments import Fragment
from concordant.editions.typefaces.fonts import CutFace, Face, cut_face

FACE = Face(
    "STIX Two Math", 400, "normal", "ziamath", "fonts/STIXTwoMath-Regular.ttf", always=False
)
# Drawn for elements that do not name them: the root sign and what is stretched around a formula.
_SIGNS = frozenset(map(ord, "()[]{}|\u2016\u221a\u203e\u2212"))


def math_fonts(fragments: Iterable[Fragment]) -> tuple[CutFace, ...]:
    """Return the face for the formulas of the fragments, or nothing."""
    characters = frozenset("".join(each.formulas for each in fragments))
    if not characters:
        return ()
    wanted = _SIGNS | set(map(ord, characters)) | _italics(characters)
    return (CutFace(FACE, cut_face(FACE, frozenset(wanted))),)


def _italics(characters: frozenset[str]) -> set[int]:
    """Return the italic forms in which a variable of one letter is set (MathML Core, `math-auto`)."""
    planck = {0x210E} if "h" in characters else set()  # the italic h, which was there before
    return planck | {
        code
        for code in range(0x1D434, 0x1D7CC)
        if unicodedata.normalize("NFKC", chr(code)) in characters
        and unicodedata.name(chr(code), "").startswith("MATHEMATICAL ITALIC")
    }

"""Brackets in the PDF's own text: one that is drawn from right to left is mirrored, and must not be taken for its twin.

WeasyPrint notes for each glyph the text that it was first drawn for. Where a line runs from right to left, "[" is
drawn with the glyph of "]", and from then on every "]" of the document would be copied and read out as "[".
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from typing import Any

from fontTools.ttLib import TTFont

_RIGHT_TO_LEFT = frozenset(("R", "AL"))


def set_upright(fonts: Iterable[Any]) -> None:
    """Let each bracket's glyph stand for the character that the font has it for (ISO 32000-1, 9.10.3)."""
    fonts = list(fonts)
    if not any(_runs_to_left(text) for font in fonts for text in font.to_unicode.values()):
        return
    for font in fonts:
        turned = {glyph for glyph, text in font.to_unicode.items() if _is_bracket(text)}
        if turned:
            face = TTFont(io.BytesIO(font.file_content), fontNumber=font.index, lazy=True)
            for code, name in face.getBestCmap().items():
                glyph = face.getGlyphID(name)
                if glyph in turned and _is_bracket(chr(code)):
                    font.to_unicode[glyph] = chr(code)


def _runs_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def _is_bracket(text: str) -> bool:
    return len(text) == 1 and bool(unicodedata.mirrored(text))

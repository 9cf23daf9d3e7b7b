"""How wide text is in a typeface: measured in the font file that the editions embed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import uharfbuzz as hb

from concordant.installed import file_of

# The families of the editions by the kind of letters that they are; each is followed by those of other scripts.
FAMILIES = {
    "serif": "Source Serif 4",
    "sans-serif": "Source Sans 3",
    "monospace": "Source Code Pro",
}
SCRIPTS = ("Noto Serif SC", "Amiri")

# Kerning and ligatures are left out of the measure: WeasyPrint sets the text of an SVG letter by
# letter, without them; and kerning seldom widens text, so the plain advances hold for browsers too.
PLAIN = {"kern": False, "liga": False, "clig": False}


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file, variable in weight or not; sizes and widths are in the unit of the drawing."""

    path: Path

    def width(self, text: str, size: float, weight: int = 400) -> float:
        """Return the advance width of a line; a character that the font lacks counts as one em."""
        return _ems(self.path, text, weight) * size

    def wrap(self, text: str, size: float, width: float, weight: int = 400) -> tuple[str, ...]:
        """Break text at its spaces into as few lines of at most `width` as can be, evenly filled.

        No-break spaces do not break. A word wider than `width` stands on a line of its own.
        """
        words = [word for word in text.split(" ") if word]

        def measure(line: str) -> float:
            return self.width(line, size, weight)

        lines = _fill(words, width, measure)
        widths = {measure(line) for start in range(len(words)) for line in _runs(words[start:])}
        # The narrowest measure that needs no more lines: no lonely word is left on the last one.
        for narrower in sorted(found for found in widths if found <= width):
            evened = _fill(words, narrower, measure)
            if len(evened) == len(lines):
                return evened
        return lines


def figure_typeface() -> Typeface:
    """Return the typeface of the figures, Source Sans 3, as the locked font package brings it."""
    return Typeface(file_of("fontpkg_source_sans_3", "files/SourceSans3[wght].ttf"))


def family_list(kind: str) -> str:
    """Return the editions' families of a kind (serif, sans-serif or monospace) as CSS names them, for an attribute."""
    return ",".join([*(f"'{family}'" for family in (FAMILIES[kind], *SCRIPTS)), kind])


def _runs(words: Sequence[str]) -> list[str]:
    """Return the lines that begin with the first word: one word, two words, and so on."""
    return list(accumulate(words, lambda line, word: f"{line} {word}"))


def _fill(words: Sequence[str], width: float, measure: Callable[[str], float]) -> tuple[str, ...]:
    """Fill lines one after the other, each with as many words as fit."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


@lru_cache(maxsize=16)
def _font(path: Path, weight: int) -> hb.Font:
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
    font.set_variations({"wght": weight})
    return font


@lru_cache(maxsize=4096)
def _ems(path: Path, text: str, weight: int) -> float:
    font = _font(path, weight)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, PLAIN)
    em: int = font.face.upem
    glyphs = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    # Glyph 0 is .notdef: another font will draw the character, most likely a full-width one.
    advances = (place.x_advance if glyph.codepoint else em for glyph, place in glyphs)
    return float(sum(advances)) / em

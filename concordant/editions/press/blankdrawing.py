"""Drawing blanks: zeros that say with which glyphs of the same font any other number would be drawn.

This module reads what WeasyPrint keeps to itself (its version is locked).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import split_first_line

from concordant.editions.press.blanks import Digit, blank
from concordant.numbered.blank import BLANK

_DIGITS = "0123456789"
_VARIANTS = ("caps", "numeric", "position", "ligatures", "alternates", "east_asian")
GLYPHS = (  # what of a style decides which glyphs are drawn
    *("lang", "font_family", "font_size", "font_weight", "font_style", "font_stretch"),
    *("font_kerning", "font_feature_settings", "font_variation_settings"),
    *("font_language_override", *(f"font_variant_{each}" for each in _VARIANTS)),
)
Draw = Callable[..., Any]


def drawing_blanks(draw: Draw) -> Draw:
    """Return WeasyPrint's `draw_first_line`, extended: what it draws for a blank can be set later."""
    known: dict[tuple[Any, ...], tuple[Digit, ...]] = {}

    def draw_first_line(stream: Any, box: Any, *options: Any) -> Any:
        start = len(stream.stream)
        result = draw(stream, box, *options)
        if (index := _index(box)) is not None:
            operators = stream.stream[start:]
            (at,) = (place for place, each in enumerate(operators) if each.endswith(b" TJ"))
            look = tuple(str(box.style[each]) for each in GLYPHS)
            if look not in known:
                known[look] = tuple(_digits(stream, box))
            stream.stream[start + at] = blank(index, known[look], operators[at])
        return result

    return draw_first_line


def _index(box: Any) -> int | None:
    element = getattr(box, "element", None)  # text of a drawing has none
    written = None if element is None or "::" in box.element_tag else element.get(BLANK)
    return int(written) if written else None


def _digits(stream: Any, box: Any) -> Iterator[Digit]:
    """Yield the ten digits as they look in a box; the font learns what they stand for and how wide they are."""
    layout, *_ = split_first_line(_DIGITS, box.style, None, None, 0)
    layout.reactivate(box.style)
    run = layout.get_first_line()[0].runs[0].data
    font, size = stream.add_font(run.item.analysis.font)
    glyphs = [each.glyph for each in run.glyphs.glyphs[0 : run.glyphs.num_glyphs]]
    for digit, glyph in zip(_DIGITS, glyphs, strict=True):
        font.to_unicode.setdefault(glyph, digit)
        if glyph not in font.widths:
            pango.pango_font_get_glyph_extents(
                run.item.analysis.font, glyph, ffi.NULL, stream.logical_rect
            )
            font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    layout.deactivate()
    for glyph in glyphs:
        room = font.widths[glyphs[0]] - font.widths[glyph]
        yield Digit(glyph, room / 2, room / 2)

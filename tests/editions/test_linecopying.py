"""Copied lines look as if each had been set up by itself, and few are set up."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from lxml import etree
from weasyprint.text import line_break

from concordant.editions.press import linecopying, weasy
from concordant.editions.press.weasy import Press
from concordant.editions.typefaces.fonts import cut_fonts
from tests.editions.forgetting import forget

# Ways in which a line may differ from the one before, by the property that tells it.
DIFFERENT = {
    "direction": "direction: rtl",
    "font_family": "font-family: 'Source Sans 3'",
    "font_style": "font-style: italic",
    "font_weight": "font-weight: bold",
    "font_size": "font-size: 7pt",
    "font_kerning": "font-kerning: none",
    "font_feature_settings": "font-feature-settings: 'smcp' 1",
    "font_variant_ligatures": "font-variant-ligatures: none",
    "font_variant_caps": "font-variant-caps: small-caps",
    "font_variant_numeric": "font-variant-numeric: oldstyle-nums",
}
WORDS = "AVA (12-34) office To. نص عربي"
DRAWING = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='20'>"
    "<text x='5' y='15' font-family='Source Serif 4'>drawn</text></svg>"
)
STYLE = "@page { size: 90mm 120mm; margin: 9mm } body { font: 9pt 'Source Serif 4', 'Amiri' }"


def document(*styles: str) -> etree._Element:
    lines = "".join(f"<p style=\"{style}\">{WORDS}</p><p lang='de'>{WORDS}</p>" for style in styles)
    return etree.fromstring(
        "<html lang='en'><head><title>Lines</title></head>"
        f"<body><p>{WORDS}</p>{lines}{DRAWING}<p style='letter-spacing: 2pt'>{WORDS} {WORDS}</p></body></html>"
    )


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(STYLE, cut_fonts([*map(chr, range(0x20, 0x180)), *WORDS]))


def printed(press: Press, *styles: str) -> bytes:
    return press.print([press.lay_out(document(*styles))])


def test_the_same_is_printed_with_less_work(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up = line_break.Layout.setup
    asked: list[object] = []

    def count(line: object, style: object) -> None:
        asked.append(line)
        set_up(line, style)

    monkeypatch.setattr(line_break.Layout, "setup", count)
    monkeypatch.setattr(weasy, "lines_kept", nullcontext)
    ways = [*DIFFERENT.values(), "text-decoration: underline"] * 3
    copied = printed(press, *ways)
    with_copies = len(asked)
    monkeypatch.setattr(weasy, "lines_copied", nullcontext)
    assert printed(press, *ways) == copied
    assert with_copies < 0.3 * (len(asked) - with_copies)
    assert line_break.Layout.setup is count  # WeasyPrint is left as it was


@pytest.mark.parametrize("forgotten", DIFFERENT)
def test_each_difference_is_told(
    press: Press, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    right = printed(press, DIFFERENT[forgotten])
    forget(monkeypatch, linecopying, forgotten)
    assert printed(press, DIFFERENT[forgotten]) != right

"""Styles that one part leaves to the next change nothing that is printed, and spare work."""

from __future__ import annotations

import pytest
from lxml import etree
from weasyprint import css

from concordant.editions.press.weasy import Press
from concordant.editions.typefaces.fonts import cut_fonts

_FONTS = cut_fonts(map(chr, range(0x20, 0x180)))
_PAGES = """
@page { size: 90mm 60mm; margin: 12mm; @top-left { content: string(part) } @bottom-center { content: counter(page) } }
@page :first { @top-left { content: none } } @page wide { size: 150mm 60mm }
h1 { string-set: part content(text) } .wide { page: wide }
body { font: 9pt "Source Serif 4" } p { text-align: justify } .narrow { width: 20mm; hyphens: auto } em { color: #046 } .footnote { float: footnote }
"""


def _part(name: str, kind: str = "", lang: str = "en", more: int = 0) -> etree._Element:
    text = "".join(
        f"<p id='{name}{turn}'>Words <em>of {name}</em>, set in lines.<span class='footnote' id='{name}n{turn}'>A note.</span></p>"
        f"<ol class='box'><li>One thing</li></ol><p style='margin-left: {turn + more}pt'>More <b>words</b>.</p>"
        f"<p class='narrow'>Hundertwasserhausfassadenmalereibetrachtung</p>"
        for turn in range(9)
    )
    return etree.fromstring(
        f"<html lang='{lang}'><head><title>Parts</title></head><body><h1 class='{kind}'>{name}</h1>{text}</body></html>"
    )


@pytest.mark.parametrize(
    "rule",
    [
        "",
        ".box { width: 50vw; border: 1px solid }",
        "html { overflow: hidden } .box { overflow: hidden }",
        "body { overflow: hidden } li::before { content: leader('.') }",
        ".box { display: table; border-collapse: collapse; padding: 9pt }",
    ],
)
def test_a_part_is_printed_as_it_is_alone(rule: str) -> None:
    style = _PAGES + rule
    parts = [("a", "", "en"), ("b", "wide", "en"), ("c", "", "de"), ("d", "", "en")]
    together = Press(style, _FONTS)
    printed = [together.print([together.lay_out(_part(*part))]) for part in parts]
    for part, pdf in zip(parts, printed, strict=True):
        alone = Press(style, _FONTS)
        assert pdf == alone.print([alone.lay_out(_part(*part))])


def test_the_second_part_is_spared_most_of_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str | None] = []
    make = css.ComputedStyle.__init__

    def count(
        style: css.ComputedStyle,
        parent: object,
        cascaded: object,
        pseudo: str | None,
        *more: object,
    ) -> None:
        made.append(pseudo)
        make(style, parent, cascaded, pseudo, *more)

    monkeypatch.setattr(css.ComputedStyle, "__init__", count)
    press = Press(_PAGES, _FONTS)
    press.lay_out(_part("a"))
    first = len(made)
    assert {"@top-left", "@bottom-center", None} <= set(made)
    made.clear()
    press.lay_out(_part("b"))
    assert not [each for each in made if each and each.startswith("@")]
    assert len(made) < 0.7 * first
    kept = len(press._kept._styles)
    press.lay_out(_part("c", more=50))
    assert len(press._kept._styles) == kept  # what elements say of themselves is not kept

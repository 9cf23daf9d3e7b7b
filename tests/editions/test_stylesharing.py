"""Shared styles change nothing that is printed, and spare most of the work on styles."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from lxml import etree
from weasyprint import CSS, css
from weasyprint.css.counters import CounterStyle
from weasyprint.html import UA

from concordant.editions.press import weasy
from concordant.editions.press.weasy import Layout, Press
from concordant.editions.typefaces.fonts import cut_fonts

STYLE = """
@page { size: 90mm 120mm; margin: 12mm; @bottom-center { content: counter(page) } }
body { font: 9pt "Source Serif 4" } a { color: #046 } .right { text-align: right }
ol { list-style-type: lower-alpha; text-transform: uppercase } b { hyphens: auto } .footnote { float: footnote } a::after { content: " (p. " target-counter(attr(href), page) ")" } #e7 { font-weight: bold }
.cell::before { content: leader(".") attr(id) }
"""
_ENTRIES = "".join(
    f"<li id='e{turn}'><p id='p{turn}' style='{'text-align: right' if turn % 2 else 'margin: 2pt'}'>Entry {turn}, "
    f"<a id='a{turn}' href='#e{(turn * 7) % 60}'>see there</a> <em>or</em> <i lang='fr' id='f{turn}'>là</i>,"
    f"<span class='footnote' id='n{turn}'>A note.</span> "
    f"<b style='color: #400' lang='{'de' if turn % 3 else 'en'}'>Donaudampfschifffahrtsgesellschaftskapitän</b></p></li>"
    for turn in range(60)
)
_ROWS = "".join(
    f"<tr id='r{turn}'><th scope='row' style='text-align: right'>{turn}</th><td class='cell' id='d{turn}'>x</td></tr>"
    for turn in range(20)
)
HTML = (
    f"<html lang='en'><head><title>Anchors</title></head><body><h1 id='h'>Anchors</h1><ol>{_ENTRIES}</ol>"
    f"<table><tbody>{_ROWS}</tbody></table></body></html>"
)


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(STYLE, cut_fonts(map(chr, range(0x20, 0x180))))


def _lay_out(press: Press) -> Layout:
    return press.lay_out(etree.fromstring(HTML))


def _count_values(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    worked_out: list[str] = []
    missing = css.ComputedStyle.__missing__

    def count(style: object, key: str) -> object:
        worked_out.append(key)
        return missing(style, key)

    monkeypatch.setattr(css.ComputedStyle, "__missing__", count)
    return worked_out


def test_the_same_is_printed_with_less_work(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out = _count_values(monkeypatch)
    shared = _lay_out(press)
    with_sharing = len(worked_out)
    monkeypatch.setattr(weasy, "styles_shared", nullcontext)
    own_sheet = CSS(string=UA, counter_style=CounterStyle())
    monkeypatch.setattr(weasy, "_USER_AGENT", own_sheet)
    own = _lay_out(press)
    assert press.print([shared]) == press.print([own])
    assert shared.anchors == own.anchors
    assert {"h", "e59", "p0", "a31", "f2", "r19", "d3"} <= shared.anchors.keys()
    assert with_sharing < 0.4 * len(worked_out)


def test_weasyprint_is_left_as_it_was(press: Press) -> None:
    before = css.StyleFor, css.find_style_attributes
    _lay_out(press)
    assert (css.StyleFor, css.find_style_attributes) == before

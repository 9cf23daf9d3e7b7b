"""Kept struts set lines as if each had been asked for, and few are asked for."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from lxml import etree
from weasyprint.layout import inline

from concordant.editions.press import struts, weasy
from concordant.editions.press.weasy import Press
from concordant.editions.typefaces.fonts import cut_fonts
from tests.editions.forgetting import forget

# Ways in which the words of a line may be higher than those before, by the property that tells it.
DIFFERENT = {
    "line_height": "line-height: 30pt",
    "font_size": "font-size: 24pt",
    "font_family": "font-family: 'Source Sans 3'",
}
STYLE = "@page { size: 90mm 120mm; margin: 9mm } body { font: 9pt 'Source Serif 4' }"
DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text y='9'>a</text></svg>"


def document(*styles: str) -> etree._Element:
    spans = "".join(f'<p>Some words <span style="{each}">of one</span> line</p>' for each in styles)
    text = f"<body><p>Some words</p>{spans}{DRAWING}</body>"
    return etree.fromstring(f"<html lang='en'><head><title>Struts</title></head>{text}</html>")


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(STYLE, cut_fonts(map(chr, range(0x20, 0x180))))


def printed(press: Press, *styles: str) -> bytes:
    return press.print([press.lay_out(document(*styles))])


def test_the_same_is_printed_with_less_work(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    strut = inline.strut
    asked: list[object] = []

    def count(style: object) -> object:
        asked.append(style)
        return strut(style)

    monkeypatch.setattr(inline, "strut", count)
    ways = [*DIFFERENT.values()] * 4
    kept = printed(press, *ways)
    with_kept = len(asked)
    monkeypatch.setattr(weasy, "struts_kept", nullcontext)
    assert printed(press, *ways) == kept
    assert with_kept < 0.3 * (len(asked) - with_kept)
    assert inline.strut is count  # WeasyPrint is left as it was


@pytest.mark.parametrize("forgotten", DIFFERENT)
def test_each_difference_is_told(
    press: Press, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    right = printed(press, DIFFERENT[forgotten])
    forget(monkeypatch, struts, forgotten)
    assert printed(press, DIFFERENT[forgotten]) != right

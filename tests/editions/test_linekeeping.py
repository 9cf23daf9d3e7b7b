"""Kept lines end where they would if each had been asked for, and few are asked for again."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from lxml import etree
from weasyprint.layout import inline

from concordant.editions.press import linekeeping, weasy
from concordant.editions.press.weasy import Press
from concordant.editions.typefaces.fonts import cut_fonts
from tests.editions.forgetting import forget

# Ways in which a paragraph may be broken otherwise than the one before, by the property that tells it.
DIFFERENT = {
    "letter_spacing": "letter-spacing: 1pt",
    "word_spacing": "word-spacing: 6pt",
    "white_space": "white-space: nowrap",
    "overflow_wrap": "overflow-wrap: anywhere",
    "word_break": "word-break: break-all",
    "hyphens": "hyphens: none",
    "hyphenate_character": "hyphenate-character: '~'",
    "hyphenate_limit_chars": "hyphenate-limit-chars: 20",
    "hyphenate_limit_zone": "hyphenate-limit-zone: 25mm",
    "font_size": "font-size: 7pt",
    "font_family": "font-family: 'Source Sans 3'",
    "font_weight": "font-weight: bold",
}
STYLE = """@page { size: 60mm 90mm; margin: 9mm }
body { font: 9pt 'Source Serif 4'; hyphens: auto; text-align: justify } table { width: 100% }"""
WORDS = "Extraordinary circumstances, notwithstanding the\n\tinternational agreement of hyphenationless-words, prevail."
LONG = "x" * 90
DRAWING = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='9'><text y='9'>drawn</text></svg>"
)


def document(*styles: str) -> etree._Element:
    text = "".join(f'<p style="{each}">{WORDS} {LONG}</p>' for each in ("", *styles))
    cells = "".join(f'<tr><td>{WORDS}</td><td style="{each}">{WORDS}</td></tr>' for each in styles)
    body = f"<body>{text}<table>{cells}</table>{DRAWING}</body>"
    return etree.fromstring(f"<html lang='en'><head><title>Lines</title></head>{body}</html>")


@pytest.fixture
def press() -> Press:
    return Press(STYLE, cut_fonts(map(chr, range(0x20, 0x180))))


def printed(press: Press, *styles: str) -> bytes:
    return press.print([press.lay_out(document(*styles))])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts whose first line WeasyPrint is asked for."""
    split = inline.split_first_line
    texts: list[str] = []

    def note(text: str, *rest: object, **more: object) -> object:
        texts.append(text)
        return split(text, *rest, **more)

    monkeypatch.setattr(inline, "split_first_line", note)
    return texts


def test_the_same_is_printed_with_less_work(
    press: Press, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    noting = inline.split_first_line
    ways = [*DIFFERENT.values()] * 2
    kept = printed(press, *ways)
    first = len(asked)
    assert printed(press, *ways) == kept
    assert len(asked) == first > 0  # another layout finds all lines
    assert inline.split_first_line is noting  # WeasyPrint is left as it was
    monkeypatch.setattr(weasy, "lines_kept", nullcontext)
    assert printed(press, *ways) == kept
    assert first < 0.6 * (len(asked) - first)


def test_each_box_has_a_line_of_its_own(press: Press) -> None:
    layout = press.lay_out(document(*["font-size: 8pt"] * 3))
    page_boxes = [page._page_box for page in layout.document.pages]
    lines = [
        box.pango_layout
        for page in page_boxes
        for box in page.descendants()
        if getattr(box, "pango_layout", None)
    ]
    assert len({*map(id, lines)}) == len(lines) > 20


def test_when_they_are_many_they_are_forgotten(
    press: Press, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed(press)
    first = len(asked)
    monkeypatch.setattr(linekeeping, "_MOST", 0)
    printed(press, "font-size: 8pt")
    printed(press)
    assert len(asked) > 2 * first


@pytest.mark.parametrize("forgotten", DIFFERENT)
def test_each_difference_is_told(monkeypatch: pytest.MonkeyPatch, forgotten: str) -> None:
    fonts = cut_fonts(map(chr, range(0x20, 0x180)))
    right = printed(Press(STYLE, fonts), DIFFERENT[forgotten])
    forget(monkeypatch, linekeeping, forgotten)
    assert printed(Press(STYLE, fonts), DIFFERENT[forgotten]) != right


@pytest.mark.parametrize("length", [1, 2, 5])
def test_another_length_of_the_page_asks_for_no_line_again(
    press: Press, asked: list[str], length: int
) -> None:
    press.lay_out(document())
    first = len(asked)
    press.lay_out(document(), style=f"@page {{ margin-bottom: {9 + length}mm }}")
    assert len(asked) == first

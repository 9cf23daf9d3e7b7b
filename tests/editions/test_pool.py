"""Workers print the same parts as this process, whatever their number and the order of the work."""

from __future__ import annotations

from concordant.editions.fonts import cut_fonts
from concordant.editions.joining import join, save
from concordant.editions.pool import (
    Numbering,
    Sheet,
    local_workers,
    number_all,
    outfit,
    print_all,
    print_numbering,
    print_sheet,
)

STYLE = '@page { size: 90mm 120mm; @bottom-center { content: counter(page) } } html { font: 9pt "Source Serif 4" }'
SHEETS = [
    Sheet(
        f"c{index}",
        f"<html lang='en'><head><title>Pool</title></head><body><h1 id='c{index}'>Chapter {index}</h1>"
        f"<p><a href='#c{5 - index}'>across</a> {'word ' * 300 * index}</p><p id='e{index}'>End</p></body></html>".encode(),
    )
    for index in range(1, 5)
]


def test_workers_print_what_this_process_prints() -> None:
    fonts = cut_fonts("abcdefghijklmnopqrstuvwxyzCEP0123456789 ")
    of = outfit(STYLE, fonts)
    with local_workers(2) as executor:
        parts = print_all(SHEETS, of, executor)
        numberings = [Numbering(part.kinds, 7, part.style) for part in parts]
        folios = number_all(numberings, of, executor)
    assert parts == [print_sheet(sheet, of) for sheet in SHEETS]
    assert folios == [print_numbering(each, of) for each in numberings]
    assert [len(part.kinds) for part in parts] == sorted(len(part.kinds) for part in parts)
    assert parts[3].anchors == {"c4": 0, "e4": len(parts[3].kinds) - 1}
    pdf = join([part.pdf for part in parts], folios, [font.data for font in fonts])
    assert len(pdf.pages) == sum(len(part.kinds) for part in parts)
    assert save(pdf)


def test_an_outfit_is_told_by_its_style_and_fonts() -> None:
    fonts = cut_fonts("abc")
    same, again = outfit(STYLE, fonts), outfit(STYLE, cut_fonts("abc"))
    assert same == again
    assert hash(same) == hash(again)
    assert outfit(STYLE + " ", fonts) != same
    assert outfit(STYLE, fonts[1:]) != same
    assert outfit(STYLE, cut_fonts("абв")) != same

"""Stretches: a long reference list is the same list, on pages as full as each other, whoever lays out which entries."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from concordant.editions.binding.bind import Binding, Sheets
from concordant.editions.binding.imprint import Imprint
from concordant.editions.press.fitting import fit
from concordant.editions.press.stretches import in_stretches, is_stretch
from concordant.editions.press.weasy import Layout, Press
from concordant.editions.typefaces.fonts import cut_fonts
from concordant.editions.workers import ThisProcess
from tests.documents import write_document

COUNT = 950
LINE = 12  # points
STYLE = """
@page { size: 90mm 120mm; margin: 15mm 12mm; @top-center { content: string(chapter) } }
@page :first { @top-center { content: none } }
h1 { string-set: chapter content(text); break-after: avoid; margin: 0 0 20mm }
body { font: 9pt/12pt "Source Serif 4" } ol { list-style: none; margin: 0; padding: 0 }
li { break-inside: avoid; margin: 0 0 4pt } p { margin: 0 }
"""
# From one to four lines, in no order that a page would know.
ENTRIES = [
    f"Entry {turn}: {'a word or two, ' * (turn * turn % 11)}end{turn}." for turn in range(COUNT)
]


def chapter(entries: list[str] = ENTRIES, after: str = "", before: str = "") -> etree._Element:
    items = "".join(f"<li id='e{turn}'><p>{text}</p></li>" for turn, text in enumerate(entries))
    return etree.fromstring(
        "<html lang='en'><head><title>Long</title></head><body><main><section id='refs'>"
        f"<h1 id='h'>Works cited</h1>{before}<ol id='list' class='references'>{items}</ol>{after}"
        "</section></main></body></html>"
    )


FACES = cut_fonts(map(chr, range(0x20, 0x180)))


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(STYLE, FACES)


@pytest.fixture(scope="module")
def layouts(press: Press) -> list[Layout]:
    return [press.lay_out(each) for each in in_stretches(chapter())]


def pages_of(press: Press, layouts: list[Layout]) -> list[str]:
    with pypdfium2.PdfDocument(press.print(layouts)) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def ends(press: Press, layouts: list[Layout]) -> list[float]:
    """Return, page by page, how far above its foot in points the last line stands."""
    with pypdfium2.PdfDocument(press.print(layouts)) as pdf:
        texts = [page.get_textpage() for page in pdf]
        return [min(text.get_charbox(at)[1] for at in range(text.count_chars())) for text in texts]


def test_a_list_is_cut_between_entries() -> None:
    stretches = in_stretches(chapter())
    assert len(stretches) == 4
    assert all(map(is_stretch, stretches))
    texts = [item[0].text for each in stretches for item in each.iter("li")]
    assert texts == ENTRIES
    ids = [one.get("id") for each in stretches for one in each.iter() if one.get("id")]
    assert len(ids) == len(set(ids)) == COUNT + 3


@pytest.mark.parametrize("count", [401, 450, 700, 2340, 5000])
def test_stretches_are_neither_long_nor_short(count: int) -> None:
    stretches = in_stretches(chapter([f"Entry {turn}" for turn in range(count)]))
    assert min(len(list(each.iter("li"))) for each in stretches) >= 160
    assert max(len(list(each.iter("li"))) for each in stretches) <= 400


def test_a_new_entry_moves_no_other_from_stretch_to_stretch() -> None:
    before, root = in_stretches(chapter()), chapter()
    found = root.find(".//ol")
    assert found is not None
    found.insert(1, etree.fromstring("<li id='new'><p>A new one.</p></li>"))
    after = in_stretches(root)
    assert [*map(etree.tostring, after[1:])] == [*map(etree.tostring, before[1:])]
    assert len(list(after[0].iter("li"))) == len(list(before[0].iter("li"))) + 1


@pytest.mark.parametrize(
    "whole",
    [
        chapter(ENTRIES[:300]),
        chapter(after="<p>And so on.</p>"),
        chapter(before="<p>See<span class='footnote' id='n'>A note.</span></p>"),
    ],
    ids=["short", "not at the end", "notes"],
)
def test_another_chapter_stays_whole(whole: etree._Element) -> None:
    before = etree.tostring(whole)
    assert in_stretches(whole) == [whole]
    assert etree.tostring(whole) == before
    assert not is_stretch(whole)


def test_each_entry_is_printed_once_and_in_order(press: Press, layouts: list[Layout]) -> None:
    text = " ".join(pages_of(press, layouts))
    assert re.findall(r"Entry\s(\d+):", text) == [*map(str, range(COUNT))]
    assert re.findall(r"end(\d+)\.", text) == [*map(str, range(COUNT))]


def test_pages_are_as_full_as_those_of_the_whole(press: Press, layouts: list[Layout]) -> None:
    whole = ends(press, [fit(press, chapter())])
    found = ends(press, layouts)
    assert min(found) >= min(whole) - 0.1  # none reaches lower
    assert max(found[:-1]) <= max(whole[:-1]) + LINE  # and none ends much higher
    assert len(found) <= len(whole) + 1


def test_pages_left_as_they_come_would_be_seen(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concordant.editions.press.levelling._levelled", lambda pages: pages)
    found = ends(press, [press.lay_out(each) for each in in_stretches(chapter())])
    assert max(found[:-1]) > max(ends(press, [fit(press, chapter())])[:-1]) + 2 * LINE


def test_only_the_first_page_is_a_first_page(press: Press, layouts: list[Layout]) -> None:
    first, *others = pages_of(press, layouts)
    assert first.startswith("Works cited")
    assert first.count("Works cited") == 1
    assert all(each.endswith("Works cited") for each in others)  # a running head is drawn last
    assert all(each.count("Works cited") == 1 for each in others)


def test_addresses_and_tokens_are_those_of_the_pages(press: Press, layouts: list[Layout]) -> None:
    for layout in layouts:
        texts = pages_of(press, [layout])
        for name, page in layout.anchors.items():
            if name.startswith("e"):
                assert f"Entry {name[1:]}:" in texts[page].replace("\r\n", " ")
        bare = ["".join(filter(str.isalnum, each.replace("Works cited", ""))) for each in texts]
        lengths = [after - before for before, after in pairwise([*layout.starts, layout.tokens])]
        opened = len("Workscited") if layout is layouts[0] else 0
        assert lengths == [len(bare[0]) + opened, *map(len, bare[1:])]


def test_pages_before_the_list_stay(press: Press) -> None:
    words = "".join(f"<p>Word {turn} of many.</p>" for turn in range(40))
    layouts = [press.lay_out(each) for each in in_stretches(chapter(before=words))]
    found = ends(press, layouts)
    opening = layouts[0].anchors["e0"]
    assert opening > 1
    text = pages_of(press, layouts[:1])
    assert re.findall(r"Word\s(\d+)", " ".join(text)) == [*map(str, range(40))]
    assert max(found[opening:-1]) <= max(ends(press, [fit(press, chapter())])[:-1]) + 2 * LINE
    assert "Word" not in " ".join(pages_of(press, layouts[1:]))


def test_what_cannot_be_moved_stays(press: Press) -> None:
    root = chapter()
    for each in root.iter("li"):
        each.set("style", "background: #eef")
    layouts = [press.lay_out(each) for each in in_stretches(root)]
    plain = [press.lay_out(each) for each in in_stretches(chapter())]
    assert sum(each.page_count for each in layouts) == sum(each.page_count for each in plain)
    text = " ".join(pages_of(press, layouts))
    assert re.findall(r"end(\d+)\.", text) == [*map(str, range(COUNT))]


def kids_of(element: pikepdf.Object) -> list[pikepdf.Object]:
    held = element.get("/K", pikepdf.Array())
    kids = list(held) if isinstance(held, pikepdf.Array) else [held]
    return [each for each in kids if isinstance(each, pikepdf.Dictionary) and "/S" in each]


def page_of(element: pikepdf.Object) -> tuple[int, int]:
    while "/Pg" not in element:
        element = kids_of(element)[0]
    return element.Pg.objgen


def items_in(path_or_file: Path | BytesIO) -> list[pikepdf.Object]:
    """Return the items of the last list that a PDF's structure has, which is the only one of this length."""
    with pikepdf.open(path_or_file) as pdf:
        pages = {page.obj.objgen: at for at, page in enumerate(pdf.pages)}
        waiting, lists = [pdf.Root.StructTreeRoot.K], []
        while waiting:
            element = waiting.pop()
            element = element[0] if isinstance(element, pikepdf.Array) else element
            waiting += kids_of(element)
            lists += [element] if element.S == "/L" else []
        (found,) = (each for each in lists if len(kids_of(each)) > 100)
        items = kids_of(found)
        assert all(each.S == "/LI" and each.P.objgen == found.objgen for each in items)
        turns = [pages[page_of(each)] for each in items]
        assert turns == sorted(turns)
        return items


def test_bound_they_are_one_list(press: Press, layouts: list[Layout]) -> None:
    stretches = in_stretches(chapter())
    parts = tuple(press.print_part(press.lay_out(each)) for each in stretches)
    imprint = Imprint("urn:example", "urn:source", "1", "en", 0)
    sheets = Sheets(parts, (), tuple(cut.data for cut in FACES), imprint)
    bound = Binding(sheets, ThisProcess()).result()
    assert len(items_in(BytesIO(bound))) == COUNT


def test_a_part_that_is_a_list_and_nothing_else_is_bound_whole(press: Press) -> None:
    items = "".join(f"<li id='i{turn}'>Item {turn}.</li>" for turn in range(120))
    root = etree.fromstring(
        f"<html lang='en'><head><title>List</title></head><body><ol>{items}</ol></body></html>"
    )
    fonts = tuple(cut.data for cut in FACES)
    imprint = Imprint("urn:example", "urn:source", "1", "en", 0)
    sheets = Sheets((press.print_part(press.lay_out(root)),), (), fonts, imprint)
    assert len(items_in(BytesIO(Binding(sheets, ThisProcess()).result()))) == 120


@pytest.mark.slow
def test_editions_with_a_long_list_agree(tmp_path: Path) -> None:
    count = 830
    references = "references:\n" + "".join(
        f"- id: r{turn}\n  type: book\n  title: The book {turn}{' and its title' * (turn % 9)}\n"
        for turn in range(count)
    )
    paragraphs = "\n\n".join(f"Words [@r{turn}; @r{turn * 7 % count}]." for turn in range(count))
    text = f"# One\n\n{paragraphs}\n"
    files = write_document(tmp_path, {"01.md": text}, references=references).build()
    with pypdfium2.PdfDocument(files["pdf"]) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    listed = [each for each in pages if re.search(r"^\[\d+\] The book", each, re.MULTILINE)]
    assert len(listed) > 30
    assert len(items_in(files["pdf"])) == count
    assert all("References" in each for each in listed)

"""Blanks: numbers that are set later look, read and lead as if they had been there when the page was laid out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from concurrent.futures import Executor, Future
from io import StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image, ImageChops
from rich.console import Console

from concordant.cache import Folder, Kept
from concordant.editions.binding.bind import Binding, Sheets
from concordant.editions.binding.imprint import Imprint
from concordant.editions.binding.part import Place
from concordant.editions.edition import Format
from concordant.editions.press.blanks import blank_out, leave_blanks, told
from concordant.editions.press.printing import print_part
from concordant.editions.press.weasy import Press
from concordant.editions.typefaces.fonts import cut_fonts
from concordant.editions.workers import ThisProcess
from concordant.numbered.blank import BLANK
from concordant.pipeline import build
from concordant.progress import Progress
from tests.documents import ROOT, write_document

NUMBERS = ("1", "11", "47", "890", "2356")
ARABIC = "نص عربي قصير"
FACES = cut_fonts([*map(chr, range(0x20, 0x180)), *ARABIC])
STYLE = (ROOT / "styles/common.css").read_text("utf-8") + (
    ":root { --serif: 'Source Serif 4'; --sans: 'Source Sans 3'; --line: 14pt; --scale-caption: .8 }"
    "body { font: 10pt/14pt 'Source Serif 4', 'Amiri'; text-align: justify }"
    ".wide { letter-spacing: 1.5pt } .raised a { vertical-align: super; font-size: 60% }"
)


def document() -> etree._Element:
    cited = ", ".join(f"<a href='#ref-{index}'>{each}</a>" for index, each in enumerate(NUMBERS))
    cites = f"<span class='citation'>[{cited}]</span>"
    entries = "".join(f"<p id='ref-{index}'>Entry</p>" for index in range(len(NUMBERS)))
    return etree.fromstring(
        f"<html lang='en'><head><title>Blanks</title></head><body><p>Plain words {cites}; "
        f"<em>slanted words {cites}</em>, <strong>strong words {cites}</strong>.</p>"
        f"<p class='wide'>Set wide {cites}.</p><p class='raised'>Raised {cites}.</p>"
        f"<p lang='ar' dir='rtl'>{ARABIC} {cites} {ARABIC}.</p>"
        f"<figure><figcaption>Caption {cites}.</figcaption></figure>{entries}</body></html>"
    )


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(STYLE, FACES)


def printed(press: Press, root: etree._Element) -> bytes:
    return press.print_part(press.lay_out(root))


@pytest.fixture(scope="module")
def direct(press: Press) -> bytes:
    """The page with its numbers laid out as they are, in the same figures."""
    root = document()
    for link in root.iter("a"):
        link.set(BLANK, "")
    return bound(printed(press, root))


@pytest.fixture(scope="module")
def later(press: Press) -> bytes:
    root = document()
    numbers = leave_blanks(root)
    assert set(numbers) == set(NUMBERS)
    return bound(printed(press, root), numbers)


def bound(part: bytes, *numbers: tuple[str, ...], memory: Kept | None = None) -> bytes:
    fonts = tuple(each.data for each in FACES)
    imprint = Imprint("urn:example:blanks", "urn:example:source", "1", "en", 0)
    sheets = Sheets((part,), (), fonts, imprint, numbers)
    return Binding(sheets, ThisProcess(), memory=memory).result()


def pictures(pdf: bytes) -> list[Image.Image]:
    return [page.render(scale=3).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def texts(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def descriptions(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [str(link.Contents) for page in file.pages for link in page.get("/Annots", ())]


def test_they_look_the_same(direct: bytes, later: bytes) -> None:
    for left, right in zip(pictures(direct), pictures(later), strict=True):
        assert ImageChops.difference(left, right).getbbox() is None


def test_they_read_the_same(direct: bytes, later: bytes) -> None:
    assert texts(direct) == texts(later)
    assert all(number in "".join(texts(later)) for number in NUMBERS)


def test_numbers_are_set_in_a_part_that_is_recalled_without_them(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, memory = document(), Kept(Folder(tmp_path), "this version")
    numbers = leave_blanks(root)
    part = printed(press, root)
    others = tuple("9" * len(each) for each in numbers)
    expected = bound(part, others)
    assert bound(part, numbers, memory=memory) == bound(part, numbers)
    assert bound(part, numbers) != expected

    def place_anew(_: Place) -> None:
        raise AssertionError("the part was not recalled")

    monkeypatch.setattr("concordant.editions.binding.part._place", place_anew)
    assert bound(part, others, memory=memory) == expected


def test_their_links_say_the_same(direct: bytes, later: bytes) -> None:
    assert descriptions(later) == descriptions(direct)
    assert set(descriptions(later)) == set(NUMBERS)


def test_a_heading_keeps_its_numbers() -> None:
    cite = "<span class='citation'>[<a href='#ref-a'>12</a>]</span>"
    root = etree.fromstring(f"<body><h1>Title {cite}</h1><p>Text {cite}</p></body>")
    assert leave_blanks(root) == ("12",)
    assert [link.text for link in root.iter("a")] == ["12", "00"]


def test_labels_of_entries_are_left_out() -> None:
    entry = "<li><span class='entry-label'>[12]</span> Words of 1984</li>"
    root = etree.fromstring(f"<ol>{entry}</ol>")
    assert leave_blanks(root) == ("12",)
    assert "".join(map(str, root.itertext())) == "[00] Words of 1984"


def test_labels_look_and_read_the_same(press: Press) -> None:
    def entries(attribute: str = "") -> etree._Element:
        items = "".join(
            f"<li class='entry'><p><span class='entry-label'>[<span{attribute}>{each}</span>]</span> Words</p></li>"
            for each in NUMBERS
        )
        if not attribute:
            items = items.replace("<span>", "").replace("</span>]", "]")
        return etree.fromstring(
            f"<html lang='en'><head><title>List</title></head><body><ol class='references'>{items}</ol></body></html>"
        )

    direct = bound(printed(press, entries(f" {BLANK}=''")))
    root = entries()
    numbers = leave_blanks(root)
    assert numbers == NUMBERS
    later = bound(printed(press, root), numbers)
    assert texts(later) == texts(direct)
    assert "[2356] Words" in "".join(texts(later))
    for left, right in zip(pictures(direct), pictures(later), strict=True):
        assert ImageChops.difference(left, right).getbbox() is None


def test_a_line_of_contents_looks_and_reads_the_same_and_is_described_without_its_page(
    press: Press,
) -> None:
    def contents(attribute: str = "") -> etree._Element:
        lines = "".join(
            f"<li><a href='#a'><span class='line'>Words é of {each} <span class='folio'{attribute}>{each}</span></span></a></li>"
            for each in (*NUMBERS, "xvii")
        )
        return etree.fromstring(
            f"<html lang='en'><head><title>Contents</title></head><body id='a'><ul>{lines}</ul></body></html>"
        )

    root = contents()
    folios = blank_out((each for each in root.iter("span") if each.get("class") == "folio"), 2)
    assert folios == NUMBERS  # no roman numeral
    numbers = ("a", "b", *folios)
    direct = contents(f" {BLANK}=''")
    last = [*direct.iter("span")][-1]
    del last.attrib[BLANK]
    at_once, later = bound(printed(press, direct)), bound(printed(press, root), numbers)
    assert texts(later) == texts(at_once)
    assert "Words é of 2356 2356" in "".join(texts(later))
    for left, right in zip(pictures(at_once), pictures(later), strict=True):
        assert ImageChops.difference(left, right).getbbox() is None
    assert descriptions(later) == [
        *(f"Words é of {each}" for each in NUMBERS),
        "Words é of xvii xvii",
    ]


def test_a_blank_of_the_fragment_is_told_by_its_reference() -> None:
    cite = f"<span class='citation'><a {BLANK}='ref-a'>00</a>, <a>7</a>, <a {BLANK}='ref-b'>0</a></span>"
    root = etree.fromstring(f"<p>{cite}</p>")
    numbers = leave_blanks(root)
    assert [(link.get(BLANK), link.text) for link in root.iter("a")] == [
        ("0", "00"),
        ("1", "0"),
        ("2", "0"),
    ]
    assert told(numbers, {"ref-a": "12", "ref-b": "3"}) == ("12", "7", "3")


def test_names_are_no_numbers() -> None:
    cite = "<span class='citation'>(<a href='#ref-a'>Doe 1984</a>)</span>"
    assert leave_blanks(etree.fromstring(f"<p>{cite}</p>")) == ()


class Watched(Executor):
    """This process, which notes down what it is asked to print."""

    def __init__(self) -> None:
        self.printed: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if fn is print_part:
            self.printed.append(args[0])
        return ThisProcess().submit(fn, *args, **kwargs)


@pytest.mark.slow
def test_after_a_new_citation_other_chapters_are_not_laid_out_again(tmp_path: Path) -> None:
    chapters = {
        "1.md": "# First\n\nWords [@one].\n",
        "2.md": "# Second\n\nWords [@two; @three]^[And a note [@two].].\n\n## Section\n\nAgain [@three].\n",
        "9.md": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
    }
    written = write_document(tmp_path, chapters)
    built(written.root)
    first = tmp_path / "source/1.md"
    first.write_text("# First\n\nNew [@four]. Words [@one].\n", "utf-8")
    printed = built(written.root)
    titles = [
        name
        for name in ("First", "Second", "References")
        if any(f"{name}</h1>" in text for text in printed)
    ]
    assert titles == ["First", "References"]  # and the colophon, which has the sources' hash
    with pypdfium2.PdfDocument(tmp_path / "build/small.pdf") as pdf:
        (second,) = (
            text for page in pdf if (text := page.get_textpage().get_text_range()).find("Again") > 0
        )
    assert "Words [3, 4]" in second and "Again [4]" in second and "And a note [3]" in second


@pytest.mark.slow
def test_after_a_page_more_lists_are_not_laid_out_again(tmp_path: Path) -> None:
    words = "These are words of a long chapter. " * 30 + "\n\n"
    chapters = {
        "1.md": f"# First\n\n{words * 4}",
        "2.md": "# Second\n\nWords [@one; @two].\n\n## Section\n\nAgain [@three].\n",
        "9.md": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
    }
    written = write_document(tmp_path, chapters)
    built(written.root)
    assert told_in_lists(tmp_path) == {
        "Second": 3,
        "Section": 3,
        "References": 4,
        "Cited on page": 3,
    }
    (tmp_path / "source/1.md").write_text(f"# First\n\n{words * 7}", "utf-8")
    printed = built(written.root)
    assert len(printed) == 2  # the chapter, and the colophon, which has the sources' hash
    assert told_in_lists(tmp_path) == {
        "Second": 5,
        "Section": 5,
        "References": 6,
        "Cited on page": 5,
    }


def told_in_lists(root: Path) -> dict[str, int]:
    """Return the pages that the contents and the reference list tell, each of which is right."""
    with pypdfium2.PdfDocument(root / "build/small.pdf") as pdf:
        pages = [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
    lists = f"{pages[1]} {pages[-2]}"
    found = re.findall(r"(Second|Section|References|Cited on page) (\d+)", lists)
    for name, folio in found:
        assert {"Cited on page": "Words ["}.get(name, name) in pages[int(folio) + 1]
    return {name: int(folio) for name, folio in found}


def built(root: Path) -> list[str]:
    watched = Watched()
    build(root, Format, Progress(Console(file=StringIO())), executor=watched)
    return watched.printed

"""Texts of an author's SVG are set in the document's faces, whichever families they name."""

from __future__ import annotations

import ctypes
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from lxml import etree

from concordant.editions.typefaces.fonts import FACES
from concordant.sources.svgfaces import set_in_own_faces
from concordant.sources.svgrules import SVG
from concordant.sources.typeface import FAMILIES, SCRIPTS, family_list
from tests.documents import ROOT, write_document

SERIF = "'Source Serif 4','Noto Serif SC','Amiri',serif"
SANS = "'Source Sans 3','Noto Serif SC','Amiri',sans-serif"
MONO = "'Source Code Pro','Noto Serif SC','Amiri',monospace"


def drawing(inside: str, root: str = "") -> str:
    return f'<svg xmlns="{SVG}" width="90" height="40" {root}>{inside}</svg>'


def set_in(inside: str, root: str = "") -> etree._Element:
    svg = etree.fromstring(drawing(inside, root))
    set_in_own_faces(svg)
    return svg


def test_the_families_are_those_that_style_sheets_name() -> None:
    sheet = (ROOT / "styles" / "common.css").read_text("utf-8")
    named = dict(re.findall(r"--(serif|sans|mono): (.*);", sheet))
    for name, kind in (("serif", "serif"), ("sans", "sans-serif"), ("mono", "monospace")):
        assert named[name].replace('"', "'").replace(", ", ",") == family_list(kind)


def test_the_families_are_those_of_the_editions_faces() -> None:
    always = {face.family for face in FACES if face.always}
    assert always == {*FAMILIES.values(), "Source Serif 4 Display"}
    assert set(SCRIPTS) == {face.family for face in FACES if not face.always}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("sans-serif", SANS),
        ("DejaVu Sans, Bitstream Vera Sans, sans-serif", SANS),
        ("Arial", SANS),
        ("'Times New Roman', Times, serif", SERIF),
        ("Georgia, serif, sans-serif", SERIF),
        ('"Courier New"', MONO),
        ("Menlo,monospace", MONO),
        ("Source Serif 4", SERIF),
        ("inherit", "inherit"),
    ],
)
def test_families_become_those_of_their_kind(named: str, expected: str) -> None:
    text = etree.Element(f"{{{SVG}}}text", {"font-family": named})
    svg = etree.Element(f"{{{SVG}}}svg")
    svg.append(text)
    set_in_own_faces(svg)
    assert text.get("font-family") == expected


def test_so_do_those_in_styles() -> None:
    style = "fill:red;font-family:Helvetica;font-weight:bold"
    assert set_in(f'<text style="{style}"/>')[0].get("style") == (
        f"fill:red;font-family:{SANS};font-weight:bold"
    )


@pytest.mark.parametrize(
    ("font", "look", "size", "family"),
    [
        ("12px Arial", ("normal", "normal"), "12px", SANS),
        ("italic bold 1.2em/1.5 Georgia, serif", ("italic", "bold"), "1.2em", SERIF),
        ("600 80% &quot;Courier New&quot;", ("normal", "600"), "80%", MONO),
    ],
)
def test_the_shorthand_is_written_in_its_parts(
    font: str, look: tuple[str, str], size: str, family: str
) -> None:
    parts = f"font-style:{look[0]};font-weight:{look[1]};font-size:{size};font-family:{family}"
    assert set_in(f'<text style="font:{font}"/>')[0].get("style") == parts
    important = parts.replace(";", " !important;") + " !important"
    assert set_in(f'<text style="font:{font}!important"/>')[0].get("style") == important


def test_a_picture_that_names_none_has_the_sans() -> None:
    assert set_in("<g><text>A</text></g>").get("font-family") == SANS
    assert set_in("<text/>", 'font-family="serif"').get("font-family") == SERIF
    assert set_in("<path/>").get("font-family") is None


@pytest.mark.slow
def test_words_without_serifs_have_none_in_any_edition(tmp_path: Path) -> None:
    # The sign ‡ stands in the picture alone.
    picture = drawing(
        '<style>.a { font: bold 12px Arial }</style><text y="9" font-family="sans-serif">drawn</text>'
        '<text y="20" class="a">heavy ‡</text><text y="30">bare</text>'
    )
    section = '# One\n\nText.\n\n![C](figures/p.svg){#fig:p alt="Words."}\n'
    files = write_document(tmp_path, {"01.md": section}, files={"figures/p.svg": picture}).build()
    fonts = fonts_of("drawnheavy‡bare", files["pdf"])
    assert all(each.startswith("Source-Sans-3") for each in fonts), fonts
    assert "Source-Sans-3-Semi-Bold" in fonts
    with zipfile.ZipFile(files["epub"]) as archive:
        chapter = archive.read("EPUB/text/chapter-01.xhtml").decode()
        font = archive.read("EPUB/fonts/source-sans-3-600-normal.woff2")
    for page in (files["html"].read_text("utf-8"), chapter):
        body = page.partition("<body")[2].replace("&quot;", '"')
        assert body.count(f'font-family="{SANS}"') == 2
        assert body.count(f"font-family:{SANS}") == 1
    assert ord("‡") in characters_of(font)


def fonts_of(letters: str, pdf: Path) -> set[str]:
    """Return the fonts in which letters that follow each other are set."""
    document = pypdfium2.PdfDocument(pdf)
    found = [each for page in document for each in letters_of(page.get_textpage())]
    document.close()
    start = "".join(letter for letter, _ in found).index(letters)
    return {font for _, font in found[start : start + len(letters)]}


def letters_of(text: pypdfium2.PdfTextPage) -> Iterator[tuple[str, str]]:
    for index, letter in enumerate(text.get_text_range()):
        if not letter.isspace():
            buffer, flags = ctypes.create_string_buffer(99), ctypes.c_int()
            pypdfium2.raw.FPDFText_GetFontInfo(text.raw, index, buffer, 99, flags)
            yield letter, buffer.value.decode().partition("+")[2]


def characters_of(font: bytes) -> set[int]:
    return set(TTFont(BytesIO(font)).getBestCmap())

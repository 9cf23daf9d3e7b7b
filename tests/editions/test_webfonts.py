"""The fonts that travel with the EPUB and the HTML show every character in them that the document's fonts have."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont
from lxml import html

from concordant.editions.edition import Format
from concordant.editions.package import make_epub
from concordant.editions.publication import Publication
from concordant.editions.reading import make_html
from concordant.editions.typefaces.fonts import FACES, CutFace
from concordant.editions.typefaces.webfonts import web_fonts
from concordant.editions.typefaces.woff2 import to_woff2
from concordant.validation.chromium import launched
from tests.documents import ROOT, write_document
from tests.editions.rich import METADATA, publication

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    metadata = METADATA.replace("lang: en-GB", "lang: fr").replace("Ada Example", "Ada Łuk")
    return publication(tmp_path_factory.mktemp("document"), metadata)


def _covered(faces: tuple[CutFace, ...]) -> frozenset[str]:
    return frozenset(chr(code) for each in faces for code in hb.Face(hb.Blob(each.data)).unicodes)


def _shown(sample: Publication) -> frozenset[str]:
    """Return the characters of the page and of every file of the package, and what their styles may put there."""
    page = make_html(sample).data.decode()
    with zipfile.ZipFile(io.BytesIO(make_epub(sample).data)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xhtml", ".css"))]
        files = [archive.read(name).decode() for name in names]
    words = [text for each in html.fromstring(page.encode()).itertext() for text in each]
    put = re.findall(r'content:[^;}]*"([^"]*)"', "".join((page, *files)))
    return frozenset("".join(map(str, (*words, *put, *files))))


def test_nothing_that_is_shown_lacks_its_glyph(sample: Publication) -> None:
    needed = _shown(sample) & _covered(sample.fonts)
    assert {"é", "公", "“", "Ł"} <= needed
    assert needed - _covered(web_fonts(sample)) == frozenset()


def test_what_nobody_needs_stays_behind(sample: Publication) -> None:
    assert "\N{LATIN SMALL LETTER THORN}" in _covered(sample.fonts)
    assert "\N{LATIN SMALL LETTER THORN}" not in _covered(web_fonts(sample))


def test_a_compressed_font_is_the_same_font_and_hardly_larger_than_at_the_highest_quality(
    sample: Publication, tmp_path: Path
) -> None:
    data = web_fonts(sample)[0].data
    packed = to_woff2(data)
    font, back = (TTFont(io.BytesIO(each), recalcTimestamp=False) for each in (data, packed))
    assert back.flavor == "woff2"
    assert back["head"].modified == font["head"].modified
    assert back.getGlyphOrder() == font.getGlyphOrder()
    assert all(back["glyf"][name] == font["glyf"][name] for name in font.getGlyphOrder())
    smallest = fonttools_by_itself(data, tmp_path)
    assert abs(len(packed) - len(smallest)) < len(smallest) / 50


def fonttools_by_itself(data: bytes, folder: Path) -> bytes:
    """Return a font as fontTools compresses it, in a process of its own."""
    font, packed = folder / "font.ttf", folder / "font.woff2"
    font.write_bytes(data)
    command = ("-m", "fontTools.ttLib.woff2", "compress", "-o", packed, font)
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return packed.read_bytes()


def test_faces_of_other_scripts_are_named_wherever_a_family_is() -> None:
    sheet = (ROOT / "styles" / "common.css").read_text("utf-8")
    lists = re.findall(r"--(serif|display|sans|mono): ([^;]*);", sheet)
    assert len(lists) == 4
    for name, families in lists:
        named = re.findall(r'"([^"]*)"', families)
        assert [each for each in FACES if not each.always and each.family not in named] == [], name


@pytest.mark.slow
def test_a_browser_sets_other_scripts_in_the_faces_that_the_page_carries(tmp_path: Path) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><text y="20">نص</text></svg>'
    text = (
        "# One\n\nWord [نص عربي]{#ar lang=ar dir=rtl} and [公安部]{#zh lang=zh-Hans}, `نص`{#code}.\n\n"
        '![نص](p.svg){#fig:p alt="A word."}\n'
    )
    document = write_document(tmp_path, {"01.md": text}, files={"p.svg": drawing})
    page = document.build([Format.HTML], proven=False)["html"]
    with launched() as browser:
        opened = browser.new_page()
        opened.goto(page.as_uri())
        opened.evaluate("document.fonts.ready")
        for selector, face in SET_IN.items():
            fonts = _fonts_of(opened, selector)
            assert face in fonts, selector
            assert not [each for each in fonts if each.endswith("*")], (selector, fonts)


SET_IN = {
    "#ar": "Amiri",
    "#zh": "Noto Serif SC",
    "#code": "Amiri",
    "svg text": "Amiri",
    "figcaption": "Amiri",
}


def _fonts_of(page: Page, selector: str) -> set[str]:
    """Return the families in which an element's letters are set; one that is the machine's is marked with a star."""
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": found["nodeId"]})["fonts"]
    return {each["familyName"] + "*" * (not each["isCustomFont"]) for each in used}

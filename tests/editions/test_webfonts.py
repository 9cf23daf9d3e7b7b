"""The fonts that travel with the EPUB and the HTML show every character in them that the document's fonts have."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont
from lxml import html

from concordant.editions.package import make_epub
from concordant.editions.publication import Publication
from concordant.editions.reading import make_html
from concordant.editions.typefaces.fonts import CutFace
from concordant.editions.typefaces.webfonts import web_fonts
from concordant.editions.typefaces.woff2 import to_woff2
from tests.editions.rich import METADATA, publication


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

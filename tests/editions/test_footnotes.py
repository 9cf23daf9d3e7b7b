"""Footnotes look alike in print, and are divided alike, whatever calls them."""

from __future__ import annotations

import ctypes
import re

import pypdfium2
import pytest

from concordant.editions.edition import Format
from tests.documents import write_document

PLACES = ("Plain", "Heading", "Head", "Cell", "Caption", "Quoted", "Strong", "Small")
LONG = "particularly responsibilities " * 12
TEXT = f"""# One^[Heading words 24.]

Text.^[Plain words 24.] Long.^[{LONG}End.]

| a^[Head words 24.] | b |
| - | - |
| c | d^[Cell words 24.] |

: A caption.^[Caption words 24.]

> *Words.^[Quoted words 24.]*

**Words^[Strong words 24.]** and [words^[Small words 24.]]{{.smallcaps}} and [mots^[{LONG}End.]]{{lang=fr}}.
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> pypdfium2.PdfTextPage:
    document = write_document(tmp_path_factory.mktemp("notes"), {"01.md": TEXT})
    pdf = document.build([Format.PDF], proven=False)["pdf"]
    return pypdfium2.PdfDocument(pdf)[2].get_textpage()


def looks(page: pypdfium2.PdfTextPage, words: str) -> set[tuple[str, float, tuple[int, ...]]]:
    """The faces, sizes in points and colours in which words stand on a page."""
    start = page.get_text_range().index(words)
    return {look(page, at) for at in range(start, start + len(words)) if words[at - start] != " "}


def look(page: pypdfium2.PdfTextPage, at: int) -> tuple[str, float, tuple[int, ...]]:
    raw, name, colour = (
        pypdfium2.raw,
        ctypes.create_string_buffer(99),
        [ctypes.c_uint() for _ in "rgba"],
    )
    raw.FPDFText_GetFontInfo(page.raw, at, name, len(name), ctypes.c_int())
    raw.FPDFText_GetFillColor(page.raw, at, *colour)
    size = raw.FPDFText_GetFontSize(page.raw, at) * 0.75  # our pages are drawn in CSS px
    return name.value.decode(), round(size, 2), tuple(each.value for each in colour)


@pytest.mark.parametrize("place", PLACES)
def test_notes_look_alike(page: pypdfium2.PdfTextPage, place: str) -> None:
    ((face, size, colour),) = looks(page, f"{place} words 24.")
    assert face.endswith("+Source-Serif-4,")  # neither semibold nor italic
    assert (size, colour) == (8.61, (0x1C, 0x1A, 0x17, 255))  # 10.25 pt × 0.84; the ink


def test_notes_are_divided_in_the_documents_language(page: pypdfium2.PdfTextPage) -> None:
    text = page.get_text_range()
    notes = [each.splitlines() for each in re.findall(r"particularly.*?End", text, re.DOTALL)]
    assert len(notes) == 2
    assert notes[0] == notes[1]

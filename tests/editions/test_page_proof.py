"""The same page in all three: the words behind each page mark are the first words of that page of the PDF."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from lxml import html

pytestmark = pytest.mark.slow
APART = "ancestor::*[contains(@class,'backlinks') or @role='doc-footnote' or @role='doc-endnotes']"
PICTURE = (
    "ancestor::*[local-name()='svg' or local-name()='math'] or ancestor::svg or ancestor::math"
)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def behind_marks(roots: list[html.HtmlElement]) -> dict[str, str]:
    """Return, for each page mark, the letters of the next 60 characters or so of running text."""
    found = {}
    for root in roots:
        for mark in root.xpath("//*[@role='doc-pagebreak']"):
            texts = mark.xpath(f"following::text()[not({APART}) and not({PICTURE})]")
            found[mark.get("aria-label") or mark.get("title")] = letters("".join(texts[:40]))[:40]
    return found


def pages_of(path: Path) -> dict[str, str]:
    """Return the letters of each page of the PDF, by its label, running heads left out."""
    document = pypdfium2.PdfDocument(path)
    pages = {}
    for index, page in enumerate(document):
        text = page.get_textpage()
        height = page.get_height()
        words = text.get_text_bounded(left=0, bottom=0, right=page.get_width(), top=height - 66)
        pages[document.get_page_label(index)] = letters(re.sub(r"[-\ufffe]\r?\n", "", words))
    return pages


def epub_roots(path: Path) -> list[html.HtmlElement]:
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if "/text/chapter" in name)
        return [html.document_fromstring(archive.read(name)) for name in names]


def test_each_page_of_the_report_begins_with_the_same_words(report: dict[str, Path]) -> None:
    page = html.document_fromstring(report["html"].read_bytes())
    in_html, in_epub = behind_marks([page]), behind_marks(epub_roots(report["epub"]))
    printed = pages_of(report["pdf"])
    assert in_html == in_epub
    assert len(in_html) == len([label for label in printed if label.isdigit()]) - 1 + 2, "colophon"
    # A table that goes on overleaf repeats its head there, and only there.
    heads = ["", *(letters(str(head.xpath("string()"))) for head in page.iter("thead"))]
    wrong = {
        folio: (words, printed[folio][:60])
        for folio, words in in_html.items()
        if not any(printed[folio].startswith(head + words[:20]) for head in heads)
    }
    assert not wrong

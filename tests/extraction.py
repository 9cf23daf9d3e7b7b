"""What numbers a reader meets in each finished edition, read in a few lines a format."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pikepdf
import pypdfium2
from lxml import etree, html

Sequences = dict[str, list[str]]
_CAPTION = re.compile(r"^((?:Figure|Table|Listing)\s\d+)\.")
_SECTION = re.compile(r"^((?:[A-Z]|\d+)(?:\.\d+)*)\s")


def from_html(path: Path) -> Sequences:
    """Read the reading page."""
    return _from_roots([html.document_fromstring(path.read_bytes())])


def from_epub(path: Path) -> Sequences:
    """Read the chapters in the order of the spine."""
    with zipfile.ZipFile(path) as archive:
        package = etree.fromstring(archive.read("EPUB/package.opf"))
        items = {item.get("id"): item.get("href") for item in package.iter("{*}item")}
        chapters = [f"EPUB/{items[each.get('idref')]}" for each in package.iter("{*}itemref")]
        texts = [archive.read(name) for name in chapters if "/text/chapter" in name]
    return _from_roots([html.document_fromstring(text) for text in texts])


def from_pdf(path: Path) -> Sequences:
    """Read the outline, the lines of every page, and the links that lead to notes."""
    document = pypdfium2.PdfDocument(path)
    lines = [_words(line) for page in document for line in _lines(page)]
    titles = [bookmark.get_title() for bookmark in document.get_toc()]
    return {
        "sections": [found[1] for title in titles if (found := _SECTION.match(_words(title)))],
        "captions": sorted({found[1] for line in lines if (found := _CAPTION.match(line))}),
        "references": [found[1] for line in lines if (found := re.match(r"^\[(\d+)\]\s", line))],
        "footnotes": list(_note_calls(path, document)),
    }


def _from_roots(roots: Iterable[html.HtmlElement]) -> Sequences:
    found: Sequences = {"sections": [], "captions": [], "references": [], "footnotes": []}
    for root in roots:
        for heading in root.xpath(
            "//main//*[self::h2 or self::h3 or self::h4 or self::h5]|//body[not(.//main)]//*[self::h1 or self::h2 or self::h3 or self::h4]"
        ):
            if number := _SECTION.match(_words(heading.text_content())):
                found["sections"].append(number[1])
        for caption in root.xpath("//figcaption|//caption"):
            if label := _CAPTION.match(_words(caption.text_content())):
                found["captions"].append(label[1])
        for entry in root.xpath("//ol[@id='refs']/li"):
            found["references"].append(_words(entry.text_content())[1:].split("]")[0])
        for call in root.xpath("//a[@role='doc-noteref']"):
            found["footnotes"].append(_words(call.text_content()))
    return {**found, "captions": sorted(found["captions"])}


def _lines(page: pypdfium2.PdfPage) -> list[str]:
    text: str = page.get_textpage().get_text_range()
    return text.splitlines()


def _note_calls(path: Path, document: pypdfium2.PdfDocument) -> Iterator[str]:
    met: set[str] = set()
    with pikepdf.open(path) as pdf:
        for index, page in enumerate(pdf.pages):
            text = document[index].get_textpage()
            for annotation in page.get("/Annots", []):
                target = str(annotation.get("/Dest", ""))
                if target.startswith("fn-") and target not in met:
                    met.add(target)
                    left, bottom, right, top = map(float, annotation.Rect)
                    yield _words(text.get_text_bounded(left, bottom, right, top))


def _words(text: str) -> str:
    return " ".join(text.replace("\ufffe", "").split())

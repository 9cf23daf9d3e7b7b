"""The same page in all three: every page of the PDF's body is marked in the EPUB and the HTML, at its very first word.

`pytest tests/editions/test_page_proof.py -s` shows the proof, page by page.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree, html

pytestmark = pytest.mark.slow
HEAD = 66  # points at the top of a page, where its running head is
PARAGRAPHS = {"p", "li", "dd"}
CHAPTER = "h2"  # what the HTML makes of a chapter's heading
APART = {"doc-footnote", "doc-endnotes"}  # they stand elsewhere in print
PICTURES = ("svg", "math")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of running text with the paragraph or heading that it is in; or a page mark, which has a label."""

    text: str
    block: etree._Element | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its marks give it: label, the text up to the next mark, and whether it begins within a paragraph.

    `opened`: a chapter opens it, so that no text is broken before it.
    """

    label: str
    text: str
    inside: bool = False
    opened: bool = False


def pieces(element: etree._Element, block: etree._Element | None = None) -> Iterator[Piece]:
    """Walk through what is read, from top to bottom."""
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    role = element.get("role")
    if not tag or tag in PICTURES or role in APART or "backlinks" in (element.get("class") or ""):
        return
    if role == "doc-pagebreak":
        yield Piece("", None, label=str(element.get("aria-label") or element.get("title")))
    block = element if tag in {*PARAGRAPHS, CHAPTER} else block
    yield Piece(element.text or "", block)
    for child in element:
        yield from pieces(child, block)
        yield Piece(child.tail or "", block)


def pages_by_marks(roots: Iterable[etree._Element]) -> list[Page]:
    """Return the pages that an edition's marks tell of."""
    stream = [each for each in chain.from_iterable(map(pieces, roots)) if each.label or each.text]
    starts = [index for index, each in enumerate(stream) if each.label]
    found = []
    for start, end in zip(starts, [*starts[1:], len(stream)], strict=True):
        before = [each.block for each in stream[:start] if each.text.strip()][-1:]
        after = next(each.block for each in stream[start:] if each.text.strip())
        text = "".join(each.text for each in stream[start:end])
        within = after is not None and before == [after]
        opened = after is not None and after.tag == CHAPTER
        found.append(Page(stream[start].label, text, within and not opened, opened))
    return found


def html_pages(path: Path) -> list[Page]:
    return pages_by_marks(html.parse(path).getroot().iter("main"))


def epub_pages(path: Path) -> list[Page]:
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if "/text/chapter" in name)
        files = [html.document_fromstring(archive.read(name)) for name in names]
    return pages_by_marks(body for file in files for body in file.iter("body"))


def printed_pages(path: Path) -> dict[str, str]:
    """Return the text of each page of the PDF, by its label, running heads left out, hyphens at line ends too."""
    document = pypdfium2.PdfDocument(path)
    pages = {}
    for index, page in enumerate(document):
        text = page.get_textpage().get_text_bounded(
            left=0, bottom=0, right=page.get_width(), top=page.get_height() - HEAD
        )
        pages[document.get_page_label(index)] = re.sub(r"[-\ufffe]\r?\n", "", text)
    return pages


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def matched(page: Page, printed: str) -> int:
    """Count the words of a page that the PDF's page has, in the same order."""
    blocks = SequenceMatcher(None, words(page.text), words(printed), autojunk=False)
    return sum(each.size for each in blocks.get_matching_blocks())


def begins(page: Page, printed: str, heads: Iterable[str]) -> bool:
    """Tell whether a printed page begins with a page's words; a table that goes on repeats its head before them."""
    first = letters(page.text)[:20]
    return any(letters(printed).startswith(head + first) for head in ["", *heads])


def test_every_page_of_the_report_is_the_same_page(report: dict[str, Path]) -> None:
    marked, printed = html_pages(report["html"]), printed_pages(report["pdf"])
    labels = [page.label for page in marked]
    assert labels == [page.label for page in epub_pages(report["epub"])]
    # The body is all between the opening pages and the colophon, which end and begin with a page of their own.
    first, last = labels[0], labels[-1]
    every = list(printed)
    body = every[every.index(first) : every.index(last) + 1]
    assert labels == body
    opening, closing = every[: every.index(first)], every[every.index(last) + 1 :]
    assert (len(opening), len(closing)) == (4, 1)
    tree = html.parse(report["html"]).getroot()
    heads = [letters(head.text_content()) for head in tree.iter("thead")]
    print(f"\n{'page':>5} {'words':>6} {'matched':>8}  begins")
    for page in marked:
        count, same = len(words(page.text)), matched(page, printed[page.label])
        where = "with a chapter" if page.opened else "within a paragraph" if page.inside else ""
        print(f"{page.label:>5} {count:>6} {same:>8}  {where}")
        assert begins(page, printed[page.label], heads), page.label
        assert same >= 0.97 * count, page.label
    # Before a page that a chapter opens, no text is broken.
    breaks = [page for page in marked if not page.opened]
    share = sum(page.inside for page in breaks) / len(breaks)
    print(f"{len(marked)} marks, {len(body)} pages; {len(breaks)} breaks in chapters, ", end="")
    print(f"{share:.0%} of them within a paragraph")
    assert share >= 0.6


def test_the_editions_agree_on_the_words_of_every_page(report: dict[str, Path]) -> None:
    one, other = html_pages(report["html"]), epub_pages(report["epub"])
    assert [(page.label, letters(page.text)) for page in one] == [
        (page.label, letters(page.text)) for page in other
    ]


@pytest.mark.parametrize("shift", [1, 12])
def test_a_mark_that_is_moved_is_noticed(report: dict[str, Path], shift: int) -> None:
    page = next(page for page in html_pages(report["html"]) if page.inside)
    text = printed_pages(report["pdf"])[page.label]
    moved = Page(page.label, letters(page.text)[shift:], inside=True)
    assert begins(page, text, [])
    assert not begins(moved, text, [])

"""The PDF, heard through its structure tree, is the HTML edition, read from top to bottom."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pikepdf
import pytest
from lxml import html

from tests.documents import ROOT, Document
from tests.editions.tagging.structures import Reader

pytestmark = pytest.mark.slow
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("report")
    shutil.copytree(ROOT / "source", root / "source")
    (root / "styles").symlink_to(ROOT / "styles")
    return Document(root).build()


def letters(text: str) -> str:
    """Leave out what lines do to a text: spaces, hyphens, and marks beside them."""
    return "".join(re.findall(r"[^\W_]", text))


def html_chapters(path: Path) -> dict[str, str]:
    """Return what each chapter says, by its heading; pictures and formulas by their alternatives."""
    tree = html.parse(path).getroot()
    chapters = {}
    for article in next(tree.iter("main")):
        for element in list(article.iter("svg", "math", "a")):
            if element.tag == "a" and "permalink" in element.get("class", ""):
                element.drop_tree()
            elif element.tag == "svg":
                said = [each.text_content() for each in element if each.tag in {"title", "desc"}]
                replace(element, ". ".join(said))
            elif element.tag == "math":
                replace(element, element.get("alttext"))
        heading = next(article.iter("h2"))
        chapters[letters(heading.text_content())] = letters(article.text_content())
    return chapters


def replace(element: html.HtmlElement, text: str) -> None:
    tail = element.tail
    for child in list(element):
        element.remove(child)
    element.tag, element.text, element.tail = "span", text, tail


def test_every_chapter_reads_the_same(editions: dict[str, Path]) -> None:
    expected = html_chapters(editions["html"])
    reader = Reader(editions["pdf"])
    heard = {}
    for part in reader.parts():
        if part.role == "Part":
            heading = next(each for each in reader.parts(part.element) if each.role == "H1")
            heard[letters(reader.text(heading.element))] = letters(reader.text(part.element))
    assert [*heard] == [*expected]
    *chapters, references = expected
    assert len(chapters) >= 9
    for chapter in chapters:
        assert heard[chapter] == expected[chapter]
    # The reference list says there on which pages it is cited, and here in which sections.
    assert references == "References"


def test_running_heads_and_folios_are_not_heard(editions: dict[str, Path]) -> None:
    reader = Reader(editions["pdf"])
    tagged = letters(reader.text(reader.root))
    with pikepdf.open(editions["pdf"]) as pdf:
        streams = [b"".join(each.read_bytes() for each in page.Contents) for page in pdf.pages]
    assert sum(b"/Artifact" in stream and b"/Pagination" in stream for stream in streams) > 30
    assert tagged.count("TheXinjiangPoliceFiles") < len(streams)

"""The PDF, heard through its structure tree, is the HTML edition, read from top to bottom.

`pytest tests/editions/tagging/test_reading_order.py -s` shows one chapter, both beside each other.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import html

from tests.documents import ROOT, Document
from tests.editions.tagging.structures import Reader

pytestmark = pytest.mark.slow
WITHIN = {"Span", "Link", "Reference", "Code", "Quote", "Em", "Strong", "Sub", "Lbl"}
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
    """Return what each chapter says, by its heading's letters; pictures and formulas by their alternatives."""
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
        chapters[letters(heading.text_content())] = article.text_content()
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
        assert heard[chapter] == letters(expected[chapter])
    # The reference list says there on which pages it is cited, and here in which sections.
    assert references == "References"


def test_a_chapter_reads_the_same_block_by_block(editions: dict[str, Path]) -> None:
    chapters = html_chapters(editions["html"])
    title, printed = next((key, text) for key, text in chapters.items() if "Contents" in key)
    reader = Reader(editions["pdf"])
    part = next(
        each.element
        for each in reader.parts()
        if each.role == "Part" and letters(reader.text(each.element)).startswith(title)
    )
    blocks = list(blocks_of(reader, part))
    assert len(blocks) > 40
    assert {role for role, _ in blocks} >= {"H1", "H2", "P", "Caption", "TH", "TD"}
    rest = " ".join(printed.split())
    print()
    for role, text in blocks:
        same = beginning(rest, len(letters(text)))
        rest = rest[len(same) :]
        print(f"{role:8} {shown(text):58} | {shown(same)}")
        assert letters(text) == letters(same)
    assert letters(rest) == ""


def blocks_of(reader: Reader, element: Any) -> Iterator[tuple[str, str]]:
    """Yield role and text of the blocks in an element: of what holds no other block."""
    inner = [each for each in reader.parts(element) if each.depth == 1]
    if any(each.role not in WITHIN for each in inner):
        for each in inner:
            yield from blocks_of(reader, each.element)
    else:
        yield str(element.S)[1:], reader.text(element)


def beginning(text: str, count: int) -> str:
    """Return the beginning of a text that has so many letters, and what follows the last of them."""
    ends = [match.end() for match in re.finditer(r"[^\W_]", text)]
    return text[: ends[count] - 1] if count < len(ends) else text


def shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 58 else f"{line[:40]} … {line[-15:]}"


def test_running_heads_and_folios_are_not_heard(editions: dict[str, Path]) -> None:
    reader = Reader(editions["pdf"])
    tagged = letters(reader.text(reader.root))
    with pikepdf.open(editions["pdf"]) as pdf:
        streams = [b"".join(each.read_bytes() for each in page.Contents) for page in pdf.pages]
    assert sum(b"/Artifact" in stream and b"/Pagination" in stream for stream in streams) > 30
    assert tagged.count("TheXinjiangPoliceFiles") < len(streams)

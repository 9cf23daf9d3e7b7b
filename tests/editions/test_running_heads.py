"""Running heads: the titles of the document and the chapter share the line by their lengths."""

from __future__ import annotations

import pypdfium2
import pytest

from concordant.editions.edition import Format
from tests.documents import METADATA, write_document

TITLE = "Of agreement between printed and electronic editions"
SHORT = "Method"
LONG = "What was measured in all three editions, and what follows of it for who numbers"
TEXT = "Text that fills a line or two, again and again, until the page ends.\n\n" * 60


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """The lines at the top of each page that is no opening one."""
    metadata = METADATA.replace("A small document", TITLE)
    sections = {"01.md": f"# {SHORT}\n\n{TEXT}", "02.md": f"# {LONG}\n\n{TEXT}"}
    root = tmp_path_factory.mktemp("heads")
    made = write_document(root, sections, metadata=metadata).build([Format.PDF], proven=False)
    pdf = pypdfium2.PdfDocument(made["pdf"])
    return [found for page in pdf if (found := _head(page))]


def _head(page: pypdfium2.PdfPage) -> list[str]:
    width, height = page.get_size()
    text = page.get_textpage().get_text_bounded(0, height - 66, width, height)
    return str(text).splitlines()


def test_short_titles_stand_on_one_line(heads: list[list[str]]) -> None:
    assert [f"{TITLE} 1 {SHORT}"] in heads


def test_long_titles_share_the_width(heads: list[list[str]]) -> None:
    long = next(lines for lines in heads if len(lines) > 1)
    assert len(long) == 4
    assert " ".join(long) == f"{TITLE} 2 {LONG}"

"""Words and addresses that are longer than a line are broken in print, without a hyphen, and stay whole for the check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from tests.documents import SVG, write_document

WORD = "qxvz" * 40  # which no dictionary divides
ADDRESS = f"https://example.org/{WORD}"
TEXT = f"""# Chapter {WORD}

Text {WORD} and ({WORD}) and <{ADDRESS}>, {ADDRESS} or `{WORD}`.^[A note {WORD} `{WORD}` <{ADDRESS}>.]

## Section {WORD}

> {WORD}

- {WORD}

![Caption {WORD}](drawn.svg){{#fig:a alt="drawn"}}

[@one] and @fig:a

Term {WORD}
:   Definition {WORD}
"""
REFERENCES = f"references:\n- id: one\n  type: book\n  title: Book {WORD}\n  URL: {ADDRESS}\n"
RIGHT = (160 - 23) / 25.4 * 72  # of the column, in points
COMMA = 4  # points by which one behind a link may stand out


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF, after the check has agreed to it."""
    root = tmp_path_factory.mktemp("words")
    document = write_document(
        root, {"01.md": TEXT}, references=REFERENCES, files={"drawn.svg": SVG}
    )
    return document.build()["pdf"]


def pages(pdf: Path) -> Iterator[pypdfium2.PdfTextPage]:
    for page in pypdfium2.PdfDocument(pdf):
        yield page.get_textpage()


def test_words_keep_within_the_column(pdf: Path) -> None:
    rights = [page.get_charbox(at)[2] for page in pages(pdf) for at in range(page.count_chars())]
    assert max(rights) < RIGHT + COMMA


def test_they_have_no_hyphens(pdf: Path) -> None:
    text = "".join(page.get_text_range() for page in pages(pdf))
    assert text.replace("\r\n", "").count(WORD) >= 18
    assert "z\ufffe" not in text

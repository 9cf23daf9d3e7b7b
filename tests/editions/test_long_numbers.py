"""Long numbers: those of a thousandth note and of a hundredth chapter stand beside their words, not under them."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from concordant.checks.check import check
from concordant.checks.reports.terminal import as_text
from tests.documents import write_document

CHAPTERS, NOTES = 102, 10
_NUMBER = re.compile(r"^\s*(\d+(?:\.\d+)*)\s+(\w)", re.MULTILINE)


def chapter(number: int) -> str:
    notes = " ".join(f"Word^[Note {number}-{index}.]" for index in range(NOTES))
    return f"# Chapter {number}\n\n{notes}\n\n## Section {number}\n\nText.\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    text = "\n".join(map(chapter, range(1, CHAPTERS + 1)))
    return write_document(tmp_path_factory.mktemp("long"), {"01.md": text}).build(proven=False)


@pytest.mark.slow
def test_editions_agree(files: dict[str, Path]) -> None:
    verdict = check(files["pdf"], files["epub"], files["html"], files["json"])
    assert verdict.errors == (), as_text(verdict, 150)


@pytest.mark.slow
def test_words_begin_where_numbers_have_ended(files: dict[str, Path]) -> None:
    seen = []
    with pypdfium2.PdfDocument(files["pdf"]) as pdf:
        for page in pdf:
            text = page.get_textpage()
            for match in _NUMBER.finditer(text.get_text_range()):
                end = text.get_charbox(match.end(1) - 1)
                word = text.get_charbox(match.start(2))
                if abs(end[1] - word[1]) < 4:  # on one line
                    seen.append(match[1])
                    assert end[2] <= word[0], f"{match[0]!r} on page {page}"
    assert {"101", "101.1", "1001"} <= set(seen)

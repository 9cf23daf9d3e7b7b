"""Brackets that were first drawn from right to left keep their meaning in the PDF's own text."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.documents import write_document


@pytest.mark.slow
def test_brackets_after_a_line_from_right_to_left_are_copied_as_they_are_drawn(
    tmp_path: Path,
) -> None:
    arabic = "::: {lang=ar dir=rtl}\nنص (قصير) ومرجع [@one].\n:::"
    latin = "Latin (in brackets) and [@two]."
    files = write_document(tmp_path, {"01-a.md": f"# One\n\n{arabic}\n\n{latin}\n"}).build()
    document = pypdfium2.PdfDocument(files["pdf"])
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert "Latin (in brackets) and [2]." in " ".join(text.split())
    assert "[1] The one book" in " ".join(text.split())

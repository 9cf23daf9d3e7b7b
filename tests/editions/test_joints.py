"""Where lines may end: never between a sign and the call of a note behind it."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from concordant.editions.edition import Format
from tests.documents import write_document

_CLOSE = 7  # points: as near in height are a call and the words of its line


def calls(path: Path) -> list[bool]:
    """Return for each call of a note whether anything is printed before it on its line."""
    found = []
    with pikepdf.open(path) as pdf, pypdfium2.PdfDocument(path) as document:
        for index, page in enumerate(pdf.pages):
            text = document[index].get_textpage()
            boxes = [text.get_charbox(at) for at in range(text.count_chars())]
            for note in page.obj.get("/Annots", []):
                if not str(note.get("/Dest", "")).startswith("fn-"):
                    continue
                left, bottom, _, top = map(float, note["/Rect"])
                middle = (bottom + top) / 2
                found.append(
                    any(
                        b[0] < b[2] <= left + 1 and abs((b[1] + b[3]) / 2 - middle) < _CLOSE
                        for b in boxes
                    )
                )
    return found


@pytest.mark.slow
@pytest.mark.parametrize("after", ["", " And it goes on, so that the line is full of words."])
@pytest.mark.parametrize("sign", [".", "?"])
def test_no_line_begins_with_the_call_of_a_note(tmp_path: Path, sign: str, after: str) -> None:
    start = "A heading may be named as the editions name their own "
    every = [f"{start}{'i' * count} thing{sign}^[Note.]{after}" for count in range(1, 40)]
    document = write_document(tmp_path, {"01.md": "# One\n\n" + "\n\n".join(every)})
    files = document.build([Format.PDF], proven=False)
    assert calls(files["pdf"]) == [True] * len(every)

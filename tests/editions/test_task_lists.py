"""Task lists in print: each box stands on the line of its words."""

from __future__ import annotations

from collections.abc import Sequence

import pypdfium2
import pytest

from concordant.editions.edition import Format
from tests.documents import write_document

TEXT = """# One

- [ ] open
- [x] done

Words.

- [ ] loose

  words

1. [x] numbered
"""
TASKS = ("open", "done", "loose", "numbered")
Box = tuple[float, float, float, float]  # left, bottom, right, top
EDGE = 0.8 * 10.25  # of a box, in points


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> pypdfium2.PdfPage:
    document = write_document(tmp_path_factory.mktemp("tasks"), {"01.md": TEXT})
    return pypdfium2.PdfDocument(document.build([Format.PDF], proven=False)["pdf"])[2]


def drawn(page: pypdfium2.PdfPage) -> list[Box]:
    paths = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])
    return [each.get_bounds() for each in paths]


def words(page: pypdfium2.PdfPage, names: Sequence[str]) -> list[Box]:
    text = page.get_textpage()
    printed = text.get_text_range()
    return [text.get_charbox(printed.index(name)) for name in names]


def test_boxes_stand_before_their_words(page: pypdfium2.PdfPage) -> None:
    boxes = [box for box in drawn(page) if box[2] - box[0] == pytest.approx(EDGE, abs=0.1)]
    for box, word in zip(boxes, words(page, TASKS), strict=True):
        assert word[0] - 6 < box[2] < word[0]
        assert box[1] < (word[1] + word[3]) / 2 < box[3]


def test_done_tasks_have_filled_boxes(page: pypdfium2.PdfPage) -> None:
    filled = [box for box in drawn(page) if box[2] - box[0] < EDGE - 1]
    for box, word in zip(filled, words(page, ("done", "numbered")), strict=True):
        assert box[1] < (word[1] + word[3]) / 2 < box[3]

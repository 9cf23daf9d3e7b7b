"""Lists: they begin where the author says."""

from __future__ import annotations

from pathlib import Path

import pytest

from concordant.editions.edition import Format
from tests.documents import write_document
from tests.editions.tagging.structures import Reader

TEXT = """# One

(@one) First.

(@) Second.

As said:

(@three) Third, behind (@one).

4. vier
5. fünf

    iv. inner four
    v. inner five

6. sechs

xxxviii. Roman

A)  capital
B)  another

<!-- -->

a)  small
"""
LABELS = ["1.", "2.", "3.", "4.", "5.", "iv.", "v.", "6.", "xxxviii.", "A.", "B.", "a."]


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    document = write_document(tmp_path_factory.mktemp("lists"), {"01.md": TEXT})
    return document.build([Format.PDF], proven=False)


def test_items_have_the_authors_numbers_on_paper(editions: dict[str, Path]) -> None:
    reader = Reader(editions["pdf"])
    labels = [reader.text(each.element).strip() for each in reader.parts() if each.role == "Lbl"]
    assert labels == LABELS

"""Lists: they begin where the author says, and are numbered as the author says, on paper and on screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from concordant.editions.edition import Format
from concordant.validation.chromium import launched
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
    return document.build([Format.PDF, Format.HTML], proven=False)


def test_items_have_the_authors_numbers_on_paper(editions: dict[str, Path]) -> None:
    reader = Reader(editions["pdf"])
    labels = [reader.text(each.element).strip() for each in reader.parts() if each.role == "Lbl"]
    assert labels == LABELS


@pytest.mark.slow
def test_letters_are_as_small_as_the_author_wrote_them_on_screens(
    editions: dict[str, Path],
) -> None:
    kinds = "[...document.querySelectorAll('main ol')].map(each => getComputedStyle(each).listStyleType)"
    with launched() as browser:
        page = browser.new_page()
        page.goto(editions["html"].as_uri())
        found = page.evaluate(kinds)
    decimal = ["decimal"] * 3
    assert found == [*decimal, "lower-roman", "lower-roman", "upper-alpha", "lower-alpha"]

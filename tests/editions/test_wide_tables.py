"""Tables that are wider than the column: long words break, letters get smaller, and what is wider still is told."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from rich.console import Console

from concordant.editions.edition import Format
from concordant.pipeline import build
from concordant.progress import Progress
from tests.documents import write_document

RIGHT = (160 - 23) / 25.4 * 72  # of the column, in points
CELL = 10.25 * 0.86  # the size of a table's letters, in points


def table(columns: int, head: str = "Column", cell: str = "1234.5") -> str:
    heads = "".join(f" {head} {number} |" for number in range(columns))
    return f"|{heads}\n|{' - |' * columns}\n|{f' {cell} |' * columns}\n"


CHAPTERS = {
    "Fits": (table(4), CELL),
    "Code": (table(3, cell=f"`{'qxvz' * 12}`"), CELL),
    "Address": (table(3, cell=f"https://example.org/{'qxvz' * 12}"), CELL),
    "Many": (table(11), CELL * 0.86),
    "More": (table(14), CELL * 0.7),
}
TEXT = "\n\n".join(f"# {name}\n\n{text}" for name, (text, _) in CHAPTERS.items())
WIDE = f"""# First

{table(3, "Wide")}

## Second

{table(3, "Wide")}

{table(30, "Wide")}

# Third {{.unnumbered}}

{table(30, "Other")}

{table(30, "Same")}

{table(30, "Same")}
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pypdfium2.PdfTextPage]:
    """The chapters' pages of a PDF to which the check has agreed."""
    document = write_document(tmp_path_factory.mktemp("tables"), {"01.md": TEXT})
    pdf = pypdfium2.PdfDocument(document.build()["pdf"])
    return {name: pdf[index].get_textpage() for index, name in enumerate(CHAPTERS, 2)}


@pytest.mark.parametrize("name", CHAPTERS)
def test_tables_keep_within_the_column(pages: dict[str, pypdfium2.PdfTextPage], name: str) -> None:
    text = pages[name]
    printed = text.get_text_range()
    rights = [text.get_charbox(at)[2] for at, sign in enumerate(printed) if not sign.isspace()]
    assert max(rights) < RIGHT + 1
    size = pypdfium2.raw.FPDFText_GetFontSize(text.raw, printed.index("Column")) * 0.75
    assert size == pytest.approx(CHAPTERS[name][1], abs=0.02)


def warned(root: Path) -> list[str]:
    progress = Progress(Console(file=StringIO()))
    made = build(root, [Format.PDF], progress, proven=False)
    return [str(each.place) for each in made.warnings if each.code == "table-wide"]


def test_what_is_wider_still_is_told_each_time(tmp_path: Path) -> None:
    document = write_document(tmp_path, {"01.md": WIDE})
    lines = WIDE.split("\n")
    places = [
        f"source/01.md:{number}"
        for number, line in enumerate(lines, 1)
        if line.count("|") == 31 and line.startswith(("| Wide", "| Other"))
    ]
    assert len(places) == 2
    places += ["source", "source"]  # for either could be meant
    assert warned(document.root) == places
    assert warned(document.root) == places  # when pages are recalled

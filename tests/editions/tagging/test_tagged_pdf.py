"""Whole PDFs: what fails without a repair, what a table over pages is, and what tagging leaves as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdfium2
import pytest
import weasyprint.pdf.tags
from rich.console import Console

from concordant.editions.paged import lay_out_pages, make_pdf
from concordant.editions.press import weasy
from concordant.editions.publication import Publication
from concordant.editions.tagging import add_tags, cleaning, lists, naming, notes, pictures, tables
from concordant.editions.tagging.repairs import REPAIRS, Repair
from concordant.progress import Progress
from concordant.publishing import publish
from concordant.validation.pdf import check_outloud
from concordant.validation.tools import Tools
from tests.editions.tagging.structures import Reader
from tests.validation import samples

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def structures(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    document = samples.structures(tmp_path_factory.mktemp("structures"))
    return publish(document.root, Progress(Console(file=StringIO())))[0]


@pytest.fixture(scope="module")
def long_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.tables(tmp_path_factory.mktemp("tables")).build()["pdf"]


def print_pdf(publication: Publication) -> bytes:
    return make_pdf(publication, lay_out_pages(publication)).data


NEEDED: Sequence[tuple[Repair, str]] = [
    (naming.name_elements, "PDFUA1-LINK-LINK-TAG-001"),
    (notes.identify_notes, "PDFUA1-NOTE-ID-001"),
    (lists.shape_definitions, "PDFUA1-L-KIDS-001"),
    (lists.shape_items, "PDFUA1-LI-KIDS-001"),
    (tables.scope_headers, "PDFUA1-TABLE-HEADERS-SCOPE-001"),
    (pictures.describe_pictures, "PDFUA1-FORMULA-ALTERNATIVE-TEXT-001"),
    (cleaning.dissolve, "PDFUA1-STRUCT-TREE-ROLE-MAP-001"),
    (cleaning.separate_text, "ORD-001"),
]


@pytest.mark.parametrize(("repair", "rule"), NEEDED, ids=[each[0].__name__ for each in NEEDED])
def test_without_a_repair_a_rule_fails(
    structures: Publication,
    repair: Repair,
    rule: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    others = [each for each in REPAIRS if each is not repair]
    monkeypatch.setattr(weasy, "add_tags", partial(add_tags, repairs=others))
    path = tmp_path / "a.pdf"
    path.write_bytes(print_pdf(structures))
    rules = {each.rule_id for each in page.validate_pdf(path, profile="ua1").failures}
    rules |= {each.rule for each in check_outloud(path, Tools(tmp_path))[1] if each.counts}
    assert rule in rules


def test_a_table_over_pages_is_one_table(long_tables: Path) -> None:
    reader = Reader(long_tables)
    *found, colophon = (part for part in reader.parts() if part.role == "Table")
    assert len(found) == 2
    for table in found:
        inside = [part.role for part in reader.parts(table.element)]
        assert inside.count("THead") == 1
        assert inside.count("Caption") == 1
    assert "THead" not in [part.role for part in reader.parts(colophon.element)]
    rows = [part.role for part in reader.parts(found[0].element)].count("TR")
    assert rows == 2 + 2 * 60
    text = reader.text(found[0].element)
    assert text.count("Measured") == 1
    document = pypdfium2.PdfDocument(long_tables)
    shown = "".join(each.get_textpage().get_text_range() for each in document)
    assert shown.count("Measured") > 2


def test_notes_can_be_found_by_their_identifiers(structures: Publication, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(print_pdf(structures))
    reader = Reader(path)
    found = [part.element for part in reader.parts() if part.role == "Note"]
    names = reader.pdf.Root.StructTreeRoot.IDTree.Names
    index = {str(names[i]): names[i + 1] for i in range(0, len(names), 2)}
    assert len(found) == 2
    assert [index[str(note.ID)].objgen for note in found] == [note.objgen for note in found]
    assert [str(name) for name in names[::2]] == sorted(index)


def links(pdf: pikepdf.Pdf) -> Iterator[tuple[int, Any, Any, Any]]:
    for number, each in enumerate(pdf.pages):
        for link in each.obj.get("/Annots", []):
            rectangle = [round(float(value), 1) for value in link.Rect]
            action = link.get("/A", pikepdf.Dictionary())
            yield number, rectangle, str(link.get("/Dest")), str(action.get("/URI"))


def test_links_labels_and_text_are_what_they_were(
    structures: Publication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours, theirs = tmp_path / "ours.pdf", tmp_path / "theirs.pdf"
    ours.write_bytes(print_pdf(structures))
    monkeypatch.setattr(weasy, "add_tags", weasyprint.pdf.tags.add_tags)
    theirs.write_bytes(print_pdf(structures))
    with pikepdf.open(ours) as one, pikepdf.open(theirs) as other:
        assert list(links(one)) == list(links(other))
        assert len(list(links(one))) > 15
        assert one.Root.PageLabels.Nums == other.Root.PageLabels.Nums
    for one_page, other_page in zip(
        pypdfium2.PdfDocument(ours), pypdfium2.PdfDocument(theirs), strict=True
    ):
        text = one_page.get_textpage().get_text_range()
        assert text == other_page.get_textpage().get_text_range()


def test_the_bytes_are_the_same_again(structures: Publication) -> None:
    assert print_pdf(structures) == print_pdf(structures)

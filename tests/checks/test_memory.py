"""What the check remembers: the pages of a PDF whose every cause is the same, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from concordant.cache import PLACE, Kept
from concordant.checks.check import Checking, check, check_files, read_edition
from concordant.checks.model import Edition
from concordant.checks.readers.pdf_glyphs import Drawn, drawn_on
from concordant.checks.readers.pdf_keys import all_page_keys
from concordant.editions.workers import LocalWorkers, ThisProcess
from tests.checks.memories import Counted, Notebook
from tests.documents import write_document

PAGE = 3
Edit = Callable[[pikepdf.Pdf, pikepdf.Object], None]


def font_of(page: pikepdf.Object) -> pikepdf.Object:
    """Return the font in which most of the page is set."""
    drawn = page["/Resources"]["/XObject"]["/Page"].read_bytes()
    fonts = page["/Resources"]["/Font"]
    return fonts[max(fonts.keys(), key=lambda name: drawn.count(name.encode()))]


def descriptor(page: pikepdf.Object) -> pikepdf.Object:
    return font_of(page)["/DescendantFonts"][0]["/FontDescriptor"]


def rewrite(stream: pikepdf.Object, old: bytes, new: bytes) -> None:
    data = stream.read_bytes()
    assert re.search(old, data)
    stream.write(re.sub(old, new, data))


def page_moved(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    rewrite(page["/Contents"], rb"^q", b"q 1 0 0 1 9 0 cm")


def form_moved(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    rewrite(page["/Resources"]["/XObject"]["/Page"], rb"^", b"1 0 0 1 9 0 cm ")


def small_form_moved(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    rewrite(page["/Resources"]["/XObject"]["/B"], rb"30 50 Tm", b"39 50 Tm")


def form_set_apart(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page["/Resources"]["/XObject"]["/Page"]["/Matrix"] = Array([1, 0, 0, 1, 9, 9])


def other_letters(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    rewrite(font_of(page)["/ToUnicode"], rb"<00[46]\w>", b"<0058>")


def wider_letters(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    widths = font_of(page)["/DescendantFonts"][0]["/W"]
    for index, each in enumerate(widths):
        if isinstance(each, Array):
            widths[index] = Array([2 * width for width in each])


def other_program(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    program = descriptor(page)["/FontFile2"]
    program.write(program.read_bytes() + b"\0")


def taller_letters(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    descriptor(page)["/Ascent"] = 3000


def other_encoding(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    font_of(page)["/Encoding"] = Name("/Identity-V")


def other_actual_text(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page["/Resources"]["/Properties"]["/Told"]["/ActualText"] = String("and now other words")


def other_state(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page["/Resources"]["/ExtGState"]["/New"] = Dictionary(CA=0)


def other_size(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page["/MediaBox"] = Array([-20, -20, 900, 900])


def other_box(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page["/CropBox"] = Array([0, 0, 20, 20])


def other_box_around(pdf: pikepdf.Pdf, _: pikepdf.Object) -> None:
    pdf.Root["/Pages"]["/CropBox"] = Array([0, 0, 20, 20])


def turned_around(pdf: pikepdf.Pdf, _: pikepdf.Object) -> None:
    pdf.Root["/Pages"]["/Rotate"] = 90


def other_unit(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page["/UserUnit"] = 2


def optional_content(pdf: pikepdf.Pdf, _: pikepdf.Object) -> None:
    pdf.Root["/OCProperties"] = Dictionary(OCGs=Array([]), D=Dictionary())


def other_numbers(pdf: pikepdf.Pdf, _: pikepdf.Object) -> None:
    pdf.Root["/Aside"] = Array([pdf.make_indirect(Dictionary(N=n)) for n in range(300)])


def other_links(pdf: pikepdf.Pdf, page: pikepdf.Object) -> None:
    shown = pdf.make_stream(b"BT /F 9 Tf (seen) Tj ET", Type=Name.XObject, Subtype=Name.Form)
    note = Dictionary(Subtype=Name.FreeText, Rect=Array([0, 0, 99, 99]), AP=Dictionary(N=shown))
    page["/Annots"] = Array([pdf.make_indirect(note)])


def other_structure(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page["/StructParents"] = 4711


DRAWN_OTHERWISE = (
    page_moved,
    form_moved,
    small_form_moved,
    form_set_apart,
    other_letters,
    wider_letters,
    other_actual_text,
)
PERHAPS = (
    taller_letters,
    other_program,
    other_encoding,
    other_state,
    other_size,
    other_box,
    other_box_around,
    turned_around,
    other_unit,
    optional_content,
)
DRAWN_THE_SAME = (other_numbers, other_links, other_structure)


@pytest.fixture(scope="module")
def publication(harbour: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made PDF with a page that is drawn as a form, and has text that stands for other text."""
    path = tmp_path_factory.mktemp("memory") / "good.pdf"
    with pikepdf.open(harbour["pdf"]) as pdf:
        page = pdf.pages[PAGE].obj
        resources = page["/Resources"]
        form = pdf.make_stream(page["/Contents"].read_bytes())
        form.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=page["/MediaBox"]))
        form["/Resources"] = Dictionary(Font=resources["/Font"], ExtGState=resources["/ExtGState"])
        told = b"/Span /Told BDC BT /Told 9 Tf 1 0 0 1 30 30 Tm (said) Tj ET EMC"
        page["/Contents"] = pdf.make_stream(b"q /Page Do Q q /B Do Q " + told)
        helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        small = pdf.make_stream(b"BT /Told 9 Tf 1 0 0 1 30 50 Tm (small) Tj ET")
        small.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=page["/MediaBox"]))
        small["/Resources"] = Dictionary(Font=Dictionary(Told=helvetica))
        page["/Resources"] = Dictionary(
            Font=Dictionary({**dict(resources["/Font"].items()), "/Told": helvetica}),
            XObject=Dictionary(
                Page=form, B=small
            ),  # named as what a page's own dictionary may have
            ExtGState=resources["/ExtGState"],
            Properties=Dictionary(Told=Dictionary(ActualText=String("other words"))),
        )
        pdf.save(path)
    return path


def edited(publication: Path, edit: Edit, folder: Path) -> Path:
    with pikepdf.open(publication) as pdf:
        edit(pdf, pdf.pages[PAGE].obj)
        pdf.save(folder / "edited.pdf")
    return folder / "edited.pdf"


def keys(path: Path) -> list[bytes | None]:
    with pikepdf.open(path) as pdf:
        return all_page_keys(pdf)


def drawn(path: Path) -> Drawn:
    [page] = drawn_on(path, {PAGE: None}, None)
    return page


@pytest.mark.parametrize("edit", [*DRAWN_OTHERWISE, *PERHAPS])
def test_a_page_of_which_anything_was_altered_is_read_again(
    publication: Path, tmp_path: Path, edit: Edit
) -> None:
    other = edited(publication, edit, tmp_path)
    assert keys(other)[PAGE] != keys(publication)[PAGE]
    memory = Notebook()
    read_edition(Edition.PDF, publication, memory)
    assert read_edition(Edition.PDF, other, memory) == read_edition(Edition.PDF, other)


@pytest.mark.parametrize("edit", DRAWN_OTHERWISE)
def test_these_alterations_would_be_missed_in_a_reading_that_was_kept(
    publication: Path, tmp_path: Path, edit: Edit
) -> None:
    assert drawn(edited(publication, edit, tmp_path)) != drawn(publication)


@pytest.mark.parametrize("edit", DRAWN_THE_SAME)
def test_what_is_not_drawn_leaves_a_page_as_it_is(
    publication: Path, tmp_path: Path, edit: Edit
) -> None:
    other = edited(publication, edit, tmp_path)
    assert keys(other) == keys(publication)
    assert drawn(other) == drawn(publication)


def test_pages_that_draw_different_things_have_different_keys(publication: Path) -> None:
    found = keys(publication)
    assert None not in found
    assert len(set(found)) == len(found) > 5


def test_what_refers_to_itself_is_not_remembered(publication: Path, tmp_path: Path) -> None:
    def in_a_circle(_: pikepdf.Pdf, page: pikepdf.Object) -> None:
        form = page["/Resources"]["/XObject"]["/Page"]
        form["/Resources"]["/XObject"] = Dictionary(Page=form)

    other = edited(publication, in_a_circle, tmp_path)
    assert [index for index, key in enumerate(keys(other)) if key is None] == [PAGE]
    memory = Notebook()
    for _ in range(2):
        assert read_edition(Edition.PDF, other, memory) == read_edition(Edition.PDF, other)
    assert memory.size >= len(keys(other)) - 1
    assert drawn(other) not in memory.values()


def test_an_encrypted_file_is_not_remembered(publication: Path, tmp_path: Path) -> None:
    with pikepdf.open(publication) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="owner", user=""))
    assert set(keys(tmp_path / "locked.pdf")) == {None}


def test_the_second_check_reads_no_page_again(harbour: dict[str, Path]) -> None:
    files = {name: harbour[name] for name in ("pdf", "epub", "html")} | {"ledger": harbour["json"]}
    memory = Notebook()
    first = check_files(files, memory=memory)
    kept, unknown = memory.size, memory.unknown
    assert kept > 5
    second = check_files(files, ThisProcess(), memory)
    assert memory.size == kept
    assert memory.unknown - unknown < unknown  # small parts are asked for, and not kept
    assert memory.known > 5
    assert first == second == check(**files)


@pytest.mark.slow
def test_a_build_reads_only_new_pages_and_hands_the_check_its_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLACE, str(tmp_path / "cache"))
    chapters = {f"{n}.md": f"# Chapter {n}\n\nText [@one].\n" for n in (1, 2, 3)}
    document = write_document(tmp_path / "document", chapters)
    asked: list[tuple[Executor | None, Counted]] = []

    def witnessed(executor: Executor | None, memory: Kept) -> Checking:
        asked.append((executor, Counted(memory)))
        return Checking(*asked[-1])

    monkeypatch.setattr("concordant.checks.check.Checking", witnessed)
    # Else a worker reads the second PDF, with a copy of the memory that counts for itself.
    monkeypatch.setattr("concordant.checks.check.note_agreement", lambda *_: None)
    document.build()
    (document.root / "source" / "2.md").write_text(f"{chapters['2.md']} Text.\n")
    document.build()
    assert all(isinstance(executor, LocalWorkers) for executor, _ in asked)
    (_, first), (_, second) = asked
    # The first knows nothing but the words of chapters that it has just kept itself.
    assert first.known <= len(chapters) + 2
    assert second.known > first.known
    assert 0 < second.unknown < first.unknown


def test_a_large_pdf_is_surveyed_by_another_process(
    harbour: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {name: harbour[name] for name in ("pdf", "epub", "html")}
    monkeypatch.setattr("concordant.checks.readers.pdf._LARGE", 0)
    memory = Notebook()
    for _ in range(2):
        assert check_files(files, ThisProcess(), memory) == check(**files)

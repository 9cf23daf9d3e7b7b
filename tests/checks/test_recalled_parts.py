"""Parts of a PDF are recalled where nothing that they depend on has changed: the flow is the one that is read without a memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from concordant.cache import PLACE
from concordant.checks.flow import Flow
from concordant.checks.readers.pdf import PdfReading
from concordant.checks.readers.pdf_raw import RawFile, raw_file
from concordant.checks.readers.pdf_survey import survey
from concordant.editions.edition import Format
from tests.checks.memories import Notebook
from tests.checks.surgery import with_objects
from tests.documents import write_document

pytestmark = pytest.mark.slow

TABLE = """
| Year | Tons |
|:-----|-----:|
| 1871 |   12 |
| 1872 |   13 |

: Tons by year {#tbl:%s}
"""
LONGER = "A note on 3.\n\n" * 60  # with letters that the fonts have


def chapter(name: str, more: str = "") -> str:
    said = "\n\n".join(
        f"Paragraph {n} of *{name}* cites [@one; @two], see @sec:{other} and @tbl:{name}^[A note on {n}.]."
        for n, other in enumerate(("Harbour", "Town", "Ships") * 12)
    )
    items = "\n".join(f"{n}. item {n}" for n in range(1, 9))
    return f"# {name} {{#sec:{name}}}\n\n{said}\n\n{more}\n\n{items}\n\n{TABLE % name}\n"


def flow(path: Path, memory: Notebook | None = None) -> Flow:
    """Read a file; how it can be recalled is nothing of what it says."""
    return replace(PdfReading(path, None, memory).flow(), stretches=())


def recalled(path: Path, memory: Notebook) -> set[int]:
    surveyed = survey(path, memory)
    return set(surveyed[1]) if surveyed else set()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A small book as the build makes it, and the same with a second chapter that is longer by a page."""
    folder = tmp_path_factory.mktemp("book")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PLACE, str(folder / "cache"))
        chapters = {f"{name}.md": chapter(name) for name in ("Harbour", "Town", "Ships")}
        document = write_document(folder / "document", chapters)
        good = folder / "good.pdf"
        good.write_bytes(document.build((Format.PDF,), proven=False)["pdf"].read_bytes())
        longer = chapter("Ships", LONGER)
        (document.root / "source" / "Ships.md").write_text(longer, "utf-8")
        yield good, document.build((Format.PDF,), proven=False)["pdf"]


@pytest.fixture
def memory(book: tuple[Path, Path]) -> Notebook:
    """A memory of the book."""
    notebook = Notebook()
    flow(book[0], notebook)
    return notebook


class Book:
    """A book under the knife: objects of its second chapter, and those that were altered."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root = pdf.Root["/StructTreeRoot"]
        self.document = self.root["/K"][0]
        self.small, *_ = self.document["/K"]
        self.chapters = [each for each in self.document["/K"] if len(each["/K"]) > 20]
        self.chapter = self.chapters[1]
        self.section = self.chapter["/K"][0]
        self.page = self.section["/K"][0]["/Pg"]
        self.changed: dict[int, bytes] = {}

    def alter(self, thing: pikepdf.Object, data: bytes | None = None) -> None:
        """Note that an object was altered, or what is to be in a stream."""
        assert thing.objgen[0]
        if isinstance(thing, pikepdf.Stream):
            kept = {key: each for key, each in thing.stream_dict.items() if key != "/Filter"}
            data = thing.read_bytes() if data is None else data
            told = Dictionary({**kept, "/Length": len(data)}).unparse(resolved=True)
            self.changed[thing.objgen[0]] = told + b"\nstream\n" + data + b"\nendstream"
        else:
            self.changed[thing.objgen[0]] = thing.unparse(resolved=True)

    def holder_of(self, thing: pikepdf.Object, *names: str) -> pikepdf.Object:
        """Return the object that holds what stands under some names within another, where that is direct."""
        holder = thing
        for name in names:
            thing = thing[name]
            holder = thing if thing.objgen[0] else holder
        return holder

    @property
    def drawn(self) -> pikepdf.Object:
        """What the page draws of its text: the longest of its streams."""
        contents = self.page["/Contents"]
        parts = list(contents) if isinstance(contents, Array) else [contents]
        forms = list(self.page["/Resources"].get("/XObject", {}).values())
        streams = [each for each in (*parts, *forms) if b"BDC" in each.read_bytes()]
        return max(streams, key=lambda each: len(each.read_bytes()))

    @property
    def link(self) -> pikepdf.Object:
        """A link on the page."""
        return next(each for each in self.page["/Annots"] if "/Dest" in each)


Edit = Callable[[Book], None]


def drawn_elsewhere(book: Book) -> None:
    book.alter(book.drawn, b"1 0 0 1 30 0 cm " + book.drawn.read_bytes())


def other_letters(book: Book) -> None:
    fonts = book.page["/Resources"]["/Font"].values()
    table = next(font["/ToUnicode"] for font in fonts if "/ToUnicode" in font)
    book.alter(
        table, table.read_bytes().replace(b"<0061>", b"<0062>").replace(b"<0065>", b"<0066>")
    )


def link_moved(book: Book) -> None:
    left, bottom, right, top = book.link["/Rect"]
    book.link["/Rect"] = Array([left + 30, bottom, right + 30, top])
    book.alter(book.link)


def link_leads_elsewhere(book: Book) -> None:
    book.link["/Dest"] = String("sec:Town") if str(book.link["/Dest"]) != "sec:Town" else "nowhere"
    book.alter(book.link)


def link_leads_to_a_place(book: Book) -> None:
    book.link["/Dest"] = Array([book.page, Name("/XYZ"), 0, 400, 0])
    book.alter(book.link)


def link_is_none(book: Book) -> None:
    book.link["/Subtype"] = Name("/Square")
    book.alter(book.link)


def links_gone(book: Book) -> None:
    book.page["/Annots"] = Array([])
    book.alter(book.holder_of(book.page))


def other_order(book: Book) -> None:
    book.section["/K"] = Array(list(book.section["/K"])[::-1])
    book.alter(book.section)


def other_element(book: Book) -> None:
    element = book.section["/K"][4]
    element["/S"] = Name("/H3")
    book.alter(element)


def element_gone(book: Book) -> None:
    kids = list(book.section["/K"])
    book.section["/K"] = Array(kids[:5] + kids[6:])
    book.alter(book.section)


def other_content(book: Book) -> None:
    """Two paragraphs change places by their contents alone."""
    first, second = book.section["/K"][4], book.section["/K"][5]
    kids = first["/K"], second["/K"]
    second["/K"], first["/K"] = kids
    book.alter(first)
    book.alter(second)


def other_roles(book: Book) -> None:
    book.root["/RoleMap"] = Dictionary(P=Name("/H2"))
    book.alter(book.root)


def chapters_change_places(book: Book) -> None:
    kids = list(book.document["/K"])
    at = [each.objgen for each in kids].index(book.chapter.objgen)
    kids[at], kids[at + 1] = kids[at + 1], kids[at]
    book.document["/K"] = Array(kids)
    book.alter(book.document)


def chapter_twice(book: Book) -> None:
    book.document["/K"] = Array([*book.document["/K"], book.chapter])
    book.alter(book.document)


def chapter_gone(book: Book) -> None:
    kids = [each for each in book.document["/K"] if each.objgen != book.chapter.objgen]
    book.document["/K"] = Array(kids)
    book.alter(book.document)


def document_is_a_heading(book: Book) -> None:
    book.document["/S"] = Name("/H1")
    book.alter(book.document)


def content_of_another_chapter(book: Book) -> None:
    """An element that is not remembered takes what a chapter has."""
    there = Dictionary(Type=Name("/MCR"), Pg=book.page, MCID=book.section["/K"][0]["/K"][0])
    book.small["/K"] = Array([*book.small["/K"], there])
    book.alter(book.small)


def pages_change_places(book: Book) -> None:
    node = book.page["/Parent"]
    node["/Kids"] = Array(list(node["/Kids"])[::-1])
    book.alter(node)


def page_gone(book: Book) -> None:
    node = book.page["/Parent"]
    kids = [each for each in node["/Kids"] if each.objgen != book.page.objgen]
    node["/Kids"] = Array(kids)
    node["/Count"] = len(kids)
    book.alter(node)
    above = node.get("/Parent")
    while above is not None:
        above["/Count"] -= 1
        book.alter(above)
        above = above.get("/Parent")


def pages_are_turned(book: Book) -> None:
    tree = book.pdf.Root["/Pages"]
    tree["/Rotate"] = 90
    book.alter(tree)


def page_is_cut(book: Book) -> None:
    book.page["/CropBox"] = Array([0, 0, 200, 300])
    book.alter(book.page)


def destination_moved(book: Book) -> None:
    names = book.holder_of(book.pdf.Root, "/Names", "/Dests")
    listed = book.pdf.Root["/Names"]["/Dests"]["/Names"]
    for index in range(1, len(listed), 2):
        listed[index] = Array([book.page, Name("/XYZ"), 0, 300, 0])
    book.alter(names)


def other_bookmark(book: Book) -> None:
    item = book.pdf.Root["/Outlines"]["/First"]["/Next"]
    item["/Title"] = String("Something else")
    book.alter(item)


def bookmark_leads_elsewhere(book: Book) -> None:
    item = book.pdf.Root["/Outlines"]["/First"]["/Next"]
    item["/Dest"] = Array([book.page, Name("/XYZ"), 0, 100, 0])
    book.alter(item)


def bookmarks_gone(book: Book) -> None:
    item = book.pdf.Root["/Outlines"]["/First"]
    del item["/Next"]
    book.alter(item)


def wider_letters(book: Book) -> None:
    for font in book.page["/Resources"]["/Font"].values():
        inner = font["/DescendantFonts"][0]
        inner["/W"] = Array([0, Array([900] * 300)])
        book.alter(inner if inner.objgen[0] else font)


def page_draws_another(book: Book) -> None:
    """A page refers to an object at the edge of its chapter as what it draws."""
    forms = book.page["/Resources"]["/XObject"]
    forms["/Odd"] = book.document
    book.alter(forms if forms.objgen[0] else book.page)


def optional_content(book: Book) -> None:
    book.pdf.Root["/OCProperties"] = Dictionary(OCGs=Array([]), D=Dictionary())
    book.alter(book.pdf.Root)


SEEN = (
    drawn_elsewhere,
    other_letters,
    link_moved,
    link_leads_elsewhere,
    link_leads_to_a_place,
    link_is_none,
    links_gone,
    other_order,
    other_element,
    element_gone,
    other_content,
)
AROUND = (
    other_roles,
    chapters_change_places,
    chapter_twice,
    chapter_gone,
    document_is_a_heading,
    content_of_another_chapter,
    pages_change_places,
    page_gone,
    pages_are_turned,
    page_is_cut,
    destination_moved,
    other_bookmark,
    bookmark_leads_elsewhere,
    bookmarks_gone,
    wider_letters,
    page_draws_another,
    optional_content,
)


def altered(path: Path, edit: Edit, folder: Path) -> Path:
    with pikepdf.open(path, inherit_page_attributes=False) as pdf:
        book = Book(pdf)
        edit(book)
        other = with_objects(path.read_bytes(), book.changed)
    (folder / "altered.pdf").write_bytes(other)
    return folder / "altered.pdf"


def test_the_same_file_is_recalled(book: tuple[Path, Path], memory: Notebook) -> None:
    good, _ = book
    assert len(recalled(good, memory)) >= 3
    assert flow(good, memory) == flow(good)


def test_a_book_with_a_longer_chapter(book: tuple[Path, Path], memory: Notebook) -> None:
    good, longer = book
    expected = flow(longer)
    assert len(expected.sheets) > len(flow(good).sheets)
    for _ in range(2):
        assert flow(longer, memory) == expected
    assert flow(good, memory) == flow(good)


@pytest.mark.parametrize("edit", [*SEEN, *AROUND])
def test_an_altered_object(
    book: tuple[Path, Path], memory: Notebook, tmp_path: Path, edit: Edit
) -> None:
    good, _ = book
    other = altered(good, edit, tmp_path)
    expected = flow(other)
    if edit in SEEN:
        assert expected != replace(flow(good), name=expected.name)
    for _ in range(2):
        assert flow(other, memory) == expected
    assert flow(good, memory) == flow(good)


@pytest.mark.parametrize("edit", SEEN)
def test_it_would_be_missed_if_less_were_looked_at(
    book: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    monkeypatch.setattr(RawFile, "digest", lambda _, numbers: numbers.runs)
    good, _ = book
    memory = Notebook()
    flow(good, memory)
    other = altered(good, edit, tmp_path)
    assert recalled(other, memory)
    assert flow(other, memory) != flow(other)


def test_other_chapters_are_recalled(
    book: tuple[Path, Path], memory: Notebook, tmp_path: Path
) -> None:
    good, _ = book
    whole = recalled(good, memory)
    other = altered(good, link_moved, tmp_path)
    assert len(recalled(other, memory)) == len(whole) - 1


def raw_of(path: Path) -> RawFile | None:
    with pikepdf.open(path, inherit_page_attributes=False) as pdf:
        return raw_file(pdf, path.read_bytes())


def test_only_plain_files_are_recalled(book: tuple[Path, Path], tmp_path: Path) -> None:
    good, _ = book
    data, other = good.read_bytes(), tmp_path / "other.pdf"
    assert raw_of(good) is not None
    table = re.compile(rb"startxref\s+(\d+)")
    start = int(table.findall(data)[-1])
    updated = data + data[start : data.rindex(b"startxref")].replace(
        b"/Type", b"/Prev %d /Type" % start, 1
    )
    other.write_bytes(updated + b"startxref\n%d\n%%%%EOF\n" % len(data))
    assert raw_of(other) is None
    with pikepdf.open(good) as pdf:
        pdf.save(other, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert raw_of(other) is None
        pdf.save(other, linearize=True)
        assert raw_of(other) is None
        pdf.save(other, encryption=pikepdf.Encryption(owner="owner", user=""))
        assert raw_of(other) is None
    other.write_bytes(data.replace(b"endobj", b"endxxx", 1))
    assert raw_of(other) is None


def test_stretches_are_equal_where_their_keys_are(
    book: tuple[Path, Path], memory: Notebook
) -> None:
    good, longer = book
    first, second = (PdfReading(path, None, memory).flow() for path in (good, longer))
    known = {each.key: first.text[each.start : each.end] for each in first.stretches}
    shared = [each for each in second.stretches if each.key in known]
    assert 0 < len(shared) < len(second.stretches)
    assert all(second.text[each.start : each.end] == known[each.key] for each in shared)

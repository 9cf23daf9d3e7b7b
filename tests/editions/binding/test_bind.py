"""Parts printed one by one and bound say the same as when they were printed in one go."""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image

from concordant.cache import Folder, Recalling
from concordant.editions.binding.bind import Binding, NotPrinted, Sheets
from concordant.editions.binding.imprint import Imprint
from concordant.editions.press.blanks import unpacked
from concordant.editions.press.standins import DESTINATION
from concordant.editions.press.weasy import Layout, Press
from concordant.editions.typefaces.fonts import cut_fonts
from concordant.editions.workers import ThisProcess
from concordant.problem import CannotRun

STYLE = """
@page { size: 90mm 120mm; margin: 12mm 12mm calc(12mm - var(--more)); @bottom-center { content: counter(page) } }
@page :first { @bottom-center { content: "– " counter(page) " –" } @top-left { content: "Opening" } }
@page small { @bottom-center { content: counter(page, lower-roman) } }
h2 { break-before: page; page: small }
html { --more: 0mm; font: 9pt "Source Serif 4" } table { font: 8pt "Source Sans 3" }
"""

FACES = cut_fonts(map(chr, range(0x20, 0x180)))
PROGRAMS = tuple(each.data for each in FACES)
IMPRINT = Imprint("urn:example:bound", "urn:example:source", "1", "en", 0)


def _picture() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (120, 60, 30)).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _chapter(index: int, letters: str, links: str = "") -> str:
    paragraphs = "".join(
        f"<p id='p{index}-{n}'>{letters} paragraph {n}. " + "word " * 60 + "</p>" for n in range(6)
    )
    table = "<table><thead><tr><th scope='col' colspan='2'>A</th></tr><tr><th scope='col'>B</th><th scope='col'>C</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    picture = f"<p><img src='{_picture()}' alt='A brown field' width='60' height='40'/></p>"
    return (
        f"<html lang='en'><head><title>Joined</title></head><body><section><h1 id='c{index}'>Chapter {index}</h1>"
        f"<p>{links}</p>{table}{picture}{paragraphs}<h2 id='s{index}'>Within {index}</h2></section></body></html>"
    )


CHAPTERS = (
    _chapter(1, "First", "<a href='#c3'>to three</a>, <a href='#p1-5'>within</a>, <a href='https://example.org/'>out</a>"),
    _chapter(2, "Office, ÄÖ", "<a href='#p1-0'>back</a>, <a href='#s3'>on</a>"),
    _chapter(3, "ŁŹ zebra", "<a href='#c1'>to the start</a>"),
)  # fmt: skip


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(STYLE, FACES)


@pytest.fixture(scope="module")
def layouts(press: Press) -> list[Layout]:
    folio, result = 1, []
    for chapter in CHAPTERS:
        result.append(_lay_out(press, chapter, folio))
        folio += result[-1].page_count
    return result


def _lay_out(press: Press, chapter: str, folio: int) -> Layout:
    """Lay out a chapter; the second one has longer pages, as `fitting` may decide."""
    style = "html { --more: 4mm }" if "Chapter 2" in chapter else ""
    return press.lay_out(etree.fromstring(chapter), first_folio=folio, style=style)


@pytest.fixture(scope="module")
def whole(press: Press, layouts: list[Layout]) -> bytes:
    return press.print(layouts)


@pytest.fixture(scope="module")
def parts(press: Press) -> list[bytes]:
    """The chapters, each laid out as if the document began with it."""
    laid_out = [_lay_out(press, chapter, 1) for chapter in CHAPTERS]
    return [press.print_part(layout) for layout in laid_out]


@pytest.fixture(scope="module")
def folios(press: Press, layouts: list[Layout]) -> list[bytes]:
    folio, result = 1, []
    for layout in layouts:
        result.append(press.print_folios(layout.kinds, folio, layout.style))
        folio += layout.page_count
    return result


@pytest.fixture(scope="module")
def joined(parts: list[bytes], folios: list[bytes]) -> bytes:
    return bind(parts, folios)


def bind(
    parts: Sequence[bytes], folios: Sequence[bytes] = (), executor: Executor | None = None
) -> bytes:
    sheets = Sheets(tuple(parts), tuple(folios), PROGRAMS, IMPRINT)
    return Binding(sheets, executor or ThisProcess()).result()


def _texts(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def _links(data: bytes) -> list[tuple[int, str]]:
    """Each link as the page that it stands on and where it leads: a page and height, or a URL."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        names = list(pdf.Root.Names.Dests.Names)
        places = {str(name): place for name, place in zip(names[::2], names[1::2], strict=True)}
        found = []
        for index, page in enumerate(pdf.pages):
            for link in page.get("/Annots", ()):
                if "/A" in link:
                    found.append((index, str(link.A.URI)))
                else:
                    place = places[str(link.Dest)]
                    found.append((index, f"{numbers[place[0].objgen]} at {float(place[3]):.2f}"))
        return found


def _structure(data: bytes) -> list[tuple[int, str, int]]:
    """The structure tree in order: each element's depth, type, and number of marked contents and annotations."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return list(_walk(pdf.Root.StructTreeRoot.K[0], 0))


def _walk(element: Any, depth: int) -> Any:
    kids = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
    nodes = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    yield depth, str(element.S), len(kids) - len(nodes)
    for node in nodes:
        assert node.P.objgen == element.objgen
        yield from _walk(node, depth + 1)


def test_pages_have_the_same_text(whole: bytes, joined: bytes) -> None:
    assert _texts(joined) == _texts(whole)
    assert "zebra" in "".join(_texts(joined))


def test_pages_look_the_same(whole: bytes, joined: bytes) -> None:
    for one, other in zip(pypdfium2.PdfDocument(whole), pypdfium2.PdfDocument(joined), strict=True):
        assert one.render().to_pil().tobytes() == other.render().to_pil().tobytes()


def test_links_lead_to_the_same_places(whole: bytes, joined: bytes) -> None:
    assert _links(joined) == _links(whole)
    assert len(_links(joined)) == 6


def test_the_structure_is_the_same(whole: bytes, joined: bytes) -> None:
    assert _structure(joined) == _structure(whole)


def _pairs(node: Any, limits: list[int]) -> list[tuple[Any, Any]]:
    """The entries of a number tree's leaf, whose limits are its first key and its last."""
    items = list(node.Nums)
    assert limits == [int(items[0]), int(items[-2])]
    return list(zip(items[::2], items[1::2], strict=True))


def test_every_marked_content_and_annotation_finds_its_element(joined: bytes) -> None:
    with pikepdf.open(io.BytesIO(joined)) as pdf:
        tree = pdf.Root.StructTreeRoot
        pairs = [
            (int(key), owner)
            for node in tree.ParentTree.Kids
            for key, owner in _pairs(node, [int(each) for each in node.Limits])
        ]
        owners = dict(pairs)
        assert list(owners) == sorted(owners)
        assert len(owners) == len(pairs)
        assert max(owners) < int(tree.ParentTreeNextKey)
        for page in pdf.pages:
            for element in owners[int(page.StructParents)]:
                others = [
                    kid.Pg
                    for kid in element.K
                    if isinstance(kid, pikepdf.Dictionary) and "/Pg" in kid
                ]
                assert page.objgen in {each.objgen for each in (element.Pg, *others)}
            for link in page.get("/Annots", ()):
                owner = owners[int(link.StructParent)]
                objects = [
                    kid.Obj.objgen
                    for kid in owner.K
                    if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid
                ]
                assert link.objgen in objects


def test_table_cells_name_headers_of_their_own_table(joined: bytes) -> None:
    with pikepdf.open(io.BytesIO(joined)) as pdf:
        elements = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        names = Counter(str(each.ID) for each in elements if each.get("/S") == "/TH")
        cells = [each for each in elements if each.get("/S") == "/TD"]
        assert len(names) == 9
        assert set(names.values()) == {1}
        assert {str(name) for cell in cells for name in cell.A.Headers} == set(names)


def test_outlines_are_chained(whole: bytes, joined: bytes) -> None:
    def titles(data: bytes) -> list[tuple[int, str, int | None]]:
        toc = pypdfium2.PdfDocument(data).get_toc()
        return [(each.level, each.get_title(), each.get_dest().get_index()) for each in toc]

    assert titles(joined) == titles(whole)
    assert len(titles(joined)) == 6


def test_fonts_and_pictures_are_there_once(whole: bytes, joined: bytes) -> None:
    def count(data: bytes) -> tuple[int, int]:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            fonts = [
                each
                for each in pdf.objects
                if isinstance(each, pikepdf.Dictionary) and "/FontFile2" in each
            ]
            pictures = [
                each
                for each in pdf.objects
                if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
            ]
            return len(fonts), len(pictures)

    assert count(joined) == count(whole)
    assert count(joined)[1] == 1


def test_it_is_as_accessible_as_a_chapter_alone(press: Press, joined: bytes) -> None:
    def failing(data: bytes) -> set[str]:
        report = validator.validate_pdf_bytes(data, profile="ua1")
        assert report.rules.total > 100
        return {each.rule_id for each in report.failures}

    alone = press.lay_out(etree.fromstring(_chapter(1, "Alone")), first_folio=1)
    assert failing(joined) <= failing(press.print([alone]))


def test_the_same_parts_give_the_same_bytes(
    parts: list[bytes], folios: list[bytes], joined: bytes
) -> None:
    assert bind(parts, folios) == joined


class _Counting(ThisProcess):
    """Notes down what is done."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.done.append(fn.__name__)
        return super().submit(fn, *args, **kwargs)


def test_a_changed_part_moves_no_other(
    press: Press, parts: list[bytes], folios: list[bytes], tmp_path: Path
) -> None:
    """What is kept of the others serves again, and the bytes are those of a binding that keeps nothing."""
    counting = _Counting()
    bind(parts, folios, Recalling(counting, Folder(tmp_path)))
    assert sorted(counting.done) == sorted(["survey", "take_layer", "place"] * 3 + ["take_front"])
    counting.done.clear()
    longer = CHAPTERS[1].replace("Office", "An office <em>and</em> <a href='#c1'>more</a>")
    changed = [parts[0], press.print_part(_lay_out(press, longer, 1)), parts[2]]
    again = bind(changed, folios, Recalling(counting, Folder(tmp_path)))
    assert sorted(counting.done) == ["place", "survey"]
    assert again == bind(changed, folios)


def test_pages_and_their_numbers_are_as_many(
    press: Press, layouts: list[Layout], parts: list[bytes], folios: list[bytes]
) -> None:
    few = press.print_folios(layouts[2].kinds[:-1], 1)
    with pytest.raises(ValueError, match="numbers"):
        bind(parts, [*folios[:2], few])


def test_names_outside_of_ascii_are_found(press: Press) -> None:
    first, second = (
        press.print_part(press.lay_out(etree.fromstring(text)))
        for text in (
            "<html lang='en'><body><h1 id='résumé'>One</h1><a href='#résumé'>a</a> <a href='#łódź'>b</a></body></html>",
            "<html lang='en'><body><h1 id='łódź'>Two</h1><a href='#résumé'>c</a></body></html>",
        )
    )
    with pikepdf.open(io.BytesIO(bind([first, second]))) as pdf:
        names = [bytes(each) for each in list(pdf.Root.Names.Dests.Names)[::2]]
        wanted = [bytes(link.Dest) for page in pdf.pages for link in page.Annots]
    assert names == sorted(names)
    assert len(wanted) == 3
    assert set(wanted) == set(names)


def test_a_link_that_leads_nowhere_is_an_error(parts: list[bytes]) -> None:
    with pytest.raises(NotPrinted) as found:
        bind(parts[:2])
    assert found.value.args == ("c3", "s3")


def test_two_parts_cannot_have_one_name(parts: list[bytes]) -> None:
    with pytest.raises(ValueError, match="named c1"):
        bind([*parts, parts[0]])
    with pytest.raises(ValueError, match="nothing"):
        bind([])


def test_page_numbers_are_artefacts_and_cannot_stand_beside_text(
    press: Press, joined: bytes
) -> None:
    with pikepdf.open(io.BytesIO(joined)) as pdf:
        for page in pdf.pages:
            assert b"/Artifact" in page.Contents[-1].read_bytes()
    mixed = (
        STYLE
        + "h1 { string-set: chapter content() } @page { @top-right { content: string(chapter) counter(page) } }"
    )
    other = Press(mixed, cut_fonts("abc"))
    with pytest.raises(CannotRun, match="@top-right"):
        other.print_part(other.lay_out(etree.fromstring(CHAPTERS[0]), first_folio=1))


def test_links_to_other_parts_are_marked_in_a_part(parts: list[bytes]) -> None:
    with pikepdf.open(io.BytesIO(unpacked(parts[2]))) as pdf:
        for link in pdf.pages[0].Annots:
            assert str(link.A.URI) == f"{DESTINATION}c1"

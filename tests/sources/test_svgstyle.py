"""Style sheets of an author's SVG reach its own elements, and nothing of the page around it."""

from __future__ import annotations

import zipfile
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree
from rich.console import Console

from concordant.editions.edition import Format
from concordant.editions.elements import parse
from concordant.editions.placing import data_url, place_pictures
from concordant.problem import ProblemsFound
from concordant.progress import Progress
from concordant.publishing import publish
from concordant.sources.pictures import MEDIA_TYPES, Picture
from concordant.sources.svgrules import SVG
from concordant.sources.svgstyle import LeftOut, hand_down, inline_styles
from tests.documents import Document, write_document

PARAGRAPH = "# One\n\nText.\n\n"
SECTION = PARAGRAPH + '![C](figures/p.svg){#fig:p alt="A sign."}\n'


def drawing(inside: str, root: str = "") -> str:
    return f'<svg xmlns="{SVG}" width="90" height="40" {root}>{inside}</svg>'


def styled(inside: str, root: str = "") -> tuple[etree._Element, list[LeftOut]]:
    svg = etree.fromstring(drawing(inside, root))
    return svg, inline_styles(svg)


def styles(svg: etree._Element) -> list[str]:
    return [str(each.get("style", "")) for each in svg]


def test_the_stronger_rule_stands_later_and_an_elements_own_style_last() -> None:
    sheet = "<style>#b { fill: red } .a { fill: blue } path { stroke: none } .a { r: 1 }</style>"
    svg, left_out = styled(f'{sheet}<path id="b" class="a" style="fill: green"/><rect/>')
    assert styles(svg) == ["stroke:none;fill:blue;r:1;fill:red;fill: green", ""]
    assert left_out == []
    assert svg.find(f"{{{SVG}}}style") is None


def test_an_important_declaration_keeps_its_strength() -> None:
    svg, _ = styled('<style>path{fill:red!important}</style><path style="fill:green"/>')
    assert styles(svg) == ["fill:red !important;fill:green"]


def test_selectors_with_surroundings_go_by_the_picture_alone() -> None:
    sheet = "<style><![CDATA[.plot > path, body path.b { fill: red }]]></style>"
    svg, _ = styled(f'{sheet}<path class="a"/><g><path class="b"/></g>', 'class="plot"')
    assert styles(svg) == ["fill:red", ""]
    assert styles(svg[1]) == [""]


def test_only_classes_of_drawn_figures_are_left() -> None:
    svg, _ = styled('<path class="footnote"/><path class="st0 fig-ink"/>')
    assert [each.get("class") for each in svg] == [None, "fig-ink"]


def test_what_holds_for_some_readers_only_is_left_out_with_its_line() -> None:
    sheet = """<style>
    @namespace svg url(http://www.w3.org/2000/svg);
    path:hover { fill: red }
    @media print { path { fill: blue } }
    path::before, path { fill: green }
    path:: { fill: black }
    </style><style media="print">path { fill: white }</style>"""
    svg, left_out = styled(f"{sheet}<path/>")
    assert styles(svg) == ["fill:green"]
    assert [(each.line, each.rule) for each in left_out] == [
        (3, "path:hover"),
        (4, "@media"),
        (6, "path::"),
        (7, '<style type="text/css" media="print">'),
    ]


def test_what_the_root_hands_down_stands_in_attributes_too() -> None:
    svg, _ = styled("<style>svg { fill: red; background: blue; stroke: red !important }</style>")
    hand_down(svg)
    told = {name: svg.get(name) for name in ("fill", "stroke", "background")}
    assert told == {"fill": "red", "stroke": "red", "background": None}


def test_parts_that_styles_name_follow_their_identifiers() -> None:
    parts = (
        """<g id="a"/><path style="fill:url(&quot;#a&quot;);clip-path:url( '#a' );mask:url(#a)"/>"""
    )
    root = parse('<img src="p.svg" style="width:50%"/>')
    picture = Picture("p.svg", MEDIA_TYPES[".svg"], drawing(parts, 'style="fill:red"').encode())
    place_pictures(root, {"p.svg": picture}, data_url)
    svg = root[0]
    assert svg.get("style") == "fill:red;width:50%"
    assert svg[1].get("id") == "p-svg-0-a"
    assert svg[2].get("style") == (
        "fill:url(#p-svg-0-a);clip-path:url(#p-svg-0-a);mask:url(#p-svg-0-a)"
    )


def document(root: Path, picture: str) -> Document:
    return write_document(root, {"01.md": SECTION}, files={"figures/p.svg": picture})


def told(root: Path, picture: str) -> list[str]:
    try:
        return [*map(str, publish(document(root, picture).root, silent())[1])]
    except ProblemsFound as found:
        return [*map(str, found.problems)]


def silent() -> Progress:
    return Progress(Console(file=StringIO()))


def test_a_rule_that_is_left_out_is_told(tmp_path: Path) -> None:
    sheet = "<style>\n@media print { text { fill: blue } }</style>"
    assert told(tmp_path, drawing(sheet)) == [
        "source/figures/p.svg:2: warning[figure-style]: @media in the picture's style sheet is left out: the three "
        "editions could not agree on it; say what holds for all readers"
    ]


@pytest.mark.parametrize(
    "inside",
    [
        "<style>@import 'x.css';</style>",
        "<style>@font-face { font-family: x; src: url(https://example.org/x.woff2) }</style>",
        '<path style="fill: url( &quot;https://example.org/x.svg#a&quot; )"/>',
        '<path fill="url(x.svg#a)"/>',
    ],
)
def test_styles_fetch_nothing(tmp_path: Path, inside: str) -> None:
    assert told(tmp_path, drawing(inside)) == [
        "source/figures/p.svg:1: error[figure-active]: the picture reaches outside itself; take it out of the picture"
    ]


def test_styles_may_name_parts_of_the_picture(tmp_path: Path) -> None:
    sheet = "<style>/* no @import */ @namespace url(http://www.w3.org/2000/svg); path { fill: url( '#a' ) }</style>"
    assert told(tmp_path, drawing(f'{sheet}<path fill="url(#a)"/>')) == []


@pytest.mark.slow
def test_a_picture_does_not_style_the_page(tmp_path: Path) -> None:
    sheet = "<style>* { letter-spacing: 9px } p, .a { fill: #010203; color: red }</style>"
    picture = drawing(f'{sheet}<rect class="a" width="90" height="40"/>')
    files = document(tmp_path, picture).build(list(Format))
    with zipfile.ZipFile(files["epub"]) as archive:
        chapter = archive.read("EPUB/text/chapter-01.xhtml").decode()
    for page in (files["html"].read_text("utf-8"), chapter):
        body = page.partition("<body")[2]
        assert "<style" not in body
        assert body.count("fill:#010203") == body.count("letter-spacing:9px;") == 1
    assert (1, 2, 3) in colours_of(files["pdf"])


def colours_of(pdf: Path) -> set[tuple[int, int, int]]:
    document = pypdfium2.PdfDocument(pdf)
    images = [page.render().to_pil().convert("RGB") for page in document]
    document.close()
    return {colour for image in images for _, colour in image.getcolors(1 << 24)}

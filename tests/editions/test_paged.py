"""The PDF edition's pages, as a reader meets them, and the steps that shape them."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image
from rich.console import Console

from concordant.editions.cover import cover_png
from concordant.editions.edition import Format
from concordant.editions.press.fitting import fit
from concordant.editions.press.formulas import draw_formulas
from concordant.editions.press.keeping import NBSP, keep_together
from concordant.editions.press.printing import NotesLost
from concordant.editions.press.weasy import Layout, Press
from concordant.editions.publication import Publication, folio_column
from concordant.editions.titles import set_title
from concordant.editions.typefaces.fonts import CutFace
from concordant.progress import Progress
from concordant.publishing import publish
from tests.documents import write_document

FILLER = "Words that fill the page run on from line to line until there are enough of them. " * 9
CHAPTERS = {
    "00-about.md": "# About {.frontmatter .unnumbered}\n\nThis stands before.\n",
    "01-one.md": (
        "# First {#sec:first}\n\nIn 1984 the office kept 2,357 files, as @one says [@one; @two].[^n]\n\n"
        "[^n]: A note with a list:\n\n    - alpha item\n    - omega item\n\n"
        + f"{FILLER}\n\n" * 9
        + "## Later {#sec:later}\n\nFormulas $a^2 + b^2$ and\n\n$$ \\frac{a^2}{b} $$ {#eq:one}\n"
    ),
    "02-two.md": (
        "# Second\n\nSee @sec:later and @tbl:one; and [@two; @one].\n\n"
        "| Year | Cases |\n|---|---:|\n| 2019 | 7 |\n\n: Cases by year. {#tbl:one}\n"
    ),
    "99-refs.md": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
}


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    document = write_document(tmp_path_factory.mktemp("publication"), CHAPTERS)
    return publish(document.root, Progress(Console(file=io.StringIO())))[0]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The finished PDF, and what WeasyPrint and ziamath logged while it was made."""
    document = write_document(tmp_path_factory.mktemp("built"), CHAPTERS)
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    loggers = [logging.getLogger(), logging.getLogger("weasyprint")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        path = document.build([Format.PDF])["pdf"]
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    return path, log.getvalue()


def page_texts(path: Path) -> list[str]:
    return [
        " ".join(page.get_textpage().get_text_range().split())
        for page in pypdfium2.PdfDocument(path)
    ]


def test_nothing_is_logged(built: tuple[Path, str]) -> None:
    assert built[1] == ""


def test_old_style_figures_and_ligatures_keep_their_text(built: tuple[Path, str]) -> None:
    assert "In 1984 the office kept 2,357 files" in " ".join(page_texts(built[0]))


def test_contents_name_the_page_that_a_section_begins_on(built: tuple[Path, str]) -> None:
    path, _ = built
    texts = page_texts(path)
    labels = [pypdfium2.PdfDocument(path).get_page_label(index) for index in range(len(texts))]
    contents = next(text for text in texts if text.startswith("Contents"))
    body = [index for index, label in enumerate(labels) if label.isdigit()]
    named = dict(re.findall(r"(First|Later|Second) (\d+)", contents))
    assert len(named) == 3
    assert int(named["Later"]) > int(named["First"])  # the chapter before runs over pages
    for title, folio in named.items():
        [page] = [i for i in body if labels[i] == folio]
        assert re.search(rf"\d {title}\b", texts[page])
    assert "About" in texts[labels.index(re.findall(r"About ([ivx]+)", contents)[0])]


@pytest.mark.parametrize("folio", ["47", "1888", "xxxviii", "mdccclxxxviii"])
def test_page_numbers_of_contents_have_room_beside_the_words(
    publication: Publication, folio: str
) -> None:
    folios = {heading.anchor: folio for heading in publication.headings}
    title = set_title("T", width=310, height=200, largest=36)
    column = folio_column(folios.values())
    values = {"folios": folios, "folio_column": column, "title": title}
    opening = publication.render("pdf-opening.jinja", **values)
    press = Press(publication.sheet("common.css", "pdf.css", dark=False), publication.fonts)
    with pypdfium2.PdfDocument(press.print([press.lay_out(parsed(opening))])) as pdf:
        page = pdf[1]
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        printed = text.get_text_range()
        found = [match.span() for match in re.finditer(rf"\b{folio}\b", printed)]
        assert len(found) >= 4
        for start, end in found:
            (left, bottom, *_), right = boxes[start], boxes[end - 1][2]
            beside = [box for box in boxes[:start] if abs(box[1] - bottom) < 4]
            assert max(box[2] for box in beside) < left - 2
            assert right < page.get_width() - 62  # where lines end


def test_a_footnote_stands_at_the_foot_of_its_calls_page(built: tuple[Path, str]) -> None:
    path, _ = built
    [page] = [
        page
        for page in pypdfium2.PdfDocument(path)
        if "A note with a list" in page.get_textpage().get_text_range()
    ]
    text = page.get_textpage()
    places = {}
    for words in ("In 1984", "A note with a list", "alpha item", "omega item"):
        at = text.search(words).get_next()
        assert at is not None
        places[words] = text.get_charbox(at[0])[1]
    assert places["In 1984"] > 2 * places["A note with a list"]
    lines = [places[words] for words in ("A note with a list", "alpha item", "omega item")]
    for higher, lower in pairwise(lines):
        assert 10 < higher - lower < 18  # points: no empty line between the note's blocks


def test_every_footnote_stands_on_the_page_of_its_call(tmp_path: Path) -> None:
    lines = "Some words to fill a line or two of the page, and then a few more, until it ends."
    text = "\n\n".join(
        f"{lines * (1 + turn % 3)} Call{turn}.^[Note{turn} says at some length what did not fit into "
        f"the text itself, so that it takes two lines.]"
        for turn in range(40)
    )
    path = write_document(tmp_path, {"01-one.md": f"# One\n\n{text}\n"}).build([Format.PDF])["pdf"]
    met = 0
    for page in page_texts(path):
        calls, notes = re.findall(r"Call(\d+)", page), re.findall(r"Note(\d+)", page)
        assert calls == notes
        met += len(calls)
    assert met == 40


def test_every_annotation_belongs_to_a_link_element(built: tuple[Path, str]) -> None:
    with pikepdf.open(built[0]) as pdf:
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        annotations = [each for page in pdf.pages for each in page.get("/Annots", [])]
        assert annotations
        kinds = {str(parents[int(each.StructParent)].S) for each in annotations}
    assert kinds == {"/Link"}


def test_a_link_has_one_annotation_a_line(built: tuple[Path, str]) -> None:
    with pikepdf.open(built[0]) as pdf:
        for page in pdf.pages:
            places = [
                (str(each.get("/Dest")), tuple(map(float, each.Rect)))
                for each in page.get("/Annots", [])
            ]
            assert len(places) == len(set(places))


def test_entries_name_the_pages_that_cite_them(built: tuple[Path, str]) -> None:
    *pages, references, _ = page_texts(built[0])
    second = next(text for text in pages if "See Section" in text)
    folio = second.split()[-1]
    entries = re.findall(r"Cited on pages ([\d, ]+\d)(?= \[| \d+$)", references)
    assert entries == [f"1, {folio}", f"1, {folio}"]


def parsed(text: str) -> etree._Element:
    return etree.fromstring(f"<main>{text}</main>")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '<p>As said <span class="citation">[<a>1</a>, <a>2</a>]</span>. More words follow here.</p>',
            f"As said{NBSP}[1,{NBSP}2]. More words follow{NBSP}here.",
        ),
        (
            '<p><em>Said</em> <span class="citation">[<a>1</a>]</span></p>',
            f"Said{NBSP}[1]",
        ),
        (
            '<p><span class="citation">[<a>1</a>, <a>2</a>, <a>3</a>, <a>4</a>]</span> say</p>',
            "[1, 2, 3, 4] say",
        ),
        ("<h2>Figures and disagreement</h2>", f"Figures and{NBSP}disagreement"),
        ("<p>Too long to keep disagreement</p>", "Too long to keep disagreement"),
    ],
)
def test_words_that_belong_together_are_kept(before: str, after: str) -> None:
    root = parsed(before)
    plain = "".join(map(str, root.itertext()))
    keep_together(root)
    kept = "".join(map(str, root.itertext()))
    assert kept == after
    assert kept.replace(NBSP, " ") == plain


LINES = """
    :root { --extra-lines: 0 }
    @page { size: 200pt 200pt; margin: 20pt 20pt calc(40pt - var(--extra-lines) * 14pt) }
    p { margin: 0; line-height: 14pt; font: 10pt/14pt "Source Serif 4"; orphans: 1; widows: 1 }
"""


def test_a_chapter_runs_a_line_long_to_spare_a_page(publication: Publication) -> None:
    press = Press(LINES, publication.fonts)

    def document(lines: int) -> etree._Element:
        body = "".join(f"<p>{line}</p>" for line in range(lines))
        return etree.fromstring(f'<html lang="en"><body style="margin: 0">{body}</body></html>')

    assert press.lay_out(document(11), first_folio=1).page_count == 2
    assert fit(press, document(11)).page_count == 1
    assert fit(press, document(16)).page_count == 2  # there is nothing to spare


class CountingPress(Press):
    """A press that notes down with which style it was asked."""

    def __init__(self, style: str, fonts: tuple[CutFace, ...]) -> None:
        super().__init__(style, fonts)
        self.asked: list[str] = []

    def lay_out(self, root: etree._Element, *, first_folio: int = 1, style: str = "") -> Layout:
        self.asked.append(style)
        return super().lay_out(root, first_folio=first_folio, style=style)


def test_a_little_white_is_not_worth_another_layout(publication: Publication) -> None:
    # Pages of ten lines, and of eleven that are a line long: eight lines, four, and seven that may be parted.
    press = CountingPress(LINES, publication.fonts)
    body = "".join(
        f'<div style="break-inside: {inside}">{"<p>A line.</p>" * lines}</div>'
        for lines, inside in ((8, "avoid"), (4, "avoid"), (7, "auto"))
    )
    root = etree.fromstring(f'<html lang="en"><body style="margin: 0">{body}</body></html>')
    assert press.lay_out(root).fills[-1] < 0.17
    press.asked.clear()
    best = fit(press, root)
    assert best.page_count == 2
    assert 0.6 < best.fills[0] < 0.8
    assert press.asked == ["", ":root { --extra-lines: 1 }"]


class ForgetfulPress(Press):
    """A press that loses all notes unless the style says otherwise, as WeasyPrint now and then loses one."""

    remembers = ""

    def lay_out(self, root: etree._Element, *, first_folio: int = 1, style: str = "") -> Layout:
        layout = super().lay_out(root, first_folio=first_folio, style=style)
        return layout if self.remembers and self.remembers in style else replace(layout, anchors={})


def test_a_layout_that_loses_a_note_is_not_taken(publication: Publication) -> None:
    press = ForgetfulPress("@page { size: 200pt 200pt }", publication.fonts)
    note = '<span class="footnote" id="fn-1">Note</span>'
    root = etree.fromstring(f'<html lang="en"><body><p>Text{note}</p></body></html>')
    press.remembers = "--extra-lines: -1"
    assert "fn-1" in fit(press, root).anchors
    press.remembers = ""
    with pytest.raises(NotesLost, match="fn-1"):
        fit(press, root)


def test_a_title_is_set_in_even_lines_that_fit() -> None:
    short = set_title("A short one", width=310, height=200, largest=36)
    assert short.size == 36
    assert short.lines == ("A short one",)
    long = set_title(
        "A title of many words that never ends " * 4, width=310, height=200, largest=36
    )
    assert long.size < 36
    assert len(long.lines) * long.leading <= 200


def test_formulas_have_their_words_and_no_identifiers() -> None:
    math = (
        '<p><math xmlns="http://www.w3.org/1998/Math/MathML" display="{}"><semantics><mi>x</mi>'
        '<annotation encoding="application/x-tex"> x </annotation></semantics></math>tail</p>'
    )
    root = parsed(math.format("inline") + math.format("block"))
    draw_formulas(root)
    pictures = list(root.iter("{http://www.w3.org/2000/svg}svg"))
    assert [each.get("class") for each in pictures] == ["formula", "formula display"]
    assert [each[0].text for each in pictures] == ["x", "x"]
    assert [each.tail for each in pictures] == ["tail", "tail"]
    assert not root.xpath("//@id")


@pytest.mark.parametrize(
    "title", ["Short", "A title which is so long that it has to be smaller " * 3]
)
def test_the_cover_shows_the_title_between_the_brackets(
    publication: Publication, title: str
) -> None:
    metadata = replace(publication.project.metadata, title=title)
    named = replace(publication, project=replace(publication.project, metadata=metadata))
    picture = Image.open(io.BytesIO(cover_png(named)))
    assert picture.size == (1600, 2400)
    paper = picture.convert("L").point(lambda value: 255 if value > 200 else 0)
    brackets = [(155, 1200), (250, 165), (250, 2233), (1445, 1200), (1350, 165), (1350, 2233)]
    assert [paper.getpixel(place) for place in brackets] == [255] * 6
    inside = paper.crop((200, 200, 1400, 2200)).getbbox()
    assert inside is not None
    left, top, right, bottom = inside
    assert left >= 50
    assert right <= 1150
    assert top > 0
    assert bottom < 2000


def test_dates_are_written_in_the_documents_language(publication: Publication) -> None:
    assert publication.long_date("2026-11-02") == "2 November 2026"
    metadata = replace(publication.project.metadata, lang="de-AT")
    german = replace(publication, project=replace(publication.project, metadata=metadata))
    assert german.long_date("2026-11-02") == "2. November 2026"
    assert publication.long_date("spring") == "spring"

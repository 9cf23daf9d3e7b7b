"""The one module that talks to WeasyPrint: it lays out element trees and joins them into a PDF.

Nothing is fetched: the only URLs that lead anywhere are `font:` (a cut face) and `data:`. Fonts of the
machine are shut out by a font configuration without folders.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from xml.etree import ElementTree

import cssselect2
import pydyf
import tinycss2
from lxml import etree

from concordant.cache import Kept
from concordant.collector import held_off
from concordant.editions.elements import Element
from concordant.editions.pagemarks import APART, count_tokens
from concordant.editions.plainstyle import worked_out
from concordant.editions.press.brackets import set_upright
from concordant.editions.press.exchange import exchanged, nothing_here
from concordant.editions.press.standins import DESTINATION, stand_in
from concordant.editions.press.stretches import is_stretch
from concordant.editions.typefaces.fonts import CutFace, font_faces
from concordant.isolation import isolate, libraries_by_name
from concordant.later import set_aside
from concordant.numbered.blank import BLANK

isolate()
# Faces come here cut and as they are, documents as trees, colours without profiles; WeasyPrint's own sheets are read below.
_UNUSED = [f"fontTools.{name}" for name in ("subset", "varLib.instancer", "ttLib.woff2")]
_UNUSED += ["tinyhtml5", "PIL.ImageCms"]

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that no fonts are installed is the intention
    sheets_unread = exchanged("parse_stylesheet", nothing_here, tinycss2)
    with set_aside(*_UNUSED), libraries_by_name(), sheets_unread:
        import weasyprint
    from weasyprint.draw import text as drawing
    from weasyprint.formatting_structure import boxes
    from weasyprint.pdf.fonts import Font
    from weasyprint.text.ffi import ffi
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    from concordant.editions.press.blankdrawing import drawing_blanks
    from concordant.editions.press.folios import (
        blank_pages,
        kinds_of,
        leave_out_folios,
        number_pages,
        sample_kinds,
    )
    from concordant.editions.press.hyphenation import dictionaries_kept
    from concordant.editions.press.joints import joints_kept
    from concordant.editions.press.levelling import printed_pages
    from concordant.editions.press.linecopying import lines_copied
    from concordant.editions.press.linekeeping import KeptLines, lines_kept
    from concordant.editions.press.struts import struts_kept
    from concordant.editions.press.stylekeeping import KeptStyles
    from concordant.editions.press.stylesharing import styles_shared, user_agent_sheet
    from concordant.editions.press.widths import wide_tables
    from concordant.editions.tagging import add_tags

# What every layout needs first is made ready while nobody waits: for each type, cffi reads all declarations.
_USER_AGENT = user_agent_sheet()
_TYPES = (
    *("char[]", "char[4]", "unsigned int *", "FcChar8 **", "hb_tag_t[100]"),
    *("PangoFcFontMap *", "PangoRectangle *", "PangoLogAttr[]"),
)
for _type in _TYPES:
    ffi.typeof(_type)
VARIANT = "pdf/a-3a"  # binding declares PDF/UA-1 too
# The hyphen of ASCII, because both hyphens share a glyph, and what a glyph stands for is said once in a font. Digits of
# one width where others are set in their places.
_BASE = f"""html {{ hyphenate-character: "-" }}
[{BLANK}] {{ font-feature-settings: "pnum" 0, "tnum" 1 !important }}"""


@dataclass(frozen=True, slots=True)
class Layout:
    """One part laid out: its pages, on which of them (from 0) each anchor stands, and how full each is.

    `starts` has, for each page, how many of the part's tokens (see `pagemarks`) stand before it, `tokens` how many there
    are; `style` is what had the last word on it; `wide` are the tables, from 0, that stand out of the column.
    """

    document: Any
    anchors: Mapping[str, int]
    fills: tuple[float, ...]
    starts: tuple[int, ...]
    tokens: int
    style: str = ""
    wide: tuple[int, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kind of each page, as `print_folios` takes it."""
        return kinds_of(self.document)

    @property
    def page_count(self) -> int:
        """How many pages the part has."""
        return len(self.document.pages)


class Press:
    """WeasyPrint made ready once: fonts loaded, style sheet parsed; `memory` is for hyphenation dictionaries."""

    def __init__(self, style: str, fonts: Sequence[CutFace], memory: Kept | None = None) -> None:
        self._fetcher = _Fetcher({cut.face.name: cut.data for cut in fonts})
        self._programs = {cut.data: stand_in(cut.data) for cut in fonts}
        self._samples: dict[tuple[tuple[str, ...], str], Any] = {}
        self._style = f"{_BASE}\n{style}"
        self._sheets: dict[str, Any] = {}
        self._first_pages: dict[int, Any] = {}
        self._kept = KeptStyles()
        self._lines = KeptLines()
        self._memory = memory
        with _quiet():
            self._fonts = FontConfiguration()
            rules = font_faces(fonts, {cut.face.name: f"font:{cut.face.name}" for cut in fonts})
            self._faces = self._parse(rules)

    def lay_out(self, root: Element, *, first_folio: int = 1, style: str = "") -> Layout:
        """Lay out an `html` element whose first page bears the folio `first_folio`; `style` has the last word."""
        sheets = [self._faces, self._sheet(style), self._first_page(first_folio)]
        with (
            _quiet(),
            held_off(),
            styles_shared(self._kept),
            lines_copied(),
            lines_kept(self._lines),
            struts_kept(),
            joints_kept(),
            dictionaries_kept(self._memory),
        ):
            page = _Tree(root, self._fetcher)
            document = page.render(stylesheets=sheets, font_config=self._fonts, pdf_variant=VARIANT)
        if is_stretch(root):
            document.pages = printed_pages(root, document.pages)
        anchors: dict[str, int] = {}
        for index, each in enumerate(document.pages):
            # WeasyPrint makes an annotation of every box within a link; the link's own boxes are enough.
            each.links = [found for found in each.links if found[3].link]
            for name in each.anchors:  # of what goes on over a page break, the beginning counts
                anchors.setdefault(name, index)
        fills = tuple(_fill(page) for page in document.pages)
        *starts, tokens = _starts(document.pages)
        wide = wide_tables(document.pages, page.etree_element)
        return Layout(document, anchors, fills, tuple(starts), tokens, style, wide)

    def print(self, layouts: Sequence[Layout]) -> bytes:
        """Print layouts as they are, in order, as one tagged PDF with its fonts; links may lead from one to another."""
        pages = [page for layout in layouts for page in layout.document.pages]
        whole = layouts[0].document.copy(pages)
        return self._write(whole, pdf_variant=VARIANT, pdf_identifier=b"concordant")

    def print_part(self, layout: Layout) -> bytes:
        """Print one part as a PDF for `binding`, packed as `blanks.unpacked` takes it.

        Links that leave the part become `dest:` URIs, which WeasyPrint would drop otherwise. Page numbers are
        left out: they are for `print_folios`. Fonts are left out too; digests stand in for them. Nothing is compressed,
        so that blanks can be set in it.
        """
        leave_out_folios(layout.document)
        for page in layout.document.pages:
            page.links = [_abroad(link, layout.anchors) for link in page.links]
        written = self._write(
            layout.document,
            pdf_variant=VARIANT,
            finisher=self._leave_out_fonts,
            uncompressed_pdf=True,
        )
        return zlib.compress(written, zlib.Z_BEST_SPEED)

    def print_folios(self, kinds: Sequence[str], first_folio: int, style: str = "") -> bytes:
        """Print the page numbers of consecutive pages of these kinds, and nothing else, as a PDF.

        `style` is that of the layout whose pages they are.
        """
        samples = self._sample(sample_kinds(kinds), style)
        pages = number_pages(samples, kinds, first_folio)
        return self._write(samples.copy(pages), finisher=self._leave_out_fonts)

    def _sample(self, kinds: tuple[str, ...], style: str) -> Any:
        if (kinds, style) not in self._samples:
            layout = self.lay_out(blank_pages(kinds), style=style)
            self._samples[kinds, style] = layout.document
        return self._samples[kinds, style]

    @staticmethod
    def _write(document: Any, **options: Any) -> bytes:
        # A part needs no identifier, for which WeasyPrint would write everything twice.
        options = {"pdf_identifier": False, **options}
        with held_off(), lines_copied(), _own_ways():
            return bytes(document.write_pdf(**options))

    def _leave_out_fonts(self, _: Any, pdf: Any) -> None:
        for each in pdf.objects:
            content = list(each.stream) if isinstance(each, pydyf.Stream) else []
            if len(content) == 1 and isinstance(content[0], bytes):
                each.stream = [self._programs.get(content[0], content[0])]

    def _sheet(self, style: str) -> Any:
        if style not in self._sheets:
            self._sheets[style] = self._parse(worked_out(f"{self._style}\n{style}"))
        return self._sheets[style]

    def _first_page(self, folio: int) -> Any:
        if folio not in self._first_pages:
            rule = f"@page :first {{ counter-reset: page {folio} }}"
            self._first_pages[folio] = self._parse(rule)
        return self._first_pages[folio]

    def _parse(self, text: str) -> Any:
        return weasyprint.CSS(string=text, url_fetcher=self._fetcher, font_config=self._fonts)


class _Tree(weasyprint.HTML):  # type: ignore[misc]
    """An HTML document from an element tree, which WeasyPrint would otherwise write and parse again."""

    def __init__(self, root: Element, fetcher: URLFetcher) -> None:
        self.base_url = None
        self.url_fetcher = fetcher
        self.media_type = "print"
        # lxml's elements lack what WeasyPrint's SVG reader asks of the standard library's.
        tree = ElementTree.fromstring(etree.tostring(root))
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = tree

    def _ua_stylesheets(self, _: bool = False) -> list[Any]:
        return [_USER_AGENT]


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Hands out the document's fonts, and what a `data:` URL holds; nothing else."""

    def __init__(self, fonts: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols={"data"})
        self._faces = fonts

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url.startswith("font:"):
            return URLFetcherResponse(url, self._faces[url.removeprefix("font:")])
        return super().fetch(url, headers)


def _abroad(link: tuple[Any, ...], anchors: Mapping[str, int]) -> tuple[Any, ...]:
    kind, target, *place = link
    leaves = kind == "internal" and target not in anchors
    return ("external", DESTINATION + target, *place) if leaves else link


def _starts(pages: Sequence[Any]) -> tuple[int, ...]:
    """Return how many tokens stand before each page, and before the end."""
    heads: set[int] = set()
    counts = [sum(_tokens(page._page_box.children[0], heads)) for page in pages]
    return tuple(accumulate(counts, initial=0))


def _tokens(box: Any, heads: set[int]) -> Iterator[int]:
    """Yield how many tokens the boxes of a page hold; `heads` are the table heads met on pages before."""
    box = getattr(box, "_box", box)  # of what is out of the flow, a placeholder stands here
    if isinstance(box, boxes.TextBox):
        yield 0 if "::" in str(box.element_tag) else count_tokens(box.text)
    elif box.element is not None and APART & set(str(box.element.get("class", "")).split()):
        return
    elif isinstance(box, boxes.ReplacedBox):
        yield 1
    elif isinstance(box, boxes.TableRowGroupBox) and box.is_header:
        if id(box.element) not in heads:
            heads.add(id(box.element))
            yield from (count for child in box.children for count in _tokens(child, heads))
    else:
        children = getattr(box, "children", ())
        yield from (count for child in children for count in _tokens(child, heads))


def _fill(page: Any) -> float:
    """Return the share of a page's height that its text takes, footnotes left out of both."""
    box = page._page_box
    root, *others = box.children
    notes = sum(each.margin_height() for each in others if isinstance(each, boxes.FootnoteAreaBox))
    return float((_bottom(root) - box.content_box_y()) / (box.height - notes))


def _bottom(box: Any) -> float:
    """Return where the last thing in a box ends; a box that goes on overleaf is itself as high as the page."""
    if isinstance(box, boxes.ParentBox) and not isinstance(box, boxes.LineBox):
        return max((_bottom(child) for child in box.children), default=float(box.position_y))
    bottom: float = box.position_y + box.margin_height()
    return bottom


@contextmanager
def _own_ways() -> Iterator[None]:
    """Let WeasyPrint write as the editions need it, in this module alone.

    Faces come here cut already. WeasyPrint would cut them again, with whichever subsetter the machine has; and
    its option to keep fonts whole forgets which text a ligature or an old-style figure stands for. Its structure
    tree has an element for every box; ours has one for every element of the HTML. Its fonts take mirrored
    brackets for each other. What it draws is final; our blanks are set later.
    """
    subset, tagging, draw = Font.subset, weasyprint.pdf.add_tags, drawing.draw_first_line
    write_fonts = weasyprint.pdf.build_fonts_dictionary

    def write_fonts_upright(pdf: Any, fonts: Mapping[str, Any], *options: Any) -> Any:
        set_upright(fonts.values())
        return write_fonts(pdf, fonts, *options)

    Font.subset, weasyprint.pdf.add_tags = lambda *_: None, add_tags
    drawing.draw_first_line = drawing_blanks(draw)
    weasyprint.pdf.build_fonts_dictionary = write_fonts_upright
    try:
        yield
    finally:
        Font.subset, weasyprint.pdf.add_tags = subset, tagging
        drawing.draw_first_line = draw
        weasyprint.pdf.build_fonts_dictionary = write_fonts


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

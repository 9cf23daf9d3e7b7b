"""The PDF edition: parts laid out one by one, so that every printed page number is known before it is printed.

The body comes first, from folio 1; then the front matter's pages are counted; then the reference list,
which says on which pages each reference is cited; last the contents, whose folios are then all known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from concordant import __version__, pandoc
from concordant.editions import finishing
from concordant.editions.edition import Edition, Format
from concordant.editions.fitting import fit
from concordant.editions.formulas import draw_formulas
from concordant.editions.fragments import Element, Fragment, classes, parse
from concordant.editions.keeping import keep_together
from concordant.editions.pagemarks import PageStart
from concordant.editions.placing import data_url, place_pictures
from concordant.editions.publication import Publication
from concordant.editions.titles import set_title
from concordant.editions.weasy import VERSION, Layout, Press
from concordant.numbered.chapter import Role
from concordant.sources.svgrules import SVG

SHEETS = ("common.css", "pdf.css")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "div", "figure", "table")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the paged document, with the folio of its first page."""

    layout: Layout
    first_folio: int
    roman: bool = False

    @property
    def page_starts(self) -> tuple[PageStart, ...]:
        """Where each of the part's pages begins."""
        write = roman if self.roman else str
        return tuple(
            PageStart(write(self.first_folio + index), tokens)
            for index, tokens in enumerate(self.layout.starts)
        )

    @property
    def next_folio(self) -> int:
        """The folio of the page after the part."""
        return self.first_folio + self.layout.page_count

    def folios(self) -> dict[str, str]:
        """Return the folio of every anchor's page, as it is printed."""
        write = roman if self.roman else str
        anchors = self.layout.anchors.items()
        return {name: write(self.first_folio + index) for name, index in anchors}


@dataclass(frozen=True, slots=True)
class Paged:
    """The document in pages: its parts in order, and where the pages of each chapter begin."""

    press: Press
    parts: tuple[Part, ...]
    starts: Mapping[str, tuple[PageStart, ...]]


def lay_out_pages(publication: Publication) -> Paged:
    """Lay out all parts; the other editions mark where these pages begin."""
    press = Press(publication.sheet(*SHEETS, dark=False), publication.fonts)
    maker = _Maker(publication, press)
    front = [each for each in publication.fragments if each.chapter.role is Role.FRONT]
    body = [each for each in publication.fragments if each.chapter.role is Role.BODY]
    back = [each for each in publication.fragments if each.chapter.role is Role.BACK]
    body_parts = maker.sequence(body, 1, {})
    folios = _all_folios(body_parts)
    opening_length = maker.opening(folios).layout.page_count
    front_parts = maker.sequence(front, opening_length + 1, folios, roman=True)
    folios |= _all_folios(front_parts)
    back_parts = maker.sequence(back, _next(body_parts, 1), folios)
    folios |= _all_folios(back_parts)
    colophon = maker.colophon(_next([*body_parts, *back_parts], 1))
    opening = maker.opening(folios)
    chapters = zip([*front, *body, *back], [*front_parts, *body_parts, *back_parts], strict=True)
    starts = {fragment.chapter.anchor: part.page_starts for fragment, part in chapters}
    parts = (opening, *front_parts, *body_parts, *back_parts, colophon)
    return Paged(press, parts, starts)


def make_pdf(publication: Publication, paged: Paged) -> Edition:
    """Make the PDF edition from its laid out pages."""
    roman_pages = sum(part.layout.page_count for part in paged.parts if part.roman)
    printed = paged.press.print([part.layout for part in paged.parts])
    data = finishing.finish(printed, publication, roman_pages=roman_pages)
    pages = sum(part.layout.page_count for part in paged.parts)
    return Edition(Format.PDF, f"{publication.slug}.pdf", data, pages)


class _Maker:
    """Makes parts of one publication on one press."""

    def __init__(self, publication: Publication, press: Press) -> None:
        self._publication = publication
        self._press = press

    def sequence(
        self,
        fragments: list[Fragment],
        folio: int,
        folios: Mapping[str, str],
        *,
        roman: bool = False,
    ) -> list[Part]:
        """Lay out chapters one after the other, each from a new page."""
        parts: list[Part] = []
        for fragment in fragments:
            part = self._part(self._chapter(fragment, folios), folio, roman=roman)
            parts.append(part)
            folio = part.next_folio
        return parts

    def opening(self, folios: Mapping[str, str]) -> Part:
        """Lay out the title page, the contents and the lists."""
        title = set_title(
            self._publication.project.metadata.title, width=310, height=200, largest=36
        )
        text = self._publication.render("pdf-opening.jinja", folios=folios, title=title)
        root = _document(text)
        keep_together(root)
        return self._part(root, 1, roman=True)

    def colophon(self, folio: int) -> Part:
        """Lay out the last page."""
        tools = (f"Concordant {__version__}", f"pandoc {pandoc.version()}", f"WeasyPrint {VERSION}")
        return self._part(
            _document(self._publication.render("pdf-colophon.jinja", tools=tools)), folio
        )

    def _part(self, root: Element, folio: int, *, roman: bool = False) -> Part:
        return Part(fit(self._press, root, folio), folio, roman)

    def _chapter(self, fragment: Fragment, folios: Mapping[str, str]) -> Element:
        root = _document(self._publication.render("pdf-chapter.jinja", chapter=fragment.chapter))
        home = next(root.iter("main"))
        home.extend(list(parse(fragment.body)))
        _name_headings(home)
        _place_notes(home, [parse(note)[0] for note in fragment.notes])
        self._place_pictures(home)
        draw_formulas(home)
        _cite_pages(home, folios, self._publication)
        keep_together(home)
        return root

    def _place_pictures(self, root: Element) -> None:
        pictures = self._publication.pictures
        place_pictures(root, pictures, data_url)
        described = {title.text: title for title in root.iter(f"{{{SVG}}}title")}
        for picture in pictures.values():
            words = picture.alternative
            short = words.split(". ")[0]
            if words and short in described:
                described[
                    short
                ].text = words  # WeasyPrint takes the title alone for the alternative


def _document(text: str) -> Element:
    return etree.fromstring(text.encode(), etree.XMLParser(remove_comments=True))


def _name_headings(root: Element) -> None:
    """Give the headings that call a note the title that bookmarks and running heads repeat: without the call."""
    for heading in root.iter(*_HEADINGS):
        if any("noteref" in classes(each) for each in heading.iter("a")):
            heading.set("data-title", " ".join("".join(_uncalled(heading)).split()))


def _uncalled(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if "noteref" not in classes(child):
            yield from _uncalled(child)
        yield child.tail or ""


def _place_notes(root: Element, notes: list[Element]) -> None:
    """Put each footnote behind its call: the page's layout moves it to the page's foot."""
    calls = {
        str(each.get("href"))[1:]: each for each in root.iter("a") if "noteref" in classes(each)
    }
    for note in notes:
        call = calls[str(note.get("id"))]
        _close_up(note)
        note.tag = "span"
        note.tail, call.tail = call.tail, None
        call.addnext(note)


def _close_up(note: Element) -> None:
    """Remove white space between blocks, which would open lines in an element that is inline at first."""
    for block in note.iter(*_BLOCKS):
        parent = block.getparent()
        if not (block.tail or "").strip():
            block.tail = None
        if parent is not None and parent[0] is block and not (parent.text or "").strip():
            parent.text = None


def _cite_pages(root: Element, folios: Mapping[str, str], publication: Publication) -> None:
    """Turn each entry's back-links from sections to pages, one link a page."""
    terms = publication.terms
    for links in root.iter("span"):
        if "backlinks" not in classes(links):
            continue
        targets = [str(link.get("href"))[1:] for link in links]
        pages = [
            (folio, next(group))
            for folio, group in groupby(targets, lambda each: folios.get(each, ""))
        ]
        unique = dict(reversed([page for page in pages if page[0]]))
        pages = sorted(
            unique.items(),
            key=lambda page: (page[0].isdigit(), int(page[0]) if page[0].isdigit() else 0),
        )
        for link in list(links):
            links.remove(link)
        word = terms.one("page") if len(pages) == 1 else terms.several("page")
        links.text = f"{terms.one('cited-on')} {word} "
        for index, (folio, target) in enumerate(pages):
            link = etree.SubElement(links, "a", {"href": f"#{target}", "class": "backlink"})
            link.text = folio
            link.tail = ", " if index < len(pages) - 1 else ""


def _all_folios(parts: list[Part]) -> dict[str, str]:
    return {name: folio for part in parts for name, folio in part.folios().items()}


def _next(parts: list[Part], otherwise: int) -> int:
    return parts[-1].next_folio if parts else otherwise


def roman(number: int) -> str:
    """Return a small number as a lower-case roman numeral."""
    result = ""
    for value, sign in _ROMAN:
        while number >= value:
            result, number = result + sign, number - value
    return result

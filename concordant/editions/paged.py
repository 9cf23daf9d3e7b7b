"""The PDF edition: parts printed one by one without their page numbers, settled, numbered and joined.

The opening has the title page, the contents and the lists; then each chapter is a part; the colophon is the last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from itertools import groupby, takewhile

from lxml import etree

from concordant import __version__, pandoc
from concordant.cache import Kept, remembered
from concordant.editions.asked import Asked
from concordant.editions.binding.bind import Binding, Sheets, Surveys
from concordant.editions.binding.imprint import Imprint
from concordant.editions.edition import Edition, Format
from concordant.editions.elements import (
    HEADINGS,
    Element,
    add_class,
    classes,
    parse,
    without,
    words_of,
)
from concordant.editions.expected import Starts
from concordant.editions.fragments import Fragment
from concordant.editions.pagemarks import PageStart
from concordant.editions.placing import data_url, pictures_in, place_pictures
from concordant.editions.press.addresses import tell_addresses
from concordant.editions.press.blanks import blank_out, leave_blanks, told
from concordant.editions.press.keeping import keep_together
from concordant.editions.press.printing import (
    Numbering,
    Outfit,
    outfit,
    print_numbering,
    print_part,
)
from concordant.editions.press.stretches import in_stretches
from concordant.editions.publication import Publication, folio_column
from concordant.editions.settling import Folios, Part, Plan, Printing, Written, settle
from concordant.editions.titles import set_title
from concordant.editions.workers import Ahead, Started, ThisProcess, start_all
from concordant.numbered.chapter import Role
from concordant.numbered.terms import Terms
from concordant.sources.pictures import Picture
from concordant.sources.svgrules import SVG

SHEETS = ("common.css", "pdf.css")
_LINK = re.compile(r'href="#([^"]*)"')
_BLOCKS = ("p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "div", "figure", "table")


@dataclass(frozen=True, slots=True)
class Paged:
    """The document in pages: its parts in order, the page numbers laid over them, and where the pages of each chapter begin."""

    parts: tuple[Part, ...]
    folios: tuple[bytes, ...]
    starts: Starts


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What goes on while pages are laid out.

    `lists_are_printed` is called, with the other parts, when only contents and reference lists are still being printed, which
    leaves workers idle; `waiting`, once, when work has been given out, with what tells whether that is done. The chapters that
    are `new` are begun first, by an executor that does equal works once. With the page numbers that are `expected`, reference lists are begun before those are known.
    """

    lists_are_printed: Callable[[Sequence[bytes]], None] = lambda _: None
    waiting: Callable[[Callable[[], bool]], None] = lambda _: None
    new: Sequence[Fragment] = ()
    expected: Folios = field(default_factory=dict)


def lay_out_pages(
    publication: Publication,
    executor: Executor | None = None,
    of: Outfit | None = None,
    meanwhile: Meanwhile | None = None,
) -> Paged:
    """Lay out and print all parts; the other editions mark where these pages begin. `of` is the publication's outfit, if it is made."""
    executor, meanwhile = executor or ThisProcess(), meanwhile or Meanwhile()
    of = of or outfit_of(publication)
    for html in _printed_alone(publication, meanwhile.new):
        Started(executor, print_part, html, of)  # whose result is asked for below
    plans = _plans(publication)
    ahead = _expected_lists(plans, meanwhile.expected)
    is_first = True

    def start_printing(texts: Sequence[str]) -> Printing:
        nonlocal is_first
        printing = start_all(print_part, texts, executor, of, beside=ahead if is_first else ())
        if is_first:
            is_first = False
            if (
                meanwhile.expected
            ):  # the contents are written while others print; what is still right then is kept
                plans[0].write(meanwhile.expected)
            meanwhile.waiting(printing.are_done)
        return printing

    layers = Ahead[Numbering, bytes](executor, print_numbering, of)

    def in_between(parts: Sequence[Part]) -> None:
        printed = [part for part in parts if part.printed.pdf]
        meanwhile.lists_are_printed([part.printed.pdf for part in printed])
        layers.begin(map(_numbering, printed))

    parts = settle(plans, start_printing, in_between)
    folios = tuple(layers.results([*map(_numbering, parts)]))
    return Paged(parts, folios, _starts(plans, parts))


def _printed_alone(publication: Publication, fragments: Sequence[Fragment]) -> Iterator[str]:
    """Yield the parts of chapters, unless they wait for the page numbers of others."""
    for fragment in fragments:
        if not _waits(fragment):
            yield from (html for html, _ in _chapter(publication, fragment))


def _waits(fragment: Fragment) -> bool:
    return "backlinks" in fragment.body


def _expected_lists(plans: Sequence[Plan], folios: Folios) -> list[str]:
    """Return the reference lists as they are written with these page numbers, if there are any."""
    lists = [each.write for each in plans if isinstance(each.write, _Cited)] if folios else []
    return [write(folios).html for write in lists]


def outfit_of(publication: Publication, memory: Kept | None = None) -> Outfit:
    """Return what presses for the publication are made of; `memory` is one that all who lay out find."""
    return outfit(publication.sheet(*SHEETS, dark=False), publication.fonts, memory)


def _starts(plans: Sequence[Plan], parts: Sequence[Part]) -> Starts:
    """Return where the pages of each chapter begin, whose tokens go on from part to part."""
    starts: dict[str, list[PageStart]] = {}
    tokens: Counter[str] = Counter()
    for plan, part in zip(plans, parts, strict=True):
        before = tokens[plan.anchor]
        starts.setdefault(plan.anchor, []).extend(
            replace(each, tokens=before + each.tokens) for each in part.page_starts
        )
        tokens[plan.anchor] += part.printed.tokens
    return starts


def _numbering(part: Part) -> Numbering:
    return Numbering(part.printed.kinds, part.first_folio, part.printed.style)


def start_pdf(
    publication: Publication,
    paged: Paged,
    executor: Executor,
    looked_through: Surveys | None = None,
    memory: Kept | None = None,
) -> Binding:
    """Have the printed parts bound, some of which may have been looked through; workers find the `memory`."""
    metadata = publication.project.metadata
    sheets = Sheets(
        tuple(part.printed.pdf for part in paged.parts),
        paged.folios,
        tuple(cut.data for cut in publication.fonts),
        Imprint(
            metadata.identifier,
            publication.source_urn,
            metadata.version,
            metadata.lang,
            sum(part.page_count for part in paged.parts if part.roman),
        ),
        tuple(part.numbers for part in paged.parts),
    )
    return Binding(sheets, executor, looked_through, memory)


def make_pdf(publication: Publication, paged: Paged, started: Binding | None = None) -> Edition:
    """Make the PDF edition from its printed parts; `started` is the binding of them, if it is under way."""
    started = started or start_pdf(publication, paged, ThisProcess())
    pages = sum(part.page_count for part in paged.parts)
    return Edition(Format.PDF, f"{publication.slug}.pdf", started.result(), pages)


def _plans(publication: Publication) -> list[Plan]:
    chapters = publication.fragments
    # Without front matter no numbers go on from the contents.
    alone = not any(each.chapter.role is Role.FRONT for each in chapters)
    plans = [Plan("contents", _Opening(publication), alone, roman=True)]
    for fragment in chapters:
        waits = _waits(fragment)
        roman = fragment.chapter.role is Role.FRONT
        for html, blanks in _chapter(publication, fragment):
            written = Written(html, told(blanks, fragment.chapter.numbers))
            write = _Cited(written, publication) if waits else _Fixed(written)
            plans.append(Plan(fragment.chapter.anchor, write, waits, roman))
    return [*plans, Plan("colophon", _Fixed(Written(_colophon(publication))))]


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A part that prints no page numbers."""

    written: Written

    def __call__(self, _: Folios) -> Written:
        return self.written


@dataclass(frozen=True, slots=True)
class _Cited:
    """A part whose references say on which pages they are cited."""

    written: Written
    publication: Publication

    def __call__(self, folios: Folios) -> Written:
        html, numbers = self.written
        cited = [each for each in dict.fromkeys(_LINK.findall(html)) if each in folios]
        known = tuple((each, folios[each]) for each in cited)
        text, pages = _citing(html, len(numbers), known, self.publication.terms)
        return Written(text, numbers + pages)


@remembered
def _citing(
    html: str, count: int, folios: tuple[tuple[str, str], ...], terms: Terms
) -> tuple[str, tuple[str, ...]]:
    """Return a part with the pages on which its references are cited, and the numbers for the blanks that these are.

    It has `count` blanks before; `folios` has what links lead to.
    """
    root = _document(html)
    pages = blank_out(list(_cite_pages(root, dict(folios), terms)), count)
    return _text(root), pages


class _Opening:
    """The title page, the contents and the lists, which are written anew only for other page numbers than they print."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._last: tuple[str, Asked, Written] | None = None

    def __call__(self, folios: Folios) -> Written:
        column = folio_column(folios.values())
        if self._last and self._last[0] == column and self._last[1].would_tell(folios):
            return self._last[2]
        asked = Asked(folios)
        written = _opening(self._publication, asked, column)
        self._last = column, asked, written
        return written


def _opening(publication: Publication, folios: Folios, column: str) -> Written:
    title = set_title(publication.project.metadata.title, width=310, height=200, largest=36)
    template = "pdf-opening.jinja"
    root = _rendered(publication, template, folios=folios, folio_column=column, title=title)
    keep_together(root)
    numbers = blank_out(each for each in root.iter("span") if "folio" in classes(each))
    return Written(_text(root), numbers)


def _colophon(publication: Publication) -> str:
    """Write the last page."""
    tools = (
        f"Concordant {__version__}",
        f"pandoc {pandoc.version()}",
        f"WeasyPrint {version('weasyprint')}",
    )
    return _text(_rendered(publication, "pdf-colophon.jinja", tools=tools))


def _chapter(publication: Publication, fragment: Fragment) -> list[tuple[str, tuple[str, ...]]]:
    """Write the parts of a chapter; return each with its blanks (see `leave_blanks`)."""
    template, texts = "pdf-chapter.jinja", (fragment.body, *fragment.notes)
    page = publication.render(template, chapter=fragment.chapter)
    with _parsing(template, publication):
        return _filled(page, texts, pictures_in(texts, publication.pictures))


@remembered
def _filled(
    page: str, texts: tuple[str, ...], pictures: tuple[Picture, ...]
) -> list[tuple[str, tuple[str, ...]]]:
    """Fill a chapter's page with its body and notes, which show the pictures; return its parts, each with its blanks."""
    root, (body, *notes) = _document(page), map(parse, texts)
    home = next(root.iter("main"))
    home.extend(list(body))
    _name_headings(home)
    _place_notes(home, [note[0] for note in notes])
    _name_pictured(home)
    _place_pictures(home, pictures)
    _start_lists(home)
    keep_together(home)
    tell_addresses(home)
    _go_on_behind_displays(home)
    parts = in_stretches(root)
    blanks = [*map(leave_blanks, parts)]
    return list(zip(map(_text, parts), blanks, strict=True))


def _rendered(publication: Publication, template: str, **values: object) -> Element:
    text = publication.render(template, **values)
    with _parsing(template, publication):
        return _document(text)


@contextmanager
def _parsing(template: str, publication: Publication) -> Iterator[None]:
    """Tell the author of a template if what it makes is not well-formed."""
    try:
        yield
    except etree.XMLSyntaxError as error:
        raise publication.failed(template, error) from error


def _name_pictured(root: Element) -> None:
    """Tell style sheets which paragraphs hold pictures and nothing else."""
    for paragraph in root.iter("p"):
        if not words_of(paragraph) and next(paragraph.iter("img"), None) is not None:
            add_class(paragraph, "pictured")


def _place_pictures(root: Element, pictures: Sequence[Picture]) -> None:
    place_pictures(root, {each.target: each for each in pictures}, data_url)
    described = {title.text: title for title in root.iter(f"{{{SVG}}}title")}
    for picture in pictures:
        words = picture.alternative
        short = words.split(". ")[0]
        if words and short in described:
            # WeasyPrint takes the title alone for the alternative.
            described[short].text = words


def _text(root: Element) -> str:
    text: str = etree.tostring(root, encoding="unicode")
    return text


def _document(text: str) -> Element:
    return etree.fromstring(text.encode(), etree.XMLParser(remove_comments=True))


def _name_headings(root: Element) -> None:
    """Give the headings that call a note the title that bookmarks and running heads repeat: without the call."""
    for heading in root.iter(*HEADINGS):
        if any("noteref" in classes(each) for each in heading.iter("a")):
            heading.set("data-title", words_of(without(heading, "noteref")))


def _start_lists(root: Element) -> None:
    """Tell WeasyPrint with which number lists start: it leaves the attribute to browsers."""
    for each in root.iter("ol"):
        if start := each.get("start"):
            each.set("style", f"counter-reset: list-item {int(start) - 1}")


def _go_on_behind_displays(root: Element) -> None:
    """Tell style sheets where paragraphs go on behind displayed formulas, and which paragraphs end in one."""
    for paragraph in root.iter("p"):
        for display in [each for each in paragraph if _is_displayed(each)]:
            behind = [*takewhile(lambda each: not _is_displayed(each), display.itersiblings())]
            if behind or (display.tail or "").strip():
                more = etree.Element("span", {"class": "continued"})
                more.text, display.tail = display.tail, None
                more.extend(behind)
                display.addnext(more)
        if len(paragraph) and _is_displayed(paragraph[-1]):
            add_class(paragraph, "display-ending")


def _is_displayed(element: Element) -> bool:
    return element.get("display") == "block" or "equation" in classes(element)


def _place_notes(root: Element, notes: list[Element]) -> None:
    """Put each footnote behind its call: the page's layout moves it to the page's foot."""
    calls = {
        str(each.get("href"))[1:]: each for each in root.iter("a") if "noteref" in classes(each)
    }
    for note in notes:
        call = calls[str(note.get("id"))]
        _close_up(note)
        note.tag = "span"
        _keep_language(note, call)
        note.tail, call.tail = call.tail, None
        call.addnext(note)


def _keep_language(note: Element, call: Element) -> None:
    """Let a note that foreign words call be in the document's language, as it is where it stands apart."""
    *inner, document = [each for each in call.iterancestors() if "lang" in each.attrib]
    if inner:
        note.set("lang", str(document.get("lang")))


def _close_up(note: Element) -> None:
    """Remove white space between blocks, which would open lines in an element that is inline at first."""
    for block in note.iter(*_BLOCKS):
        parent = block.getparent()
        if not (block.tail or "").strip():
            block.tail = None
        if parent is not None and parent[0] is block and not (parent.text or "").strip():
            parent.text = None


def _cite_pages(root: Element, folios: Mapping[str, str], terms: Terms) -> Iterator[Element]:
    """Turn each entry's back-links from sections to pages, one link a page; yield those links."""
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
            yield link

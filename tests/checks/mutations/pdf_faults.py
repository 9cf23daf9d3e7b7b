"""The faults of a PDF: here those of links, destinations, pages, bookmarks and metadata."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from random import Random

import pikepdf

from concordant.checks.model import Edition
from tests.checks.mutations.base import Change, Fault, Hit
from tests.checks.mutations.pdf_book import (
    LinkAt,
    links_of,
    matter,
    names,
    open_pdf,
    saved,
)

Edit = Callable[[pikepdf.Pdf, bytes, Random], Hit | None]
_FAULTS: list[tuple[str, frozenset[str], Edit]] = []


def fault(*codes: str) -> Callable[[Edit], Edit]:
    """Enter a function under its name, with the codes of which one must be reported."""

    def enter(function: Edit) -> Edit:
        _FAULTS.append((function.__name__.replace("_", " "), frozenset(codes), function))
        return function

    return enter


def _carry(edit: Edit) -> Change:
    def change(data: bytes, random: Random) -> tuple[bytes, Hit] | None:
        pdf = open_pdf(data)
        hit = edit(pdf, data, random)
        return (saved(pdf), hit) if hit else None

    return change


def pdf_faults() -> list[Fault]:
    """Return every fault of the PDF."""
    # Imported here, because it enters its faults into the list above.
    from tests.checks.mutations import drawn_faults  # noqa: PLC0415

    assert drawn_faults
    return [Fault(name, Edition.PDF, codes, _carry(edit)) for name, codes, edit in _FAULTS]


@lru_cache(maxsize=4)
def _citations(data: bytes) -> list[LinkAt]:
    last = matter(data)[1]
    return [
        link
        for link in links_of(data)
        if link.page < last
        and re.fullmatch(r"\[?\d{1,3}\]?", link.text)
        and re.match(rf"\[{re.escape(link.text.strip('[]'))}\]", link.there)
    ]


@lru_cache(maxsize=4)
def _notes(data: bytes) -> list[LinkAt]:
    return [
        link
        for link in links_of(data)
        if link.text.isdigit()
        and re.match(rf"{link.text}\s?\D", link.there)
        and link not in _citations(data)
    ]


@lru_cache(maxsize=4)
def _sections(data: bytes) -> list[LinkAt]:
    return [
        link
        for link in links_of(data)
        if re.search(r"\d$", link.text)
        and len(link.text) < 16
        and link not in _citations(data)
        and re.match(rf"(\w+ )?{re.escape(link.text.split()[-1])}\W", link.there)
        and not re.match(r"\d+\s?\D", link.text)
    ]


@lru_cache(maxsize=4)
def _rows(data: bytes) -> list[LinkAt]:
    """Lines of the contents: a title, leaders, a folio."""
    return [
        link
        for link in links_of(data)
        if re.match(r".*[A-Za-z]{3}.*\d$", link.text) and len(link.text) > 16
    ]


def _annotation(pdf: pikepdf.Pdf, link: LinkAt) -> pikepdf.Object:
    return pdf.pages[link.page].obj.Annots[link.index]


def _same(data: bytes, link: LinkAt) -> list[LinkAt]:
    """The link and the other rectangles of the same words; those of a line of the contents nest."""
    nested = re.search(r"[a-z]{3}", link.text)
    return [
        each
        for each in links_of(data)
        if each.page == link.page and each.dest == link.dest and (each.text == link.text or nested)
    ]


def _label(link: LinkAt) -> str:
    return str(re.findall(r"\d+(?:\.\d+)*", link.text)[-1])


def _aim(pdf: pikepdf.Pdf, data: bytes, random: Random, links: list[LinkAt]) -> Hit | None:
    if len({link.dest for link in links}) < 2:
        return None
    link = random.choice(links)
    other = random.choice([each for each in links if each.dest != link.dest])
    for each in _same(data, link):
        _annotation(pdf, each).Dest = pikepdf.String(other.dest)
    return Hit(_label(link))


@fault("link-target")
def citation_retargeted(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    return _aim(pdf, data, random, _citations(data))


@fault("link-target", "link-lost")
def call_retargeted(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    return _aim(pdf, data, random, _notes(data))


@fault("link-target", "link-lost")
def mention_retargeted(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    return _aim(pdf, data, random, _sections(data))


@fault("contents-text", "page-number")
def contents_line_retargeted(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    hit = _aim(pdf, data, random, _rows(data))
    return Hit() if hit else None


def _drop(pdf: pikepdf.Pdf, data: bytes, links: list[LinkAt], random: Random) -> Hit | None:
    if not links:
        return None
    link = random.choice(links)
    for each in sorted(_same(data, link), key=lambda each: -each.index):
        del pdf.pages[each.page].obj.Annots[each.index]
    return Hit(_label(link))


@fault("link-missing")
def citation_link_removed(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    return _drop(pdf, data, _citations(data), random)


@fault("mention-missing", "never-mentioned", "link-missing")
def call_link_removed(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    return _drop(pdf, data, _notes(data), random)


@fault("link-missing", "mention-missing")
def mention_link_removed(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    return _drop(pdf, data, _sections(data), random)


@fault("link-dead")
def link_led_nowhere(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    links = [*_citations(data), *_notes(data), *_sections(data)]
    if not links:
        return None
    link = random.choice(links)
    for each in _same(data, link):
        _annotation(pdf, each).Dest = pikepdf.String("nowhere")
    return Hit(_label(link))


@fault("link-target")
def link_rectangles_exchanged(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    links = list(_citations(data))
    pairs = [
        (a, b)
        for a in links
        for b in links
        if a.page == b.page
        and a.index < b.index
        and a.dest != b.dest
        and len(_same(data, a)) == 1
        and len(_same(data, b)) == 1
    ]
    if not pairs:
        return None
    a, b = random.choice(pairs)
    first, second = _annotation(pdf, a), _annotation(pdf, b)
    first.Rect, second.Rect = pikepdf.Array(list(second.Rect)), pikepdf.Array(list(first.Rect))
    return Hit(_label(a))


@fault("link-target", "link-lost")
def destinations_exchanged(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    links = _citations(data)
    if len({link.dest for link in links}) < 2:
        return None
    a = random.choice(links)
    b = random.choice([link for link in links if link.dest != a.dest])
    table = names(pdf)
    first, second = pikepdf.Array(list(table[a.dest])), pikepdf.Array(list(table[b.dest]))
    table[a.dest], table[b.dest] = second, first
    return Hit(_label(a))


@fault("link-target", "link-lost", "link-dead", "page-number", "backlink-wrong")
def destination_moved_to_the_next_page(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    links = [*_citations(data), *_sections(data), *_notes(data)]
    if not links:
        return None
    link = random.choice(links)
    table = names(pdf)
    goal = list(table[link.dest])
    here = next(i for i, page in enumerate(pdf.pages) if page.objgen == goal[0].objgen)
    goal[0] = pdf.pages[here + 1 if here + 1 < len(pdf.pages) else here - 1].obj
    table[link.dest] = pikepdf.Array(goal)
    return Hit()


@fault("words-differ", "words-missing", "folio-order", "declaration-missing", "link-dead")
def page_removed(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    del pdf.pages[random.randrange(len(pdf.pages) // 3, len(pdf.pages) - 1)]
    return Hit()


@fault("folio-order", "words-differ", "number-duplicate")
def page_doubled(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    at = random.randrange(len(pdf.pages) // 3, len(pdf.pages) - 1)
    pdf.pages.insert(at + 1, pdf.pages[at])
    return Hit()


@fault("folio-order")
def pages_exchanged(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    at = random.randrange(len(pdf.pages) // 2, len(pdf.pages) - 2)
    page = pdf.pages[at]
    pdf.pages.insert(at + 2, page)
    del pdf.pages[at]
    return Hit()


def _outline_items(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [item for item in _bookmarks(pdf) if re.match(r"\d", str(item.Title))]


def _bookmarks(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    found, stack = [], [pdf.Root.Outlines.get("/First")] if "/Outlines" in pdf.Root else []
    while stack:
        item = stack.pop()
        if item is not None:
            found.append(item)
            stack += [item.get("/Next"), item.get("/First")]
    return found


@fault("contents-text")
def bookmark_title_changed(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    items = _outline_items(pdf)
    if not items:
        return None
    item = random.choice(items)
    item.Title = pikepdf.String(str(item.Title)[:-4] + "else")
    return Hit(near=str(item.Title)[:20])


@fault("contents-text")
def bookmark_retargeted(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    items = _outline_items(pdf)
    if len(items) < 2:
        return None
    a, b = random.sample(items, 2)
    key = "/Dest" if "/Dest" in a else "/A"
    a[key] = b[key]
    return Hit(near=str(a.Title)[:20])


@fault("contents-missing")
def bookmark_removed(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    item = _unlinked([item for item in _outline_items(pdf) if "/First" not in item], random)
    return Hit(str(item.Title).split()[0]) if item is not None else None


def _unlinked(items: list[pikepdf.Object], random: Random) -> pikepdf.Object | None:
    """Take a bookmark out of those around it; None where none stands between two."""
    items = [item for item in items if "/Next" in item and "/Prev" in item]
    if not items:
        return None
    item = random.choice(items)
    item.Prev.Next, item.Next.Prev = item.Next, item.Prev
    return item


@fault("contents-missing")
def no_bookmarks(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    if "/Outlines" not in pdf.Root:
        return None
    del pdf.Root.Outlines
    return Hit()


@fault("contents-missing")
def bookmark_without_a_number_removed(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    items = [i for i in _bookmarks(pdf) if str(i.Title) in ("References", "About this edition")]
    item = _unlinked(items, random)
    return Hit(near=str(item.Title)) if item is not None else None


@fault("contents-order")
def bookmark_doubled(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    items = [item for item in _bookmarks(pdf) if "/Next" in item and "/First" not in item]
    if not items:
        return None
    item = random.choice(items)
    twin = pdf.make_indirect(pikepdf.Dictionary(dict(item.items())))
    twin.Prev, item.Next.Prev = item, twin
    item.Next = twin
    return Hit(near=str(item.Title)[:20])


@fault("folio-label")
def no_page_labels(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    if "/PageLabels" not in pdf.Root:
        return None
    del pdf.Root.PageLabels
    return Hit()


@fault("backlink-missing")
def all_ways_back_of_notes_removed(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    calls = _notes(data)
    aims = {(link.page, link.text) for link in calls}
    backs = [
        link
        for link in links_of(data)
        if (link.page, link.text) in aims and link not in calls and link.text.isdigit()
    ]
    for link in sorted(backs, key=lambda each: -each.index):
        del pdf.pages[link.page].obj.Annots[link.index]
    return Hit() if backs else None


def _metadata(pdf: pikepdf.Pdf, change: Callable[[str], str]) -> Hit | None:
    old = bytes(pdf.Root.Metadata.read_bytes()).decode()
    new = change(old)
    if new == old:
        return None
    pdf.Root.Metadata = pdf.make_stream(
        new.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
    )
    return Hit()


@fault("identity-differs")
def another_identifier(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    return _metadata(pdf, lambda xmp: re.sub(r"urn:uuid:[0-9a-f-]+", "urn:uuid:0", xmp))


@fault("identity-differs")
def an_older_version(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    return _metadata(
        pdf, lambda xmp: re.sub(r"(VersionID[^>]*>|VersionID=\")[\d.]+", r"\g<1>0.1", xmp)
    )


@fault("identity-differs")
def another_title(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    return _metadata(
        pdf, lambda xmp: re.sub(r"(<dc:title>.*?<rdf:li[^>]*>)[^<]*", r"\1Another", xmp, flags=re.S)
    )


@fault("identity-differs")
def another_title_in_the_window(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    pdf.docinfo["/Title"] = "Another"
    return Hit()


@fault("identity-missing")
def no_metadata(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    del pdf.Root.Metadata
    return Hit()


@fault("folio-label")
def page_labels_shifted(pdf: pikepdf.Pdf, data: bytes, random: Random) -> Hit | None:
    start = random.randrange(2, 9)
    pdf.Root.PageLabels = pikepdf.Dictionary(
        Nums=pikepdf.Array([0, pikepdf.Dictionary(S=pikepdf.Name.D, St=start + 20)])
    )
    return Hit()

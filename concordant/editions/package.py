"""The EPUB edition (EPUB 3.3): a file a chapter, a navigation document, a package document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from markupsafe import Markup

from concordant.editions.accessibility import look_at
from concordant.editions.cover import cover_png
from concordant.editions.edition import Edition, Format
from concordant.editions.elements import MATH, Element, classes, inner, parse
from concordant.editions.fonts import cut_closer, font_faces, to_woff2
from concordant.editions.fragments import Fragment
from concordant.editions.mathfont import math_fonts
from concordant.editions.placing import place_pictures
from concordant.editions.plainstyle import plain
from concordant.editions.publication import Publication
from concordant.numbered.chapter import Role
from concordant.sources.pictures import Picture
from concordant.sources.tokens import read_tokens

SHEETS = ("common.css", "figures.css", "epub.css")
DARK_SHEETS = ("figures.css", "epub-dark.css")  # once more, with the colours for a dark page
_EPUB_TYPES = {
    "doc-noteref": "noteref",
    "doc-footnote": "footnote",
    "doc-backlink": "backlink",
    "doc-pagebreak": "pagebreak",
}
_OPS = "http://www.idpf.org/2007/ops"
_TYPE = f"{{{_OPS}}}type"
_SVG = "{http://www.w3.org/2000/svg}svg"
_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One resource of the package: its manifest entry and its bytes."""

    identifier: str
    path: str
    media_type: str
    data: bytes
    properties: str = ""
    in_spine: bool = False


@dataclass(frozen=True, slots=True)
class PackageChapter:
    """One chapter file before it is written."""

    fragment: Fragment
    path: str
    body: Element
    notes: tuple[Element, ...]


def make_epub(publication: Publication, cover: bytes = b"") -> Edition:
    """Make the EPUB edition; `cover` is its cover as PNG, where that is drawn already."""
    chapters = [
        _chapter(index, fragment, publication)
        for index, fragment in enumerate(publication.fragments, 1)
    ]
    homes = {anchor: each.path for each in chapters for anchor in _anchors(each)}
    pages = [_chapter_item(each, homes, publication) for each in chapters]
    opening = _opening(publication, chapters, homes, cover or cover_png(publication))
    texts = [*opening, *pages]
    items = [*texts, *_resources(publication, texts)]
    roots = [root for each in chapters for root in (each.body, *each.notes)]
    seen = look_at(roots, publication.pictures.values(), paged=bool(publication.pages))
    package = publication.render("epub-package.jinja", items=items, accessibility=seen)
    files = [("EPUB/package.opf", package.encode())]
    files += [(f"EPUB/{item.path}", item.data) for item in items]
    data = _zip([("META-INF/container.xml", _CONTAINER.encode()), *files], publication.timestamp)
    return Edition(Format.EPUB, f"{publication.slug}.epub", data)


def _chapter(index: int, fragment: Fragment, publication: Publication) -> PackageChapter:
    body = parse(fragment.body)
    notes = tuple(parse(note) for note in fragment.notes)
    for root in (body, *notes):
        place_pictures(root, publication.pictures, lambda picture: f"../{_picture_path(picture)}")
        _type(root)
    _partition(body, fragment)
    return PackageChapter(fragment, f"text/chapter-{index:02}.xhtml", body, notes)


def _partition(body: Element, fragment: Fragment) -> None:
    """Say what a chapter is (EPUB 3 Structural Semantics, DPUB-ARIA 1.1)."""
    section = body.find("section")
    if section is None:
        return
    if _has_references(section):
        kind = "bibliography"
    elif "appendix" in classes(section):
        kind = "appendix"
    elif fragment.chapter.role is Role.BODY:
        kind = "chapter"
    else:
        return
    section.set(_TYPE, kind)
    section.set("role", f"doc-{kind}")


def _has_references(root: Element) -> bool:
    return root.find(".//ol[@id='refs']") is not None


def _type(root: Element) -> None:
    """Give roles their EPUB 3 structural semantics, by which notes pop up."""
    for element in root.iter(etree.Element):
        if kind := _EPUB_TYPES.get(str(element.get("role", ""))):
            element.set(_TYPE, kind)
        if element.get("role") == "doc-footnote":
            element.tag = "aside"


def _anchors(chapter: PackageChapter) -> Iterator[str]:
    for root in (chapter.body, *chapter.notes):
        yield from (str(element.get("id")) for element in root.iter() if element.get("id"))


def _chapter_item(chapter: PackageChapter, homes: dict[str, str], publication: Publication) -> Item:
    roots = (chapter.body, *chapter.notes)
    for root in roots:
        _lead(root, chapter.path, homes)
    text = publication.render(
        "epub-chapter.jinja",
        chapter=chapter.fragment.chapter,
        body=Markup(inner(chapter.body)),
        notes=[Markup(inner(note)) for note in chapter.notes],
    )
    names = {"mathml": MATH, "svg": _SVG}
    found = [
        name
        for name, tag in names.items()
        if any(next(root.iter(tag), None) is not None for root in roots)
    ]
    identifier = chapter.path.rpartition("/")[2].removesuffix(".xhtml")
    return _page(identifier, chapter.path, _with_one_prefix(text), " ".join(found))


def _with_one_prefix(page: str) -> str:
    """Declare the namespace of semantics once, as `epub`: reading systems look for the name `epub:type`."""
    root = etree.fromstring(page)
    etree.cleanup_namespaces(root, top_nsmap={"epub": _OPS}, keep_ns_prefixes=["epub"])
    return etree.tostring(root.getroottree(), encoding="unicode")


def _lead(root: Element, path: str, homes: dict[str, str]) -> None:
    """Lead links within the document to the file in which their target stands."""
    for link in root.iter("a"):
        target = str(link.get("href", ""))
        if target.startswith("#") and (home := homes.get(target[1:], path)) != path:
            link.set("href", home.rpartition("/")[2] + target)


def _opening(
    publication: Publication,
    chapters: Iterable[PackageChapter],
    homes: dict[str, str],
    cover: bytes,
) -> Iterator[Item]:
    yield Item("cover-image", "cover.png", "image/png", cover, "cover-image")
    yield _page("cover", "text/cover.xhtml", publication.render("epub-cover.jinja"))
    yield _page("title-page", "text/title.xhtml", publication.render("epub-title.jinja"))
    listing = (each.fragment.chapter for each in chapters if _has_references(each.body))
    navigation = publication.render("epub-nav.jinja", homes=homes, bibliography=next(listing, None))
    yield _page("nav", "nav.xhtml", navigation, "nav")


def _page(identifier: str, path: str, text: str, properties: str = "") -> Item:
    data = '<?xml version="1.0" encoding="UTF-8"?>\n' + text
    return Item(identifier, path, "application/xhtml+xml", data.encode(), properties, in_spine=True)


def _resources(publication: Publication, texts: Iterable[Item]) -> Iterator[Item]:
    words = "".join(item.data.decode() for item in texts if item.in_spine)
    fonts = (*cut_closer(publication.fonts, words), *math_fonts(publication.fragments))
    names = {cut.face.name: f"fonts/{cut.face.name}.woff2" for cut in fonts}
    rules = font_faces(fonts, names)
    yield Item("style", "style.css", "text/css", f"{rules}\n{_style(publication)}".encode())
    for cut in fonts:
        yield Item(cut.face.name, names[cut.face.name], "font/woff2", to_woff2(cut.data))
    for index, picture in enumerate(publication.pictures.values(), 1):
        if not picture.is_svg:
            path = _picture_path(picture)
            yield Item(f"picture-{index}", path, picture.media_type, picture.data)


def _style(publication: Publication) -> str:
    """Return a style sheet without variables: what changes in the dark is said a second time."""
    styles = publication.project.styles
    day, night = (read_tokens(styles / "tokens.yaml", name) for name in ("light", "dark"))
    light, dark = (
        "".join((styles / name).read_text("utf-8") for name in names)
        for names in (SHEETS, DARK_SHEETS)
    )
    return (
        f"{plain(light, day)}\n@media (prefers-color-scheme: dark) {{\n{plain(dark, night)}\n}}\n"
    )


def _picture_path(picture: Picture) -> str:
    return "pictures/" + picture.target.replace("/", "-")


def _zip(files: Iterable[tuple[str, bytes]], timestamp: datetime) -> bytes:
    """Pack the container (OCF 3.3): the media type first and uncompressed, every date the same."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in (("mimetype", b"application/epub+zip"), *files):
            info = zipfile.ZipInfo(path, timestamp.timetuple()[:6])
            stored = path == "mimetype" or path.endswith((".woff2", ".png", ".jpg"))
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, data)
    return buffer.getvalue()

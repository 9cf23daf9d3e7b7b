"""The EPUB edition (EPUB 3.3): a file a chapter, a navigation document, a package document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from concordant.editions.accessibility import look_at
from concordant.editions.chapterfile import ChapterText, chapter_text, finished, picture_path
from concordant.editions.container import deflated, packed
from concordant.editions.cover import cover_png
from concordant.editions.edition import Edition, Format
from concordant.editions.fragments import Fragment, set_numbers
from concordant.editions.placing import pictures_in
from concordant.editions.plainstyle import plain
from concordant.editions.publication import Publication
from concordant.editions.typefaces.fonts import CutFace, font_faces
from concordant.editions.typefaces.webfonts import web_fonts
from concordant.editions.typefaces.woff2 import to_woff2
from concordant.numbered.chapter import Chapter
from concordant.sources.tokens import read_tokens

SHEETS = ("common.css", "figures.css", "epub.css")
DARK_SHEETS = ("figures.css", "epub-dark.css")  # once more, with the colours for a dark page
_EMBEDDED = {"mathml": "<math ", "svg": "<svg "}
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

    chapter: Chapter
    path: str
    text: ChapterText


def make_epub(
    publication: Publication, cover: bytes = b"", fonts: Sequence[CutFace] = ()
) -> Edition:
    """Make the EPUB edition; `cover` is its cover as PNG, where that is drawn already, `fonts` are its fonts, where they are cut."""
    chapters = [*_chapters(publication)]
    homes = _homes(chapters)
    pages = [_chapter_item(each, homes, publication) for each in chapters]
    opening = _opening(publication, chapters, homes, cover or cover_png(publication))
    texts = [*opening, *pages]
    items = [*texts, *_resources(publication, fonts or web_fonts(publication))]
    sights = [each.text.sight for each in chapters]
    seen = look_at(sights, publication.pictures.values(), paged=bool(publication.pages))
    package = publication.render("epub-package.jinja", items=items, accessibility=seen)
    files = [("EPUB/package.opf", package.encode())]
    files += [(f"EPUB/{item.path}", item.data) for item in items]
    data = packed([("META-INF/container.xml", _CONTAINER.encode()), *files], publication.timestamp)
    return Edition(Format.EPUB, f"{publication.slug}.epub", data)


def prepare_epub(publication: Publication) -> Iterator[None]:
    """Make what the edition has of single chapters, as it stands in the container, so that it is at hand: step by step, as is asked for."""
    chapters = []
    for each in _chapters(publication):
        chapters.append(each)
        yield
    homes = _homes(chapters)
    for each in chapters:
        deflated(_chapter_item(each, homes, publication).data)
        yield


def _chapters(publication: Publication) -> Iterator[PackageChapter]:
    for index, fragment in enumerate(publication.fragments, 1):
        yield _chapter(index, fragment, publication)


def _homes(chapters: Iterable[PackageChapter]) -> dict[str, str]:
    """Return in which file each anchor stands."""
    return {anchor: each.path for each in chapters for anchor in each.text.anchors}


def _chapter(index: int, fragment: Fragment, publication: Publication) -> PackageChapter:
    shown = pictures_in((fragment.body, *fragment.notes), publication.pictures)
    text = chapter_text(fragment.body, fragment.notes, fragment.chapter.role.value, shown)
    return PackageChapter(fragment.chapter, f"text/chapter-{index:02}.xhtml", text)


def _chapter_item(each: PackageChapter, homes: Mapping[str, str], publication: Publication) -> Item:
    page = publication.render(
        "epub-chapter.jinja",
        chapter=each.chapter,
        body=Markup(each.text.body),
        notes=[Markup(note) for note in each.text.notes],
    )
    identifier = each.path.rpartition("/")[2].removesuffix(".xhtml")
    text = set_numbers(finished(page, each.path, homes), each.chapter)
    return _page(identifier, each.path, text, " ".join(each.text.properties))


def _opening(
    publication: Publication,
    chapters: Iterable[PackageChapter],
    homes: Mapping[str, str],
    cover: bytes,
) -> Iterator[Item]:
    yield Item("cover-image", "cover.png", "image/png", cover, "cover-image")
    yield _page("cover", "text/cover.xhtml", publication.render("epub-cover.jinja"))
    yield _page("title-page", "text/title.xhtml", publication.render("epub-title.jinja"))
    listing = (each.chapter for each in chapters if each.text.lists_references)
    navigation = publication.render("epub-nav.jinja", homes=homes, bibliography=next(listing, None))
    yield _page("nav", "nav.xhtml", navigation, " ".join(["nav", *_embedded(navigation)]))


def _embedded(page: str) -> Iterator[str]:
    """Return what the manifest has to say of a written page (EPUB 3.3, D.2.3): entries of a list may have formulas."""
    return (name for name, tag in _EMBEDDED.items() if tag in page)


def _page(identifier: str, path: str, text: str, properties: str = "") -> Item:
    data = '<?xml version="1.0" encoding="UTF-8"?>\n' + text
    return Item(identifier, path, "application/xhtml+xml", data.encode(), properties, in_spine=True)


def _resources(publication: Publication, fonts: Sequence[CutFace]) -> Iterator[Item]:
    names = {cut.face.name: f"fonts/{cut.face.name}.woff2" for cut in fonts}
    rules = font_faces(fonts, names)
    yield Item("style", "style.css", "text/css", f"{rules}\n{_style(publication)}".encode())
    for cut in fonts:
        yield Item(cut.face.name, names[cut.face.name], "font/woff2", to_woff2(cut.data))
    for index, picture in enumerate(publication.pictures.values(), 1):
        if not picture.is_svg:
            path = picture_path(picture)
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

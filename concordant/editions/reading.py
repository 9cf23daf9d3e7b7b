"""The HTML edition: one reading page that carries its styles, fonts and pictures inside it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from lxml import etree
from markupsafe import Markup

from concordant.cache import at_hand, remembered
from concordant.editions.edition import Edition, Format
from concordant.editions.elements import Element, inner, parse, words_of
from concordant.editions.fragments import Fragment, set_numbers
from concordant.editions.placing import (
    data_url,
    lower_headings,
    pictures_in,
    place_pictures,
    wrap_tables,
)
from concordant.editions.publication import Publication
from concordant.editions.typefaces.fonts import CutFace, font_faces
from concordant.editions.typefaces.webfonts import web_fonts
from concordant.editions.typefaces.woff2 import to_woff2
from concordant.sources.pictures import Picture
from concordant.sources.tokens import read_tokens

SHEETS = ("common.css", "figures.css", "html.css")


@dataclass(frozen=True, slots=True)
class ReadingChapter:
    """One chapter as the template takes it."""

    fragment: Fragment
    body: Markup
    notes: tuple[Markup, ...]


def make_html(publication: Publication, fonts: Sequence[CutFace] = ()) -> Edition:
    """Make the HTML edition; `fonts` are its fonts, where they are cut already."""
    page = _page(publication, list(_chapters(publication)), fonts or web_fonts(publication))
    return Edition(Format.HTML, f"{publication.slug}.html", page.encode())


def _page(
    publication: Publication, chapters: Sequence[ReadingChapter], fonts: Sequence[CutFace]
) -> str:
    tokens = publication.project.styles / "tokens.yaml"
    light, dark = read_tokens(tokens), read_tokens(tokens, "dark")
    script = (publication.project.styles / "html.js").read_text("utf-8").strip()
    structured_data = _structured_data(publication)
    faces = font_faces(fonts, {cut.face.name: _url(to_woff2(cut.data)) for cut in fonts})
    return publication.render(
        "html.jinja",
        chapters=chapters,
        style=Markup(f"{faces}\n{publication.sheet(*SHEETS)}"),
        script=Markup(script),
        policy=_policy(script, structured_data),
        papers={"light": light["paper"], "dark": dark["paper"]},
        icon=_icon(light),
        pdf=urljoin(publication.project.metadata.url, f"{publication.slug}.pdf"),
        structured_data=structured_data,
    )


def prepare_html(publication: Publication) -> Iterator[None]:
    """Make what the page has of single chapters, so that it is at hand: step by step, as is asked for."""
    for _ in _chapters(publication):
        yield


def _chapters(publication: Publication) -> Iterator[ReadingChapter]:
    for fragment in publication.fragments:
        texts = (fragment.body, *fragment.notes)
        placed = _placed(texts, pictures_in(texts, publication.pictures))
        body, *notes = (Markup(set_numbers(each, fragment.chapter)) for each in placed)
        yield ReadingChapter(fragment, body, tuple(notes))


@at_hand
@remembered
def _placed(texts: tuple[str, ...], pictures: tuple[Picture, ...]) -> tuple[str, ...]:
    """Return a chapter's body and notes as the page has them."""
    by_target = {each.target: each for each in pictures}
    return tuple(_for_reading(text, by_target) for text in texts)


def _for_reading(html: str, pictures: Mapping[str, Picture]) -> str:
    root = parse(html)
    place_pictures(root, pictures, data_url)
    wrap_tables(root)
    lower_headings(root)
    _add_permalinks(root)
    _title_pages(root)
    return to_html(root)


def to_html(root: Element) -> str:
    """Write what is inside an element in HTML's syntax, which has no self-closing `<span/>`."""
    holder = etree.fromstring(f"<div>{inner(root)}</div>")
    text: str = etree.tostring(holder, encoding="unicode", method="html")
    return text.removeprefix("<div>").removesuffix("</div>")


def _title_pages(root: Element) -> None:
    """Name page marks by their titles: on a `span`, axe-core allows no label, not even with DPUB-ARIA's role."""
    for mark in root.iter("span"):
        if mark.get("role") == "doc-pagebreak":
            mark.set("title", mark.attrib.pop("aria-label"))


def _add_permalinks(root: Element) -> None:
    """Link each section and paragraph to itself; the marks have no text, which would be copied and read out.

    A section's stands behind its heading, not in it, and is named by it. A paragraph's is passed over by
    the Tab key and by screen readers, to which hundreds of them would be noise.
    """
    for element in list(root.iter("section", "p")):
        anchor = element.get("id")
        if not anchor:
            continue
        link = etree.Element("a", {"class": "permalink", "href": f"#{anchor}"})
        if element.tag == "p":
            link.set("aria-hidden", "true")
            link.set("tabindex", "-1")
            element.append(link)
        elif len(element):
            link.set("aria-label", f"§ {words_of(element[0])}")
            link.tail, element[0].tail = element[0].tail, None
            element.insert(1, link)


def _policy(*scripts: str) -> str:
    """Return a policy (CSP Level 3) under which the page loads nothing and runs these scripts only."""
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _icon(tokens: Mapping[str, str]) -> str:
    """Return the page's icon, lines of text on the accent's colour, as a `data:` URL."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<path fill="{tokens["accent"]}" d="M0 0h16v16H0z"/>'
        f'<path fill="{tokens["paper"]}" d="M3 4h10v2H3zM3 8h10v1H3zM3 11h7v1H3z"/></svg>'
    )
    return f"data:image/svg+xml,{quote(svg)}"


def _url(font: bytes) -> str:
    return f"data:font/woff2;base64,{base64.b64encode(font).decode()}"


def _structured_data(publication: Publication) -> Markup:
    """Describe the document for search engines (schema.org, JSON-LD)."""
    metadata = publication.project.metadata
    value = {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": metadata.title,
        "alternativeHeadline": metadata.subtitle,
        "description": metadata.description,
        "inLanguage": metadata.lang,
        "identifier": metadata.identifier,
        "version": metadata.version,
        "datePublished": metadata.date,
        "dateModified": publication.timestamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "url": metadata.url,
        "copyrightNotice": metadata.rights,
        "keywords": ", ".join(metadata.keywords),
        "author": [{"@type": "Person", "name": name} for name in metadata.authors],
        "publisher": {"@type": "Organization", "name": metadata.publisher},
        "encoding": [
            {
                "@type": "MediaObject",
                "encodingFormat": kind,
                "contentUrl": urljoin(metadata.url, f"{metadata.slug}.{ext}"),
            }
            for kind, ext in (("application/pdf", "pdf"), ("application/epub+zip", "epub"))
        ],
    }
    kept = {
        key: each
        for key, each in value.items()
        if each and each != {"@type": "Organization", "name": ""}
    }
    # A closing tag inside the data would end the script element.
    return Markup(json.dumps(kept, ensure_ascii=False, indent=1).replace("</", "<\\/"))

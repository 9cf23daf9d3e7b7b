"""The HTML edition: one reading page that carries its styles, fonts and pictures inside it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from concordant.editions.edition import Edition, Format
from concordant.editions.fonts import CutFace, font_faces, to_woff2
from concordant.editions.fragments import Element, Fragment, inner, parse
from concordant.editions.placing import data_url, lower_headings, place_pictures, wrap_tables
from concordant.editions.publication import Publication

SHEETS = ("common.css", "figures.css", "html.css")


@dataclass(frozen=True, slots=True)
class ReadingChapter:
    """One chapter as the template takes it."""

    fragment: Fragment
    body: Markup
    notes: tuple[Markup, ...]


def make_html(publication: Publication) -> Edition:
    """Make the HTML edition."""
    urls = {cut.face.name: _font_url(cut) for cut in publication.fonts}
    page = publication.render(
        "html.jinja",
        chapters=list(_chapters(publication)),
        style=Markup(f"{font_faces(publication.fonts, urls)}\n{publication.sheet(*SHEETS)}"),
        script=Markup((publication.project.styles / "html.js").read_text("utf-8")),
        structured_data=_structured_data(publication),
    )
    return Edition(Format.HTML, f"{publication.slug}.html", page.encode())


def _chapters(publication: Publication) -> Iterator[ReadingChapter]:
    for fragment in publication.fragments:
        body = _placed(fragment.body, publication)
        notes = tuple(_placed(note, publication) for note in fragment.notes)
        yield ReadingChapter(fragment, body, notes)


def _placed(html: str, publication: Publication) -> Markup:
    root = parse(html)
    place_pictures(root, publication.pictures, data_url)
    wrap_tables(root)
    lower_headings(root)
    _add_permalinks(root)
    return Markup(to_html(root))


def to_html(root: Element) -> str:
    """Write what is inside an element in HTML's syntax, which has no self-closing `<span/>`."""
    holder = etree.fromstring(f"<div>{inner(root)}</div>")
    text: str = etree.tostring(holder, encoding="unicode", method="html")
    return text.removeprefix("<div>").removesuffix("</div>")


def _add_permalinks(root: Element) -> None:
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
            heading = element[0]
            link.set("aria-label", f"Link to {' '.join(''.join(heading.itertext()).split())}")
            heading.append(link)


def _font_url(cut: CutFace) -> str:
    return f"data:font/woff2;base64,{base64.b64encode(to_woff2(cut.data)).decode()}"


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
        "keywords": ", ".join(metadata.keywords),
        "author": [{"@type": "Person", "name": name} for name in metadata.authors],
        "publisher": {"@type": "Organization", "name": metadata.publisher},
        "encoding": [
            {"@type": "MediaObject", "encodingFormat": kind, "contentUrl": f"{metadata.slug}.{ext}"}
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

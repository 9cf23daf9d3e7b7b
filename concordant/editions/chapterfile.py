"""Chapter files: a fragment as a content document of the EPUB, in steps that depend on one chapter alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

from lxml import etree

from concordant.cache import at_hand, remembered
from concordant.editions.accessibility import Sight, sight_of
from concordant.editions.elements import MATH, Element, classes, inner, parse
from concordant.editions.placing import place_pictures
from concordant.numbered.chapter import Role
from concordant.sources.pictures import Picture
from concordant.sources.svgrules import SVG

_EPUB_TYPES = {
    "doc-noteref": "noteref",
    "doc-footnote": "footnote",
    "doc-backlink": "backlink",
    "doc-pagebreak": "pagebreak",
}
_XHTML = "http://www.w3.org/1999/xhtml"
_OPS = "http://www.idpf.org/2007/ops"
_TYPE = f"{{{_OPS}}}type"
_LINK = re.compile(r'href="#([^"]*)"')
_NOT_PLAIN = re.compile(r"[^\w.-]", re.ASCII)
_PROPERTIES = {"mathml": MATH, "svg": f"{{{SVG}}}svg"}


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter's body and notes as its file has them; links within the document lead nowhere yet.

    `anchors` are all that can be led to; `properties` are the manifest's (EPUB 3.3, D.2.3). Of what the chapter
    shows, `pictured` counts the pictures, `described` those that have words.
    """

    body: str
    notes: tuple[str, ...]
    anchors: tuple[str, ...]
    properties: tuple[str, ...]
    pictured: int
    described: int
    lists_references: bool

    @property
    def sight(self) -> Sight:
        """What the chapter shows."""
        return Sight(self.pictured, self.described, "mathml" in self.properties)


@at_hand
@remembered
def chapter_text(
    body: str, notes: tuple[str, ...], role: str, pictures: tuple[Picture, ...]
) -> ChapterText:
    """Give a chapter of this role its pictures, which are all that it shows, and its semantics."""
    root, apart = parse(body), [parse(note) for note in notes]
    roots = (root, *apart)
    by_target = {each.target: each for each in pictures}
    for each in roots:
        place_pictures(each, by_target, lambda picture: f"../{picture_path(picture)}")
        _type(each)
    _partition(root, role)
    sight = sight_of(roots)
    return ChapterText(
        inner(root),
        tuple(map(inner, apart)),
        tuple(str(found.get("id")) for each in roots for found in each.iter() if found.get("id")),
        tuple(
            name
            for name, tag in _PROPERTIES.items()
            if any(next(each.iter(tag), None) is not None for each in roots)
        ),
        sight.pictures,
        sight.described,
        _has_references(root),
    )


def finished(page: str, path: str, homes: Mapping[str, str]) -> str:
    """Lead a chapter file's links to the files in which their targets stand: `homes`, by anchor.

    The namespace of semantics is declared once, as `epub`: reading systems look for the name `epub:type`.
    """
    abroad = {anchor: home for anchor in _links(page) if (home := homes.get(anchor, path)) != path}
    return _finished(page, tuple(abroad.items()))


@at_hand
def _links(page: str) -> tuple[str, ...]:
    """Return, sorted, the anchors to which links within the document lead."""
    return tuple(sorted(set(_LINK.findall(page))))


@at_hand
@remembered
def _finished(page: str, homes: tuple[tuple[str, str], ...]) -> str:
    root, by_anchor = etree.fromstring(page), dict(homes)
    for link in root.iter(f"{{{_XHTML}}}a"):
        target = str(link.get("href", ""))
        if target.startswith("#") and (home := by_anchor.get(target[1:])):
            link.set("href", home.rpartition("/")[2] + target)
    etree.cleanup_namespaces(root, top_nsmap={"epub": _OPS}, keep_ns_prefixes=["epub"])
    return etree.tostring(root.getroottree(), encoding="unicode")


def picture_path(picture: Picture) -> str:
    """Return where in the package a picture is that the chapters do not carry themselves, under a name that needs no quoting."""
    name = picture.target.replace("/", "-")
    plain = _NOT_PLAIN.sub("-", name)
    if plain != name:  # then another's may be made the same
        stem, _, ending = plain.rpartition(".")
        plain = f"{stem}-{crc32(name.encode()):08x}.{ending}"
    return f"pictures/{plain}"


def _partition(body: Element, role: str) -> None:
    """Say what a chapter is (EPUB 3 Structural Semantics, DPUB-ARIA 1.1)."""
    section = body.find("section")
    if section is None:
        return
    if _has_references(section):
        kind = "bibliography"
    elif "appendix" in classes(section):
        kind = "appendix"
    elif role == Role.BODY:
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

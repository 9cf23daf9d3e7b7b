"""Placing: what an edition does to a fragment's elements (pictures, tables, headings, links)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape

from lxml import etree

from concordant.cache import at_hand
from concordant.editions.elements import Element
from concordant.sources.pictures import Picture
from concordant.sources.svgrules import SVG

_HEADINGS = {f"h{level}": f"h{level + 1}" for level in range(1, 6)}
_XLINK = "{http://www.w3.org/1999/xlink}href"
_OWN_PART = re.compile(r"""url\(\s*(["']?)#([^"')]+)\1\s*\)""")
_SIDES = ("width", "height")
_SIZED = re.compile(rf"(?:^|[;\s])(?:{'|'.join(_SIDES)})\s*:")
_LENGTH = re.compile(r"\s*(\d*\.?\d+)\s*(|px|pt|pc|mm|cm|in)\s*")
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
}
# Found several times as fast as with the space before it.
_SOURCE = re.compile(r'src="([^"]*)"')


def place_pictures(
    root: Element, pictures: Mapping[str, Picture], source: Callable[[Picture], str]
) -> None:
    """Put vector pictures inline; lead other pictures to where `source` says that they are."""
    for turn, image in enumerate(list(root.iter("img"))):
        picture = pictures[image.get("src", "")]
        _say_size_in_style(image)
        if picture.is_svg:
            _inline(image, picture, turn)
        else:
            image.set("src", source(picture))


def pictures_in(texts: Iterable[str], pictures: Mapping[str, Picture]) -> tuple[Picture, ...]:
    """Return those of the pictures that fragments show, without parsing them."""
    sources = dict.fromkeys(each for text in texts if "src=" in text for each in _sources(text))
    return tuple(pictures[each] for each in sources if each in pictures)


@at_hand
def _sources(text: str) -> tuple[str, ...]:
    found = _SOURCE.finditer(text)
    return tuple(unescape(each[1]) for each in found if text[each.start() - 1].isspace())


def data_url(picture: Picture) -> str:
    """Return a picture as a `data:` URL (RFC 2397)."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


def _say_size_in_style(image: Element) -> None:
    """Move a size in pixels, which pandoc gives in attributes, to the style: the page's layout does not know those."""
    said = {side: value for side in _SIDES if (value := image.get(side))}
    if said:
        sizes = [f"{side}:{value}px" for side, value in said.items()]
        image.set("style", ";".join([*sizes, *filter(None, [image.get("style")])]))
        _drop(image, said)


def _inline(image: Element, picture: Picture, turn: int) -> None:
    svg = etree.fromstring(picture.data, etree.XMLParser(remove_comments=True, remove_pis=True))
    if not picture.alternative:
        _name(svg, image.get("alt", ""))
        _scope(svg, f"{picture.target}-{turn}")
    _size(svg, str(image.get("style", "")))
    svg.tail = image.tail
    parent = image.getparent()
    assert parent is not None
    parent.replace(image, svg)


def _size(svg: Element, style: str) -> None:
    """Let a picture have the size that the section says, or else its own, and keep its proportions in whatever room it gets.

    Its own width would go on beside the section's height: sizes in attributes hold as long as nothing else is said of that side.
    """
    if "viewBox" not in svg.attrib:
        width, height = (_pixels(svg.get(side, "")) for side in _SIDES)
        if width and height:
            svg.set("viewBox", f"0 0 {width:g} {height:g}")
    if style:
        svg.set("style", ";".join(filter(None, [svg.get("style"), style])))
    if _SIZED.search(style) and "viewBox" in svg.attrib:
        _drop(svg, _SIDES)


def _drop(element: Element, names: Iterable[str]) -> None:
    for name in set(names) & {str(each) for each in element.attrib}:
        del element.attrib[name]


def _pixels(length: str) -> float:
    """Return an absolute length in px (CSS Values 4, 6.2), 0 for any other."""
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * _PIXELS[found[2]] if found else 0.0


def _name(svg: Element, words: str) -> None:
    """Say what a picture shows: its own title gives way to the section's words."""
    for old in svg.findall(f"{{{SVG}}}title") + svg.findall(f"{{{SVG}}}desc"):
        svg.remove(old)
    title = etree.Element(f"{{{SVG}}}title")
    title.text = words
    svg.insert(0, title)
    svg.set("role", "img")
    svg.set("aria-label", words)


def _scope(svg: Element, target: str) -> None:
    """Give the picture's identifiers its name, so that two pictures on a page do not share one."""
    prefix = "".join(each if each.isalnum() else "-" for each in target) + "-"
    names = {each.get("id") for each in svg.iter(etree.Element) if each.get("id")}
    for element in svg.iter(etree.Element):
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, prefix + str(value))
            elif key in {"href", _XLINK} and str(value)[1:] in names:
                element.set(key, f"#{prefix}{str(value)[1:]}")
            elif "url(" in str(value):
                element.set(key, _OWN_PART.sub(rf"url(#{prefix}\g<2>)", str(value)))


def lower_headings(root: Element) -> None:
    """Make room above the chapters' headings for the document's title."""
    for element in root.iter(etree.Element):
        if element.tag in _HEADINGS:
            element.tag = _HEADINGS[element.tag]


def wrap_tables(root: Element) -> None:
    """Put each table into a box in which a wide one can be moved sideways by itself."""
    for table in list(root.iter("table")):
        parent = table.getparent()
        assert parent is not None
        box = etree.Element("div", {"class": "table"})
        box.tail, table.tail = table.tail, None
        parent.replace(table, box)
        box.append(table)

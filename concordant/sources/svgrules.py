"""What a drawn picture must be, so that one SVG string can stand inline in all three editions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

SVG = "http://www.w3.org/2000/svg"

# Nothing here runs, fetches, or lets other markup in.
ELEMENTS = """
svg title desc defs g symbol use text tspan path line polyline polygon rect circle ellipse
clipPath mask marker linearGradient radialGradient stop pattern
"""

# Colours stand as presentation attributes, for readers without our style sheet; the style sheet
# (styles/figures.css) knows these classes and adapts the colours to the reader's scheme.
CLASSES = """
fig fig-paper fig-ink fig-muted fig-accent fig-rule
fig-paper-line fig-ink-line fig-muted-line fig-accent-line fig-rule-line
"""

# Functions that fetch nothing; url() may only name a part of the drawing itself. A backslash could
# spell any other function, since browsers read presentation attributes as CSS.
HARMLESS_FUNCTIONS = "rgb rgba hsl hsla matrix translate scale rotate skewX skewY"
FUNCTION = re.compile(r"([\w-]+)\(")
OWN_URL = re.compile(r"url\(#[\w-]+\)")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class SvgError(Exception):
    """A drawing that breaks the rules: one message per broken rule."""

    def __init__(self, *messages: str) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


def parse_svg(text: str, name: str) -> etree._Element:
    """Return the root of a drawn SVG, without comments. Raises SvgError.

    `name` is the figure's name: every id must begin with it and a hyphen, because several
    drawings share one page.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise SvgError(f"not well-formed: {error.msg}") from None
    if messages := tuple(dict.fromkeys(_broken_rules(root, name))):
        raise SvgError(*messages)
    return root


def _broken_rules(root: etree._Element, name: str) -> Iterator[str]:
    if root.tag != f"{{{SVG}}}svg":
        yield f'the root must be <svg xmlns="{SVG}">'
        return
    if root.getroottree().docinfo.internalDTD is not None:
        yield "a drawing has no DOCTYPE"
    yield from _root_rules(root)
    for element in root.iter():
        yield from _element_rules(element)
    ids = [str(element.get("id")) for element in root.iter() if "id" in element.attrib]
    yield from (f'id="{id_}" is used twice' for id_ in ids if ids.count(id_) > 1)
    yield from (
        f'id="{id_}" must begin with "{name}-"' for id_ in ids if not id_.startswith(f"{name}-")
    )


def _root_rules(root: etree._Element) -> Iterator[str]:
    if not re.fullmatch(r"0 0 [0-9.]+ [0-9.]+", str(root.get("viewBox", ""))):
        yield 'the root needs a viewBox="0 0 width height"'
    for side in ("width", "height"):
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(root.get(side, ""))):
            yield f"the root needs a {side} in px, as a plain number"
    if root.get("role") != "img":
        yield 'the root needs role="img"'
    named_by = str(root.get("aria-labelledby", "")).split()
    spoken = [root.find(f"{{{SVG}}}{tag}") for tag in ("title", "desc")]
    if any(part is None or not (part.text or "").strip() for part in spoken):
        yield "the root needs a <title> and a <desc> with text"
    elif named_by != [part.get("id") for part in spoken if part is not None]:
        yield "aria-labelledby must name the ids of <title> and <desc>"


def _element_rules(element: etree._Element) -> Iterator[str]:
    tag = etree.QName(element)
    if tag.namespace != SVG or element.prefix or tag.localname not in ELEMENTS.split():
        yield f"<{tag.localname}> may not stand in a drawing"
    for key, raw in element.attrib.items():
        attribute, value = str(key), str(raw)
        if attribute == "style" or (re.match(r"on|\{", attribute) and attribute != XML_LANG):
            yield f'the attribute "{etree.QName(attribute).localname}" may not stand in a drawing'
        elif _leads_out(attribute, value):
            yield f'{attribute}="{value}" leads out of the drawing'
        elif attribute == "class" and (unknown := set(value.split()) - set(CLASSES.split())):
            yield f'unknown class "{min(unknown)}"'


def _leads_out(attribute: str, value: str) -> bool:
    if attribute == "href":
        return not value.startswith("#")
    functions = FUNCTION.findall(OWN_URL.sub("", value))
    return "\\" in value or bool(set(functions) - set(HARMLESS_FUNCTIONS.split()))

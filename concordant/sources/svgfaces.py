"""The typefaces of an author's SVG: whatever families it names, the editions carry those of the document and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from concordant.sources.svgrules import SVG
from concordant.sources.svgstyle import IMPORTANT, declarations_of
from concordant.sources.typeface import FAMILIES, family_list

_TEXT = f"{{{SVG}}}text"
# What drawing programs write, beside the families of the document: generic ones, and the old standard ones.
_KINDS = {name: name for name in FAMILIES} | {
    **{family.casefold(): kind for kind, family in FAMILIES.items()},
    **dict.fromkeys(("system-ui", "ui-sans-serif"), "sans-serif"),
    **dict.fromkeys(("times", "times new roman", "ui-serif"), "serif"),
    **dict.fromkeys(("courier", "courier new", "ui-monospace"), "monospace"),
}
_USUAL = "sans-serif"  # as captions have it
_GIVEN_ELSEWHERE = {"inherit", "initial", "unset", "revert"}
# The shorthand `font` (CSS Fonts 4, 2.7): style and weight, the size, perhaps the leading, the families.
_FONT = re.compile(r"(.*?)([\d.]+(?:%|[a-z]+))(?:\s*/\s*\S+)?\s+(\D.*)", re.IGNORECASE | re.DOTALL)
_SLANT = re.compile(r"\b(?:italic|oblique)\b", re.IGNORECASE)
_WEIGHT = re.compile(r"\b(?:bold|bolder|lighter|[1-9]\d*)\b", re.IGNORECASE)


def set_in_own_faces(svg: etree._Element) -> None:
    """Let texts have the document's face of the kind that they ask for; where none is asked for, the picture has the sans."""
    for element in svg.iter(etree.Element):
        if families := element.get("font-family"):
            element.set("font-family", _own(families))
        if "font" in (style := str(element.get("style", ""))):
            declared = (each for pair in declarations_of(style) for each in _with_own(*pair))
            element.set("style", ";".join(map(":".join, declared)))
    if "font-family" not in svg.attrib and next(svg.iter(_TEXT), None) is not None:
        svg.set("font-family", family_list(_USUAL))


def _own(families: str) -> str:
    names = [each.strip().strip("'\"").casefold() for each in families.split(",")]
    if set(names) <= _GIVEN_ELSEWHERE:
        return families
    return family_list(next((_KINDS[name] for name in names if name in _KINDS), _USUAL))


def _with_own(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield a declaration as it is, or with our families: the shorthand `font` in its parts, as the layout engine reads those."""
    end = IMPORTANT if value.endswith(IMPORTANT) else ""
    value = value.removesuffix(IMPORTANT)
    shorthand = _FONT.fullmatch(value) if name.lower() == "font" else None
    if shorthand:
        look, size, families = shorthand.groups()
        slant, weight = _SLANT.search(look), _WEIGHT.search(look)
        yield "font-style", (slant[0] if slant else "normal") + end
        yield "font-weight", (weight[0] if weight else "normal") + end
        yield "font-size", size + end
        yield "font-family", _own(families) + end
    else:
        yield name, (_own(value) if name.lower() == "font-family" else value) + end

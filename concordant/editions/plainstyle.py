"""Plain style sheets: custom properties and products worked out, for readers that know neither.

Reading systems with old engines drop each declaration that holds `var()` or `calc()`; what is left after this
step asks for nothing beyond CSS 2.1 where the sheet itself does not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

_ROOT = re.compile(r":root\s*\{([^{}]*)\}")
_PROPERTY = re.compile(r"--([\w-]+)\s*:\s*([^;]+)")
_CONDITIONAL = re.compile(r"--[\w-]+\s*:|@media|@supports|var\(--[\w-]+\s*,")
_USE = re.compile(r"var\(--([\w-]+)\)")
_PRODUCT = re.compile(r"calc\(([-\d.a-z%]+(?:\s*[*/]\s*[-\d.a-z%]+)*)\)")
_FACTOR = re.compile(r"([*/]?)\s*(-?[\d.]+)([a-z%]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def plain(sheet: str, properties: Mapping[str, str]) -> str:
    """Return the sheet with the value of every `var()` and `calc()` product in its place.

    `properties` maps names, without their dashes, to values; later `:root` rules of the sheet outdo them.
    Raises KeyError for a property that has no value.
    """
    sheet = _COMMENT.sub("", sheet)
    known = dict(properties)
    for rule in _ROOT.findall(sheet):
        known |= {name: value.strip() for name, value in _PROPERTY.findall(rule)}
    sheet = _ROOT.sub("", sheet)
    while _USE.search(sheet):
        sheet = _USE.sub(lambda use: known[use[1]], sheet)
    return _PRODUCT.sub(lambda found: _worked_out(found[1]), sheet)


def worked_out(sheet: str) -> str:
    """Return a sheet that says the same with its custom properties worked out, which layout would do per element.

    The properties stay for styles that stand elsewhere. A sheet whose properties depend on more than `:root`
    is returned as it is.
    """
    bare = _COMMENT.sub("", sheet)
    if _CONDITIONAL.search(_ROOT.sub("", bare)):
        return sheet
    try:
        return "\n".join([*(rule[0] for rule in _ROOT.finditer(bare)), plain(bare, {})])
    except KeyError:
        return sheet


def _worked_out(product: str) -> str:
    """Multiply and divide; one factor at most has a unit."""
    factors = _FACTOR.findall(product)
    number = math.prod(
        1 / float(value) if operator == "/" else float(value) for operator, value, _ in factors
    )
    unit = "".join(unit for _, _, unit in factors)
    return f"{number:.4f}".rstrip("0").rstrip(".") + unit

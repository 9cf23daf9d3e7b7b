"""Blanks: zeros in place of a reference's number, which each edition sets when all else of a chapter is done.

So a new citation, which moves all later numbers up by one, leaves the text of other chapters as it is, and most of the reference list.
"""

from __future__ import annotations

import re

from concordant.tree import Node, attribute, span, string

LABEL = re.compile(r"(\D*)(\d+)(\D*)", re.ASCII)  # of an entry, with one number
BLANK = "data-concordant-blank"  # the attribute that has the anchor of the reference


def blank(node: Node, anchor: str) -> Node:
    """Make a blank of a link that prints the number of the reference with this anchor."""
    (identifier, classes, pairs), inlines, target = node["c"]
    attr = [identifier, classes, [*pairs, [BLANK, anchor]]]
    return {"t": "Link", "c": [attr, [string("0" * len(inlines[0]["c"]))], target]}


def blank_label(label: str, number: str, anchor: str, name: str) -> Node:
    """Write the label of an entry as a Span of the class `name`, with a blank for its number, if that stands there once."""
    found = LABEL.fullmatch(label)
    if found is None or found[2] != number:
        return span([string(label)], attribute("", [name]))
    zeros = f"{found[1]}{'0' * len(number)}{found[3]}"
    return span([string(zeros)], ["", [name], [[BLANK, anchor]]])

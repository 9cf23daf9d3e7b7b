"""Blanks: zeros in place of a reference's number, which each edition sets when all else of a chapter is done.

So a new citation, which moves all later numbers up by one, leaves the text of other chapters as it is.
"""

from __future__ import annotations

from concordant.tree import Node, string

BLANK = "data-concordant-blank"  # the attribute that has the anchor of the reference


def blank(node: Node, anchor: str) -> Node:
    """Make a blank of a link that prints the number of the reference with this anchor."""
    (identifier, classes, pairs), inlines, target = node["c"]
    attr = [identifier, classes, [*pairs, [BLANK, anchor]]]
    return {"t": "Link", "c": [attr, [string("0" * len(inlines[0]["c"]))], target]}

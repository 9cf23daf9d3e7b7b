"""Decorate: write a declaration's label into the tree, as text that every edition prints."""

from __future__ import annotations

from collections.abc import Sequence

from concordant.numbered.blank import blank_label
from concordant.numbered.declare import caption_of, sub_figures
from concordant.numbered.ledger import Declaration, Mention
from concordant.numbered.terms import Terms
from concordant.tree import (
    SPACE,
    Node,
    attr_of,
    attribute,
    div,
    link,
    para,
    plain,
    span,
    string,
)

PARAGRAPH = "paragraph"


def heading(node: Node, declaration: Declaration | None) -> Node:
    """Put the section's number before its title."""
    level, attr, inlines = node["c"]
    if declaration:
        inlines = [span([string(declaration.number)], attribute("", ["number"])), SPACE, *inlines]
    return {"t": "Header", "c": [level, attr, inlines]}


def captioned(node: Node, declaration: Declaration) -> Node:
    """Put `Figure 3.` before the caption of a figure, table or listing."""
    label = span([string(f"{declaration.label}.")], attribute("", ["label"]))
    blocks = caption_of(node)
    first = blocks[0]["c"] if blocks and isinstance(blocks[0].get("c"), list) else blocks[:1]
    caption = [plain([label, SPACE, *first]), *blocks[1:]] if first else [plain([label])]
    if node["t"] == "CodeBlock":
        return _listing(node, caption)
    if node["t"] == "Div":
        return _group(node, caption)
    content = list(node["c"])
    content[1] = [None, caption]
    return {"t": node["t"], "c": content}


def _listing(node: Node, caption: list[Node]) -> Node:
    identifier, classes, pairs = node["c"][0]
    kept = [pair for pair in pairs if pair[0] != "caption"]
    code = {"t": "CodeBlock", "c": [["", classes, kept], node["c"][1]]}
    return {"t": "Figure", "c": [[identifier, ["listing"], []], [None, caption], [code]]}


def _group(node: Node, caption: list[Node]) -> Node:
    identifier, classes, pairs = attr_of(node) or attribute()
    figures = sub_figures(node)
    attr = [identifier, [*classes, "group"], pairs]
    return {"t": "Figure", "c": [attr, [None, caption], figures]}


def sub_captioned(node: Node, letter: str) -> Node:
    """Put `(a)` before the caption of a sub-figure."""
    content = list(node["c"])
    blocks = caption_of(node)
    first = blocks[0]["c"] if blocks else []
    label = span([string(f"({letter})")], attribute("", ["label"]))
    content[1] = [None, [plain([label, SPACE, *first]), *blocks[1:]]]
    return {"t": "Figure", "c": content}


def equation(math: Node, declaration: Declaration) -> Node:
    """Put the label (7) beside a displayed formula."""
    label = span([string(declaration.label)], attribute("", ["label"]))
    return span([math, SPACE, label], attribute(declaration.anchor, ["equation"]))


def note_call(declaration: Declaration) -> Node:
    """Make the raised number that calls a footnote."""
    number = declaration.number
    attr = attribute(f"fnref-{number}", ["noteref"], role="doc-noteref")
    return link([{"t": "Superscript", "c": [string(number)]}], f"#{declaration.anchor}", attr)


def note_body(blocks: list[Node], declaration: Declaration, terms: Terms) -> Node:
    """Make a footnote's body, which begins with its number, a link back to its call."""
    number = declaration.number
    attr = attribute(
        "", ["note-number"], role="doc-backlink", aria_label=f"{terms.one('note-back')} {number}"
    )
    back = link([string(number)], f"#fnref-{number}", attr)
    first, rest = (blocks[0], blocks[1:]) if blocks else (para([]), [])
    if first["t"] not in {"Para", "Plain"}:
        first, rest = para([]), blocks
    body = [para([back, SPACE, *first["c"]]), *rest]
    return div(body, attribute(declaration.anchor, ["footnote"], role="doc-footnote"))


def entry(
    declaration: Declaration, right: list[Node], mentions: Sequence[Mention], terms: Terms
) -> Node:
    """Make one entry of the reference list: its label, its text, its back-links."""
    anchor = declaration.anchor
    label = blank_label(declaration.label, declaration.number, anchor, "entry-label")
    text = span(right, attribute("", ["entry-text"]))
    inlines = [label, SPACE, text]
    if mentions:
        inlines += [SPACE, _back_links(mentions, terms)]
    return div([para(inlines)], attribute(anchor, ["entry"]))


def _back_links(mentions: Sequence[Mention], terms: Terms) -> Node:
    inlines: list[Node] = [string(terms.one("cited-in")), SPACE]
    for index, mention in enumerate(mentions):
        inlines += [string(","), SPACE] if index else []
        before = [each.within for each in mentions[:index]].count(mention.within)
        twins = [each.within for each in mentions].count(mention.within) > 1
        suffix = chr(ord("a") + before) if twins and before < 26 else ""
        attr = attribute("", ["backlink"], role="doc-backlink")
        inlines.append(link([string(mention.within + suffix)], f"#{mention.anchor}", attr))
    return span(inlines, attribute("", ["backlinks"]))


def marked(node: Node, anchor: str) -> Node:
    """Give a paragraph an address: an empty Span that becomes the paragraph's identifier."""
    return {**node, "c": [span([], attribute(anchor, [PARAGRAPH])), *node["c"]]}

"""What an HTML element is called in PDF (ISO 32000-1, 14.8.4), and in which language it is."""

from __future__ import annotations

from concordant.editions.tagging.tree import INLINE, Node

_TYPES = {
    "main": "Part",
    "article": "Art",
    "section": "Sect",
    "nav": "Sect",
    "aside": "Sect",
    "div": "Div",
    "header": "Div",
    "footer": "Div",
    "address": "Div",
    "figure": "Div",  # which holds the picture, a Figure, and its Caption
    "figcaption": "Caption",
    "caption": "Caption",
    "p": "P",
    "pre": "P",
    "blockquote": "BlockQuote",
    "q": "Quote",
    "code": "Code",
    "a": "Link",
    "img": "Figure",
    "svg": "Figure",
    "ul": "L",
    "ol": "L",
    "dl": "L",
    "li": "LI",
    "table": "Table",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
} | {f"h{level}": f"H{level}" for level in range(1, 7)}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def name_elements(root: Node) -> None:
    """Give every element its standard structure type; those without one stay nameless."""
    for node in root.walk():
        if not node.role:
            node.role = _TYPES.get(node.tag, "")
        if node.role == "Link" and not node.get("href"):
            node.role = ""
        if node.tag == "svg" and "formula" in node.classes:
            node.role = "Formula"
        if "equation" in node.classes:
            node.role = (
                "Span"  # in which the number belongs to the formula, whatever stands around it
            )
        if node.role in INLINE:
            node.attributes.get("/Layout", {}).pop("Placement", None)


def mark_languages(root: Node, language: str = "") -> None:
    """Say the language of whatever is not in the language around it (WCAG 2.2, 3.1.2)."""
    for node in root.nodes:
        own = node.get("lang") or node.get(_XML_LANG) or language
        if language and own != language:
            node.language = own
            node.role = node.role or "Span"
        mark_languages(node, own)

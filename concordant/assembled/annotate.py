"""Give the nodes that an author may have to be told about the line on which they stand."""

from __future__ import annotations

import re
from typing import Any

from concordant.problem import Place
from concordant.sources.locate import Locator
from concordant.tree import Node, identifier_of, rewrite, string, text_of, walk

LABEL = re.compile(r"^\{#((?:eq)[:\w][\w:.-]*)\}(.*)$", re.DOTALL)


def flatten_alternatives(blocks: list[Node]) -> list[Node]:
    """Make pictures' alternatives plain text.

    pandoc repeats a caption as the alternative of its picture, with every citation and footnote; what stands
    there is no second mention.
    """

    def visit(node: Node) -> list[Node] | None:
        if node["t"] != "Image":
            return None
        words = " ".join(text_of(node["c"][1]).split())
        return [{"t": "Image", "c": [node["c"][0], [string(words)], node["c"][2]]}]

    flattened: list[Node] = rewrite(blocks, visit)
    return flattened


def annotate(blocks: list[Node], locator: Locator) -> list[Node]:
    """Return the blocks with `at` (a 1-based line, 0 if unknown; for a Cite a list, one line a key)."""

    def visit(node: Node) -> list[Node] | None:
        line = _line(node, locator)
        if line is None:
            return None
        return [{**node, "c": rewrite(node["c"], visit), "at": line}]

    annotated: list[Node] = rewrite(blocks, visit)
    return annotated


def _line(node: Node, locator: Locator) -> int | list[int] | None:
    kind: str = node["t"]
    content: Any = node.get("c")
    if kind == "Cite":
        return [locator.citation(each["citationId"]).line for each in content[0]]
    if kind == "Header":
        return locator.heading().line
    if kind == "Note":
        return locator.note().line
    if kind == "Image":
        return locator.target(content[2][0]).line
    if kind == "Link":
        return locator.target(content[2][0]).line
    if kind == "Str" and LABEL.match(content):
        return locator.words(content).line
    if kind in {"Figure", "Table", "CodeBlock", "Div", "Span"}:
        return _block_line(node, locator)
    if kind in {"RawBlock", "RawInline"}:
        return locator.words(content[1].strip().split("\n")[0]).line
    return None


def _block_line(node: Node, locator: Locator) -> int | None:
    if identifier := identifier_of(node):
        return locator.identifier(identifier).line
    if node["t"] == "Figure":
        images = [each for each in walk(node["c"]) if each["t"] == "Image"]
        return locator.target(images[0]["c"][2][0]).line if images else 0
    return None


def place_of(node: Node, section: str, index: int = 0) -> Place:
    """Return the place of a node in its section; `index` chooses among a citation's keys."""
    at = node.get("at", 0)
    return Place(section, at[index] if isinstance(at, list) else at)

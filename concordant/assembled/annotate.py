"""Give the nodes that an author may have to be told about the line on which they stand."""

from __future__ import annotations

import re
from typing import Any

from concordant.problem import Place
from concordant.sources.locate import Locator
from concordant.tree import Node, identifier_of, para, rewrite, string, text_of

LABEL = re.compile(r"^\{#((?:eq)[:\w][\w:.-]*)\}(.*)$", re.DOTALL)
_CLOSING = re.compile(r"(\{#eq[:\w][\w:.-]*\})?([.,;:!?]+)(.*)$", re.DOTALL)


def flatten_alternatives(blocks: list[Node]) -> list[Node]:
    """Make pictures' alternatives plain text: the attribute `alt`, where a picture that is no figure has one.

    pandoc repeats a caption as the alternative of its picture, with every citation and footnote; what stands
    there is no second mention.
    """

    def visit(node: Node) -> list[Node] | None:
        if node["t"] != "Image":
            return None
        (identifier, kinds, pairs), description, target = node["c"]
        words = dict(pairs).get("alt") or text_of(description)
        attr = [identifier, kinds, [pair for pair in pairs if pair[0] != "alt"]]
        return [{"t": "Image", "c": [attr, [string(" ".join(words.split()))], target]}]

    flattened: list[Node] = rewrite(blocks, visit)
    return flattened


def part_definitions(blocks: list[Node]) -> list[Node]:
    """Make paragraphs of a definition that has several: in a tight list pandoc has lines of text that would run together."""

    def visit(node: Node) -> list[Node] | None:
        if node["t"] != "DefinitionList":
            return None
        items = rewrite(node["c"], visit)
        parted = [[term, list(map(_paragraphs, definitions))] for term, definitions in items]
        return [{**node, "c": parted}]

    parted: list[Node] = rewrite(blocks, visit)
    return parted


def _paragraphs(blocks: list[Node]) -> list[Node]:
    several = sum(each["t"] == "Plain" for each in blocks) > 1
    return [para(each["c"]) if several and each["t"] == "Plain" else each for each in blocks]


def close_displays(blocks: list[Node]) -> list[Node]:
    """Let signs that end a displayed formula stand in it, as behind it they would begin the next line."""

    def visit(node: Node) -> list[Node] | None:
        if node["t"] not in {"Para", "Plain"}:
            return None
        return [{**node, "c": _closed(rewrite(node["c"], visit))}]

    closed: list[Node] = rewrite(blocks, visit)
    return closed


def _closed(inlines: list[Node]) -> list[Node]:
    """Return a paragraph's inlines with the signs behind a displayed formula, or behind its label, at its end."""
    closed: list[Node] = []
    last = -1  # the displayed formula before this node
    for node in inlines:
        found = _CLOSING.match(node["c"]) if node["t"] == "Str" and last >= 0 else None
        if found and (found[1] or last == len(closed) - 1):
            style, tex = closed[last]["c"]
            closed[last] = {**closed[last], "c": [style, tex.rstrip() + found[2]]}
            closed += [string(rest) for rest in (found[1], found[3]) if rest]
        else:
            closed.append(node)
        if node["t"] == "Math" and node["c"][0]["t"] == "DisplayMath":
            last = len(closed) - 1
        elif node["t"] not in {"Space", "SoftBreak"}:
            last = -1
    return closed


def annotate(blocks: list[Node], locator: Locator) -> list[Node]:
    """Return the blocks with `at`: a 1-based line, 0 if unknown.

    For a Cite it is a list, one line a key; for a Table that of its declaration and that of its first row.
    """

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
        return locator.heading(content[0], text_of(content[2])).line
    if kind == "Note":
        return locator.note().line
    if kind == "Image":
        return locator.target(content[2][0]).line
    if kind == "Link":
        return locator.link(text_of(content[1]), content[2][0]).line
    if kind == "Table":
        return _table_lines(node, locator)
    if kind == "Str" and LABEL.match(content):
        return locator.words(content).line
    if kind in {"Figure", "CodeBlock", "Div", "Span"} and (identifier := identifier_of(node)):
        return locator.identifier(identifier).line
    if kind in {"RawBlock", "RawInline"}:
        return locator.words(content[1].strip().split("\n")[0]).line
    return None


def _table_lines(node: Node, locator: Locator) -> list[int]:
    row = locator.table([text_of(cell[4]) for cell in first_cells(node)]).line
    identifier = identifier_of(node)
    return [locator.identifier(identifier).line if identifier else row, row]


def first_cells(table: Node) -> list[Any]:
    """Return the cells of a table's first row that is not empty."""
    head, bodies = table["c"][3], table["c"][4]
    rows = [*head[1], *(row for body in bodies for part in body[2:4] for row in part)]
    return next((row[1] for row in rows if any(text_of(cell[4]).strip() for cell in row[1])), [])


def place_of(node: Node, section: str, index: int = 0) -> Place:
    """Return the place of a node in its section; `index` chooses among a citation's keys, a table's lines."""
    at = node.get("at", 0)
    return Place(section, at[index] if isinstance(at, list) else at)

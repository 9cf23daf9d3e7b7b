"""What would keep a reader out: headings without order, tables without heads, links without words or in links, citations in
citations, calls of no note, unknown languages.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Generator, Iterator
from typing import Any

from concordant.assembled.annotate import first_cells, place_of
from concordant.assembled.citations import holds_another
from concordant.assembled.vague import is_vague_link
from concordant.problem import Place, Problem, Severity
from concordant.sources.languages import fault_of, lint_language, replacement
from concordant.sources.locate import Locator
from concordant.tree import Node, attr_of, identifier_of, text_of, walk

_LINKING = frozenset(("Link", "Cite", "Note"))
_CALL = re.compile(r"\[\^([^\[\]\s^]+)\]")
_SAMPLE = 40  # as many characters of a text tell which one is meant


def lint_access(blocks: list[Node], locator: Locator, lang: str) -> Iterator[Problem]:
    """Yield the problems of one section's blocks, whose document is in `lang`; `locator` is its text's."""
    for node, spoken in _in_languages(blocks, lang):
        attr = attr_of(node)
        tag = dict(attr[2]).get("lang") if attr else None
        if tag:
            yield from _lint_tag(tag, locator)
        if node["t"] == "Header" and not _words(node["c"][2]):
            place = place_of(node, locator.name)
            yield Problem("heading-empty", "the heading has no text", place, "write one")
        elif node["t"] == "Table":
            yield from _lint_table(node, locator.name)
        elif node["t"] == "Link":
            yield from _lint_link(node, spoken, locator.name)
        elif node["t"] == "Cite":
            yield from _lint_citation(node, locator.name)
        elif node["t"] == "Note" and any(each["t"] == "Note" for each in walk(node["c"])):
            yield _nested(place_of(node, locator.name))
        elif node["t"] == "Str":
            yield from _lint_calls(node, locator)


def _in_languages(value: Any, lang: str) -> Iterator[tuple[Node, str]]:
    """Walk the nodes in document order, each with the language of its text."""
    if isinstance(value, list):
        for item in value:
            yield from _in_languages(item, lang)
    elif isinstance(value, dict) and "t" in value:
        attr = attr_of(value)
        own = dict(attr[2]).get("lang", lang) if attr and attr[2] else lang
        yield value, own
        if "c" in value and not isinstance(value["c"], str):
            yield from _in_languages(value["c"], own)


def _words(inlines: list[Node]) -> str:
    return " ".join(text_of(inlines).split())


def _lint_tag(tag: str, locator: Locator) -> Iterator[Problem]:
    if fault_of(tag) or replacement(tag):
        yield from lint_language(tag, locator.attribute("lang", tag))


def _lint_table(node: Node, section: str) -> Iterator[Problem]:
    head, bodies = node["c"][3], node["c"][4]
    in_head = any(_words(cell[4]) for row in head[1] for cell in row[1])
    beside = any(body[1] for body in bodies)
    if not in_head and not beside:
        names = frozenset(filter(None, [identifier_of(node)]))
        sample = " | ".join(_words(cell[4]) for cell in first_cells(node))[:_SAMPLE]
        yield Problem(
            "table-header-missing",
            f'the table that begins "{sample}" has no header row',
            place_of(node, section, 1),
            "say in a first row what each column holds",
            about=names,
        )


def _lint_calls(node: Node, locator: Locator) -> Iterator[Problem]:
    """Yield the calls that pandoc takes for plain text, because they call nothing."""
    for label in _CALL.findall(node["c"]):
        place = locator.call(label)
        if place.line and label in locator.notes:
            yield _nested(place)
        elif place.line:
            close = difflib.get_close_matches(label, locator.notes, 1)
            hint = f'did you mean "{close[0]}"?' if close else f"add a line [^{label}]: …"
            yield Problem("note-missing", f'no note has the label "{label}"', place, hint)


def _nested(place: Place) -> Problem:
    hint = "write both as one, or call both in the text"
    return Problem("note-nested", "a note calls another note", place, hint)


def _lint_citation(node: Node, section: str) -> Iterator[Problem]:
    """Yield the citations beside which another stands, which the citation style would not number in its turn, or a note."""
    for index, each in enumerate(node["c"][0]):
        if holds_another(each):
            message = f'the brackets of the citation "{each["citationId"]}" hold another, or a mention, or a call of a note'
            hint = "let that stand behind the brackets, or cite both in one: [@one; @two]"
            yield Problem("citation-nested", message, place_of(node, section, index), hint)


def _lint_link(node: Node, lang: str, section: str) -> Iterator[Problem]:
    text, target = _words(node["c"][1]), node["c"][2][0]
    place, about = place_of(node, section), frozenset({target})
    if not text:
        message, hint = f'the link to "{target}" has no text', "name what it leads to"
        yield Problem("link-empty", message, place, hint, about=about)
    elif is_vague_link(text, lang):
        message = f'the link text "{text}" does not say where it leads'
        hint = "name what it leads to"
        yield Problem("link-text-vague", message, place, hint, Severity.WARNING, about)
    if any(each["t"] in _LINKING for each in walk(node["c"][1])):
        message = f'the link to "{target}" holds another, or a citation, or a call of a note'
        yield Problem("link-nested", message, place, "let that stand behind the link")


def lint_outline(blocks: list[Node], section: str, level: int) -> Generator[Problem, None, int]:
    """Yield the headings that skip a level, where the section before ends below a heading of `level` (0: none).

    Returns the level below whose heading this section ends.
    """
    for node in headings(blocks):
        if node["c"][0] > level + 1:
            yield _skipped(node, section, level)
        level = node["c"][0]
    return level


def _skipped(node: Node, section: str, level: int) -> Problem:
    title = _words(node["c"][2])
    follows = f"follows one of level {level}" if level else "is the document's first"
    message = f'the heading "{title}" of level {node["c"][0]} {follows}'
    hint = f"write it with {'#' * (level + 1)}" + (", or say what comes between" if level else "")
    return Problem(
        "heading-skipped", message, place_of(node, section), hint, about=frozenset({title})
    )


def headings(blocks: list[Node]) -> Iterator[Node]:
    """Yield every heading, also those in lists, quotations and divisions, in document order."""
    for block in blocks:
        if block["t"] == "Header":
            yield block
        for inner in _inside(block):
            yield from headings(inner)


def _inside(block: Node) -> list[list[Node]]:
    """Return the lists of blocks of which a block consists."""
    kind: str = block["t"]
    content: Any = block.get("c")
    if kind in {"Div", "Figure"}:
        return [content[-1]]
    if kind == "BlockQuote":
        return [content]
    if kind == "BulletList":
        return list(content)
    if kind == "OrderedList":
        return list(content[1])
    if kind == "DefinitionList":
        return [blocks for _, definitions in content for blocks in definitions]
    return []

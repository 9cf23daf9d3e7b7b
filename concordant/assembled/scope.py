"""Identifiers: each section is a scope of its own, and no identifier stands twice in the document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from concordant.assembled.annotate import place_of
from concordant.problem import Place, Problem
from concordant.sources.locate import Locator
from concordant.tree import Node, attr_of, identifier_of, rewrite, walk, with_attr

Named = tuple[str, list[Node]]


def anchor_of(identifier: str) -> str:
    """Return the identifier as it stands in links and files: `fig:map` becomes `fig-map`."""
    return re.sub(r"[^\w.-]", "-", identifier)


def scope(
    sections: Sequence[Named], locators: Mapping[str, Locator]
) -> tuple[list[list[Node]], list[Problem]]:
    """Return the sections' blocks with anchors for identifiers, and the identifiers that clash.

    What the author wrote must be unique. What pandoc derived from a heading gives way: it gets a number,
    and the links of its own section follow it.
    """
    problems: list[Problem] = []
    taken: dict[str, Place] = {}
    for name, blocks in sections:
        for anchor, place in _written(blocks, name, locators[name]):
            if anchor in taken:
                problems.append(_clash(anchor, taken[anchor], place))
            taken.setdefault(anchor, place)
    scoped = [
        _renamed(blocks, _derived(blocks, name, locators[name], taken)) for name, blocks in sections
    ]
    return scoped, problems


def _written(blocks: list[Node], name: str, locator: Locator) -> list[tuple[str, Place]]:
    return [
        (anchor_of(identifier), place_of(node, name))
        for node in walk(blocks)
        if (identifier := identifier_of(node)) and _by_author(node, locator)
    ]


def _by_author(node: Node, locator: Locator) -> bool:
    return node["t"] != "Header" or locator.declares(identifier_of(node))


def _derived(
    blocks: list[Node], name: str, locator: Locator, taken: dict[str, Place]
) -> dict[str, str]:
    renames = {}
    for node in walk(blocks):
        identifier = identifier_of(node)
        if not identifier or _by_author(node, locator):
            continue
        anchor, turn = anchor_of(identifier), 1
        while anchor in taken:
            anchor, turn = f"{anchor_of(identifier)}-{turn}", turn + 1
        taken[anchor] = place_of(node, name)
        renames[identifier] = anchor
    return renames


def _clash(anchor: str, first: Place, second: Place) -> Problem:
    message = f'the identifier "{anchor}" stands here and at {first}'
    return Problem("id-duplicate", message, second, "rename one of them, and what mentions it")


def _renamed(blocks: list[Node], renames: Mapping[str, str]) -> list[Node]:
    def visit(node: Node) -> list[Node] | None:
        attr = attr_of(node)
        if attr is None:
            return None
        changed = with_attr(node, [renames.get(attr[0], anchor_of(attr[0])), *attr[1:]])
        if node["t"] == "Link" and node["c"][2][0].startswith("#"):
            target = node["c"][2][0][1:]
            anchor = renames.get(target, anchor_of(target))
            changed["c"] = [*changed["c"][:2], [f"#{anchor}", node["c"][2][1]]]
        return [{**changed, "c": rewrite(changed["c"], visit)}]

    renamed: list[Node] = rewrite(blocks, visit)
    return renamed

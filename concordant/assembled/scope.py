"""Identifiers: each section is a scope of its own, and no identifier stands twice in the document."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from concordant.assembled.annotate import place_of
from concordant.assembled.sectiontree import SectionTree, tree_of
from concordant.problem import Place, Problem
from concordant.sources.locate import Locator
from concordant.tree import Node, attr_of, identifier_of, rewrite, walk, with_attr

# What editions give themselves: the PDF's contents and colophon, the HTML's text; pages, paragraphs, citations, notes.
_GIVEN = re.compile(
    r"contents|colophon|text|page-(?:\d+|[ivxlcdm]+)|(?:p|cite)-.+-\d+|fn(?:ref)?-\d+"
)
_REFERENCE = "ref-"
# An identifier as its section has it: its anchor, whether the author wrote it, and its line.
Name = tuple[str, bool, int]
Renames = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """One section: its name, its tree with anchors for identifiers, and the names in it, in document order."""

    section: str
    tree: SectionTree
    names: list[Name]


@cache
def anchor_of(identifier: str) -> str:
    """Return the identifier as it stands in links and files: `fig:map` becomes `fig-map`."""
    return re.sub(r"[^\w.-]", "-", identifier)


def names_in(blocks: list[Node], locator: Locator) -> list[Name]:
    """Return the names of a section as pandoc has read it."""
    return [
        (anchor_of(identifier), _by_author(node, locator), place_of(node, "").line)
        for node in walk(blocks)
        if (identifier := identifier_of(node))
    ]


def anchored(blocks: list[Node]) -> list[Node]:
    """Return the blocks with anchors for identifiers, where they stand and where links lead to them."""
    return _renamed(blocks, {})


def scope(sections: Sequence[Scope]) -> tuple[list[Renames], list[Problem]]:
    """Return new anchors by the old ones, for each section, so that no name stands twice, and the names that clash.

    What the author wrote must be unique. What pandoc derived from a heading gives way: it gets a number.
    """
    problems: list[Problem] = []
    taken: dict[str, Place] = {}
    for each in sections:
        for anchor, by_author, line in each.names:
            place = Place(each.section, line)
            if by_author and anchor in taken:
                why = f"stands here and at {taken[anchor]}"
                problems.append(clash(anchor, why, place, "one of them"))
            elif by_author and _GIVEN.fullmatch(anchor):
                problems.append(clash(anchor, "is one that the editions give themselves", place))
            if by_author:
                taken.setdefault(anchor, place)
    return [_derived(each, taken) for each in sections], problems


def renamed(tree: SectionTree, renames: Renames) -> SectionTree:
    """Return a section's tree with the new anchors; its own links follow them."""
    return tree_of(tree.name, _renamed(tree.blocks, renames)) if renames else tree


def _by_author(node: Node, locator: Locator) -> bool:
    return node["t"] != "Header" or locator.declares(identifier_of(node))


def _derived(each: Scope, taken: dict[str, Place]) -> dict[str, str]:
    """Return new anchors for those that are taken, by the old ones; note down all as taken."""
    renames = {}
    for wanted, by_author, line in each.names:
        if by_author:
            continue
        given = _GIVEN.fullmatch(wanted) or wanted.startswith(_REFERENCE)
        anchor = free_anchor(f"section-{wanted}" if given else wanted, taken)
        taken[anchor] = Place(each.section, line)
        if anchor != wanted:
            renames[wanted] = anchor
    return renames


def free_anchor(wanted: str, taken: Container[str]) -> str:
    """Return an anchor that is not taken: the wanted one, or that with a number."""
    anchor, turn = wanted, 1
    while anchor in taken:
        anchor, turn = f"{wanted}-{turn}", turn + 1
    return anchor


def clash(anchor: str, why: str, place: Place, which: str = "it") -> Problem:
    """Return the problem that an identifier is had by something else, too."""
    message = f'the identifier "{anchor}" {why}'
    return Problem("id-duplicate", message, place, f"rename {which}, and what mentions it")


def _renamed(blocks: list[Node], renames: Renames) -> list[Node]:
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

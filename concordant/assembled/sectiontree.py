"""A section's tree, and the landmarks in it for those who look for them: most nodes are words, which nobody does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from concordant.assembled.annotate import LABEL
from concordant.tree import Node, identifier_of, walk

_KINDS = frozenset(["Header", "Note", "Cite", "Link", "Image", "Figure", "RawBlock", "RawInline"])


@dataclass(frozen=True, slots=True)
class SectionTree:
    """One section as pandoc's tree; nodes that can be at fault carry their line as `at`.

    `inside` has the landmarks of each block, the block itself among them, as `landmarks_in` gives them.
    """

    name: str
    blocks: list[Node]
    inside: Sequence[Sequence[Node]]

    @property
    def landmarks(self) -> Iterator[Node]:
        """All landmarks, in document order."""
        return (node for landmarks in self.inside for node in landmarks)


def tree_of(name: str, blocks: list[Node]) -> SectionTree:
    """Make a section's tree."""
    return SectionTree(name, blocks, landmarks_in(blocks))


def landmarks_in(blocks: list[Node]) -> list[list[Node]]:
    """Return, for each block, the nodes that declare something, mention something or can be at fault.

    Those are headings, notes, citations, links, pictures, raw code, labels of formulas, and whatever has an identifier; in
    document order, each before those in it. They are nodes of the tree, not copies.
    """
    return [[node for node in walk(block) if _is_landmark(node)] for block in blocks]


def _is_landmark(node: Node) -> bool:
    if node["t"] == "Str":
        return LABEL.match(node["c"]) is not None
    return node["t"] in _KINDS or bool(identifier_of(node))

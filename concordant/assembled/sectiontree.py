"""A section's tree, and the landmarks in it for those who look for them: most nodes are words, which nobody does."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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


def landmarks_of(sections: Iterable[SectionTree]) -> Iterator[Node]:
    """Yield the landmarks of sections, in document order."""
    return (node for tree in sections for node in tree.landmarks)


def is_chapter(block: Node) -> bool:
    """Whether a block is the heading of a chapter."""
    return bool(block["t"] == "Header" and block["c"][0] == 1)


def begins_chapter(blocks: Sequence[Node]) -> bool:
    """Whether blocks begin with the heading of a chapter."""
    return bool(blocks) and is_chapter(blocks[0])


def frame_of(
    blocks: Sequence[Node],
    landmarks: Sequence[Sequence[Node]],
    names: Sequence[tuple[str, bool, int]],
) -> bytes:
    """Return a digest of what of a section can matter to others: its landmarks and its names, without their lines."""
    told = [(name, by_author) for name, by_author, _ in names]
    nodes = [_without_lines(node) for inside in landmarks for node in inside]
    return hashlib.sha256(marshal.dumps((begins_chapter(blocks), told, nodes), 2)).digest()


def _without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_lines(each) for key, each in value.items() if key != "at"}
    return [_without_lines(each) for each in value] if isinstance(value, list) else value


def _is_landmark(node: Node) -> bool:
    if node["t"] == "Str":
        return LABEL.match(node["c"]) is not None
    return node["t"] in _KINDS or bool(identifier_of(node))

"""A section's tree, and its nodes in a row for those who look for some of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from concordant.tree import Node, walk


@dataclass(frozen=True)
class SectionTree:
    """One section as pandoc's tree; nodes that can be at fault carry their line as `at`."""

    name: str
    blocks: list[Node]

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node, in document order, each before its descendants."""
        return tuple(walk(self.blocks))

"""What numbering makes: chapters with their headings, blocks and footnotes, and the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from concordant.numbered.ledger import Ledger
from concordant.tree import Node


class Role(StrEnum):
    """A chapter's part of the publication (the partitions of EPUB 3 Structural Semantics)."""

    FRONT = "frontmatter"
    BODY = "bodymatter"
    BACK = "backmatter"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, for contents lists: its level (1 for a chapter), number (or empty), title, anchor."""

    level: int
    number: str
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One top-level section: its headings (the chapter's own first), numbered blocks, footnotes.

    `numbers` has, by anchor, those of the references for which its text has blanks (see `blank`).
    """

    role: Role
    headings: tuple[Heading, ...]
    blocks: list[Node]
    notes: list[Node]
    numbers: Mapping[str, str] = field(default_factory=dict)

    def without_text(self) -> Chapter:
        """Return the chapter's outline alone, for those who have its text in another form."""
        return replace(self, blocks=[], notes=[])

    @property
    def anchor(self) -> str:
        """The chapter's address."""
        return self.headings[0].anchor

    @property
    def title(self) -> str:
        """The chapter's title, without its number."""
        return self.headings[0].title


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbered document."""

    chapters: tuple[Chapter, ...]
    ledger: Ledger

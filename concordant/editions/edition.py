"""An edition: one finished file, still in memory, or in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """The kinds of editions, named by their file extensions."""

    PDF = "pdf"
    EPUB = "epub"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition's bytes; `pages` is 0 where there are none."""

    form: Format
    name: str
    data: bytes
    pages: int = 0

    @property
    def issued(self) -> Issued:
        """What is left to tell of it when it is in its folder."""
        return Issued(self.form, self.name, len(self.data), self.pages)


@dataclass(frozen=True, slots=True)
class Issued:
    """An edition in its folder: its name there, its size in bytes, and its pages as `Edition` has them."""

    form: Format
    name: str
    size: int
    pages: int

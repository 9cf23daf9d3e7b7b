"""An edition: one finished file, still in memory."""

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

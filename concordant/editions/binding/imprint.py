"""The imprint: what the PDF file is told to say of itself. Loads nothing that writes PDF."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a PDF says of itself; its first `roman_pages` pages have roman folios."""

    identifier: str
    source_urn: str
    version: str
    lang: str
    roman_pages: int

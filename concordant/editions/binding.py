"""Binding: printed parts and their page numbers become the finished PDF; a plain function on plain values, as in `printing`."""

from __future__ import annotations

from dataclasses import dataclass

from concordant.editions import finishing
from concordant.editions.finishing import Imprint
from concordant.editions.joining import join


@dataclass(frozen=True, slots=True)
class Sheets:
    """What is bound: the parts' PDFs in order, those of their page numbers, the fonts' programs, and what the file says of itself."""

    parts: tuple[bytes, ...]
    folios: tuple[bytes, ...]
    fonts: tuple[bytes, ...]
    imprint: Imprint

    @property
    def size(self) -> int:
        """How many bytes are bound."""
        return sum(map(len, (*self.parts, *self.folios)))


def bind(sheets: Sheets) -> bytes:
    """Join and finish the parts."""
    return finishing.settle_endings(_joined(sheets))


def _joined(sheets: Sheets) -> bytes:
    with join(sheets.parts, sheets.folios, sheets.fonts) as pdf:
        return finishing.finish(pdf, sheets.imprint)

"""Binding: printed parts and their page numbers become the finished PDF; a plain function on plain values, as in `printing`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from concordant.editions.blanks import set_numbers
from concordant.editions.finishing.imprint import Imprint


@dataclass(frozen=True, slots=True)
class Sheets:
    """What is bound: the parts in order, as they are printed, the reference numbers for each, PDFs of their page numbers, the fonts' programs, and what the file says of itself."""

    parts: tuple[bytes, ...]
    numbers: tuple[tuple[str, ...], ...]
    folios: tuple[bytes, ...]
    fonts: tuple[bytes, ...]
    imprint: Imprint

    @property
    def size(self) -> int:
        """How many bytes are bound."""
        return sum(map(len, (*self.parts, *self.folios)))


def bind(sheets: Sheets) -> bytes:
    """Join and finish the parts."""
    from concordant.editions.finishing.finish import settle_endings  # noqa: PLC0415 - as below

    return settle_endings(_joined(sheets))


def _joined(sheets: Sheets) -> bytes:
    # A process that has others bind does without what binds.
    from concordant.editions.finishing.finish import finish  # noqa: PLC0415
    from concordant.editions.joining import join  # noqa: PLC0415

    pairs = zip(sheets.parts, sheets.numbers, strict=True)
    parts = [set_numbers(zlib.decompress(part), numbers) for part, numbers in pairs]
    with join(parts, sheets.folios, sheets.fonts) as pdf:
        return finish(pdf, sheets.imprint)

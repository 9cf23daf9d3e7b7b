"""Binding: printed parts and their page numbers become the finished PDF; a plain function on plain values, as in `printing`."""

from __future__ import annotations

from dataclasses import dataclass

from concordant.editions.finishing.imprint import Imprint


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
    from concordant.editions.finishing.finish import settle_endings  # noqa: PLC0415 - as below

    return settle_endings(_joined(sheets))


def _joined(sheets: Sheets) -> bytes:
    # A process that has others bind does without what binds.
    from concordant.editions.finishing.finish import finish  # noqa: PLC0415
    from concordant.editions.joining import join  # noqa: PLC0415

    with join(sheets.parts, sheets.folios, sheets.fonts) as pdf:
        return finish(pdf, sheets.imprint)

"""Titles: how large a title can be set, and in which lines, so that it fills its place evenly."""

from __future__ import annotations

from dataclasses import dataclass

from concordant.installed import file_of
from concordant.sources.typeface import Typeface

_LEADING = 1.08  # of the size
_WEIGHT = 600


@dataclass(frozen=True, slots=True)
class SetTitle:
    """A title broken into lines; sizes in points."""

    lines: tuple[str, ...]
    size: float
    leading: float


def set_title(
    text: str, *, width: float, height: float, largest: float, smallest: float = 14
) -> SetTitle:
    """Set a title as large as a place of `width` by `height` points allows, in even lines."""
    size = largest
    while True:
        lines = _typeface().wrap(text, size, width, _WEIGHT)
        fits = all(_typeface().width(line, size, _WEIGHT) <= width for line in lines)
        if size <= smallest or (fits and len(lines) * size * _LEADING <= height):
            return SetTitle(lines, size, size * _LEADING)
        size = max(size - 1, smallest)


def _typeface() -> Typeface:
    return Typeface(file_of("fontpkg_source_serif_4", "files/SourceSerif4[opsz,wght].ttf"))

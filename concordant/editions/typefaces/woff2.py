"""WOFF2: fonts as web pages and EPUBs carry them, small without taking longest."""

from __future__ import annotations

import io
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from concordant.cache import remembered

_QUALITY = 10  # of 11, which takes two thirds longer and saves nothing


@cache
@remembered
def to_woff2(data: bytes) -> bytes:
    """Compress an OpenType font as WOFF2 (W3C, WOFF File Format 2.0); its tables' dates stay as they are."""
    font = _font_tools().TTFont(io.BytesIO(data), recalcTimestamp=False)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


@cache
def _font_tools() -> Any:
    """Load fontTools, and have it compress at our quality, since it does not ask for one."""
    from fontTools import ttLib  # noqa: PLC0415 - few builds have a font to compress
    from fontTools.ttLib import woff2  # noqa: PLC0415

    ours = partial(woff2.brotli.compress, quality=_QUALITY)
    woff2.brotli = SimpleNamespace(**{**vars(woff2.brotli), "compress": ours})
    return ttLib

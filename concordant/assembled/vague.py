"""Words that say nothing by themselves: texts of links, alternatives of pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath

from concordant.sources.languages import in_language
from concordant.tables import read_table

_WORD = re.compile(r"[^\W_]+")
_FILE = re.compile(r"[^\s/]+\.(?:svg|png|jpe?g|gif|webp|avif|heic|tiff?|bmp|pdf)", re.IGNORECASE)
_CAMERA = re.compile(
    r"(?:img|dsc[fn]?|pxl|mvc|scan|image|screenshot)[-_ ]*\d[-_ \d]*", re.IGNORECASE
)


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    table: Mapping[str, Mapping[str, list[str]]]
    table = read_table("concordant.assembled", "vague.yaml")
    return table


@cache
def _vague(lang: str, kind: str) -> frozenset[str]:
    return frozenset(in_language(_table(), lang)[kind])


def is_vague_link(text: str, lang: str) -> bool:
    """Tell whether a link's text, in this language, does not say where it leads; signs without words never do."""
    words = _words(text)
    return not words or words in _vague(lang, "links")


def is_vague_picture(text: str, target: str, lang: str) -> bool:
    """Tell whether a picture's alternative is the name of a file, or says only that it is a picture."""
    path = PurePosixPath(target)
    named = text == path.name or (text == path.stem and not text.isalpha())
    nameless = any(pattern.fullmatch(text) for pattern in (_FILE, _CAMERA))
    words = _words(text)
    return named or nameless or not words or words in _vague(lang, "pictures")


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))

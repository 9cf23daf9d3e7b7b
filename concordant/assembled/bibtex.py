"""BibTeX: what pandoc does not read there, written so that it does: months in words, and the keys of types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from babel import Locale, UnknownLocaleError

from concordant.sources.languages import LABELLED, in_language
from concordant.tables import read_table

_FIELD = r"((?:^|,)\s*{}\s*=\s*)[{{\"]?\s*([^\W\d_]+)\.?(?:\s*[}}\"])?(?=\s*[,}}])"
_MONTH, _TYPE = (
    re.compile(_FIELD.format(name), re.IGNORECASE | re.MULTILINE) for name in ("month", "type")
)
_THESIS = re.compile(r"@(phd|masters)thesis\s*[{(]\s*[^\s,{}()]+\s*,", re.IGNORECASE)
_KEYS = {"phd": "phdthesis", "masters": "mathesis"}


def readable(text: str, lang: str) -> str:
    """Return a BibTeX file with months as numbers, and with the words of a language for the types of theses and reports.

    No line is moved.
    """
    words, months = in_language(_words(), lang), _months(lang)

    def month(found: re.Match[str]) -> str:
        number = months.get(found[2].casefold())
        return f"{found[1]}{{{number}}}" if number else found[0]

    def kind(found: re.Match[str]) -> str:
        word = words.get(found[2].lower())
        return f"{found[1]}{{{word}}}" if word else found[0]

    def thesis(found: re.Match[str]) -> str:
        # Of two types the second holds, which is the author's.
        return f"{found[0]} type = {{{words[_KEYS[found[1].lower()]]}}},"

    return _THESIS.sub(thesis, _TYPE.sub(kind, _MONTH.sub(month, text)))


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = read_table("concordant.assembled", "bibtex.yaml")
    return words


@cache
def _months(lang: str) -> dict[str, int]:
    """Return the numbers of months by their names and abbreviations (Unicode CLDR), in this language or a usual one."""
    numbers: dict[str, int] = {}
    for each in (*reversed(LABELLED), lang):
        for number, name in _names_of_months(each):
            numbers[name.casefold().rstrip(".")] = number
    return numbers


def _names_of_months(lang: str) -> list[tuple[int, str]]:
    try:
        forms = Locale.parse(lang, sep="-").months.values()
    except (ValueError, UnknownLocaleError):
        return []
    widths = [form[width] for form in forms for width in ("wide", "abbreviated")]
    return [(number, name) for names in widths for number, name in names.items()]

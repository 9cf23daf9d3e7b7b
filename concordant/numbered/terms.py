"""The words of labels in the document's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from concordant.sources.languages import in_language
from concordant.tables import read_table


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one language."""

    words: Mapping[str, Any]

    def one(self, name: str) -> str:
        """Return a term, in the singular where it has two forms."""
        word = self.words[name]
        return str(word[0] if isinstance(word, list) else word)

    def several(self, name: str) -> str:
        """Return a term in the plural."""
        return str(self.words[name][1])


@cache
def _all_terms() -> Mapping[str, Mapping[str, Any]]:
    terms: Mapping[str, Mapping[str, Any]] = read_table("concordant.numbered", "terms.yaml")
    return terms


def languages() -> list[str]:
    """Return the languages that have terms."""
    return sorted(_all_terms())


def terms_for(lang: str) -> Terms:
    """Return the terms of a BCP 47 language tag, or the English ones."""
    return Terms(in_language(_all_terms(), lang))

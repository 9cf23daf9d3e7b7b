"""A recalled hyphenation dictionary divides words as the one that was read does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyphen
import pytest

from concordant.cache import Folder, Kept
from concordant.editions.press.hyphenation import dictionaries_kept, read_dictionary

WORDS = ("hyphenation", "Donaudampfschifffahrtsgesellschaft", "asszonnyal", "Größenverhältnisse")


@pytest.fixture
def memory(tmp_path: Path) -> Kept:
    return Kept(Folder(tmp_path), "version")


@pytest.fixture(autouse=True)
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The dictionaries that are read, by file name; none is known at the beginning."""
    found: list[str] = []
    read = pyphen.HyphDict

    class Counted(read):  # type: ignore[misc, valid-type]
        def __init__(self, path: Path) -> None:
            found.append(path.name)
            super().__init__(path)

    monkeypatch.setattr(pyphen, "HyphDict", Counted)
    monkeypatch.setattr(pyphen, "hdcache", {})
    return found


def divided(language: str, memory: Kept | None) -> list[list[tuple[int, Any]]]:
    """Divide the words as a new process does."""
    pyphen.hdcache.clear()
    with dictionaries_kept(memory):
        dictionary = pyphen.Pyphen(lang=language)
    return [[(each, each.data) for each in dictionary.positions(word)] for word in WORDS]


@pytest.mark.parametrize("language", ["de_DE", "en_GB", "zu_ZA"])
def test_a_dictionary_is_read_once(memory: Kept, language: str, reads: list[str]) -> None:
    read = divided(language, None)
    assert any(read)
    assert divided(language, memory) == read
    assert len(reads) == 2
    assert divided(language, memory) == read
    assert len(reads) == 2


def test_one_that_respells_words_is_read_each_time(memory: Kept, reads: list[str]) -> None:
    read = divided("hu_HU", None)
    assert any(respelt for word in read for _, respelt in word)
    assert divided("hu_HU", memory) == divided("hu_HU", memory) == read
    assert len(reads) == 3


def test_dictionaries_are_not_mixed_up(memory: Kept) -> None:
    assert divided("en_GB", memory) != divided("de_DE", memory) == divided("de_DE", None)


def test_pyphen_is_left_as_it_was(memory: Kept) -> None:
    before = pyphen.HyphDict
    divided("en_GB", memory)
    assert pyphen.HyphDict is before


def test_one_that_was_read_ahead_is_recalled(memory: Kept, reads: list[str]) -> None:
    read_dictionary("de-AT", memory)
    read_dictionary("xx", memory)  # which has none
    assert reads == ["hyph_de_AT.dic"]
    assert divided("de_AT", memory) == divided("de_AT", memory)
    assert reads == ["hyph_de_AT.dic"]

"""The words of passages, which are many: where they are kept, and which passages are known to have the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from concordant.checks.memory import Memory, hash_of
from concordant.checks.model import Edition, Kept, Passage, Words

_OPEN = 8  # pieces whose words are at hand


class Forgotten(Exception):
    """The memory has lost words that are wanted."""


class Shelf:
    """What a memory has of the words of a document, which is told by a name."""

    def __init__(self, memory: Memory, name: str) -> None:
        self._memory, self._key = memory, hash_of("the same words", name)
        known = memory.look_up(self._key)
        self._is_new = known is None
        self._known = frozenset(known[0]) if known else frozenset()
        self._same: set[bytes] = set()
        self._open: dict[bytes, list[tuple[tuple[str, ...], bytes]]] = {}

    def close(self) -> None:
        """Remember which passages were found to have the same words."""
        if self._is_new or self._same != self._known:
            self._memory.keep(self._key, sorted(self._same))

    def has(self, passages: Mapping[Edition, Passage]) -> bool:
        """Whether passages of several editions are known to have the same words."""
        name = _name_of(passages)
        if name in self._known:
            self._same.add(name)
        return name in self._known

    def add(self, passages: Mapping[Edition, Passage]) -> None:
        """Note that these passages have the same words."""
        if name := _name_of(passages):
            self._same.add(name)

    def opened(self, passages: Mapping[Edition, Passage]) -> dict[Edition, Passage]:
        """Return passages with their words.

        Raises `Forgotten`.
        """
        return {edition: self._opened(passage) for edition, passage in passages.items()}

    def _opened(self, passage: Passage) -> Passage:
        if passage.kept is None:
            return passage
        words = self._read(passage.kept.key)[passage.kept.index]
        return replace(passage, words=Words(*words), kept=None)

    def _read(self, key: bytes) -> list[tuple[tuple[str, ...], bytes]]:
        if key not in self._open:
            known = self._memory.look_up(key)
            if known is None:
                raise Forgotten
            if len(self._open) >= _OPEN:  # passages come in the order of their pieces
                del self._open[next(iter(self._open))]
            self._open[key] = known[0]
        return self._open[key]


def kept_words(kept: Kept, memory: Memory) -> Words | None:
    """Return the words of a passage, if the memory still has them."""
    known = memory.look_up(kept.key)
    return Words(*known[0][kept.index]) if known else None


def _name_of(passages: Mapping[Edition, Passage]) -> bytes:
    """Return what tells these passages of these editions from any others; nothing where their words are not kept."""
    told = [(edition.value, each.kept.digest) for edition, each in passages.items() if each.kept]
    return hash_of(told)[:16] if len(told) == len(passages) else b""

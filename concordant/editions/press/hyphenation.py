"""Hyphenation: dictionaries are recalled as plain data, which takes a tenth of the time that reading their patterns does.

That is half a second for German, in each process that lays pages out. This module reads what Pyphen keeps to itself (its
version is locked).
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pyphen

from concordant.cache import Kept
from concordant.editions.press.exchange import exchanged


def dictionaries_kept(memory: Kept | None) -> AbstractContextManager[None]:
    """Let dictionaries that are first needed while the block runs be looked up in a memory, if there is one."""
    if not memory:
        return nullcontext()
    return exchanged("HyphDict", lambda read: partial(_dictionary, read, memory), pyphen)


def read_dictionary(language: str, memory: Kept) -> None:
    """Read the dictionary of a language (BCP 47), if there is one, for other processes to recall."""
    if known := pyphen.language_fallback(language):
        with dictionaries_kept(memory):
            pyphen.Pyphen(lang=known)


def _dictionary(read: Any, memory: Kept, path: Path) -> Any:
    key = b"hyphenation " + path.name.encode()  # Pyphen's version is part of the memory's
    if (known := memory.look_up(key)) is None:
        dictionary = read(path)
        with suppress(ValueError):  # Hungarian respells words, which is no plain data
            memory.keep(key, dictionary.patterns)
        return dictionary
    dictionary = object.__new__(read)
    dictionary.patterns, dictionary.cache = known[0], {}
    dictionary.maxlen = max(map(len, known[0]))
    return dictionary

"""What a check may remember of earlier ones: results of pure functions, under keys that cover all that decides them."""

from __future__ import annotations

import hashlib
import marshal
from typing import Any, Protocol


class Memory(Protocol):
    """Keeps plain data (texts, bytes, numbers, tuples, lists) for a version of the checker and of its libraries.

    It may forget anything, but gives nothing that was kept under another key, or by another version. It is handed to
    workers, too, as a copy.
    """

    def look_up(self, key: bytes) -> tuple[Any] | None:
        """Return what is kept under a key, in a tuple, or None."""

    def keep(self, key: bytes, value: Any) -> None:
        """Keep what has come of what the key stands for."""


def hash_of(*parts: Any) -> bytes:
    """Return a hash of plain data, for a key."""
    return hashlib.blake2b(marshal.dumps(parts, 2), digest_size=32).digest()

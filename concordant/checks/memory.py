"""What a check may remember of earlier ones: results of pure functions, under keys that cover all that decides them."""

from __future__ import annotations

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

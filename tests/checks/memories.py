"""Memories for tests, which tell how often they were asked and knew."""

from __future__ import annotations

import marshal
from typing import Any

from concordant.checks.memory import Memory


class Counted:
    """Passes on to another memory; copies of it in other processes count for themselves."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.known = self.unknown = 0

    def look_up(self, key: bytes) -> tuple[Any] | None:
        """Return what was kept under a key, in a tuple, or None."""
        found = self.memory.look_up(key)
        self.known += found is not None
        self.unknown += found is None
        return found

    def keep(self, key: bytes, value: Any) -> None:
        """Keep a value."""
        self.memory.keep(key, value)


class _Plain:
    def __init__(self) -> None:
        self.entries: dict[bytes, bytes] = {}

    def look_up(self, key: bytes) -> tuple[Any] | None:
        return (marshal.loads(self.entries[key]),) if key in self.entries else None

    def keep(self, key: bytes, value: Any) -> None:
        self.entries[key] = marshal.dumps(value)


class Notebook(Counted):
    """Keeps what `marshal` can write, in this process."""

    def __init__(self) -> None:
        self.kept = _Plain()
        super().__init__(self.kept)

    def values(self) -> list[Any]:
        """All values that are kept."""
        return [marshal.loads(entry) for entry in self.kept.entries.values()]

    @property
    def size(self) -> int:
        """How many values are kept."""
        return len(self.kept.entries)

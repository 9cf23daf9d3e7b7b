"""A memory for tests: it keeps plain data only, and tells how often it was asked and knew."""

from __future__ import annotations

import marshal
from typing import Any


class Notebook:
    """Keeps what `marshal` can write, in this process."""

    def __init__(self) -> None:
        self.pages: dict[bytes, bytes] = {}
        self.known = self.unknown = 0

    def look_up(self, key: bytes) -> tuple[Any] | None:
        """Return what was kept under a key, in a tuple, or None."""
        if key in self.pages:
            self.known += 1
            return (marshal.loads(self.pages[key]),)
        self.unknown += 1
        return None

    def keep(self, key: bytes, value: Any) -> None:
        """Keep a value."""
        self.pages[key] = marshal.dumps(value)

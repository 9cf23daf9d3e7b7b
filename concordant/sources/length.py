"""Length: how long a document is, told from its files alone, before any is read, or anything heavy loaded."""

from __future__ import annotations

from pathlib import Path

_LONG = 500_000  # bytes of sections: some 200 pages, which take half a second to read and number


def is_long(root: Path) -> bool:
    """Whether reading and numbering the document in `root` leaves others the time to load all that they will need."""
    return size_of(root) > _LONG


def size_of(root: Path) -> int:
    """Return how many bytes the sections of the document in `root` have."""
    return sum(path.stat().st_size for path in (root / "source").glob("*.md"))

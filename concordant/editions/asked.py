"""What was asked: whatever is made of a mapping alone is the same as long as the answers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Asked(Mapping[str, str]):
    """A mapping that notes what it is asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._told: dict[str, str | None] = {}
        self._whole = False

    def __getitem__(self, key: str) -> str:
        self._told[key] = self._values.get(key)
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        self._whole = True
        return iter(self._values)

    def __len__(self) -> int:
        self._whole = True
        return len(self._values)

    def would_tell(self, others: Mapping[str, str]) -> bool:
        """Whether others have the same answers to all that was asked."""
        if self._whole:
            return list(self._values.items()) == list(others.items())
        return all(others.get(key) == value for key, value in self._told.items())

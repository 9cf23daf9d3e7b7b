"""Streams: the running text by itself, and each note by itself, as a reader's eye follows them.

In a paged file a note or a running head may stand between two halves of one bracket.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from concordant.checks.flow import Cover


class Stream:
    """Stretches of a flow's text read on end; offsets are the flow's own."""

    def __init__(self, text: str, stretches: Sequence[tuple[int, int]]) -> None:
        self._stretches = stretches
        self._begins = [0, *accumulate(end - start for start, end in stretches)]
        self.text = "".join(text[start:end] for start, end in stretches)

    def offset(self, position: int) -> int:
        """Return the flow's offset of a position in the stream."""
        index = bisect_right(self._begins, position) - 1
        return self._stretches[index][0] + position - self._begins[index]


def streams(text: str, notes: Iterable[tuple[int, int]], apart: Cover) -> Iterator[Stream]:
    """Yield the running text, without notes and what else stands `apart`, then each note."""
    yield Stream(text, list(apart.gaps(0, len(text))))
    for note in notes:
        yield Stream(text, [note])

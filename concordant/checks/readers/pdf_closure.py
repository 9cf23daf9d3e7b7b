"""All that can be reached from an object of a PDF: what that says is the same as long as none of it changes."""

from __future__ import annotations

from collections.abc import Iterable

import pikepdf

from concordant.checks.readers.pdf_file import OpenFile
from concordant.checks.readers.pdf_raw import Numbers, RawFile, written

_REFERENCE = b" 0 R"  # what the number of an object stands before, as pikepdf writes it; none has a generation
_UPWARDS = (b"/P ", b"/Parent ", b"/Pg ")


class Closures:
    """Follows the references in a plain file, of which the `data` are given, but not into the objects at its `edges`.

    These are numbers of objects that may only be met as what something stands in or on, such as the pages of others.
    """

    def __init__(self, file: OpenFile, raw: RawFile, data: bytes, edges: Iterable[int]) -> None:
        self._file, self._raw, self._data = file, raw, data
        self._edges = frozenset(b"%d" % number for number in edges)
        self._odd = False
        self._within: dict[int, bool] = {}

    def of(self, starts: Iterable[int]) -> Numbers | None:
        """Return all objects that can be reached from some, and the object streams that hold them.

        None if one of them has bytes that are not between its bounds, or refers to an edge otherwise than upwards.
        """
        self._odd = False
        begun = {b"%d" % number for number in starts}
        reached = self._reached(begun, self._edges - begun)
        holders = set(map(self._raw.holder, map(int, reached))) - {0}
        reached |= self._reached({b"%d" % holder for holder in holders}, self._edges)
        numbers = list(map(int, reached))
        direct = self._raw.bounds.keys() & numbers
        return None if self._odd or not all(map(self._is_within, direct)) else Numbers.of(numbers)

    def _reached(self, begun: set[bytes], edges: frozenset[bytes]) -> set[bytes]:
        reached: set[bytes] = set()
        new = begun
        while new:
            reached |= new
            texts = [written(self._file.at((int(number), 0))) for number in new]
            text = b" ".join(texts)
            before = text.split(_REFERENCE)[:-1]
            met = {piece[piece.rfind(b" ") + 1 :] for piece in before} - reached
            self._odd |= any(_otherwise(text, edge) for edge in met & edges)
            new = set(filter(bytes.isdigit, met - edges))
        return reached

    def _is_within(self, number: int) -> bool:
        """Whether the data of a stream, if an object is one, stand between the object's bounds."""
        if number not in self._within:
            thing = self._file.at((number, 0))
            start, end = self._raw.bounds[number]
            self._within[number] = (
                not isinstance(thing, pikepdf.Stream)
                or self._data.find(thing.read_raw_bytes(), start, end) >= 0
            )
        return self._within[number]


def _otherwise(text: bytes, number: bytes) -> bool:
    """Whether any reference to an object is none to what something stands in or on."""
    whole = number + _REFERENCE
    return text.count(b" " + whole) > sum(text.count(name + whole) for name in _UPWARDS)

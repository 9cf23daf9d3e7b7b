"""The bytes that hold a PDF's objects, where it is of the plainest kind: whether any changed is seen without reading one.

Plain is a file that is not encrypted and was written in one go: all its objects are listed in one cross-reference stream
(ISO 32000-1, 7.5.8), their generation is 0, and each ends before the next begins.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise

import pikepdf

_TAIL = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_BEGIN = re.compile(rb"(\d+) 0 obj\b")
_END = b"endobj"
_REFERENCES = re.compile(rb"\[(?: \d+ 0 R)* \]")
_DIRECT, _HELD = 1, 2  # types of entries (7.5.8.3, table 18)
_LINEARIZED = b"/Linearized"  # such a file has two cross-reference sections (annex F)
_HEAD = 1024  # bytes in which it says so


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of objects: for each run of them its first, and the one after its last."""

    runs: bytes

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Numbers:
        """Return these numbers."""
        ordered = sorted(numbers)
        edges = [edge for a, b in pairwise(ordered) if b > a + 1 for edge in (a + 1, b)]
        return cls(array("I", [ordered[0], *edges, ordered[-1] + 1] if ordered else []).tobytes())

    def __iter__(self) -> Iterator[tuple[int, int]]:
        edges = array("I", self.runs)
        return zip(edges[::2], edges[1::2], strict=True)

    def with_more(self, more: Iterable[int]) -> Numbers:
        """Return these and more."""
        return Numbers.of({*more, *(number for run in self for number in range(*run))})

    def among(self, others: Sequence[int]) -> Iterator[int]:
        """Yield those that are among some others, which are in order."""
        for first, last in self:
            yield from others[bisect_left(others, first) : bisect_left(others, last)]


@dataclass(frozen=True)
class RawFile:
    """Where the bytes of each object stand.

    `entries` are those of the cross-reference stream, of `width` bytes each: a type, the object stream that holds the
    object, and where in it. Objects with `hashes` of their own have a type alone; those that no stream holds have `bounds`
    in the file.
    """

    width: int
    place: int
    entries: bytes
    bounds: dict[int, tuple[int, int]]
    hashes: dict[int, bytes]

    @cached_property
    def _hashed(self) -> list[int]:
        return sorted(self.hashes)

    def holder(self, number: int) -> int:
        """Return the number of the object stream that holds an object; 0, which is no object's, if it needs none."""
        start = number * self.width
        if number in self.hashes or self.entries[start : start + 1] != bytes((_HELD,)):
            return 0
        return int.from_bytes(self.entries[start + 1 : start + 1 + self.place], "big")

    def digest(self, numbers: Numbers) -> bytes:
        """Return a hash of all that holds some objects, if the object streams that they need are among them.

        Plain files for which it is the same have the same objects under these numbers.
        """
        told = blake2b(numbers.runs, digest_size=32)
        told.update(bytes((self.width, self.place)))
        for first, last in numbers:
            told.update(self.entries[first * self.width : last * self.width])
        for number in numbers.among(self._hashed):
            told.update(self.hashes[number])
        return told.digest()


def raw_file(pdf: pikepdf.Pdf, data: bytes) -> RawFile | None:
    """Return where the bytes of the objects of an open file stand, whose bytes are given; None if it is not plain."""
    tail = _TAIL.search(data, max(len(data) - _HEAD, 0))
    begin = _BEGIN.match(data, int(tail[1])) if tail else None
    odd = not data.startswith(b"%PDF-") or _LINEARIZED in data[:_HEAD]
    if not tail or not begin or odd or pdf.is_encrypted:
        return None
    listed = pdf.get_object(int(begin[1]), 0)
    widths = _widths(listed)
    entries = bytearray(listed.read_bytes()) if widths else bytearray()
    starts = _starts(entries, widths) if widths else {}
    bounds = _bounds(starts, data, tail.start())
    if widths is None or starts.get(int(begin[1])) != int(tail[1]) or len(bounds) < len(starts):
        return None
    view = memoryview(data)
    hashes = {number: _hash(view[start:end]) for number, (start, end) in bounds.items()}
    raw = RawFile(sum(widths), widths[1], bytes(entries), bounds, hashes)
    hashes |= _held_beside(pdf, raw)
    for number in hashes:
        entries[number * raw.width + 1 : (number + 1) * raw.width] = bytes(raw.width - 1)
    return replace(raw, entries=bytes(entries))


def _held_beside(pdf: pikepdf.Pdf, raw: RawFile) -> dict[int, bytes]:
    """Return hashes of the objects that the same object stream holds as the catalog: it changes with all that is global."""
    holder = raw.holder(pdf.Root.objgen[0])
    if not holder:
        return {}
    kind = bytes((_HELD,)) + holder.to_bytes(raw.place, "big")
    held = [at // raw.width for at in _places_of(kind, raw.entries) if at % raw.width == 0]
    return {number: _hash(written(pdf.get_object(number, 0))) for number in held}


def _places_of(sought: bytes, data: bytes) -> Iterator[int]:
    at = data.find(sought)
    while at >= 0:
        yield at
        at = data.find(sought, at + 1)


def written(thing: object) -> bytes:
    """Return how an object of a file is written, a stream without its data; numbers are none to pikepdf."""
    if not isinstance(thing, pikepdf.Object):
        return repr(thing).encode()
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    return thing.unparse(resolved=True)


def _hash(told: bytes | memoryview) -> bytes:
    return blake2b(told, digest_size=32).digest()


def _widths(listed: pikepdf.Object) -> tuple[int, int, int] | None:
    """Return the widths of the fields of entries, if a cross-reference stream is the file's only one, and lists all objects."""
    if not isinstance(listed, pikepdf.Stream) or listed.get("/Type") != "/XRef":
        return None
    whole = [0, listed.get("/Size")]
    if "/Prev" in listed or list(listed.get("/Index", whole)) != whole:
        return None
    first, place, index = map(int, listed["/W"])
    return (first, place, index) if first == 1 else None


def _starts(entries: bytes | bytearray, widths: tuple[int, int, int]) -> dict[int, int]:
    """Return where in the file the objects begin that no stream holds; nothing if an entry is of another kind."""
    width, place = sum(widths), 1 + widths[1]
    kinds = entries[::width]
    starts = {}
    for number in (number for number, kind in enumerate(kinds) if kind == _DIRECT):
        entry = entries[number * width : (number + 1) * width]
        if any(entry[place:]):  # a generation
            return {}
        starts[number] = int.from_bytes(entry[1:place], "big")
    return starts if set(kinds) <= {0, _DIRECT, _HELD} and not len(entries) % width else {}


def _bounds(starts: dict[int, int], data: bytes, end: int) -> dict[int, tuple[int, int]]:
    """Return where the objects begin and end, of those that end before the next begins."""
    ends = dict(pairwise([*sorted(set(starts.values())), end]))
    return {
        number: (start, ends[start])
        for number, start in starts.items()
        if data[start : ends[start]].rstrip().endswith(_END)
    }


def numbers_in(kids: object) -> list[int]:
    """Return the numbers of the objects that an array refers to, or that is given alone; none if it holds others."""
    if isinstance(kids, pikepdf.Dictionary) and kids.objgen[0]:
        return [kids.objgen[0]]
    text = written(kids) if isinstance(kids, pikepdf.Array) else b""
    return list(map(int, text[1:-1].split()[::3])) if _REFERENCES.fullmatch(text) else []

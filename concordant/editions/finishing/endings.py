"""Endings: no stream's data ends with a carriage return, which reads as part of the line end after it (ISO 19005-3, 6.1.7.1).

The last byte of compressed data belongs to its checksum: one more line end in the data changes it, and means
nothing to content, maps, fonts, pictures and objects. Streams that hold objects exist in the written file only.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import pikepdf

from concordant.editions.finishing.references import find_table

_OBJECTS = re.compile(
    rb"obj\n<< /Type /ObjStm /Length (\d+) /Filter /FlateDecode /N \d+ /First \d+ >>\nstream\n"
)
_START = b"startxref\n"


def end_streams_clearly(pdf: pikepdf.Pdf) -> None:
    """Let no stream of the file end with a carriage return once it is written; what is not compressed yet will be."""
    for stream in [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]:
        if "/Filter" not in stream and stream.get("/Type") != pikepdf.Name.Metadata:
            _compress(stream)
        elif stream.get("/Filter") == pikepdf.Name.FlateDecode and stream.read_raw_bytes().endswith(
            b"\r"
        ):
            _compress(stream, b"\n")


def _compress(stream: pikepdf.Stream, end: bytes = b"") -> None:
    """Compress the stream's data, with line ends after it until its last byte is a good one."""
    packed, data = _packed(stream.read_bytes() + end)
    stream.write(packed, filter=pikepdf.Name.FlateDecode)
    if "/Length1" in stream:
        stream.Length1 = len(data)


def _packed(data: bytes) -> tuple[bytes, bytes]:
    """Return data compressed, and what was: with as many line ends after it as make the last byte a good one."""
    while (packed := zlib.compress(data)).endswith(b"\r"):
        data += b"\n"
    return packed, data


def settle_endings(written: bytes) -> bytes:
    """Return a written file in which the streams, too, that hold objects or references do not end so.

    The objects behind a stream that has grown move, so the table of references is written anew.
    """
    table, start, end = find_table(written)
    changes = list(_grown_streams(written))
    if not changes and not written.startswith(b"\r", end - 1):
        return written
    places = [each.start for each in changes]
    growths = [0, *accumulate(each.growth for each in changes)]

    def shift(place: int) -> int:
        return place + growths[bisect_left(places, place)]

    moved = _Change(start, end, table.moved(shift).written())
    head, _, tail = written[end:].partition(_START)
    number, ending, rest = tail.partition(b"\n")
    closing = b"%b%b%d%b%b" % (head, _START, shift(int(number)), ending, rest)
    return b"".join(_pieces(written[:end], [*changes, moved])) + closing


@dataclass(frozen=True, slots=True)
class _Change:
    """What stands in the place of some bytes of the file."""

    start: int
    end: int
    new: bytes

    @property
    def growth(self) -> int:
        return len(self.new) - (self.end - self.start)


def _grown_streams(written: bytes) -> Iterator[_Change]:
    """Yield each stream of objects that ends ill, from its length to its end, with line ends after the objects."""
    for found in _OBJECTS.finditer(written):
        begin, end = found.end(), found.end() + int(found[1])
        if written.startswith(b"\r", end - 1):
            packed = _packed(zlib.decompress(written[begin:end]) + b"\n")[0]
            between = written[found.end(1) : begin]
            yield _Change(found.start(1), end, b"%d%b%b" % (len(packed), between, packed))


def _pieces(data: bytes, changes: Sequence[_Change]) -> Iterator[bytes]:
    done = 0
    for each in changes:
        yield data[done : each.start]
        yield each.new
        done = each.end
    yield data[done:]

"""Endings: no stream's data ends with a carriage return, which reads as part of the line end after it (ISO 19005-3, 6.1.7.1).

The last byte of compressed data belongs to its checksum: one more line end in the data changes it, and means
nothing to content, maps, fonts and pictures. Streams that hold objects exist in the written file only; there
an object in them is said in other words.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator

import pikepdf

_OBJECTS = re.compile(
    rb"obj\n<< /Type /ObjStm /Length (\d+) /Filter /FlateDecode /N (\d+) /First (\d+) >>\nstream\n"
)
_CLOSING = b"\r\nendstream"
_ROUNDS = 16


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
    data = stream.read_bytes() + end
    while (packed := zlib.compress(data)).endswith(b"\r"):
        data += b"\n"
    stream.write(packed, filter=pikepdf.Name.FlateDecode)
    if "/Length1" in stream:
        stream.Length1 = len(data)


def end_object_streams_clearly(written: bytes, write: Callable[[pikepdf.Pdf], bytes]) -> bytes:
    """Return a written file in which no stream of objects ends with a carriage return.

    Each round says something of one structure element in every such stream that is so anyway: that this is its
    first revision (ISO 32000-1, table 323).
    """
    for turn in range(_ROUNDS):
        ill = list(_ill_ended(written))
        if not ill:
            break
        with pikepdf.open(io.BytesIO(written)) as pdf:
            for numbers in ill:
                elements = (pdf.get_object(number, 0) for number in numbers)
                found = [each for each in elements if _is_element(each)]
                for element in found[: turn + 1]:
                    element.R = 0
                if (
                    len(found) <= turn
                ):  # too few: one more object, which means nothing, moves all others
                    pdf.Root.Filler = pdf.make_indirect(pikepdf.Array([0] * turn))
            written = write(pdf)
    return written


def _ill_ended(written: bytes) -> Iterator[list[int]]:
    """Yield the numbers of the objects in each stream of objects, or of references, that ends so."""
    table = written.rfind(b"/Type /XRef")
    if written.find(_CLOSING, table) > 0 < table:
        yield []
    for found in _OBJECTS.finditer(written):
        length, count, first = map(int, found.groups())
        data = written[found.end() : found.end() + length]
        if data.endswith(b"\r"):
            yield [int(each) for each in zlib.decompress(data)[:first].split()[: 2 * count : 2]]


def _is_element(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary) and value.get("/Type") == "/StructElem"

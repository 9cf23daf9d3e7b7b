"""Endings: no stream's data ends with a carriage return, which reads as part of the line end after it (ISO 19005-3, 6.1.7.1).

The last byte of compressed data belongs to its checksum: one more line end in the data changes it, and means
nothing to content, maps, fonts and pictures. Streams that hold objects exist in the written file only; there
another white space does it.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator

import pikepdf

_OBJECTS = re.compile(
    rb"obj\n<< /Type /ObjStm /Length (\d+) /Filter /FlateDecode /N \d+ /First (\d+) >>\nstream\n"
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
    """Return a written file in which no stream of objects or of references ends with a carriage return.

    A stream of objects gets another white space between two of the numbers at its head, so that nothing moves
    (ISO 32000-1, 7.5.7). Where that does not help, one more object, which means nothing, moves all others.
    """
    for turn in range(_ROUNDS):
        written = _respaced(written)
        references = written.rfind(b"/Type /XRef")
        clear = references < 0 or written.find(_CLOSING, references) < 0
        if clear and not any(_ill_ended(written)):
            break
        with pikepdf.open(io.BytesIO(written)) as pdf:
            pdf.Root.Filler = pdf.make_indirect(pikepdf.Array([0] * turn))
            written = write(pdf)
    return written


def _respaced(written: bytes) -> bytes:
    result = bytearray(written)
    for place, first in _ill_ended(written):
        if good := _other_space(written[place], first):
            result[place] = good
    return bytes(result)


def _other_space(packed: bytes, first: int) -> bytes | None:
    """Return the same objects in as many bytes of another end; their numbers take the first bytes when unpacked."""
    data = zlib.decompress(packed)
    for found in re.finditer(rb"[ \n]", data[:first]):
        other = b" " if found[0] == b"\n" else b"\n"
        again = zlib.compress(data[: found.start()] + other + data[found.end() :])
        if len(again) == len(packed) and not again.endswith(b"\r"):
            return again
    return None


def _ill_ended(written: bytes) -> Iterator[tuple[slice, int]]:
    """Yield where each stream of objects is that ends so, and how long the numbers at its head are."""
    for found in _OBJECTS.finditer(written):
        end = found.end() + int(found[1])
        if written[end - 1 : end] == b"\r":
            yield slice(found.end(), end), int(found[2])

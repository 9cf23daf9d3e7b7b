"""Alters objects of a plain PDF in their places: all others keep their numbers, and the object streams that hold them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from io import BytesIO
from itertools import pairwise

import pikepdf

_WIDTHS = (1, 4, 2)


def with_objects(data: bytes, changed: Mapping[int, bytes]) -> bytes:
    """Return a file with other objects in place of some: they are given by their numbers, as they are to be written."""
    with pikepdf.open(BytesIO(data)) as pdf:
        table = {number: _row(entry) for (number, _), entry in pdf.get_xref_table().items()}
        start = int(data.rsplit(b"startxref", 1)[1].split()[0])
        direct = sorted((row[1], number) for number, row in table.items() if row[0] == 1)
        bounds = [*direct, (data.rindex(b"startxref"), 0)]
        chunks = {n: data[offset:end] for (offset, n), (end, _) in pairwise(bounds)}
        listed = next(number for offset, number in direct if offset == start)
        del chunks[listed]
        for number in changed:
            if number in chunks:
                chunks[number] = b"%d 0 obj\n%b\nendobj\n" % (number, changed[number])
        for holder in {table[number][1] for number in changed if table[number][0] == 2}:
            chunks[holder] = _held(pdf.get_object(holder, 0), holder, changed)
        trailer = {key: pdf.trailer[key] for key in ("/Root", "/Info", "/ID") if key in pdf.trailer}
        said = b" ".join(key.encode() + b" " + value.unparse() for key, value in trailer.items())
    rows = {number: row for number, row in table.items() if row[0] == 2}
    out = bytearray(data[: direct[0][0]])
    for number in sorted(chunks):
        rows[number] = (1, len(out), 0)
        out += chunks[number]
    rows[listed] = (1, len(out), 0)
    size = max(rows) + 1
    entries = b"".join(map(_entry, (rows.get(number, (0, 0, 0)) for number in range(size))))
    head = b"/Type /XRef /Size %d /W [1 4 2] %b" % (size, said)
    end = b"startxref\n%d\n%%%%EOF\n" % len(out)
    return bytes(out) + b"%d 0 obj\n" % listed + _stream(head, entries) + b"\nendobj\n" + end


def _row(entry: pikepdf.XrefEntry) -> tuple[int, int, int]:
    """Return the fields of an entry as a cross-reference stream has them (ISO 32000-1, 7.5.8.3)."""
    if entry.type == 1:
        return 1, entry.offset or 0, 0
    return entry.type, entry.obj_stream_number or 0, entry.obj_stream_index or 0


def _entry(row: tuple[int, int, int]) -> bytes:
    return b"".join(field.to_bytes(width, "big") for field, width in zip(row, _WIDTHS, strict=True))


def _stream(head: bytes, content: bytes) -> bytes:
    data = zlib.compress(content)
    told = b"<< %b /Filter /FlateDecode /Length %d >>" % (head, len(data))
    return told + b"\nstream\n" + data + b"\nendstream"


def _held(stream: pikepdf.Object, number: int, changed: Mapping[int, bytes]) -> bytes:
    """Return an object stream with some of its objects changed (ISO 32000-1, 7.5.7)."""
    content, first = stream.read_bytes(), int(stream["/First"])
    flat = list(map(int, re.findall(rb"\d+", content[:first])))
    edges = [*(first + offset for offset in flat[1::2]), len(content)]
    written = {
        n: content[a:b].strip() for n, (a, b) in zip(flat[::2], pairwise(edges), strict=True)
    }
    body, places = b"", []
    for each, told in written.items():
        places.append(b"%d %d" % (each, len(body)))
        body += changed.get(each, told) + b"\n"
    index = b" ".join(places) + b"\n"
    head = b"/Type /ObjStm /N %d /First %d" % (len(places), len(index))
    return b"%d 0 obj\n" % number + _stream(head, index + body) + b"\nendobj\n"

"""PDF's syntax, as far as binding writes it: references in an object's text, streams, cross-reference streams (ISO 32000-1, 7.3 and 7.5).

An object's text is what qpdf writes of it: one line, with every parenthesis in a string escaped.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|(\d+) 0 R", re.DOTALL)
_ENTRY = struct.Struct(">xBIH")  # room for the predictor's mark, then the fields of 7.5.8.3
_FREE = _ENTRY.pack(0, 0, 65_535)  # of an object that nothing links to (7.5.4)
_PREDICTOR = 2  # "Up" (RFC 2083, 6.4), the mark of each row
_PACKED = 200  # objects in one stream of objects

Text = tuple[
    bytes | str, ...
]  # an object's text: bytes, and between them names of what it refers to


def references(text: bytes) -> list[int]:
    """Return the numbers of the objects to which a text refers."""
    return [int(number) for number in _REFERENCE.findall(text) if number]


def renumbering(number_of: Mapping[int, int | None]) -> Callable[[bytes], bytes]:
    """Return what gives a text other numbers in its references; None stands for a reference to nothing."""
    written: dict[bytes | None, bytes] = {b"%d" % old: refer(new) for old, new in number_of.items()}

    def replacement(found: re.Match[bytes]) -> bytes:
        return written[found[1]] if found[1] else found[0]

    return partial(_REFERENCE.sub, replacement)


def named(text: bytes, name_of: Callable[[int], str]) -> Text:
    """Return a text with names in place of its references."""
    pieces: list[bytes | str] = []
    end = 0
    for found in _REFERENCE.finditer(text):
        if found[1]:
            pieces += [text[end : found.start()], name_of(int(found[1]))]
            end = found.end()
    return (*pieces, text[end:])


def filled(text: Text, numbers: Mapping[str, int]) -> bytes:
    """Return a text with references in place of its names."""
    return b"".join(each if isinstance(each, bytes) else refer(numbers[each]) for each in text)


def refer(number: int | None) -> bytes:
    """Write a reference; one to nothing is the null object."""
    return b"null" if number is None else b"%d 0 R" % number


def array(items: Iterable[bytes]) -> bytes:
    """Write an array."""
    return b"[ %b ]" % b" ".join(items)


def dictionary(*entries: bytes) -> bytes:
    """Write a dictionary from its entries, of which some may be empty."""
    return b"<< %b >>" % b" ".join(filter(None, entries))


def packed(data: bytes) -> bytes:
    """Compress data, with line ends after it until its last byte reads as no part of the line end behind it.

    The last byte of compressed data belongs to its checksum. A carriage return there makes the stream's length
    ambiguous (ISO 19005-3, 6.1.7.1); white space after the data means nothing to what is read as objects, operators,
    maps or fonts.
    """
    while (compressed := zlib.compress(data)).endswith(b"\r"):
        data += b"\n"
    return compressed


@dataclass(frozen=True, slots=True)
class Indirect:
    """An object with its number; `data` is there if it is a stream, whose `text` is a dictionary without its length.

    If its data are still `plain`, they are to be altered before they are compressed.
    """

    number: int
    text: bytes
    data: bytes | None = None
    plain: bool = False

    @property
    def whole(self) -> bytes:
        """The object as it stands in a file."""
        text = self.text
        if self.data is not None:
            head = b"%b /Length %d >>" % (text.removesuffix(b" >>"), len(self.data))
            text = b"%b\nstream\n%b\nendstream" % (head, self.data)
        return b"%d 0 obj\n%b\nendobj\n" % (self.number, text)


@dataclass(frozen=True, slots=True)
class Written:
    """Objects as bytes of a file, and the cross-reference entries for their range of numbers.

    `entries` has a row for each number. Those at the indices `moving` have offsets from the beginning of the data. `plain` are
    streams that are not written yet: the index of each, its dictionary, its data.
    """

    data: bytes
    entries: bytes
    moving: tuple[int, ...]
    plain: tuple[tuple[int, bytes, bytes], ...] = ()

    def with_streams(self, first: int, alter: Callable[[bytes], bytes]) -> Written:
        """Return it with the streams that were not written yet, altered and compressed; numbers begin at `first`."""
        data, entries, moving = [self.data], bytearray(self.entries), list(self.moving)
        offset = len(self.data)
        for index, text, plain in self.plain:
            data.append(Indirect(first + index, text, packed(alter(plain))).whole)
            _ENTRY.pack_into(entries, index * _ENTRY.size, 1, offset, 0)
            moving.append(index)
            offset += len(data[-1])
        return Written(b"".join(data), bytes(entries), tuple(moving))


def streams_for(count: int) -> int:
    """Return how many numbers the streams take that hold so many objects."""
    return -(-count // _PACKED)


def write_objects(
    objects: Sequence[Indirect],
    first: int,
    room: int,
    is_plain: Callable[[bytes], bool] = lambda _: False,
) -> Written:
    """Write objects whose numbers lie in the `room` from `first` on; its last numbers go to streams that hold objects.

    Those that are plain are not written yet, and neither are streams of objects of which `is_plain` says so.

    Raises:
        ValueError: a number lies elsewhere.
    """
    plain = [each for each in objects if each.data is None]
    batches = [plain[at : at + _PACKED] for at in range(0, len(plain), _PACKED)]
    holders = range(first + room - len(batches), first + room)
    if any(each.number not in range(first, holders.start) for each in objects):
        raise ValueError(f"{len(objects)} objects have no room in {room} numbers")
    whole = [each for each in objects if each.data is not None]
    whole += [
        _holder(number, batch, is_plain) for number, batch in zip(holders, batches, strict=True)
    ]
    entries = bytearray(_FREE * room)
    for number, batch in zip(holders, batches, strict=True):
        for index, each in enumerate(batch):
            _ENTRY.pack_into(entries, (each.number - first) * _ENTRY.size, 2, number, index)
    data, moving, offset = [], [], 0
    for each in (each for each in whole if not each.plain):
        data.append(each.whole)
        moving.append(each.number - first)
        _ENTRY.pack_into(entries, moving[-1] * _ENTRY.size, 1, offset, 0)
        offset += len(data[-1])
    later = tuple(
        (each.number - first, each.text, each.data or b"") for each in whole if each.plain
    )
    return Written(b"".join(data), bytes(entries), tuple(moving), later)


def _holder(number: int, batch: Iterable[Indirect], is_plain: Callable[[bytes], bool]) -> Indirect:
    """Make the stream that holds objects (7.5.7)."""
    head, body, offset = [], [], 0
    for each in batch:
        head.append(b"%d %d" % (each.number, offset))
        body.append(each.text)
        offset += len(each.text) + 1
    start = b" ".join(head) + b"\n"
    text = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode >>" % (len(head), len(start))
    content = start + b"\n".join(body)
    if is_plain(content):
        return Indirect(number, text, content, plain=True)
    return Indirect(number, text, packed(content))


def write_file(pieces: Iterable[Written], trailer: bytes) -> Iterator[bytes]:
    """Yield a file: the pieces, whose ranges of numbers follow each other from 0 on, and what refers to them.

    `trailer` has the entries of the trailer's dictionary, but for those that only the table knows.
    """
    offset = len(_HEAD)
    entries = bytearray()
    yield _HEAD
    for each in pieces:
        entries += _moved(each, offset)
        offset += len(each.data)
        yield each.data
    number = len(entries) // _ENTRY.size
    entries += _ENTRY.pack(1, offset, 0)
    while (table := zlib.compress(_predicted(entries))).endswith(b"\r"):
        entries += _FREE
    text = (
        b"<< /Type /XRef /Size %d /W [ 1 4 2 ] /Filter /FlateDecode /DecodeParms << /Columns %d /Predictor 12 >> %b >>"
        % (len(entries) // _ENTRY.size, _ENTRY.size - 1, trailer)
    )
    yield Indirect(number, text, table).whole
    yield b"startxref\n%d\n%%%%EOF\n" % offset


_HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


def _moved(written: Written, by: int) -> bytearray:
    entries = bytearray(written.entries)
    for index in written.moving:
        kind, offset, zero = _ENTRY.unpack_from(entries, index * _ENTRY.size)
        _ENTRY.pack_into(entries, index * _ENTRY.size, kind, offset + by, zero)
    return entries


def _predicted(entries: bytes | bytearray) -> bytes:
    """Say each row by its difference to the row above, byte by byte, which packs far better.

    All bytes are subtracted at once, as one large number whose digits they are; the highest bit of each is kept apart,
    so that no digit borrows from the next.
    """
    size, width = len(entries), _ENTRY.size
    rows = int.from_bytes(entries, "big")
    above = rows >> (8 * width)
    high = int.from_bytes(b"\x80" * size, "big")
    low = int.from_bytes(b"\x7f" * size, "big")
    difference = ((rows | high) - (above & low)) ^ ((rows ^ ~above) & high)
    marks = int.from_bytes((bytes([_PREDICTOR]) + bytes(width - 1)) * (size // width), "big")
    return (difference | marks).to_bytes(size, "big")

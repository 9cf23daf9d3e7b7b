"""The container: the EPUB's files in one ZIP archive (OCF 3.3, 4.3), byte for byte the same for the same files.

Archives are written here, because Python's `zipfile` takes no members that are compressed already: those of most chapters are,
while others are still being laid out.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from datetime import datetime

from concordant.cache import at_hand, remembered

_STORED, _DEFLATED = 0, 8
_COMPRESSED = (".woff2", ".png", ".jpg")  # which would not get smaller
_VERSION = 20  # of the format, 2.0: compressed members in folders
_UNIX, _MODE = 3, 0o644 << 16
_UTF8 = 0x800  # the flag of names that are not ASCII
_LARGEST = 0xFFFFFFFF


def packed(files: Iterable[tuple[str, bytes]], timestamp: datetime) -> bytes:
    """Pack files, given by their paths: the media type first and uncompressed, every date the same.

    Raises:
        ValueError: they take more than 4 GB.
    """
    written, entries, at = [], [], 0
    for path, data in (("mimetype", b"application/epub+zip"), *files):
        stored = path == "mimetype" or path.endswith(_COMPRESSED)
        content = data if stored else deflated(data)
        name = path.encode()
        facts = struct.pack(
            "<4H3L2H",
            0 if path.isascii() else _UTF8,
            _STORED if stored else _DEFLATED,
            *_date(timestamp),
            zlib.crc32(data),
            len(content),
            len(data),
            len(name),
            0,
        )
        head = b"PK\3\4" + struct.pack("<H", _VERSION) + facts + name
        entries.append(
            b"PK\1\2"
            + struct.pack("<BBH", _VERSION, _UNIX, _VERSION)
            + facts
            + struct.pack("<3H2L", 0, 0, 0, _MODE, at)
            + name
        )
        written += [head, content]
        at += len(head) + len(content)
        if at > _LARGEST:
            raise ValueError("an EPUB takes 4 GB at most")
    directory = b"".join(entries)
    end = struct.pack("<4H2LH", 0, 0, len(entries), len(entries), len(directory), at, 0)
    return b"".join([*written, directory, b"PK\5\6", end])


@at_hand
@remembered
def deflated(data: bytes) -> bytes:
    """Return data compressed as archives have them (RFC 1951)."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def _date(when: datetime) -> tuple[int, int]:
    """Return the time and the date as archives have them, in steps of two seconds from 1980 on."""
    time = when.hour << 11 | when.minute << 5 | when.second // 2
    return time, (when.year - 1980) << 9 | when.month << 5 | when.day

"""References: the table of where each object of a written PDF begins, as a stream (ISO 32000-1, 7.5.8), moved along with its objects.

It is read and written as qpdf writes it: one run of entries from 0, each row told by its difference from the row
above (predictor 12, PNG's "up").
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

_TABLE = re.compile(
    rb"<< /Type /XRef /Length (?P<length>\d+) /Filter /FlateDecode /DecodeParms"
    rb" << /Columns (?P<columns>\d+) /Predictor 12 >> /W \[ 1 (?P<offset>\d) (?P<index>\d) \](?P<rest>.*?)stream\n",
    re.DOTALL,
)
_UP, _NONE = 2, 0  # how a row is told: by what is above, or by itself
_USED = 1  # the kind of an entry that says where an object begins


@dataclass(frozen=True, slots=True)
class Table:
    """A table's entries by column, each column a byte wide: the kinds, the bytes of the offsets, the rest."""

    kinds: bytes
    offsets: tuple[bytes, ...]
    others: tuple[bytes, ...]
    rest: bytes
    """What its dictionary says of the document."""

    def moved(self, shift: Callable[[int], int]) -> Table:
        """Return the table for objects that have moved from each old place to a new one."""
        places = [int.from_bytes(each, "big") for each in zip(*self.offsets, strict=True)]
        places = [
            shift(place) if kind == _USED else place
            for kind, place in zip(self.kinds, places, strict=True)
        ]
        width = max(len(self.offsets), (max(places).bit_length() + 7) // 8)
        rows = [place.to_bytes(width, "big") for place in places]
        return Table(self.kinds, tuple(map(bytes, zip(*rows, strict=True))), self.others, self.rest)

    def written(self) -> bytes:
        """Return its dictionary and data, which do not end with a carriage return."""
        columns = (self.kinds, *self.offsets, *self.others)
        rows = bytearray((len(columns) + 1) * len(self.kinds))
        rows[:: len(columns) + 1] = bytes([_UP]) * len(self.kinds)
        for number, column in enumerate(columns, 1):
            above = b"\0" + column[:-1]
            differences = bytes(
                (one - other) & 255 for one, other in zip(column, above, strict=True)
            )
            rows[number :: len(columns) + 1] = differences
        if (packed := zlib.compress(bytes(rows))).endswith(b"\r"):
            rows[0] = _NONE  # the same for the first row, and another checksum
            packed = zlib.compress(bytes(rows))
        head = (
            b"<< /Type /XRef /Length %d /Filter /FlateDecode /DecodeParms"
            b" << /Columns %d /Predictor 12 >> /W [ 1 %d %d ]%bstream\n"
        )
        widths = (len(packed), len(columns), len(self.offsets), len(self.others))
        return head % (*widths, self.rest) + packed


def find_table(written: bytes) -> tuple[Table, int, int]:
    """Return a written file's table, and where its dictionary begins and its data end.

    Raises:
        ValueError: it has none of this form.
    """
    found = _TABLE.search(written, max(0, written.rfind(b"<< /Type /XRef ")))
    if found is None:
        raise ValueError("the file has no table of references as qpdf writes it")
    end = found.end() + int(found["length"])
    rows = zlib.decompress(written[found.end() : end])
    width = int(found["columns"]) + 1
    if set(rows[::width]) != {_UP}:
        raise ValueError("the table of references has rows of another predictor")
    columns = [
        bytes(each & 255 for each in accumulate(rows[number::width])) for number in range(1, width)
    ]
    behind = 1 + int(found["offset"])
    table = Table(columns[0], tuple(columns[1:behind]), tuple(columns[behind:]), found["rest"])
    return table, found.start(), end

"""Stand-ins: what a part of the PDF says in place of what only the whole document has. Loads nothing that reads PDF."""

from __future__ import annotations

import hashlib

DESTINATION = "dest:"  # the scheme of links that lead to another part
NUMBER = "number-to-be-set:"  # before the index of a number that a link's description consists of


def stand_in(program: bytes) -> bytes:
    """Return what stands in a part for a font's program, which the whole document carries."""
    return b"sha256:" + hashlib.sha256(program).hexdigest().encode()

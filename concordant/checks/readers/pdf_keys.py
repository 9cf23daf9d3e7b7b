"""Keys of a PDF's pages: a hash of everything that decides what a page draws (ISO 32000-1, 7.7.3).

They are for files that a build has just written, which two libraries read alike. A file of unknown make is read anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Iterator

import pikepdf

# Of a page, what stands around it, or on it without being drawn as its content: its place among the others and in the
# structure, annotations, beads of articles; of a form, its place in the structure. Everything else counts.
_OF_A_PAGE = frozenset(("/Parent", "/StructParents", "/Annots", "/B"))
_OF_A_STREAM = frozenset(("/StructParent", "/StructParents"))
_OPTIONAL_CONTENT = "/OCProperties"
_DEEPEST = 50
_REFERENCE = re.compile(rb"(?<= )(\d+) (\d+) R(?= )")


class Endless(Exception):
    """Something refers to itself, or too deep, or to where it stands, and so has no key."""


def all_page_keys(pdf: pikepdf.Pdf) -> list[bytes | None]:
    """Return the key of each page of a file, which is open so that pages hold what they inherit."""
    return page_keys(pdf, (page.obj for page in pdf.pages))


def page_keys(
    pdf: pikepdf.Pdf, pages: Iterable[pikepdf.Object], edges: Container[int] = frozenset()
) -> list[bytes | None]:
    """Return the key of each of some pages, which hold what they inherit; None for one that may not be remembered.

    That is one whose parts refer to each other in a circle, or to objects at the `edges`, or are encrypted. Pages with
    the same key draw the same, as far as the file decides it. References are followed, and so numbers of objects, which
    change with every edit, are no part of it.
    """
    if pdf.is_encrypted:
        return [None for _ in pages]
    hashes = _Hashes(pdf, edges)
    return [_key(page, pdf.Root.get(_OPTIONAL_CONTENT), hashes) for page in pages]


def _key(page: pikepdf.Object, optional: object, hashes: _Hashes) -> bytes | None:
    try:
        return _hash(b"page", hashes.of(optional), *hashes.entries(page, _OF_A_PAGE))
    except Endless:
        return None


class _Hashes:
    """Hashes of objects, which may not refer to those at the `edges`; what many refer to is hashed once."""

    def __init__(self, pdf: pikepdf.Pdf, edges: Container[int]) -> None:
        self._pdf, self._edges = pdf, edges
        self._known: dict[tuple[int, int], bytes] = {}
        self._written: dict[bytes, bytes] = {}
        self._open: set[tuple[int, int]] = set()

    def of(self, thing: object) -> bytes:
        """Return the hash of a value and of all that it refers to."""
        if not isinstance(thing, pikepdf.Object):
            return _hash(type(thing).__name__.encode(), repr(thing).encode())
        at = thing.objgen
        return self._content(thing) if at == (0, 0) else self._at(at, thing)

    def _at(self, at: tuple[int, int], thing: object) -> bytes:
        if at not in self._known:
            if at in self._open or len(self._open) > _DEEPEST or at[0] in self._edges:
                raise Endless
            self._open.add(at)
            try:
                self._known[at] = self._content(thing)
            finally:
                self._open.remove(at)
        return self._known[at]

    def _content(self, thing: object) -> bytes:
        if not isinstance(thing, pikepdf.Object):
            return self.of(thing)
        stream = isinstance(thing, pikepdf.Stream)
        written = (thing.stream_dict if stream else thing).unparse(resolved=True)
        if stream:
            plain = b"(" not in written and b"/StructParent" not in written
            parts = [self._followed(written)] if plain else self.entries(thing, _OF_A_STREAM)
            return _hash(b"stream", *parts, thing.read_raw_bytes())
        if written not in self._written:
            self._written[written] = self._of_written(thing, written)
        return self._written[written]

    def _of_written(self, thing: pikepdf.Object, written: bytes) -> bytes:
        if (
            b" R" in written and b"(" in written
        ):  # it may refer to something, or a text look as if it did
            if isinstance(thing, pikepdf.Array):
                return _hash(b"array", *map(self.of, thing))
            if isinstance(thing, pikepdf.Dictionary):
                return _hash(b"dictionary", *self.entries(thing))
            return _hash(b"text", written)
        return _hash(b"whole", self._followed(written))

    def _followed(self, written: bytes) -> bytes:
        """Return what is written, without texts, with the hashes of objects in place of references to them."""
        return _REFERENCE.sub(self._referred, written)

    def _referred(self, match: re.Match[bytes]) -> bytes:
        at = int(match[1]), int(match[2])
        known = self._known.get(at)
        return b"\0" + (known or self._at(at, self._pdf.get_object(at)))

    def entries(self, thing: pikepdf.Object, but: frozenset[str] = frozenset()) -> Iterator[bytes]:
        """Yield the names in a dictionary, but for some, each with the hash of what stands there."""
        for name in sorted(set(thing.keys()) - but):
            yield name.encode("utf-8", "surrogateescape")
            yield self.of(thing[name])


def _hash(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=32)
    for part in parts:
        digest.update(b"%d " % len(part) + part)
    return digest.digest()

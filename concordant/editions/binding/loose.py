"""Loose objects: what a printed PDF consists of, sorted into what it has for itself and what it shares with others."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from concordant.editions.binding.facefont import PartFont, identity, take_font
from concordant.editions.binding.syntax import Text, named, packed, references

_SIGN = re.compile(rb"/Subtype /(?:Type0|Image) |/N ")  # in the text of what may be shared
Shared = tuple[
    str, Text, bytes | None
]  # its name, which tells it from all others; its text; a stream's data


class Loose:
    """A PDF whose objects can be taken one by one.

    Its own objects are told by their numbers in it. What other parts have, too, has a name instead, under which the
    whole file keeps it once: fonts, pictures, colour profiles, and what `share` is asked for.
    """

    def __init__(self, data: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(data))
        self.fonts: dict[str, PartFont] = {}
        self.shared: dict[str, Shared] = {}
        self.names: dict[int, str] = {}
        self._texts: dict[int, bytes] = {}

    def stand_in(self, name: str) -> Any:
        """Return an object that stands for one of the whole file with that name."""
        placeholder = self.pdf.make_indirect(Dictionary())
        self.names[placeholder.objgen[0]] = name
        return placeholder

    def own(self, roots: Iterable[int]) -> list[int]:
        """Return the numbers of the roots, then those of all other objects of this part's own to which they lead."""
        first = list(roots)
        seen, waiting, found = set(first), list(first), []
        while waiting:
            for number in references(self.text(waiting.pop())):
                if number not in seen:
                    seen.add(number)
                    if self._name_of(number) is None:
                        found.append(number)
                        waiting.append(number)
        return [*first, *sorted(found)]

    def text(self, number: int) -> bytes:
        """Return an object's text; of a stream, its dictionary's without the length, as it is once it is compressed."""
        if number not in self._texts:
            self._texts[number] = _text(self.pdf.get_object(number, 0))
        return self._texts[number]

    def is_stream(self, number: int) -> bool:
        """Tell whether an object is a stream."""
        return isinstance(self.pdf.get_object(number, 0), pikepdf.Stream)

    def data(self, number: int) -> bytes | None:
        """Return a stream's data, compressed; None for any other object."""
        return compressed(self.stream(number))

    def stream(self, number: int) -> tuple[bytes, bool] | None:
        """Return a stream's data, and whether they are compressed; None for any other object."""
        found = self.pdf.get_object(number, 0)
        if not isinstance(found, pikepdf.Stream):
            return None
        is_packed = "/Filter" in found
        return (found.read_raw_bytes() if is_packed else found.read_bytes()), is_packed

    def name(self, number: int) -> str:
        """Return the name under which the whole file keeps an object; one that has none yet is shared."""
        return self._name_of(number) or self._share(number)

    def _name_of(self, number: int) -> str | None:
        if number not in self.names and _SIGN.search(self.text(number)):
            found = self.pdf.get_object(number, 0)
            if found.get("/Subtype") == Name.Type0 and (name := identity(found)):
                self.names[number] = name
                self.fonts[name] = take_font(found)
            elif isinstance(found, pikepdf.Stream) and _is_common(found):
                self._share(number)
        return self.names.get(number)

    def _share(self, number: int) -> str:
        """Keep an object, and all to which it leads, under the hash of what they are."""
        text, data = named(self.text(number), self.name), self.data(number)
        name = hashlib.sha256(repr((text, data)).encode()).hexdigest()
        self.shared[name] = name, text, data
        self.names[number] = name
        return name


def compressed(stream: tuple[bytes, bool] | None) -> bytes | None:
    """Return the data of a stream, given as `Loose.stream` returns it, compressed; None for any other object."""
    if stream is None:
        return None
    data, is_packed = stream
    return data if is_packed else packed(data)


def _is_common(stream: pikepdf.Stream) -> bool:
    """Tell whether a stream is a picture or a colour profile (ISO 32000-1, 8.6.5.5)."""
    return stream.get("/Subtype") == Name.Image or ("/N" in stream and "/Type" not in stream)


def _text(found: Any) -> bytes:
    if not isinstance(found, pikepdf.Stream):
        return bytes(found.unparse(resolved=True))
    _settle(found)
    facts = {key: value for key, value in found.stream_dict.items() if key != "/Length"}
    return bytes(Dictionary({"/Filter": Name.FlateDecode, **facts}).unparse())


def _settle(stream: Any) -> None:
    """Let no stream that is compressed end with a carriage return; let no viewer smooth a picture (ISO 19005-3, 6.2.8)."""
    if stream.get("/Subtype") == Name.Image and stream.get("/Interpolate"):
        stream.Interpolate = False
    if stream.get("/Filter") == Name.FlateDecode and stream.read_raw_bytes().endswith(b"\r"):
        stream.write(packed(stream.read_bytes() + b"\n"), filter=Name.FlateDecode)


def items_of(value: Any) -> list[Any]:
    """Return the items of an array; of anything else, itself."""
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def pairs_of(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the entries of a name tree or number tree that is a single node."""
    if tree is not None:
        items = list(tree.get("/Names", tree.get("/Nums")))
        yield from zip(items[::2], items[1::2], strict=True)

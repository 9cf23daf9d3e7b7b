"""The front: what the file says of itself, which its first part and the imprint tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pikepdf import Dictionary

from concordant.editions.binding.identity import declare_conformance, identify, label_pages
from concordant.editions.binding.imprint import Imprint
from concordant.editions.binding.loose import Loose, Shared
from concordant.editions.binding.syntax import Text, named
from concordant.editions.press.blanks import unpacked

_OF_ALL_PARTS = ("/Type", "/Pages", "/StructTreeRoot", "/Names", "/Outlines", "/Metadata")


@dataclass(frozen=True, slots=True)
class Front:
    """Entries of the catalog and of its name dictionary, the information dictionary, the XMP packet; and what they share."""

    catalog: Text
    names: Text
    information: bytes
    packet: bytes
    shared: tuple[Shared, ...]


def take_front(part: bytes, imprint: Imprint) -> Front:
    """Take language, preferences, output intent and metadata from the first part, and add what the imprint says."""
    loose = Loose(unpacked(part))
    root = loose.pdf.Root
    label_pages(loose.pdf, imprint.roman_pages)
    identify(loose.pdf, imprint)
    declare_conformance(loose.pdf)
    catalog = _entries(loose, root, _OF_ALL_PARTS)
    names = _entries(loose, root.get("/Names", Dictionary()), ("/Dests",))
    information = bytes(loose.pdf.docinfo.unparse(resolved=True))
    packet = bytes(root.Metadata.read_bytes())
    return Front(catalog, names, information, packet, tuple(loose.shared.values()))


def _entries(loose: Loose, value: Any, without: tuple[str, ...]) -> Text:
    kept = Dictionary({key: each for key, each in value.items() if key not in without})
    text = bytes(kept.unparse()).removeprefix(b"<<").removesuffix(b">>")
    return named(text.strip(), loose.name)

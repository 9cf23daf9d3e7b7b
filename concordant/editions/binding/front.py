"""The front: what the file says of itself, which its first part and the imprint tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pikepdf
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
    catalog = _entries(loose, root, _OF_ALL_PARTS)
    names = _entries(loose, root.get("/Names", Dictionary()), ("/Dests",))
    with _alone(loose.pdf) as telling:
        identify(telling, imprint)
        declare_conformance(telling)
        information = bytes(telling.docinfo.unparse(resolved=True))
        packet = bytes(telling.Root.Metadata.read_bytes())
    return Front(catalog, names, information, packet, tuple(loose.shared.values()))


def _alone(pdf: pikepdf.Pdf) -> pikepdf.Pdf:
    """Return a PDF with nothing but what another says of itself: to add an object, qpdf reads all others first."""
    alone = pikepdf.new()
    alone.Root.Metadata = alone.make_stream(pdf.Root.Metadata.read_bytes())
    for key, value in pdf.docinfo.items():
        alone.docinfo[key] = value
    return alone


def _entries(loose: Loose, value: Any, without: tuple[str, ...]) -> Text:
    kept = Dictionary({key: each for key, each in value.items() if key not in without})
    text = bytes(kept.unparse()).removeprefix(b"<<").removesuffix(b">>")
    return named(text.strip(), loose.name)

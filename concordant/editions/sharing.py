"""Sharing: what parts of one PDF carry alike is kept once: fonts (ISO 32000-1, 9.7 and 9.10), pictures (8.9.5).

A part's font says the widths and the text of those glyphs that the part uses; the shared font says all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Name, Object, Stream

_RUN = re.compile(rb"(\d+)\s*\[([^\]]*)\]")
_MAPPING = re.compile(rb"^<([0-9a-fA-F]+)> <([0-9a-fA-F]*)>\s*$", re.MULTILINE)
_BATCH = 100  # mappings in one bfchar operator (Adobe Technical Note 5411)
Key = tuple[object, ...]


@dataclass(slots=True)
class _Shared:
    """One font of the whole document, as the parts have it so far."""

    font: Any
    widths: dict[int, bytes] = field(default_factory=dict)
    texts: dict[bytes, bytes] = field(default_factory=dict)
    seen: set[Key] = field(default_factory=set)


def share_fonts(resources: Iterable[Any], programs: Mapping[bytes, bytes]) -> None:
    """Let parts use one font for the same face, and put back the programs that were left out.

    `resources` has one dictionary a part, for all its pages; `programs` has what digests stand for.
    """
    fonts: dict[Key, _Shared] = {}
    for each in resources:
        faces = each.get("/Font", {})
        for name in list(faces.keys()):
            font = faces[name]
            key = _identity(font)
            if key is None:
                continue
            shared = fonts.setdefault(key, _Shared(font))
            _collect(font, shared)
            faces[name] = shared.font
    for shared in fonts.values():
        _write(shared)
        program = _program(shared.font)
        whole = programs.get(bytes(program.read_bytes()))
        if whole:
            program.write(whole)


def _identity(font: Any) -> Key | None:
    """Return what makes two fonts the same: name, encoding and program. None for a font to leave alone."""
    if font.get("/Subtype") != Name.Type0 or not isinstance(font.Encoding, Name):
        return None
    program = _program(font)
    return program and (str(font.BaseFont), str(font.Encoding), bytes(program.read_bytes()))


def _program(font: Any) -> Any:
    descriptor = font.DescendantFonts[0].FontDescriptor
    return descriptor.get("/FontFile2", descriptor.get("/FontFile3"))


def _collect(font: Any, shared: _Shared) -> None:
    widths = bytes(font.DescendantFonts[0].W.unparse())
    texts = bytes(font.ToUnicode.read_bytes())
    for start, run in _RUN.findall(widths.strip()[1:-1]):
        for index, width in enumerate(run.split(), int(start)):
            shared.widths.setdefault(index, width)
    for glyph, text in _MAPPING.findall(texts):
        shared.texts.setdefault(glyph, text)


def _write(shared: _Shared) -> None:
    runs: list[tuple[int, list[bytes]]] = []
    for glyph in sorted(shared.widths):
        if not runs or glyph != runs[-1][0] + len(runs[-1][1]):
            runs.append((glyph, []))
        runs[-1][1].append(shared.widths[glyph])
    descendant = shared.font.DescendantFonts[0]
    text = b" ".join(b"%d [%b]" % (glyph, b" ".join(run)) for glyph, run in runs)
    descendant.W = Object.parse(b"[" + text + b"]")
    shared.font.ToUnicode.write(_character_map(shared.texts))


def _character_map(texts: dict[bytes, bytes]) -> bytes:
    """Write a ToUnicode character map (9.10.3) from glyphs to UTF-16, both in hexadecimal."""
    entries = [b"<%b> <%b>" % entry for entry in sorted(texts.items())]
    lines = [
        b"/CIDInit /ProcSet findresource begin",
        b"12 dict begin",
        b"begincmap",
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        b"/CMapName /Adobe-Identity-UCS def",
        b"/CMapType 2 def",
        b"1 begincodespacerange",
        b"<0000> <ffff>",
        b"endcodespacerange",
    ]
    for start in range(0, len(entries), _BATCH):
        batch = entries[start : start + _BATCH]
        lines += [b"%d beginbfchar" % len(batch), *batch, b"endbfchar"]
    lines += [b"endcmap", b"CMapName currentdict /CMap defineresource pop", b"end", b"end"]
    return b"\n".join(lines)


def share_colours(resources: Iterable[Any]) -> None:
    """Keep the colour spaces of the first part, with their profiles, for all: the layout engine gives each the same."""
    kept: Any = None
    for each in resources:
        if "/ColorSpace" in each:
            kept = each.ColorSpace if kept is None else kept
            each.ColorSpace = kept


def share_pictures(resources: Iterable[Any]) -> None:
    """Keep a raster picture once that several parts show."""
    kept: dict[Key, Any] = {}
    for each in resources:
        objects = each.get("/XObject", {})
        for name in list(objects.keys()):
            picture = objects[name]
            if picture.get("/Subtype") == Name.Image:
                objects[name] = kept.setdefault(_picture(picture), picture)


def _picture(picture: Any) -> Key:
    facts = {key: value for key, value in picture.items() if key not in {"/SMask", "/Length"}}
    said = tuple(
        (
            key,
            bytes(facts[key].unparse(resolved=True))
            if isinstance(facts[key], Object)
            else facts[key],
        )
        for key in sorted(facts)
    )
    mask = picture.get("/SMask")
    return (_digest(picture), said, _picture(mask) if mask is not None else None)


def _digest(stream: Stream) -> bytes:
    return hashlib.sha256(bytes(stream.read_raw_bytes())).digest()

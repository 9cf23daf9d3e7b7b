"""Fonts: those that parts have for the same face become one, with its whole program (ISO 32000-1, 9.7 and 9.10).

A part's font says the widths and the text of those glyphs that the part uses; the whole file's font says all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pikepdf import Dictionary, Name

from concordant.cache import remembered
from concordant.editions.binding.syntax import Indirect, array, packed, refer

_RUN = re.compile(rb"(\d+)\s*\[([^\]]*)\]")
_MAPPING = re.compile(rb"^<([0-9a-fA-F]+)> <([0-9a-fA-F]*)>\s*$", re.MULTILINE)
_BATCH = 100  # mappings in one bfchar operator (Adobe Technical Note 5411)
NUMBERS = 5  # that a font takes: itself, its descendant, the descendant's descriptor, the program, the character map

# A font as a part has it: the dictionaries of itself, its descendant and that one's descriptor, without what leads from
# one to the next; the program's key, dictionary and data; its glyphs' widths, as PDF writes them; its character map.
PartFont = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]


def identity(font: Any) -> str:
    """Return a name that two fonts have only if they are the same face in the same encoding; empty for a font to leave alone."""
    key, program = _program(font)
    if not key or not isinstance(font.Encoding, Name):
        return ""
    digest = hashlib.sha256(program.read_bytes()).hexdigest()
    return f"{font.BaseFont} {font.Encoding} {digest}"


def _program(font: Any) -> tuple[str, Any]:
    """Return a font's program and its key in the descriptor; an empty key for one that is not in the file."""
    descriptor = font.DescendantFonts[0].FontDescriptor
    keys = [key for key in ("/FontFile2", "/FontFile3") if key in descriptor]
    return (keys[0], descriptor[keys[0]]) if keys else ("", None)


def take_font(font: Any) -> PartFont:
    """Take a part's font that has an identity."""
    descendant = font.DescendantFonts[0]
    descriptor = descendant.FontDescriptor
    key, program = _program(font)
    return (
        _without(font, "/DescendantFonts", "/ToUnicode"),
        _without(descendant, "/FontDescriptor", "/W"),
        _without(descriptor, key),
        key.encode(),
        _without(program.stream_dict, "/Length", "/Length1", "/Filter"),
        bytes(program.read_bytes()),
        bytes(descendant.W.unparse()),
        bytes(font.ToUnicode.read_bytes()),
    )


def _without(value: Any, *keys: str) -> bytes:
    facts = {key: each for key, each in value.items() if key not in keys}
    return bytes(Dictionary(facts).unparse())


def whole_font(
    parts: Sequence[PartFont], programs: Mapping[bytes, bytes], number: int
) -> Iterator[Indirect]:
    """Yield the objects of one font for all parts that have it, numbered from `number` on.

    `programs` has those for which digests stand in the parts.
    """
    font, descendant, descriptor, key, program, stands, _, _ = parts[0]
    data = programs.get(stands, stands)
    ways = array([refer(number + 1)]), refer(number + 4)
    yield Indirect(number, _with(font, b"/DescendantFonts %b /ToUnicode %b" % ways))
    widths = refer(number + 2), _widths(each[6] for each in parts)
    yield Indirect(number + 1, _with(descendant, b"/FontDescriptor %b /W %b" % widths))
    yield Indirect(number + 2, _with(descriptor, b"%b %b" % (key, refer(number + 3))))
    facts = b"/Filter /FlateDecode" + (b" /Length1 %d" % len(data) if key == b"/FontFile2" else b"")
    yield Indirect(number + 3, _with(program, facts), _packed_program(data))
    characters = _character_map(each[7] for each in parts)
    yield Indirect(number + 4, b"<< /Filter /FlateDecode >>", packed(characters))


@remembered
def _packed_program(data: bytes) -> bytes:
    return packed(data)


def _with(text: bytes, entries: bytes) -> bytes:
    return b"%b %b >>" % (text.removesuffix(b" >>"), entries)


def _widths(parts: Iterable[bytes]) -> bytes:
    widths: dict[int, bytes] = {}
    for text in dict.fromkeys(parts):
        for start, run in _RUN.findall(text.strip()[1:-1]):
            for glyph, width in enumerate(run.split(), int(start)):
                widths.setdefault(glyph, width)
    runs: list[tuple[int, list[bytes]]] = []
    for glyph in sorted(widths):
        if not runs or glyph != runs[-1][0] + len(runs[-1][1]):
            runs.append((glyph, []))
        runs[-1][1].append(widths[glyph])
    return array(b"%d %b" % (glyph, array(run)) for glyph, run in runs)


def _character_map(parts: Iterable[bytes]) -> bytes:
    """Write a ToUnicode character map (9.10.3) from glyphs to UTF-16, both in hexadecimal."""
    texts: dict[bytes, bytes] = {}
    for text in dict.fromkeys(parts):
        for glyph, meaning in _MAPPING.findall(text):
            texts.setdefault(glyph, meaning)
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

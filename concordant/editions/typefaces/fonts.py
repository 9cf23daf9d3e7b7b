"""Fonts: the faces of the editions, cut to the characters that a document uses.

The editions carry static cuts of locked fonts and no others, so that neither the layout nor the glyphs
depend on what is installed where they are made or read.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import uharfbuzz as hb

from concordant.cache import remembered
from concordant.installed import file_of
from concordant.later import deferred

TTFont = deferred("fontTools.ttLib", "TTFont")
_LATIN = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | set(range(0x2010, 0x2045))
_LATIN |= {0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x21A9, 0x2212, 0x2248, 0x2260, 0xFFFD}
_SPACES = {0x20, 0xA0}  # which stand within a run of any script
# OpenType features that the style sheets ask for, beside those that are always kept.
_FEATURES = (b"onum", b"lnum", b"pnum", b"tnum", b"smcp")
# What style sheets and readers' software draw: section and paragraph marks, hyphens, marks of lists. With ASCII, so
# that editions of one document need the same faces, which are compressed once.
_DRAWN = frozenset({*range(0x20, 0x7F), 0xA0, 0xA7, 0xB6, 0x2010, 0x2022})


Axes = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Face:
    """One face: the family's name in CSS, weight and style, and where its outlines come from."""

    family: str
    weight: int
    style: str
    package: str
    file: str
    axes: Axes = ()
    always: bool = True

    @property
    def name(self) -> str:
        """A file name for the face, without extension."""
        return f"{self.family.lower().replace(' ', '-')}-{self.weight}-{self.style}"


@dataclass(frozen=True, slots=True)
class CutFace:
    """A face cut to a document's characters: an OpenType font without variations."""

    face: Face
    data: bytes


def _serif(weight: int, style: str, opsz: float, family: str = "Source Serif 4") -> Face:
    file = (
        "SourceSerif4-Italic[opsz,wght].ttf" if style == "italic" else "SourceSerif4[opsz,wght].ttf"
    )
    axes = (("wght", weight), ("opsz", opsz))
    return Face(family, weight, style, "fontpkg_source_serif_4", f"files/{file}", axes)


def _sans(weight: int, style: str) -> Face:
    file = "SourceSans3-Italic[wght].ttf" if style == "italic" else "SourceSans3[wght].ttf"
    return Face(
        "Source Sans 3",
        weight,
        style,
        "fontpkg_source_sans_3",
        f"files/{file}",
        (("wght", weight),),
    )


FACES = (
    _serif(400, "normal", 11),
    _serif(400, "italic", 11),
    _serif(600, "normal", 11),
    _serif(600, "italic", 11),
    _serif(600, "normal", 40, "Source Serif 4 Display"),
    _sans(400, "normal"),
    _sans(400, "italic"),
    _sans(600, "normal"),
    Face(
        "Source Code Pro",
        400,
        "normal",
        "fontpkg_source_code_pro",
        "files/SourceCodePro[wght].ttf",
        (("wght", 400),),
    ),
    Face(
        "Noto Serif SC",
        400,
        "normal",
        "pylopdf_fonts_zh_cn",
        "NotoSerifSC-Regular.otf",
        always=False,
    ),
    Face("Amiri", 400, "normal", "fontpkg_amiri", "files/Amiri-Regular.ttf", always=False),
)


@cache
def _font(package: str, file: str) -> hb.Face:
    return hb.Face(hb.Blob(file_of(package, file).read_bytes()))


@cache
def _covered(package: str, file: str) -> frozenset[int]:
    return frozenset(_unicodes(package, file))


@remembered
def _unicodes(package: str, file: str) -> list[int]:
    return list(_font(package, file).unicodes)


def cut_fonts(characters: Iterable[str]) -> tuple[CutFace, ...]:
    """Cut every face to the characters; faces for other scripts are left out where they are not needed."""
    used = {ord(character) for character in characters}
    latin = {code for face in FACES if face.always for code in _covered(face.package, face.file)}
    return tuple(
        CutFace(face, cut_face(face, frozenset(wanted | _SPACES)))
        for face in FACES
        if (wanted := (used | _LATIN) if face.always else used - latin)
        and wanted & _covered(face.package, face.file)
    )


@cache
def cut_face(face: Face, wanted: frozenset[int]) -> bytes:
    """Cut one face to the code points wanted, with its features and, where it has one, its MATH table."""
    return _cut(face.package, face.file, face.axes, tuple(sorted(wanted)))


@remembered
def _cut(package: str, file: str, axes: Axes, wanted: tuple[int, ...]) -> bytes:
    return _subset(_font(package, file), wanted, axes)


def cut_closer(cuts: Iterable[CutFace], characters: frozenset[str]) -> tuple[CutFace, ...]:
    """Cut faces to the characters that a file can show which has to travel; leave out those without a part in it."""
    codes = frozenset(map(ord, characters)) | _DRAWN
    closer = []
    for cut in cuts:
        face = hb.Face(hb.Blob(cut.data))
        if cut.face.always or codes & frozenset(face.unicodes):
            closer.append(CutFace(cut.face, _cut_again(cut.data, tuple(sorted(codes)))))
    return tuple(closer)


@remembered
def _cut_again(data: bytes, wanted: tuple[int, ...]) -> bytes:
    return _subset(hb.Face(hb.Blob(data)), wanted)


def _subset(face: hb.Face, wanted: Iterable[int], axes: Axes = ()) -> bytes:
    subset = hb.SubsetInput()
    subset.unicode_set.update(wanted)
    subset.layout_feature_tag_set.update(int.from_bytes(tag, "big") for tag in _FEATURES)
    for axis, value in axes:
        subset.pin_axis_location(face, axis, value)
    return _number_by_glyph(bytes(hb.subset(face, subset).blob.data))


def _number_by_glyph(data: bytes) -> bytes:
    """Number the glyphs of a CID-keyed font in their order, since that is how a PDF's text calls them.

    Without it a reader that goes by ISO 32000-1, 9.7.4.2, finds no glyph.
    """
    font = TTFont(io.BytesIO(data), recalcTimestamp=False, recalcBBoxes=False)
    if "CFF " not in font or not hasattr(top := font["CFF "].cff.topDictIndex[0], "ROS"):
        return data
    names = {old: f"cid{number:05}" for number, old in enumerate(top.charset) if number}
    glyphs = top.CharStrings.charStrings
    top.CharStrings.charStrings = {names.get(old, old): glyphs[old] for old in top.charset}
    top.charset = [names.get(old, old) for old in top.charset]
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def missing_characters(text: Iterable[str], faces: Iterable[Face] = FACES) -> list[str]:
    """Return, sorted, the characters that no face has a glyph for; what is never drawn is left out."""
    covered = frozenset[int]().union(*(_covered(face.package, face.file) for face in faces))
    return sorted(
        character
        for character in set(text)
        if ord(character) not in covered
        and unicodedata.category(character) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}
    )


def font_faces(cut: Iterable[CutFace], url: Mapping[str, str]) -> str:
    """Write `@font-face` rules; `url` maps a face's name to where its font is."""
    return "\n".join(
        f'@font-face {{ font-family: "{each.face.family}"; font-weight: {each.face.weight}; '
        f'font-style: {each.face.style}; src: url("{url[each.face.name]}"); font-display: swap }}'
        for each in cut
    )
